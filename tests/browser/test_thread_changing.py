"""Second thoughts: a reader edits what was said, takes it back, and brings it back."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from comments_service.database import now
from tests.browser.conftest import Daily
from tests.browser.conversation import comment, has_focus, ready, take_time, texts, visit, write


def test_a_text_is_edited_from_its_source_and_marked(daily: Daily, ada: Page, bob: Page) -> None:
    thread = visit(ada, daily)
    write(thread, "It *rains*.")
    mine = comment(thread, "It rains.")
    expect(mine).to_contain_text("You can edit for 15 more minutes.")
    mine.get_by_role("button", name="Edit").click()
    field = thread.get_by_role("textbox", name="Edit your comment")
    expect(field).to_have_value("It *rains*.")
    field.fill("It *pours*.")
    thread.get_by_role("button", name="Save").click()
    changed = comment(thread, "It pours.")
    expect(changed.get_by_text("edited", exact=True)).to_be_visible()
    has_focus(thread, changed.get_by_role("button", name="Edit"))
    expect(comment(visit(bob, daily), "It pours.")).to_contain_text("edited")


def test_an_edit_tells_when_it_began_and_the_time_is_that_of_the_service(daily: Daily, ada: Page) -> None:
    # The reader's own clock is three hours ahead.
    ada.clock.install(time=now() + timedelta(hours=3))
    thread = visit(ada, daily)
    take_time(thread, "It rains.")
    thread.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    with ada.expect_response("**/comments"):
        thread.get_by_role("button", name="Post comment").click()
        ada.clock.run_for(1_000)
    mine = comment(thread, "It rains.")
    expect(mine).to_contain_text("You can edit for 15 more minutes.")
    with ada.expect_response("**/editing") as begun:
        mine.get_by_role("button", name="Edit").click()
    token = begun.value.json()["edit_token"]
    ada.clock.run_for(14 * 60_000)
    expect(thread.get_by_role("textbox", name="Edit your comment")).to_be_visible()
    ada.clock.run_for(45_000)
    expect(thread.get_by_role("status")).to_have_text("You can save your changes for half a minute more.")
    thread.get_by_role("textbox", name="Edit your comment").fill("It pours.")
    with ada.expect_request(lambda request: request.method == "PATCH") as sent:
        thread.get_by_role("button", name="Save").click()
        ada.clock.run_for(1_000)
    assert sent.value.post_data_json == {"body": "It pours.", "edit_token": token}
    expect(comment(thread, "It pours.").get_by_text("edited", exact=True)).to_have_attribute(
        "title", re.compile("Edited .+")
    )


@pytest.mark.expects("status of 503")
def test_what_could_not_be_taken_back_or_brought_back_says_so(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    write(thread, "I regret this.")
    mine = comment(thread, "I regret this.")
    expect(mine).to_be_visible()
    broken = {"status": 503, "headers": {"access-control-allow-origin": daily.world.host.origin}}
    ada.route(
        "**/comments/*",
        lambda route: route.fulfill(**broken) if route.request.method == "DELETE" else route.continue_(),
    )
    mine.get_by_role("button", name="Withdraw").click()
    expect(thread.get_by_role("alert")).to_have_text("That did not work. Something went wrong on our side.")
    has_focus(thread, mine.get_by_role("button", name="Withdraw"))
    ada.unroute("**/comments/*")
    ada.route("**/restore", lambda route: route.fulfill(**broken))
    mine.get_by_role("button", name="Withdraw").click()
    thread.get_by_role("button", name="Undo").click()
    expect(thread.get_by_role("alert")).to_have_text("That did not work. Something went wrong on our side.")
    has_focus(thread, thread.get_by_role("button", name="Undo"))


def test_a_comment_is_taken_back_and_brought_back(daily: Daily, ada: Page, bob: Page) -> None:
    thread = visit(ada, daily)
    write(thread, "I regret this.")
    comment(thread, "I regret this.").get_by_role("button", name="Withdraw").click()
    undo = thread.get_by_role("button", name="Undo")
    has_focus(thread, undo)
    assert texts(visit(bob, daily)) == []
    asked: list[str] = []
    ada.on("request", lambda request: asked.append(request.url) if request.url.endswith("/restore") else None)
    undo.dblclick()
    mine = comment(thread, "I regret this.")
    has_focus(thread, mine)
    assert len(asked) == 1
    bob.reload()
    expect(comment(ready(bob), "I regret this.")).to_be_visible()


def test_a_comment_that_was_taken_back_is_gone_when_the_time_to_undo_is_over(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    write(thread, "I regret this.")
    expect(comment(thread, "I regret this.")).to_be_visible()
    ada.clock.install()
    comment(thread, "I regret this.").get_by_role("button", name="Withdraw").click()
    expect(thread.get_by_role("button", name="Undo")).to_be_visible()
    ada.clock.run_for(10_500)
    expect(thread.get_by_role("button", name="Undo")).to_have_count(0)
    expect(thread).to_contain_text("Be the first to say something.")
    assert texts(thread) == []
