"""Rounds through all that there is to see, with a stop at each thing: a page is loaded once for many of them.

A round is a generator over the names of its stops. What is checked is checked at each stop, in whatever light the page
stands; see `looks.LOOKS`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Daily, thread_of
from tests.browser.conversation import (
    Past,
    box,
    call_oneself,
    comment,
    opened,
    ready,
    reply,
    tools,
    visit,
    write,
)
from tests.browser.looks import people
from tests.browser.rounds_aside import MakeSite, api, desk, pages

Round = Callable[[MakeSite, Page], Iterator[str]]
LATER: dict[str, Any] = {"status": 503, "json": {}, "headers": {"access-control-allow-origin": "*"}}


def both(daily: Daily) -> str:
    """The tags of a share row and of the thread of a site."""
    return f'<comments-share></comments-share><comments-thread thread="{daily.thread}"></comments-thread>'


def sharing(make_site: MakeSite, page: Page) -> Iterator[str]:
    """The share row, and what it opens."""
    daily = make_site()
    visit(page, daily, elements=both(daily))
    row = page.locator("comments-share")
    yield "share row"
    row.get_by_role("button", name="More").click()
    expect(row.locator(":popover-open")).to_be_visible()
    yield "share menu"
    row.locator(":popover-open").get_by_role("button", name="Mastodon").click()
    dialog = row.get_by_role("dialog")
    expect(dialog).to_be_visible()
    yield "Mastodon dialog"
    dialog.get_by_label("Your server").fill("nonsense")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Type a server")
    yield "Mastodon dialog, refused"


def reading(make_site: MakeSite, page: Page) -> Iterator[str]:
    """A conversation, and what a reader opens in it."""
    daily = make_site()
    people(daily)
    thread = visit(page, daily, elements=both(daily))
    expect(thread.locator(".fold").first).to_be_attached()
    yield "conversation"
    fold = thread.locator(".fold").last
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    yield "a branch put away"
    thread.get_by_role("button", name="Search").click()
    words = thread.get_by_role("textbox", name="Search these comments")
    yield "search"
    words.fill("answer")
    page.keyboard.press("Enter")
    expect(thread.locator(".search .told")).to_have_text("5 comments found")
    yield "search results"
    words.fill("nobodysaidthis")
    page.keyboard.press("Enter")
    expect(thread.locator("mark")).to_have_count(0)
    yield "nothing found"
    yield from _judging(thread)


def _judging(thread: Locator) -> Iterator[str]:
    comment(thread, "Measured").get_by_role("button", name="Mute").click()
    expect(thread.get_by_text("You have muted Cleo")).to_be_visible()
    yield "somebody muted"
    thread.get_by_role("button", name="1 person muted").click()
    yield "who is muted"
    comment(thread, "Answer 2").get_by_role("button", name="Report").click()
    dialog = thread.get_by_role("dialog")
    expect(dialog).to_be_visible()
    yield "report"
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog.get_by_role("alert")).to_have_text("Choose a reason first.")
    yield "report, refused"
    dialog.get_by_role("radio", name="It breaks the law").check()
    expect(dialog.get_by_label("Which law does it break, and why?")).to_be_visible()
    yield "report of what is against the law"


def one_comment(make_site: MakeSite, page: Page) -> Iterator[str]:
    """A link to one comment of many, and one to nothing."""
    daily = make_site()
    past = Past(daily)
    far = past.chain(7)[-1]
    for number in range(21):
        past.say(f"Later {number}")
    visit(page, daily, to=far)
    expect(thread_of(page)).to_contain_text("You followed a link to one conversation.")
    yield "one comment among its neighbours"
    visit(page, daily, to="0nothing")
    expect(thread_of(page)).to_contain_text("is not here")
    yield "a comment that is not here"


def writing(make_site: MakeSite, page: Page) -> Iterator[str]:
    """The form and all that grows around it."""
    daily = make_site(guidelines="Be kind.", guidelines_tree=[["p", "Be kind."]])
    Past(daily).say("First")
    thread = visit(page, daily, elements=both(daily))
    thread.get_by_text("What we ask of those who write here").click()
    yield "guidelines"
    opened(thread)
    yield "the form with its tools"
    page.keyboard.type("I agree with @")
    expect(thread.get_by_role("option", name="Bob")).to_be_visible()
    yield "names after @"
    page.keyboard.press("Enter")
    tools(thread).get_by_role("button", name="Preview").click()
    expect(thread.get_by_role("group", name="Preview")).to_have_text("I agree with @Bob")
    yield "preview"
    tools(thread).get_by_role("button", name="Write").click()
    write(thread, "NOBODY EVER TELLS US WHEN THE TRAM COMES")
    expect(thread.get_by_role("button", name="Post anyway")).to_be_visible()
    yield "a hint"
    box(thread).fill("x" * 10_050)
    yield "characters too many"
    reply(thread, "First", " ")
    expect(thread.get_by_role("alert")).to_have_text("Write something first.")
    yield "a reply, refused"
    page.route("**/comments", _later)
    comment(thread, "First").get_by_role("textbox", name="Your reply").fill("Second")
    call_oneself(comment(thread, "First"), "Ada")
    comment(thread, "First").get_by_role("button", name="Post reply").click()
    expect(thread.get_by_role("button", name="Try again")).to_be_visible()
    yield "a reply, not sent"


def _later(route: Route) -> None:
    """A service that takes no comment, but answers what a browser asks before it sends one."""
    if route.request.method == "POST":
        route.fulfill(**LATER)
    else:
        route.fallback()


def own(make_site: MakeSite, page: Page) -> Iterator[str]:
    """What a reader has written, as it stands."""
    daily = make_site(moderation="pre", banned_words=["spamword"])
    thread = visit(page, daily, elements=both(daily))
    yield "nobody has said anything"
    write(thread, "To be read first")
    expect(comment(thread, "To be read first")).to_be_visible()
    write(thread, "A spamword")
    expect(comment(thread, "A spamword")).to_be_visible()
    yield "held, and not published"
    comment(thread, "To be read first").get_by_role("button", name="Edit").click()
    expect(thread.get_by_role("button", name="Save")).to_be_visible()
    yield "edit"
    thread.get_by_role("button", name="Cancel").click()
    comment(thread, "To be read first").get_by_role("button", name="Withdraw").click()
    expect(thread.get_by_role("button", name="Undo")).to_be_visible()
    yield "withdrawn a moment ago"
    page.reload()
    box(ready(page)).focus()
    thread.get_by_role("button", name="Your page").click()
    expect(thread.get_by_role("button", name="Erase me")).to_be_visible()
    yield "own page"
    Past(daily).close()
    page.reload()
    ready(page)
    yield "closed"


ROUNDS: dict[str, Round] = {
    "sharing": sharing, "reading": reading, "one comment": one_comment, "writing": writing, "own": own, "pages": pages,
    "desk": desk, "api": api,
}  # What the browser says of answers that a round asks for.
REFUSED = {
    "writing": ["status of 503"], "one comment": ["status of 404"],
    "pages": ["status of 404", "status of 422"], "desk": ["status of 4"],
}  # fmt: skip


def stops(name: str, make_site: MakeSite, page: Page) -> Iterator[str]:
    """The stops of a round, each when its page is there with its styles."""
    for stop in ROUNDS[name](make_site, page):
        page.wait_for_load_state()
        yield stop


def going(name: str, *values: str, marks: Any = ()) -> Any:
    """A case of a test that goes the round of this name."""
    told = [pytest.mark.expects(*REFUSED[name])] if name in REFUSED else []
    return pytest.param(name, *values, marks=[*told, *marks], id="-".join([name, *values]))
