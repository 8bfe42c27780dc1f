"""Whoever copies a command from the documents runs one that there is, with options that it has."""

import re
import shlex
from pathlib import Path

import click
import pytest

from comments_service.cli import main

ROOT = Path(__file__).parents[1]
COMMAND = re.compile(r"(?:^|`|/|&& |ExecStart=\S*)comments-service ((?:[a-z][\w-]*)(?: [^`&|;\n]*)?)", re.MULTILINE)


def documented() -> list[tuple[str, str]]:
    files = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return [(file.name, words) for file in files for words in COMMAND.findall(file.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("file", "words"), documented())
def test_a_documented_command_can_be_typed(file: str, words: str) -> None:
    command: click.Command = main
    left = shlex.split(words)
    while isinstance(command, click.Group):
        assert left[0] in command.commands, f"{file} names a command that is not there: {words}"
        command = command.commands[left.pop(0)]
    if left:
        command.make_context("comments-service", left)


def test_the_documents_name_commands_at_all() -> None:
    assert {words.split()[0] for _, words in documented()} >= {"serve", "worker", "migrate", "doctor", "site", "token"}
