"""What is said to a reader before others read them: guidelines and hints, which stand in nobody's way."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Daily
from tests.browser.conversation import Past, box, comment, ready, reply, texts, visit, write


def test_a_hint_is_shown_once_and_keeps_nobody_from_posting(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    write(thread, "NOBODY EVER TELLS US WHEN THE TRAM COMES")
    expect(thread.get_by_role("alert")).to_contain_text("shouting")
    hint = thread.locator(".hint")
    expect(hint).to_contain_text("Before others read this")
    anyway = thread.get_by_role("button", name="Post anyway")
    expect(anyway).to_have_attribute("aria-describedby", str(hint.get_attribute("id")))
    assert texts(thread) == []
    box(thread).fill("Nobody ever tells us when the tram comes")
    expect(hint).to_be_empty()
    expect(thread.get_by_role("button", name="Post comment")).to_be_visible()
    box(thread).fill("NOBODY EVER TELLS US WHEN THE BUS COMES")
    thread.get_by_role("button", name="Post comment").click()
    thread.get_by_role("button", name="Post anyway").click()
    expect(comment(thread, "WHEN THE BUS COMES")).to_be_visible()
    assert Past(daily).stored() == ["NOBODY EVER TELLS US WHEN THE BUS COMES"]


def test_a_reply_and_an_edit_get_their_hints_too(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    thread = visit(ada, daily)
    reply(thread, "First", "https://example.org/")
    thread.get_by_role("button", name="Post anyway").click()
    mine = comment(thread, "https://example.org/")
    mine.get_by_role("button", name="Edit").click()
    thread.get_by_role("textbox", name="Edit your comment").fill("WHY IS THERE NEVER A TRAM AROUND HERE")
    thread.get_by_role("button", name="Save").click()
    thread.get_by_role("button", name="Save anyway").click()
    expect(comment(thread, "NEVER A TRAM")).to_be_visible()


@pytest.mark.expects("status of 500")
def test_hints_that_cannot_be_had_keep_nobody_from_posting(daily: Daily, ada: Page) -> None:
    ada.route("**/preview", lambda route: route.fulfill(status=500))
    thread = visit(ada, daily)
    write(thread, "A QUIET WORD ABOUT THE NUMBER SEVEN TRAM")
    expect(comment(thread, "A QUIET WORD")).to_be_visible()


def test_guidelines_stand_folded_above_the_field_until_one_has_written(
    make_site: Callable[..., Daily], ada: Page
) -> None:
    daily = make_site(guidelines="Be **kind**.", guidelines_tree=[["p", "Be ", ["strong", "kind"], "."]])
    thread = visit(ada, daily)
    guide = thread.get_by_text("What we ask of those who write here")
    expect(thread.get_by_text("Be kind.")).to_be_hidden()
    guide.click()
    expect(thread.locator("details strong")).to_have_text("kind")
    write(thread, "I am.")
    expect(comment(thread, "I am.")).to_be_visible()
    expect(guide).to_have_count(0)
    ada.reload()
    expect(comment(ready(ada), "I am.")).to_be_visible()
    expect(guide).to_have_count(0)


@pytest.mark.expects("ERR_FAILED")
def test_a_part_that_did_not_come_leaves_the_field_as_it_is(daily: Daily, ada: Page) -> None:
    ada.route("**/a/tools.*", lambda route: route.abort())
    thread = visit(ada, daily)
    box(thread).focus()
    expect(thread.get_by_text("*italic*, **bold**, > quote, - list")).to_be_visible()
    write(thread, "Without any **tool**.")
    expect(comment(thread, "Without any tool.")).to_be_visible()
