"""What a page asks the service for: the loader, what comes into sight, and nothing else until its reader acts."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Page, Request, expect

from tests import parts
from tests.browser.conftest import Daily, thread_of
from tests.browser.conversation import Past
from tests.browser.places import World

FILE = re.compile(r"/(?:a/)?([a-z]+)(?:\.[0-9a-f]{10})?\.(?:js|css)\b")
KINDS = ("script", "stylesheet", "font", "image", "media")
# Longer than the longest pause between two looks at the version of a conversation.
MINUTES = 3


def asked(page: Page, service: str) -> list[Request]:
    """What the page asks the service for, from now on."""
    found: list[Request] = []

    def note(request: Request) -> None:
        if request.url.startswith(service):
            found.append(request)

    page.on("request", note)
    return found


def names(requests: list[Request]) -> Counter[str]:
    """The files of the widget among them, by their names without a hash."""
    files = [request.url for request in requests if request.resource_type in KINDS]
    return Counter(found[1] for found in map(FILE.search, files) if found)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("story", ["/town/market-street", "/science/tide-mill"])
def test_what_an_article_loads_before_its_reader_acts_is_what_the_gate_sums(
    world: World, ada: Page, story: str, width: int
) -> None:
    found = asked(ada, world.service)
    ada.set_viewport_size({"width": width, "height": 800})
    ada.clock.install()
    ada.goto(world.paper + story)
    thread_of(ada).scroll_into_view_if_needed()
    expect(thread_of(ada).get_by_role("button", name="Reply").first).to_be_visible()
    expect(ada.get_by_role("button", name="Copy link")).to_be_attached()
    # To the end of the conversation and back, while nothing happens for a while.
    ada.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    ada.clock.run_for(MINUTES * 60_000)
    thread_of(ada).scroll_into_view_if_needed()
    ada.wait_for_load_state("networkidle")
    polls = [request for request in found if "/version?" in request.url]
    assert polls
    assert names(found) == Counter(parts.READ)


def lay(daily: Daily, *, row: str = "", between: int) -> str:
    """An article with a count, `row` under its headline, a row at its end and a thread, so many pixels further down."""
    key = f'thread="{daily.thread}"'
    return daily.embed(
        f"<p><comments-count {key}>Comments</comments-count> {row}</p><svg width='10' height='{between}'></svg>"
        f"<p><comments-share {key}></comments-share></p><comments-thread {key}></comments-thread>"
    )


def paths(requests: list[Request], service: str) -> list[str]:
    """Their paths, without what is a hash or a query, in order."""
    cut = [request.url.removeprefix(service).partition("?")[0] for request in requests]
    return sorted(re.sub(r"\.[0-9a-f]{10}\.", ".", path) for path in cut)


def test_before_scrolling_an_article_asks_for_the_loader_and_the_counts_alone(daily: Daily, ada: Page) -> None:
    Past(daily).say("Here before")
    found = asked(ada, daily.world.service)
    ada.goto(lay(daily, between=5000))
    expect(ada.locator("comments-count")).to_have_text("1 comment")
    ada.wait_for_load_state("networkidle")
    assert paths(found, daily.world.service) == [f"/api/v1/sites/{daily.key}/counts", "/embed.js"]


def test_a_share_row_in_sight_is_the_only_other_thing_that_it_asks_for(daily: Daily, ada: Page) -> None:
    Past(daily).say("Here before")
    found = asked(ada, daily.world.service)
    ada.goto(lay(daily, row="<comments-share></comments-share>", between=5000))
    expect(ada.locator("comments-count")).to_have_text("1 comment")
    expect(ada.get_by_role("button", name="Copy link").first).to_be_visible()
    ada.wait_for_load_state("networkidle")
    assert paths(found, daily.world.service) == ["/a/share.js", f"/api/v1/sites/{daily.key}/counts", "/embed.js"]


def test_a_page_without_counts_asks_for_the_loader_alone(daily: Daily, ada: Page) -> None:
    found = asked(ada, daily.world.service)
    ada.goto(daily.embed('<svg width="10" height="5000"></svg><comments-thread></comments-thread>'))
    ada.wait_for_load_state("networkidle")
    assert paths(found, daily.world.service) == ["/embed.js"]
