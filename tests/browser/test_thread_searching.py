"""A reader looks for words in a conversation, and goes to where they were said."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Daily
from tests.browser.conversation import Past, comment, has_focus, visit
from tests.browser.looks import PAGES, paint, usually

Check = Callable[[Page], None]


def opened(thread: Locator) -> Locator:
    """The field, in a thread where searching has been asked for."""
    thread.get_by_role("button", name="Search", exact=True).first.click()
    field = thread.get_by_role("textbox", name="Search these comments")
    expect(field).to_be_focused()
    return field


def hits(thread: Locator) -> Locator:
    return thread.locator(".search li")


def talk(daily: Daily) -> str:
    """Thirty comments, the eldest of which is about a tram; its id."""
    past = Past(daily)
    eldest = past.say("The **last tram** leaves the Café at ten")
    for number in range(29):
        past.say(f"Number {number} says nothing of it")
    return eldest


def test_words_are_found_marked_and_shown_in_their_place(daily: Daily, ada: Page) -> None:
    eldest = talk(daily)
    thread = visit(ada, daily)
    field = opened(thread)
    field.fill("CAFE tram")
    field.press("Enter")
    expect(hits(thread)).to_have_count(1)
    expect(thread.get_by_role("status")).to_have_text("1 comment found")
    assert thread.locator(".search mark").all_inner_texts() == ["tram", "Café"]
    expect(thread.locator(".search strong mark")).to_have_text("tram")
    expect(field).to_be_focused()
    hits(thread).get_by_role("link", name="Show in the conversation").click()
    has_focus(thread, thread.locator("article").filter(has_text="last tram"))
    assert ada.url.endswith(f"#comment-{eldest}")


def test_what_is_older_is_shown_on_request(daily: Daily, ada: Page) -> None:
    talk(daily)
    thread = visit(ada, daily)
    opened(thread).fill('"says nothing"')
    thread.locator(".search").get_by_role("button", name="Search").click()
    expect(hits(thread)).to_have_count(20)
    expect(thread.get_by_role("status")).to_have_text("The newest 20 comments found")
    thread.get_by_role("button", name="Older comments").click()
    expect(hits(thread)).to_have_count(29)
    has_focus(thread, hits(thread).nth(20).get_by_role("link"))
    expect(thread.get_by_role("status")).to_have_text("9 more comments found")
    expect(thread.get_by_role("button", name="Older comments")).to_have_count(0)


def test_what_is_not_there_is_said_to_be_not_there(daily: Daily, ada: Page) -> None:
    talk(daily)
    thread = visit(ada, daily)
    field = opened(thread)
    for nothing in ("aeroplane", "%", "NEAR("):
        field.fill(nothing)
        field.press("Enter")
        expect(thread.get_by_role("status")).to_have_text("No comment holds all of these words.")
        expect(hits(thread)).to_have_count(0)
        field.fill("tram")
        field.press("Enter")
        expect(hits(thread)).to_have_count(1)


@pytest.mark.expects("status of 503")
def test_a_search_that_failed_says_so_and_may_be_tried_again(daily: Daily, ada: Page) -> None:
    talk(daily)
    thread = visit(ada, daily)
    broken = {"status": 503, "headers": {"access-control-allow-origin": "*"}}
    ada.route("**/search?**", lambda route: route.fulfill(**broken))
    field = opened(thread)
    field.fill("tram")
    field.press("Enter")
    expect(thread.get_by_role("alert")).to_have_text("That did not work. Something went wrong on our side.")
    ada.unroute_all()
    field.press("Enter")
    expect(hits(thread)).to_have_count(1)
    expect(thread.locator(".search .error")).to_have_count(0)


def test_escape_and_close_give_the_focus_back_and_keep_what_was_found(daily: Daily, ada: Page) -> None:
    talk(daily)
    thread = visit(ada, daily)
    button = thread.get_by_role("button", name="Search", exact=True).first
    field = opened(thread)
    field.fill("tram")
    field.press("Enter")
    expect(hits(thread)).to_have_count(1)
    ada.keyboard.press("Tab")
    ada.keyboard.press("Escape")
    expect(thread.locator(".search")).to_have_count(0)
    has_focus(thread, button)
    ada.keyboard.press("Enter")
    expect(thread.get_by_role("textbox", name="Search these comments")).to_be_focused()
    expect(hits(thread)).to_have_count(1)
    thread.get_by_role("button", name="Close").click()
    has_focus(thread, button)


@pytest.mark.parametrize("look", usually(PAGES, "light"))
def test_nothing_of_the_search_is_out_of_reach(daily: Daily, ada: Page, accessible: Check, look: str) -> None:
    paint(ada, look)
    talk(daily)
    thread = visit(ada, daily)
    field = opened(thread)
    accessible(ada)
    field.fill("tram")
    field.press("Enter")
    expect(hits(thread)).to_have_count(1)
    accessible(ada)
    field.fill("aeroplane")
    field.press("Enter")
    expect(hits(thread)).to_have_count(0)
    accessible(ada)


def test_a_search_fits_a_small_page(daily: Daily, ada: Page) -> None:
    ada.set_viewport_size({"width": 320, "height": 640})
    Past(daily).say("x" * 300 + " tram", name="W" * 60)
    talk(daily)
    thread = visit(ada, daily)
    field = opened(thread)
    field.fill("tram")
    field.press("Enter")
    expect(hits(thread)).to_have_count(2)
    assert ada.evaluate("document.documentElement.scrollWidth") <= 320
    expect(comment(thread, "Number 28")).to_be_visible()
