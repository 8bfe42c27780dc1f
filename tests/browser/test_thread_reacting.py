"""A reader recommends, reports and passes on what others have said."""

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comments_service.tables import Decision, Report, ReportNotice
from tests.browser.conftest import Daily
from tests.browser.conversation import Past, comment, has_focus, ready, visit, write


def recommend_button(thread: Locator, text: str) -> Locator:
    return comment(thread, text).get_by_role("button", name="Recommend")


def test_a_recommendation_counts_is_remembered_and_can_be_taken_back(daily: Daily, ada: Page, bob: Page) -> None:
    past = Past(daily)
    past.recommend(past.say("Well said"), times=3)
    thread = visit(ada, daily)
    button = recommend_button(thread, "Well said")
    with ada.expect_response("**/recommendation"):
        button.click()
    expect(button).to_have_accessible_name("Recommend 4")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(recommend_button(visit(bob, daily), "Well said")).to_have_accessible_name("Recommend 4")
    ada.reload()
    button = recommend_button(ready(ada), "Well said")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_accessible_name("Recommend 3")
    expect(button).to_have_attribute("aria-pressed", "false")
    has_focus(ready(ada), button)


@pytest.mark.expects("status of 503")
def test_a_recommendation_that_failed_is_taken_back_with_a_word(daily: Daily, ada: Page) -> None:
    Past(daily).say("Well said")
    thread = visit(ada, daily)
    origin = daily.world.host.origin
    ada.route(
        "**/recommendation",
        lambda route: route.fulfill(status=503, headers={"access-control-allow-origin": origin})
        if route.request.method == "PUT" else route.continue_(),
    )  # fmt: skip
    button = recommend_button(thread, "Well said")
    button.click()
    expect(thread.get_by_role("alert")).to_have_text("That did not work. Something went wrong on our side.")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).to_have_accessible_name("Recommend")


def test_nobody_recommends_or_reports_what_is_their_own(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    write(thread, "I am right.")
    mine = comment(thread, "I am right.")
    expect(mine.get_by_role("button", name="Edit")).to_be_visible()
    expect(mine.get_by_role("button", name="Recommend")).to_have_count(0)
    expect(mine.get_by_role("button", name="Report")).to_have_count(0)


def test_a_report_reaches_the_moderators_once(daily: Daily, ada: Page) -> None:
    reported = Past(daily).say("Rude")
    thread = visit(ada, daily)
    opener = comment(thread, "Rude").get_by_role("button", name="Report")
    opener.click()
    dialog = thread.get_by_role("dialog", name="Report this comment")
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog.get_by_role("alert")).to_have_text("Choose a reason first.")
    dialog.get_by_role("radio", name="It attacks or insults somebody").check()
    dialog.get_by_role("textbox").fill("The second line.")
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog).to_have_count(0)
    done = comment(thread, "Rude").get_by_role("button", name="Reported")
    has_focus(thread, done)
    expect(comment(thread, "Rude")).to_contain_text("Thank you. A moderator will look at it.")
    done.click()
    expect(comment(thread, "Rude")).to_contain_text("You reported this. A moderator will look at it.")
    with daily.world.sessions() as session:
        session.execute(update(Report).values(settled_by=_kept(session, reported)))
        session.commit()
    ada.reload()
    comment(ready(ada), "Rude").get_by_role("button", name="Reported").click()
    expect(comment(ready(ada), "Rude")).to_contain_text("A moderator looked at it and kept it.")
    with daily.world.sessions() as session:
        rows = session.scalars(select(Report).where(Report.comment_id == reported)).all()
    assert [(row.reason, row.note) for row in rows] == [("abuse", "The second line.")]


def _kept(session: Session, comment_id: str) -> str:
    """The id of the decision by which a comment is public."""
    found = select(Decision.id).where(Decision.comment_id == comment_id, Decision.after == "published")
    return session.scalars(found).one()


