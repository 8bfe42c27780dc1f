"""The rarer states of a thread are as accessible as the usual ones."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import box, comment, failing_once, reply, visit, write
from tests.browser.looks import PAGES, paint, talk, usually

Check = Callable[..., None]


def test_nothing_is_out_of_reach_in_forced_colours(daily: Daily, open_page: OpenPage, accessible: Check) -> None:
    page = open_page(forced_colors="active")
    talk(daily)
    thread = visit(page, daily)
    accessible(page)
    box(thread).fill("x" * 9_900)
    expect(thread.get_by_role("button", name="Post comment")).to_be_visible()
    accessible(page)
    comment(thread, "Answer 2").get_by_role("button", name="Report").click()
    expect(thread.get_by_role("dialog")).to_be_visible()
    accessible(page)


def test_nothing_is_out_of_reach_from_right_to_left(daily: Daily, ada: Page, accessible: Check) -> None:
    talk(daily)
    elements = f'<div dir="rtl"><comments-thread thread="{daily.thread}"></comments-thread></div>'
    thread = visit(ada, daily, elements=elements, lang="fa")
    accessible(ada)
    reply(thread, "Answer 1", " ")
    expect(thread.get_by_role("alert")).to_have_text("Write something first.")
    accessible(ada)


@pytest.mark.expects("ERR_INTERNET_DISCONNECTED", "status of 429")
@pytest.mark.parametrize("look", usually(PAGES, "light"))
def test_nothing_is_out_of_reach_when_a_text_could_not_be_sent(
    daily: Daily, ada: Page, accessible: Check, look: str
) -> None:
    paint(ada, look)
    thread = visit(ada, daily)
    with ada.expect_response("**/form-token?**"):
        box(thread).focus()
    ada.context.set_offline(True)
    write(thread, "From the tunnel.")
    expect(thread.get_by_role("alert")).to_contain_text("You are offline.")
    accessible(ada)
    ada.route("**/comments", failing_once(429, wait="60", detail="Take a breath."))
    # It goes by itself as soon as that is possible.
    ada.context.set_offline(False)
    expect(thread.get_by_role("alert")).to_contain_text("Take a breath.")
    accessible(ada)


@pytest.mark.expects("ERR_FAILED")
@pytest.mark.parametrize("look", usually(PAGES, "light"))
def test_nothing_is_out_of_reach_while_only_half_of_it_is_there(
    daily: Daily, ada: Page, accessible: Check, look: str
) -> None:
    paint(ada, look)
    talk(daily)
    ada.route("**/a/composer.*", lambda route: route.abort())
    thread = visit(ada, daily)
    comment(thread, "Answer 1").get_by_role("button", name="Reply").click()
    expect(thread.get_by_role("alert")).to_contain_text("could not be loaded")
    accessible(ada)


@pytest.mark.parametrize("look", usually(PAGES, "light"))
def test_who_may_not_write_is_told_within_reach(
    make_site: Callable[..., Daily], ada: Page, accessible: Check, look: str
) -> None:
    paint(ada, look)
    daily = make_site(guests=False)
    thread = visit(ada, daily)
    expect(thread).to_contain_text("Only readers with an account of The Daily can write here.")
    accessible(ada)
