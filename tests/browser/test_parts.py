"""A page loads what is read. What only somebody who acts needs comes when it is needed, and nothing is lost."""

import re

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import Past, box, comment, has_focus, ready, reply, visit, write

PART = re.compile(r"/a/([a-z]+)\.")
BOTH = '<p>Share: <comments-share></comments-share></p><comments-thread thread="{}"></comments-thread>'


def hold(page: Page, pattern: str) -> list[Route]:
    """Let what is asked for at this address wait until somebody goes on with it."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))  # noqa: PLW0108 - playwright wants a function of ours
    return held


def refuse(route: Route) -> None:
    """The network is gone for this one."""
    route.abort()


def test_a_page_that_is_only_read_loads_nothing_else(daily: Daily, ada: Page) -> None:
    loaded: list[str] = []

    def note(request: Request) -> None:
        loaded.extend(PART.findall(request.url))

    ada.on("request", note)
    Past(daily).say("First")
    thread = visit(ada, daily, elements=BOTH.format(daily.thread))
    expect(ada.get_by_role("button", name="Copy link")).to_be_visible()
    expect(comment(thread, "First")).to_be_visible()
    assert sorted(loaded) == ["share", "thread"]
    box(thread).focus()
    expect(thread.get_by_role("button", name="Post comment")).to_be_visible()
    expect(thread.get_by_role("toolbar")).to_be_visible()
    assert set(loaded) == {"share", "thread", "composer", "posting", "tools"}


def test_what_is_typed_before_the_rest_of_the_form_has_come_stays(daily: Daily, ada: Page) -> None:
    held = hold(ada, "**/a/composer.*")
    thread = visit(ada, daily)
    box(thread).click()
    ada.keyboard.type("Typed at onc")
    expect(thread.get_by_role("button", name="Post comment")).to_have_count(0)
    box(thread).evaluate("(field) => { window.typedInto = field; field.setSelectionRange(5, 5); }")
    held[0].continue_()
    expect(thread.get_by_role("button", name="Post comment")).to_be_visible()
    has_focus(thread, box(thread))
    assert box(thread).evaluate("(field) => field === window.typedInto && field.selectionStart") == 5
    ada.keyboard.press("End")
    ada.keyboard.type("e")
    expect(box(thread)).to_have_value("Typed at once")


def test_the_key_that_posts_counts_once_the_rest_of_the_form_has_come(daily: Daily, ada: Page) -> None:
    held = hold(ada, "**/a/composer.*")
    thread = visit(ada, daily)
    box(thread).click()
    ada.keyboard.type("Very quick")
    ada.keyboard.press("Control+Enter")
    held[0].continue_()
    expect(thread.get_by_role("alert").last).to_have_text("Please give a name for others to see.")
    ada.keyboard.type("Ada")
    ada.keyboard.press("Control+Enter")
    expect(comment(thread, "Very quick")).to_have_count(1)


def test_an_input_method_is_not_disturbed_when_the_rest_comes(daily: Daily, ada: Page) -> None:
    held = hold(ada, "**/a/composer.*")
    thread = visit(ada, daily)
    box(thread).click()
    keys = ada.context.new_cdp_session(ada)
    keys.send("Input.imeSetComposition", {"text": "こん", "selectionStart": 2, "selectionEnd": 2})
    held[0].continue_()
    expect(thread.get_by_role("button", name="Post comment")).to_be_visible()
    keys.send("Input.imeSetComposition", {"text": "こんにちは", "selectionStart": 5, "selectionEnd": 5})
    keys.send("Input.insertText", {"text": "こんにちは"})
    expect(box(thread)).to_have_value("こんにちは")
    has_focus(thread, box(thread))


@pytest.mark.expects("ERR_FAILED")
def test_a_form_whose_rest_could_not_be_loaded_keeps_the_text_and_is_tried_again(daily: Daily, ada: Page) -> None:
    ada.route("**/a/composer.*", refuse)
    thread = visit(ada, daily)
    box(thread).click()
    ada.keyboard.type("Not lost")
    expect(thread.get_by_role("alert")).to_contain_text("could not be loaded. Your text is kept.")
    ada.reload()
    thread = ready(ada)
    expect(box(thread)).to_have_value("Not lost")
    again = thread.get_by_role("button", name="Try again")
    again.click()
    has_focus(thread, box(thread))
    expect(again).to_be_visible()
    ada.unroute("**/a/composer.*")
    again.click()
    expect(thread).to_contain_text("This is what you had written before.")
    expect(again).to_have_count(0)
    has_focus(thread, box(thread))
    write(thread, "Not lost at all")
    expect(comment(thread, "Not lost at all")).to_be_visible()


@pytest.mark.expects("ERR_FAILED")
def test_a_reply_whose_rest_could_not_be_loaded_can_be_closed(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    ada.route("**/a/composer.*", refuse)
    thread = visit(ada, daily)
    card = comment(thread, "First")
    card.get_by_role("button", name="Reply").click()
    has_focus(thread, card.get_by_role("textbox", name="Your reply to Bob"))
    card.get_by_role("button", name="Cancel").click()
    has_focus(thread, card)
    expect(card.get_by_role("textbox")).to_have_count(0)


@pytest.mark.expects("ERR_FAILED")
def test_an_act_that_could_not_be_loaded_is_told_and_can_be_done_again(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    root = past.say("First")
    for number in range(5):
        past.say(f"Answer {number}", to=root)
    ada.route("**/a/acting.*", refuse)
    thread = visit(ada, daily)
    first = comment(thread, "First")
    first.get_by_role("button", name="Recommend").click()
    expect(first).to_contain_text("That did not work. The comments could not be reached.")
    more = thread.get_by_role("button", name="Show 2 more replies")
    more.click()
    expect(thread.locator(".more")).to_contain_text("The comments could not be reached.")
    ada.unroute("**/a/acting.*")
    more.click()
    expect(comment(thread, "Answer 4")).to_be_visible()
    first.get_by_role("button", name="Recommend").click()
    expect(first.get_by_role("button", name="Recommend 1")).to_be_visible()
    reply(thread, "Answer 0", "At last")
    expect(comment(thread, "At last")).to_be_visible()


@pytest.mark.expects("ERR_FAILED")
def test_a_link_to_a_comment_can_be_followed_again(daily: Daily, ada: Page) -> None:
    first = Past(daily).say("First")
    ada.route("**/a/permalinks.*", refuse)
    thread = visit(ada, daily, to=first)
    again = thread.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    ada.unroute("**/a/permalinks.*")
    again.click()
    has_focus(thread, comment(thread, "First"))


@pytest.mark.expects("ERR_FAILED")
def test_the_other_networks_can_be_asked_for_again(daily: Daily, ada: Page) -> None:
    ada.route("**/a/menu.*", refuse)
    ada.goto(daily.embed('<p>Share: <comments-share networks="email bluesky"></comments-share></p>'))
    expect(ada.get_by_role("link", name="E-mail")).to_be_visible()
    ada.get_by_role("button", name="More").click()
    expect(ada.get_by_role("status")).to_have_text("That could not be loaded. Try again.")
    ada.unroute("**/a/menu.*")
    ada.get_by_role("button", name="More").click()
    expect(ada.get_by_role("link", name="Telegram")).to_be_visible()
    expect(ada.get_by_role("group").get_by_role("link")).to_have_text(["E-mail", "Bluesky"])


@pytest.mark.expects("ERR_FAILED")
def test_a_link_is_copied_and_networks_are_links_when_nothing_more_can_be_loaded(
    daily: Daily, open_page: OpenPage
) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.route("**/a/sharing.*", refuse)
    page.goto(daily.embed("<p>Share: <comments-share></comments-share></p>"))
    status = page.get_by_role("group").get_by_role("status")
    page.get_by_role("button", name="Copy link").click()
    expect(status).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith(daily.world.host.origin)
    page.get_by_role("button", name="More").click()
    expect(status).to_have_text("That could not be loaded. Try again.")
    expect(page.get_by_role("link", name="WhatsApp")).to_have_attribute("href", re.compile("^https://wa.me/"))
