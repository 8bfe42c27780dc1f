"""What was begun and not posted is there again, in its place and nowhere else."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Daily, thread_of
from tests.browser.conversation import Past, box, comment, ready, reply, visit, write

KEPT = "This is what you had written before."
FORGET = "for (const key of Object.keys(localStorage)) if (key.includes('secret')) localStorage.removeItem(key)"


def answering(thread: Locator, text: str) -> Locator:
    """The field of a reply to the comment with these words, opened."""
    comment(thread, text).get_by_role("button", name="Reply", exact=True).click()
    return comment(thread, text).get_by_role("textbox", name="Your reply")


def test_a_reply_stays_open_with_its_text_when_the_order_changes(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("First")
    past.say("Second")
    thread = visit(ada, daily)
    box(thread).fill("A thought of my own")
    answering(thread, "First").fill("A short answer")
    thread.get_by_role("combobox", name="Sort by").select_option("oldest")
    expect(thread.locator("article .body")).to_have_text(["First", "Second"])
    expect(comment(thread, "First").get_by_role("textbox", name="Your reply")).to_have_value("A short answer")
    expect(box(thread)).to_have_value("A thought of my own")


def test_a_text_outlives_its_element_however_quickly_that_goes(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    thread = visit(ada, daily)
    answering(thread, "First").fill("A short answer")
    box(thread).fill("A long thought")
    thread.evaluate("(element) => { window.place = element.parentElement; element.remove(); }")
    # What has been removed ends in a microtask; only then it is another conversation.
    ada.evaluate("const element = document.createElement('comments-thread'); place.append(element)")
    thread_of(ada).evaluate("(element, key) => element.setAttribute('thread', key)", daily.thread)
    thread = ready(ada)
    expect(box(thread)).to_have_value("A long thought")
    expect(thread).to_contain_text(KEPT)
    expect(answering(thread, "First")).to_have_value("A short answer")


def test_an_edit_that_was_begun_is_there_again(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    write(thread, "It rains.")
    comment(thread, "It rains.").get_by_role("button", name="Edit").click()
    thread.get_by_role("textbox", name="Edit your comment").fill("It pours.")
    ada.reload()
    thread = ready(ada)
    expect(box(thread)).to_have_value("")
    comment(thread, "It rains.").get_by_role("button", name="Edit").click()
    field = thread.get_by_role("textbox", name="Edit your comment")
    expect(field).to_have_value("It pours.")
    expect(thread).to_contain_text(KEPT)
    thread.get_by_role("button", name="Start anew").click()
    expect(field).to_have_value("It rains.")
    expect(thread.get_by_text(KEPT)).to_have_count(0)


def test_a_draft_belongs_to_one_article_and_to_whoever_sits_there(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    box(thread).fill("A long thought")
    other = f'<comments-thread thread="{daily.thread}-other"></comments-thread>'
    expect(box(visit(ada, daily, elements=other))).to_have_value("")
    # Somebody who signs in is somebody else to the service.
    ada.evaluate(FORGET)
    expect(box(visit(ada, daily))).to_have_value("A long thought")


def test_a_form_that_has_sent_its_text_takes_no_later_draft_away(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    thread = visit(ada, daily)
    reply(thread, "First", "Second")
    expect(comment(thread, "Second")).to_be_visible()
    answering(thread, "First").fill("And another thing")
    thread.get_by_role("button", name="Link").first.focus()
    ada.reload()
    expect(answering(ready(ada), "First")).to_have_value("And another thing")
