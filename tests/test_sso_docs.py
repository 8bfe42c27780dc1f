"""Whoever copies a signer from docs/sso.md gets readers signed in, and finds every refusal explained."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from comments_service import sso_tokens
from comments_service.database import db
from tests import needs
from tests.conftest import Browser
from tests.signing import Signer, signer
from tests.test_sso import sign_in

PAGE = (Path(__file__).parents[1] / "docs" / "sso.md").read_text(encoding="utf-8")
SIGNER = re.compile(r"^### (\S+)\n\n```(\w+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
NAME = "Zoë “Z” O'Neil"
# How each is run, and what is put below it so that it prints a token for two arguments.
RUN = {
    "Python": ([sys.executable], ".py", "\nimport sys\nprint(comments_token(*sys.argv[1:]))\n", ""),
    "Node": (["node"], ".cjs", "\nconsole.log(commentsToken(...process.argv.slice(2)));\n", needs.NODE),
    "PHP": (["php"], ".php", "\necho comments_token(...array_slice($argv, 1));\n", needs.PHP),
}


@pytest.mark.parametrize("language", RUN)
def test_a_copied_signer_signs_a_reader_in(app: Flask, ada: Browser, tmp_path: Path, language: str) -> None:
    command, ending, below, needed = RUN[language]
    if shutil.which(command[0]) is None:
        needs.missing(needed)
    file = tmp_path / f"signer{ending}"
    file.write_text(signers()[language] + below, encoding="utf-8")
    answer = sign_in(ada, printed([*command, str(file), "reader-7", NAME], signer(db.session())))
    assert answer.status_code == 200, answer.json
    assert answer.json["name"] == NAME


def printed(command: list[str], by: Signer) -> str:
    environ = {"SSO_KID": by.kid, "SSO_ISSUER": by.issuer, "SSO_SITE": by.audience, "SSO_SECRET": by.secret}
    done = subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def signers() -> dict[str, str]:
    return {language: code for language, _, code in SIGNER.findall(PAGE)}


def test_all_languages_are_there_and_the_page_says_which_were_run() -> None:
    assert list(signers()) == ["Python", "Node", "PHP", "Ruby", "Go", "C\\#"]
    assert "The first three are run by this project's own tests." in PAGE


def test_every_refusal_is_in_the_table_word_by_word() -> None:
    for code, reason in sso_tokens.REASONS.items():
        assert f"| `{code}` | {reason} |" in PAGE
    table = PAGE.partition("| `code` | `reason` |")[2]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(sso_tokens.REASONS)


def test_every_claim_that_counts_is_told_of() -> None:
    told = set(re.findall(r"^\| `(\w+)` \| (?:needed)? ?\|", PAGE, re.MULTILINE))
    assert told == {"iss", "aud", *sso_tokens.Claims.model_fields} - {"nbf"}
