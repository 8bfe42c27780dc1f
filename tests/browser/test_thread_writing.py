"""A reader writes, answers, edits and takes back, and nothing written is ever lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Daily
from tests.browser.conversation import Past, box, comment, failing_once, has_focus, ready, reply, texts, visit, write

PENDING = "Only you can see this until a moderator has read it."


def test_a_comment_waits_for_a_moderator_and_then_everybody_reads_it(
    make_site: Callable[..., Daily], ada: Page, bob: Page
) -> None:
    daily = make_site(moderation="pre")
    thread = visit(ada, daily)
    expect(thread).to_contain_text("Be the first to say something.")
    write(thread, "The **number 7** was on time.")
    mine = comment(thread, "The number 7 was on time.")
    expect(mine).to_contain_text(PENDING)
    has_focus(thread, mine)
    expect(thread.get_by_role("status")).to_contain_text("A moderator will read your comment")
    expect(mine.locator("strong")).to_have_text("number 7")
    expect(box(thread)).to_have_value("")

    ada.reload()
    expect(comment(ready(ada), "The number 7")).to_contain_text(PENDING)
    assert texts(visit(bob, daily)) == []

    Past(daily).decide("published", "number 7")
    bob.reload()
    expect(comment(ready(bob), "The number 7")).to_be_visible()
    ada.reload()
    expect(comment(ready(ada), "The number 7")).not_to_contain_text(PENDING)


def test_a_rejected_comment_says_why_to_its_author_alone(
    make_site: Callable[..., Daily], ada: Page, outsider: Page
) -> None:
    daily = make_site(banned_words=["spamword"])
    thread = visit(ada, daily)
    write(thread, "Buy my spamword.")
    mine = comment(thread, "Buy my spamword.")
    expect(mine).to_contain_text("This comment was not published. Only you can see it.")
    ada.reload()
    expect(comment(ready(ada), "Buy my spamword.")).to_be_visible()
    assert texts(visit(outsider, daily)) == []


def test_an_answer_stands_under_what_it_answers_and_the_name_is_remembered(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("First")
    past.say("Second")
    thread = visit(ada, daily)
    reply(thread, "First", "To the first")
    has_focus(thread, comment(thread, "To the first"))
    assert texts(thread) == ["Second", "First", "To the first"]
    expect(thread.get_by_role("heading", name="3 comments")).to_be_visible()
    expect(thread.get_by_role("heading", name="Ada in reply to Bob, level 2")).to_be_visible()
    ada.reload()
    thread = ready(ada)
    assert texts(thread) == ["Second", "First", "To the first"]
    box(thread).focus()
    expect(thread.get_by_text("Posting as Ada")).to_be_visible()


def test_escape_closes_an_empty_answer_and_gives_the_focus_back(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    thread = visit(ada, daily)
    card = comment(thread, "First")
    card.get_by_role("button", name="Reply").click()
    field = card.get_by_role("textbox", name="Your reply to Bob")
    has_focus(thread, field)
    expect(card.get_by_role("button", name="Cancel")).to_be_visible()
    field.fill("Not empty")
    ada.keyboard.press("Escape")
    expect(field).to_be_visible()
    field.fill("")
    ada.keyboard.press("Escape")
    expect(field).to_have_count(0)
    has_focus(thread, card)


@pytest.mark.expects("status of 503")
def test_a_text_that_failed_is_kept_and_sent_again_it_is_stored_once(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    ada.route("**/comments", failing_once(503))
    write(thread, "Said once.")
    expect(thread.get_by_role("alert")).to_contain_text("Something went wrong on our side. Your text is kept.")
    has_focus(thread, box(thread))
    expect(box(thread)).to_have_value("Said once.")
    thread.get_by_role("button", name="Try again").click()
    expect(comment(thread, "Said once.")).to_be_visible()
    assert Past(daily).stored() == ["Said once."]


@pytest.mark.expects("status of 429")
def test_too_many_at_once_wait_as_long_as_the_service_says(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    ada.route("**/comments", failing_once(429, wait="2", detail="You have written a lot. Take a breath."))
    write(thread, "Too quick.")
    expect(thread.get_by_role("alert")).to_contain_text("You have written a lot. Take a breath.")
    again = thread.get_by_role("button", name="Try again")
    expect(again).to_have_attribute("aria-disabled", "true")
    expect(thread).to_contain_text("You can try again now.")
    again.click()
    expect(comment(thread, "Too quick.")).to_be_visible()


@pytest.mark.expects("status of 409")
def test_a_conversation_that_closed_meanwhile_keeps_the_text(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("First")
    thread = visit(ada, daily)
    past.close()
    write(thread, "Too late?")
    expect(thread.get_by_role("alert")).to_contain_text("closed")
    expect(box(thread)).to_have_value("Too late?")


@pytest.mark.expects("status of 422")
def test_a_form_token_that_is_not_taken_is_replaced_without_a_word(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    ada.route("**/comments", failing_once(422, field="form_token", detail="Too quick."))
    write(thread, "Patient.")
    expect(comment(thread, "Patient.")).to_be_visible()
    assert Past(daily).stored() == ["Patient."]


@pytest.mark.expects("status of 422")
def test_what_is_wrong_is_said_at_its_field(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    box(thread).focus()
    thread.get_by_role("button", name="Post comment").click()
    expect(thread.get_by_role("alert")).to_contain_text("Write something first.")
    has_focus(thread, box(thread))
    write(thread, "Nameless.", name=" ")
    expect(thread.get_by_role("alert")).to_contain_text("Please give a name")
    has_focus(thread, thread.get_by_role("textbox", name="Name", exact=True))
    write(thread, "x" * 10_001)
    expect(thread.get_by_role("alert")).to_contain_text("at most 10,000 characters")
    expect(box(thread)).to_have_attribute("aria-invalid", "true")
    has_focus(thread, box(thread))
    assert texts(thread) == []


def test_only_a_text_near_the_limit_is_counted(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    box(thread).fill("x" * 9_700)
    expect(thread.locator(".count")).to_be_empty()
    box(thread).fill("🦊" * 9_999)
    expect(thread.locator(".count")).to_have_text("1 character left")
    box(thread).fill("x" * 10_007)
    expect(thread.locator(".count")).to_have_text("7 characters too many")


def test_what_was_begun_is_there_again_after_a_reload(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    thread = visit(ada, daily)
    box(thread).fill("A long thought")
    comment(thread, "First").get_by_role("button", name="Reply").click()
    comment(thread, "First").get_by_role("textbox", name="Your reply").fill("A short answer")
    ada.reload()
    thread = ready(ada)
    expect(box(thread)).to_have_value("A long thought")
    expect(thread).to_contain_text("This is what you had written before.")
    comment(thread, "First").get_by_role("button", name="Reply").click()
    expect(comment(thread, "First").get_by_role("textbox", name="Your reply")).to_have_value("A short answer")
    thread.get_by_role("button", name="Start anew").first.click()
    expect(box(thread)).to_have_value("")
    write(thread, "Something else.")
    expect(comment(thread, "Something else.")).to_be_visible()
    ada.reload()
    expect(box(ready(ada))).to_have_value("")


def test_control_and_enter_post_but_not_while_an_input_method_composes(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    box(thread).fill("こんにちは")
    thread.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    composing = "new KeyboardEvent('keydown', {key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true})"
    box(thread).evaluate(f"(field) => field.dispatchEvent({composing})")
    expect(thread.get_by_role("button", name="Post comment")).to_be_visible()
    assert texts(thread) == []
    box(thread).press("Control+Enter")
    expect(comment(thread, "こんにちは")).to_be_visible()
    assert Past(daily).stored() == ["こんにちは"]


def test_a_browser_that_keeps_nothing_can_still_write_and_edit(daily: Daily, ada: Page) -> None:
    ada.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
    )
    thread = visit(ada, daily)
    write(thread, "From a private window.")
    comment(thread, "From a private window.").get_by_role("button", name="Edit").click()
    thread.get_by_role("textbox", name="Edit your comment").fill("From a very private window.")
    thread.get_by_role("button", name="Save").click()
    expect(comment(thread, "From a very private window.")).to_be_visible()


def test_who_fills_in_the_hidden_field_is_a_robot(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    box(thread).focus()
    trap = thread.locator("input[name=website]")
    expect(trap).to_have_attribute("tabindex", "-1")
    assert trap.evaluate("(field) => field.getBoundingClientRect().width * field.offsetParent.clientWidth") <= 400
