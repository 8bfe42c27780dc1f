"""The gallery of states: every row of docs/states.md hangs there, says its words, and is within everybody's reach."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from comments_service.demo.states import STATES
from tests.browser.conftest import OpenPage
from tests.browser.conversation import call_oneself
from tests.browser.looks import LOOKS, look_at, usually
from tests.browser.places import World

Check = Callable[..., None]
DOCS = (Path(__file__).parents[2] / "docs/states.md").read_text(encoding="utf-8")
FAULTY = ("ERR_EMPTY_RESPONSE", "status of 503", "status of 429")


@dataclass(frozen=True)
class Row:
    """A row of the table: the words up to what is filled in, and where it hangs."""

    words: str
    name: str


def rows() -> list[Row]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in DOCS.splitlines() if "`state-" in line]
    quoted = [re.search("“([^{”]*)", line[2]) for line in cells]
    return [Row(found[1] if found else "", line[-1].strip("`")) for found, line in zip(quoted, cells, strict=True)]


ROWS = {row.name.removeprefix("state-"): row for row in rows()}


def arrived(page: Page, name: str) -> Locator:
    """The place where a state shows itself, when it has come so far."""
    if name == "loading":
        expect(page.locator(".skeleton")).to_be_visible()
    elif name == "not-sent":
        page.get_by_role("textbox", name="Your comment").fill("The rope is wet.")
        call_oneself(page, "Ada")
        page.get_by_role("button", name="Post comment").click()
    expect(page.locator("comments-thread")).to_contain_text(ROWS[name].words)
    return page.locator("comments-thread")


def in_frame(section: Locator, name: str) -> None:
    """What fails stands in a frame, whose script comes from the proxy."""
    thread = section.frame_locator("iframe").locator("comments-thread")
    if name == "loading":
        expect(thread.locator(".skeleton")).to_be_visible()
    else:
        expect(thread).to_contain_text("1 comment" if name == "not-sent" else ROWS[name].words)


def test_every_state_of_the_table_hangs_in_the_gallery_and_no_other() -> None:
    assert list(ROWS) == [state.name for state in STATES]


@pytest.mark.expects(*FAULTY)
def test_the_gallery_shows_every_state_in_its_words(world: World, ada: Page) -> None:
    ada.goto(f"{world.paper}/states")
    for state in STATES:
        section = ada.locator(f"#state-{state.name}")
        section.scroll_into_view_if_needed()
        if not state.faults:
            expect(section.locator("comments-thread")).to_contain_text(ROWS[state.name].words)
        else:
            in_frame(section, state.name)
    assert ada.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.expects(*FAULTY)
@pytest.mark.parametrize("look", usually(LOOKS, "light"))
def test_every_state_is_within_everybodys_reach(
    world: World, open_page: OpenPage, accessible: Check, look: str
) -> None:
    page = open_page(**LOOKS[look])
    look_at(page, look)
    for state in STATES:
        page.goto(f"{world.paper}/states/{state.name}")
        arrived(page, state.name)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state.name


def test_the_gallery_itself_is_within_reach(world: World, ada: Page, accessible: Check) -> None:
    frame = '<!doctype html><html lang="en"><title>A frame</title>'
    ada.route("**/states/*", lambda route: route.fulfill(body=frame, content_type="text/html"))
    for path in ("/states", "/themes"):
        ada.goto(f"{world.paper}{path}")
        accessible(ada, "main > header, .label, footer")


@pytest.mark.parametrize("name", [state.name for state in STATES if not state.faults])
def test_a_state_is_told_without_javascript_too(world: World, open_page: OpenPage, name: str) -> None:
    page = open_page(java_script_enabled=False)
    site = next(state.site for state in STATES if state.name == name)
    answer = page.goto(f"{world.service}/s/{site}/t/{name}?url={world.paper}/states")
    assert answer
    assert answer.status == 200
    words = {
        "empty": "Nobody has said anything about this article yet.",
        # The page that everybody gets shows everything; its links lead to the parts.
        "no-staff": "Who runs the ferry after midnight now?",
        "no-own": "The lamp at the slip was lit again last night.",
        "no-featured": "Put the timetable where people can read it.",
        "no-unanswered": "Is there still soup on Fridays?",
        "soon": "This conversation closes on",
        "closed": "This conversation is closed.",
        "archived": "This conversation has ended, because its article is old.",
        "paused": "Writing is paused on this site for now.",
        # Held and rejected ones are seen by their author alone, under "Your comments here".
        "held": "How many people fit in at once?",
        "rejected": "Year 24, with what price?",
        "muted": "it is the council",
    }
    expect(page.locator("body")).to_contain_text(words.get(name) or ROWS[name].words)
    expect(page.locator("body")).not_to_contain_text("Kit")
