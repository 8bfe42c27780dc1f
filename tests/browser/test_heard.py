"""What a screen reader is given at the stops of the rounds, kept beside as golden files: names, roles, order, states.

Written anew by HEARD=write; read the change as somebody would hear it. What differs each time has a placeholder.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Daily, OpenPage
from tests.browser.rounds import going, stops

FOLDER = Path(__file__).with_name("heard")
# The stops of a round that are kept, and the part of the page that is.
KEPT: dict[str, tuple[str, ...]] = {
    "sharing": ("share row", "share menu", "Mastodon dialog, refused"),
    "reading": ("conversation", "search results", "nothing found", "who is muted", "report, refused"),
    "one comment": ("one comment among its neighbours",),
    "writing": ("the form with its tools", "names after @", "a hint", "a reply, refused", "a reply, not sent"),
    "own": (
        "nobody has said anything", "held, and not published", "edit", "withdrawn a moment ago", "own page", "closed",
    ),
    "pages": ("thread", "report", "write, refused", "own page"),
    "desk": ("queue", "reasons"),
}  # fmt: skip
# Where a link leads is not heard before it is followed.
LEFT_OUT = re.compile(r"\n *- /url: .*")
PLACEHOLDERS = {
    r":$": "",
    r"http://(127\.0\.0\.1|localhost):\d+": "http://HOST",
    r"\b(daily|article)-[0-9a-f]{8}": r"\1",
    r"/daily/[0-9a-f]{8}\b": "/daily/article",
    r"x{50,}": "xxx",
    r"\b(now|just now|\d+ (sec|min)\. ago|\d+ (seconds?|minutes?) ago)\b": "SOON",
    r"\b\d{1,2} [A-Z][a-z]+ 20\d\d(, \d\d:\d\d UTC)?": "DATE",
    r"\b1[345] more minutes": "N more minutes",
    r"Oldest waiting [\w ]+": "Oldest waiting SOON",
}
# More than a live region waits before it speaks.
PAUSE_MS = 150


def heard(page: Page) -> str:
    """The page's ARIA snapshot, when nothing in it changes any more, without what differs each time."""
    body, text = page.locator("body"), ""
    while (now := body.aria_snapshot()) != text:
        text = now
        page.wait_for_timeout(PAUSE_MS)
    text = LEFT_OUT.sub("", text)
    for pattern, placeholder in PLACEHOLDERS.items():
        text = re.sub(pattern, placeholder, text, flags=re.MULTILINE)
    return text + "\n"


def file_of(name: str, stop: str) -> Path:
    return FOLDER / f"{name}, {stop}.yaml".replace(" ", "-").replace(",", "").replace("@", "at")


@pytest.mark.parametrize("name", [going(name) for name in KEPT])
def test_what_is_heard_is_what_was_agreed(make_site: Callable[..., Daily], open_page: OpenPage, name: str) -> None:
    page = open_page(viewport={"width": 1280, "height": 1600})
    found = {}
    for stop in stops(name, make_site, page):
        if stop in KEPT[name]:
            found[stop] = heard(page)
    if os.environ.get("HEARD") == "write":
        FOLDER.mkdir(exist_ok=True)
        for stop, text in found.items():
            file_of(name, stop).write_text(text, encoding="utf-8")
    agreed = {stop: file_of(name, stop).read_text(encoding="utf-8") for stop in KEPT[name]}
    assert found == agreed


def test_no_golden_file_is_left_over() -> None:
    wanted = {file_of(name, stop) for name, kept in KEPT.items() for stop in kept}
    assert {file.name for file in FOLDER.iterdir()} == {file.name for file in wanted}
