"""An owner who reads docs/embed.md finds every attribute, property, part and event that there is, and no other."""

import re
from pathlib import Path

from tests import house

DOC = (Path(__file__).parents[1] / "docs/embed.md").read_text(encoding="utf-8")
SOURCES = house.read("widget/*.ts", "widget/*.css")
CODE = "\n".join(text for path, text in SOURCES.items() if "/tests/" not in path)


def test_every_attribute_has_its_heading() -> None:
    lists = re.findall(r"observedAttributes = \[(.*?)\]", CODE, re.DOTALL)
    assert len(lists) == 3
    observed = {name for found in lists for name in re.findall(r'"([a-z-]+)"', found)}
    assert set(re.findall(r"^### `([a-z-]+)`", DOC, re.MULTILINE)) == observed


def test_every_option_that_is_read_is_observed() -> None:
    read = set(re.findall(r'option\((?:element|this), "([a-z-]+)"\)', CODE))
    assert read <= set(re.findall(r"^### `([a-z-]+)`", DOC, re.MULTILINE))


def test_every_custom_property_is_documented() -> None:
    assert set(re.findall(r"var\((--comments-[a-z-]+)", CODE)) == set(re.findall(r"`(--comments-[a-z-]+)`", DOC))


def test_every_event_is_documented() -> None:
    sent = {f"comments:{name}" for name in re.findall(r'\bemit\([\w.#]+, "([a-z-]+)"', CODE)}
    sent |= set(re.findall(r'CustomEvent\("(comments:[a-z]+)"', CODE))
    assert set(re.findall(r"`(comments:[a-z-]+)`", DOC)) == sent


def test_every_part_is_documented() -> None:
    parts = {part for names in re.findall(r'\bpart"?[:,] "([a-z ]+)"', CODE) for part in names.split()}
    named = set(re.findall(r"[a-z]+", " ".join(re.findall(r"`([a-z ]+)`", DOC))))
    assert parts <= named | {"copy", "more", "native"}
