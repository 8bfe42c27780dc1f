"""Whoever looks something up finds it: settings, commands, attributes and rules have headings, and no link is dead."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from comments_service import rules
from comments_service.cli import main
from comments_service.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md"), *(ROOT / "benchmarks").glob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def headings(page: Path) -> list[str]:
    return [heading.strip() for heading in HEADING.findall(FENCE.sub("", text(page)))]


def all_headings() -> str:
    """One heading may name several things that belong together."""
    return "\n".join(heading for page in (ROOT / "docs").glob("*.md") for heading in headings(page))


def anchor(heading: str) -> str:
    """The fragment that code hosts make of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        yield from ((page, target) for target in LINK.findall(FENCE.sub("", text(page))))


@pytest.mark.parametrize(("page", "target"), list(links()), ids=lambda part: getattr(part, "name", part))
def test_a_link_leads_somewhere(page: Path, target: str) -> None:
    if re.match(r"[a-z]+:", target):
        return
    path, _, fragment = target.partition("#")
    found = (page.parent / path).resolve() if path else page
    assert found.exists(), f"{page.name} links to {target}"
    assert found.is_relative_to(ROOT)
    if fragment:
        assert fragment in map(anchor, headings(found)), f"{page.name} links to {target}"


def attributes() -> list[str]:
    """Every attribute that an element observes, and every data- of the page that the widget looks for."""
    sources = "\n".join(text(file) for file in (ROOT / "widget").glob("*.ts"))
    listed = re.findall(r"observedAttributes = \[(.*?)\]", sources, re.DOTALL)
    elements = {name for names in listed for name in re.findall(r'"([\w-]+)"', names)}
    looked_for = {f"data-{name}" for name in re.findall(r"\[data-(comments[\w-]*|share)\]", sources)}
    return sorted(elements | looked_for | {"data-site", "data-auto"})


def commands(group: click.Group = main, before: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every command with its options."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        elif not command.hidden:
            options = [option for option in command.params if isinstance(option, click.Option)]
            yield f"{before}{name}", [option.opts[0] for option in options]


@pytest.mark.parametrize("name", [name.upper() for name in Settings.__dataclass_fields__])
def test_each_setting_has_its_heading(name: str) -> None:
    assert name in headings(ROOT / "docs/settings.md")


@pytest.mark.parametrize(("name", "options"), list(commands()))
def test_each_command_has_its_heading_and_its_options_below(name: str, options: list[str]) -> None:
    _, heading, section = text(ROOT / "docs/commands.md").partition(f"\n## `{name}`\n")
    assert heading
    assert [option for option in options if f"`{option}" not in section.partition("\n## ")[0]] == []


@pytest.mark.parametrize("name", attributes())
def test_each_attribute_has_its_heading(name: str) -> None:
    assert f"`{name}`" in all_headings()


@pytest.mark.parametrize("name", list(rules.RULES))
def test_each_rule_has_its_heading(name: str) -> None:
    assert f"`{name}`" in all_headings()


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "src/comments_service").glob("[a-z]*.py")))
def test_each_module_has_its_place_in_the_architecture(name: str) -> None:
    assert f"{name}.py" in text(ROOT / "docs/architecture.md")