@pytest.mark.expects("status of 422")
def test_what_is_against_the_law_asks_for_what_a_notice_has_to_hold(daily: Daily, ada: Page) -> None:
    reported = Past(daily).say("Bad")
    thread = visit(ada, daily)
    comment(thread, "Bad").get_by_role("button", name="Report").click()
    dialog = thread.get_by_role("dialog", name="Report this comment")
    law = dialog.get_by_role("textbox", name="Which law does it break, and why?")
    expect(law).to_be_hidden()
    dialog.get_by_role("radio", name="It breaks the law").check()
    law.fill("It threatens somebody.")
    dialog.get_by_role("textbox", name="Your name").fill("Ada")
    dialog.get_by_role("button", name="Send report").click()
    email = dialog.get_by_role("textbox", name="Your e-mail address")
    expect(email).to_be_focused()
    expect(email).to_have_accessible_description("Give an e-mail address, such as name@mail.example.")
    email.fill("ada@mail.example")
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Confirm that what you say is right")
    expect(law).to_have_value("It threatens somebody.")
    dialog.get_by_role("checkbox", name="I believe in good faith").check()
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog).to_have_count(0)
    with daily.world.sessions() as session:
        notice = session.scalars(select(ReportNotice).where(ReportNotice.comment_id == reported)).one()
    assert (notice.law, notice.name, notice.email) == ("It threatens somebody.", "Ada", "ada@mail.example")


def test_a_report_that_was_begun_can_be_left(daily: Daily, ada: Page) -> None:
    Past(daily).say("Rude")
    thread = visit(ada, daily)
    opener = comment(thread, "Rude").get_by_role("button", name="Report")
    opener.click()
    expect(thread.get_by_role("dialog")).to_be_visible()
    ada.keyboard.press("Escape")
    expect(thread.get_by_role("dialog")).to_have_count(0)
    has_focus(thread, opener)


@pytest.mark.expects("status of 503")
def test_a_report_that_failed_stays_open_and_says_why(daily: Daily, ada: Page) -> None:
    Past(daily).say("Rude")
    thread = visit(ada, daily)
    origin = daily.world.host.origin
    ada.route(
        "**/reports",
        lambda route: route.fulfill(status=503, headers={"access-control-allow-origin": origin})
        if route.request.method == "POST" else route.continue_(),
    )  # fmt: skip
    comment(thread, "Rude").get_by_role("button", name="Report").click()
    dialog = thread.get_by_role("dialog")
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("button", name="Send report").click()
    expect(dialog.get_by_role("alert")).to_have_text("That did not work. Something went wrong on our side.")
    expect(dialog.get_by_role("radio").first).to_be_checked()


def test_the_link_to_a_comment_is_copied(daily: Daily, ada: Page, bob: Page) -> None:
    Past(daily).say("Worth a link")
    ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
    thread = visit(ada, daily)
    comment(thread, "Worth a link").get_by_role("button", name="Link").click()
    expect(thread.get_by_role("status")).to_have_text("Link copied")
    copied = ada.evaluate("navigator.clipboard.readText()")
    bob.goto(copied)
    has_focus(ready(bob), comment(ready(bob), "Worth a link"))


def test_where_nothing_can_be_copied_the_link_is_shown(daily: Daily, ada: Page) -> None:
    ada.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    linked = Past(daily).say("Worth a link")
    thread = visit(ada, daily)
    comment(thread, "Worth a link").get_by_role("button", name="Link").click()
    field = thread.get_by_role("textbox", name="Copy this link:")
    assert field.input_value().endswith(f"#comment-{linked}")
    has_focus(thread, field)


def test_the_page_hears_what_happened_in_ids_and_numbers_alone(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    heard = ["ready", "loaded", "posted", "post-failed", "edited", "deleted", "voted", "reported", "sorted", "error"]
    ada.add_init_script(
        f"window.heard = []; for (const name of {heard}) addEventListener(`comments:${{name}}`, "
        "(event) => window.heard.push([name, event.detail]));"
        "window.deleted = new Promise((done) => addEventListener('comments:deleted', () => done()));"
    )
    first = past.say("First")
    thread = visit(ada, daily)
    with ada.expect_response("**/recommendation"):
        recommend_button(thread, "First").click()
    write(thread, "Mine")
    comment(thread, "Mine").get_by_role("button", name="Withdraw").click()
    ada.evaluate("window.deleted")
    told = dict(ada.evaluate("window.heard"))
    assert told["ready"] == {}
    assert told["loaded"] == {"total": 1}
    assert told["voted"] == {"id": first, "on": True, "recommends": 1}
    assert told["posted"] == {"id": told["deleted"]["id"], "state": "published"}
