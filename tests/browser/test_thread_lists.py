"""Another order, or a part of the conversation alone: chosen, kept for the site, and left again."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select, update

from comments_service.database import now
from comments_service.tables import Comment, Site
from tests.browser.conftest import Daily, thread_of
from tests.browser.conversation import Past, comment, has_focus, ready, reply, texts, visit, write
from tests.browser.following import Watched

BLOCKED = """
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
}
"""
PARTS = {
    "Staff and author": "Neither the staff nor the author of the story has written here yet.",
    "My comments": "You have not written anything here from this browser.",
    "Featured": "The newsroom has not featured a comment here yet.",
    "Unanswered": "Every comment here has been answered.",
}


def order(thread: Locator) -> Locator:
    return thread.get_by_role("combobox", name="Sort by")


def part(thread: Locator) -> Locator:
    return thread.get_by_role("combobox", name="Show")


def told(thread: Locator, text: str) -> None:
    expect(thread.get_by_role("status")).to_have_text(text)


def marked(daily: Daily, comment_id: str, **columns: Any) -> None:
    """The desk has changed something about a comment: past its verbs, which have their own tests."""
    with daily.world.sessions.begin() as session:
        site = session.scalars(select(Site).where(Site.key == daily.key)).one()
        session.execute(update(Comment).where(Comment.site_id == site.id, Comment.id == comment_id).values(**columns))


def talked(daily: Daily) -> dict[str, str]:
    """A question with two answers, of which staff wrote one, and one that nobody has answered."""
    past = Past(daily)
    asked = past.say("Who pays for the trams?")
    ids = {"asked": asked, "guess": past.say("We all do", name="Cy", to=asked)}
    ids["staff"] = past.say("The region pays half", name="Mia Mill", to=ids["guess"])
    ids["alone"] = past.say("The seats are hard")
    marked(daily, ids["staff"], wrote_as="staff", badges=["staff"])
    marked(daily, ids["guess"], featured_at=now())
    return ids


def test_the_five_orders_are_there(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    liked, answered = past.say("Liked"), past.say("Answered")
    past.say("New")
    past.recommend(liked)
    past.say("Indeed", to=answered, name="Cy")
    past.say("No", to=answered, name="Di")
    thread = visit(ada, daily)
    firsts = {"Best": "Answered", "Liveliest": "Answered", "Most recommended": "Liked", "Oldest": "Liked"}
    for name, first in firsts.items():
        order(thread).select_option(name)
        told(thread, f"Sorted by: {name}")
        assert texts(thread)[0] == first
    expect(order(thread).locator("option")).to_have_text(["Newest", "Oldest", "Most recommended", "Best", "Liveliest"])
    expect(part(thread).locator("option")).to_have_text(
        ["All comments", "Staff and author", "My comments", "Featured", "Unanswered"]
    )


def test_a_part_shows_replies_by_themselves_with_whom_they_answer(daily: Daily, ada: Page) -> None:
    talked(daily)
    thread = visit(ada, daily)
    part(thread).select_option("Staff and author")
    told(thread, "Shown: Staff and author")
    assert texts(thread) == ["The region pays half"]
    card = comment(thread, "The region pays half")
    expect(card.get_by_role("link", name="in reply to Cy")).to_be_visible()
    # The count is that of the whole conversation.
    expect(thread.get_by_role("heading", name="4 comments")).to_be_visible()
    part(thread).select_option("Featured")
    told(thread, "Shown: Featured")
    assert texts(thread) == ["We all do"]
    part(thread).select_option("Unanswered")
    told(thread, "Shown: Unanswered")
    assert texts(thread) == ["The seats are hard"]
    part(thread).select_option("All comments")
    told(thread, "Shown: All comments")
    assert texts(thread) == ["The seats are hard", "Who pays for the trams?", "We all do", "The region pays half"]


def test_a_link_leads_out_of_a_part_into_the_conversation(daily: Daily, ada: Page) -> None:
    talked(daily)
    thread = visit(ada, daily)
    part(thread).select_option("Staff and author")
    comment(thread, "The region pays half").get_by_role("link", name="in reply to Cy").click()
    has_focus(thread, comment(thread, "We all do"))
    expect(part(thread)).to_have_value("all")
    assert len(texts(thread)) == 4


def test_what_was_chosen_is_kept_for_the_site_and_a_link_still_wins(daily: Daily, ada: Page) -> None:
    ids = talked(daily)
    thread = visit(ada, daily)
    order(thread).select_option("Oldest")
    told(thread, "Sorted by: Oldest")
    part(thread).select_option("Featured")
    told(thread, "Shown: Featured")
    ada.reload()
    expect(comment(ready(ada), "We all do")).to_be_visible()
    expect(order(thread)).to_have_value("oldest")
    expect(part(thread)).to_have_value("featured")
    assert texts(thread) == ["We all do"]
    thread = visit(ada, daily, to=ids["staff"])
    has_focus(thread, comment(thread, "The region pays half"))
    assert len(texts(thread)) == 4
    thread = visit(ada, daily)
    expect(part(thread)).to_have_value("featured")
    part(thread).select_option("All comments")
    told(thread, "Shown: All comments")
    order(thread).select_option("Newest")
    told(thread, "Sorted by: Newest")
    assert ada.evaluate(f"localStorage.getItem('comments.list.{daily.key}')") is None


def test_another_site_keeps_its_own_list(daily: Daily, make_site: Any, ada: Page) -> None:
    talked(daily)
    other = make_site()
    talked(other)
    thread = visit(ada, daily)
    part(thread).select_option("Featured")
    told(thread, "Shown: Featured")
    expect(part(visit(ada, other))).to_have_value("all")


@pytest.mark.parametrize("kept", ["loudest nobody", "best", " ", "newest byStaff x", '{"sort": "best"}'])
def test_what_another_release_has_kept_does_no_harm(daily: Daily, ada: Page, kept: str) -> None:
    talked(daily)
    visit(ada, daily)
    ada.evaluate("([key, value]) => localStorage.setItem(key, value)", [f"comments.list.{daily.key}", kept])
    thread = visit(ada, daily)
    expect(thread.locator("article").first).to_be_visible()
    assert order(thread).input_value() in {"newest", "best"}
    assert part(thread).input_value() in {"all", "byStaff"}


def test_where_storage_is_blocked_it_is_kept_for_the_visit(daily: Daily, ada: Page) -> None:
    talked(daily)
    ada.add_init_script(BLOCKED)
    thread = visit(ada, daily)
    part(thread).select_option("Featured")
    told(thread, "Shown: Featured")
    # A page that makes the element anew, as those do that never reload.
    ada.evaluate("""() => {
      const old = document.querySelector("comments-thread");
      const made = document.createElement("comments-thread");
      made.setAttribute("thread", old.getAttribute("thread"));
      old.replaceWith(made);
    }""")
    expect(comment(ready(ada), "We all do")).to_be_visible()
    expect(part(thread_of(ada))).to_have_value("featured")
    assert texts(thread_of(ada)) == ["We all do"]


def test_the_usual_list_costs_no_further_request(daily: Daily, ada: Page) -> None:
    talked(daily)
    asked: list[str] = []
    ada.on("request", lambda request: asked.append(request.url))
    thread = visit(ada, daily)
    assert not [url for url in asked if "/lists." in url or "filter=" in url or "/mine" in url]
    part(thread).select_option("Featured")
    told(thread, "Shown: Featured")
    assert len([url for url in asked if "/lists." in url]) == 1
    assert len([url for url in asked if "filter=featured" in url]) == 1


@pytest.mark.parametrize("name", PARTS)
def test_an_empty_part_says_what_is_missing_and_leads_back(
    daily: Daily, ada: Page, accessible: Any, name: str
) -> None:
    past = Past(daily)
    past.say("An answer", to=past.say("A question"))
    thread = visit(ada, daily)
    part(thread).select_option(name)
    told(thread, f"Shown: {name}. {PARTS[name]}")
    expect(thread.locator(".blank")).to_contain_text(PARTS[name])
    accessible(ada)
    thread.get_by_role("button", name="Show all comments").click()
    expect(comment(thread, "A question")).to_be_visible()
    has_focus(thread, thread.get_by_role("heading", name="2 comments"))
    expect(part(thread)).to_have_value("all")


def test_the_lists_are_chosen_by_keyboard_alone(daily: Daily, ada: Page) -> None:
    talked(daily)
    thread = visit(ada, daily)
    thread.get_by_role("button", name="Search").focus()
    ada.keyboard.press("Tab")
    has_focus(thread, order(thread))
    ada.keyboard.type("Old")
    told(thread, "Sorted by: Oldest")
    has_focus(thread, order(thread))
    ada.keyboard.press("Tab")
    has_focus(thread, part(thread))
    ada.keyboard.type("Feat")
    told(thread, "Shown: Featured")
    has_focus(thread, part(thread))
    assert texts(thread) == ["We all do"]


def test_mine_is_what_this_browser_wrote_and_waits(make_site: Any, ada: Page, bob: Page) -> None:
    daily = make_site(moderation="pre")
    past = Past(daily)
    asked = past.say("A question")
    past.decide("published", "A question")
    past.decide("published", past.say("Another", name="Cy") and "Another")
    thread = visit(ada, daily)
    reply(thread, "A question", "My answer waits")
    expect(comment(thread, "My answer waits")).to_be_visible()
    private: list[str] = []
    ada.on("request", lambda request: private.append(request.url) if "/mine?" in request.url else None)
    part(thread).select_option("My comments")
    told(thread, "Shown: My comments")
    assert texts(thread) == ["My answer waits"]
    assert len(private) == 1
    card = comment(thread, "My answer waits")
    expect(card).to_contain_text("Only you can see this until a moderator has read it.")
    expect(card.get_by_role("link", name="in reply to Bob")).to_be_visible()
    card.get_by_role("button", name="Edit").click()
    expect(thread.get_by_role("textbox", name="Edit your comment")).to_be_visible()
    thread = visit(bob, daily)
    part(thread).select_option("My comments")
    expect(thread).to_contain_text(PARTS["My comments"])
    assert asked


def test_a_text_that_was_begun_outlives_another_list(daily: Daily, ada: Page) -> None:
    talked(daily)
    thread = visit(ada, daily)
    thread.get_by_role("textbox", name="Your comment").fill("Half a thought")
    card = comment(thread, "The seats are hard")
    card.get_by_role("button", name="Reply").click()
    thread.get_by_role("textbox", name="Your reply").fill("Half a reply")
    part(thread).select_option("Featured")
    told(thread, "Shown: Featured")
    expect(thread.get_by_role("textbox", name="Your comment")).to_have_value("Half a thought")
    part(thread).select_option("All comments")
    told(thread, "Shown: All comments")
    expect(thread.get_by_role("textbox", name="Your reply")).to_have_value("Half a reply")


def test_an_own_comment_is_seen_in_whatever_list_it_is_written(daily: Daily, ada: Page) -> None:
    talked(daily)
    thread = visit(ada, daily)
    part(thread).select_option("Unanswered")
    told(thread, "Shown: Unanswered")
    write(thread, "I stand, mostly")
    expect(comment(thread, "I stand, mostly")).to_be_visible()
    reply(thread, "The seats are hard", "They are")
    expect(comment(thread, "They are")).to_be_visible()
    assert texts(thread) == ["I stand, mostly", "The seats are hard", "They are"]


@pytest.mark.expects("ERR_FAILED")
def test_a_list_that_cannot_come_leaves_the_one_that_is_there(daily: Daily, ada: Page) -> None:
    talked(daily)
    thread = visit(ada, daily)
    ada.route(re.compile(r"/a/lists\."), lambda route: route.abort())
    part(thread).select_option("Featured")
    expect(thread.locator(".sort + .error")).to_contain_text("That did not work.")
    expect(part(thread)).to_have_value("all")
    assert len(texts(thread)) == 4
    ada.unroute(re.compile(r"/a/lists\."))
    part(thread).select_option("Featured")
    told(thread, "Shown: Featured")


def test_what_is_new_in_a_part_waits_and_what_has_left_it_stays(daily: Daily, ada: Page) -> None:
    ids = talked(daily)
    seen = Watched(ada, daily)
    thread = seen.thread
    part(thread).select_option("Unanswered")
    told(thread, "Shown: Unanswered")
    Past(daily).say("Soft enough for me", name="Cy", to=ids["alone"])
    Past(daily).say("A new question", name="Di")
    seen.passes(26)
    expect(seen.pill).to_be_visible()
    expect(comment(thread, "The seats are hard")).to_be_visible()
    seen.pill.click()
    expect(comment(thread, "A new question")).to_be_visible()
    expect(thread.get_by_role("heading", name="6 comments")).to_be_visible()
