"""Who writes, and whom one does not want to read: badges, marks, tombstones and muting, as a reader meets them."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from comments_service import binding, erasing
from comments_service.database import now
from comments_service.tables import Membership, Moderator, Site
from tests.browser.conftest import Daily
from tests.browser.conversation import Past, changed, comment, has_focus, mark, ready, visit, write

HOSTILE = [
    "<img src=x onerror=alert(1)>", '[["a","b"]]', "__proto__ x", "constructor y\n", "x" * 5000,
    "AAAAAAAAAAAAAAAA <b>bold</b>", "null", "\0\n\n", "AAAAAAAAAAAAAAA\u202e Bob",
]  # fmt: skip


def badges(one: Locator) -> list[str]:
    return one.locator("[part=badge]").all_inner_texts()


def reload(page: Page) -> Locator:
    """The thread after the page was loaded again."""
    page.reload()
    return ready(page)


def placeholder(thread: Locator, name: str) -> Locator:
    return thread.get_by_text(f"You have muted {name}.")


def test_badges_and_marks_are_words_and_pinned_ones_stand_first(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("From the desk", name="Mia")
    past.say("From a reader", name="Staff")
    past.say("Well said", name="Cleo")
    changed(daily, "From the desk", badges=["staff", "author"])
    changed(daily, "Well said", badges=["expert"])
    mark(daily, "From the desk", "pin")
    mark(daily, "Well said", "feature")
    thread = visit(ada, daily)
    expect(thread.locator("article .body").first).to_have_text("From the desk")
    assert badges(comment(thread, "From the desk")) == ["Staff", "Author of this story", "Pinned"]
    assert badges(comment(thread, "From a reader")) == []
    assert badges(comment(thread, "Well said")) == ["Expert", "Featured"]
    thread.get_by_label("Sort by").select_option("oldest")
    expect(thread.get_by_role("status")).to_have_text("Sorted by: Oldest")
    expect(thread.locator("article .body")).to_have_text(["From the desk", "From a reader", "Well said"])


def test_what_was_taken_down_and_who_was_erased_leave_their_place(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    bad = past.say("Over the line", name="Rude")
    past.say("Please stay calm", to=bad)
    gone = past.say("I was here", name="Gone")
    past.say("Where are you?", to=gone)
    alone = past.say("Nobody answers this", name="Rude")
    past.decide("rejected", "Over the line")
    past.decide("rejected", "Nobody answers this")
    with daily.world.sessions.begin() as session:
        site = session.scalars(select(Site).where(Site.key == daily.key)).one()
        person = erasing.who_wrote(session, site, gone)
        erasing.begin(session, person, at=now())
        while erasing.erase_some(session, site.id, person.id, at=now()):
            pass
    thread = visit(ada, daily)
    expect(thread).to_contain_text("This comment was removed by the moderators.")
    expect(thread).to_contain_text("This comment was erased: its author has left.")
    expect(thread.locator("article")).to_have_count(4)
    expect(thread).not_to_contain_text(re.compile("Rude|Gone|Over the line|I was here"))
    thread = visit(ada, daily, to=alone)
    tombstone = thread.locator(f'article[aria-labelledby="by-{alone}"]')
    expect(tombstone).to_contain_text("This comment was removed by the moderators.")
    has_focus(thread, tombstone)


def test_a_muted_person_is_a_placeholder_at_once_and_on_every_page(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    first = past.say("Loud", name="Bob")
    past.say("An answer to it", name="Cleo", to=first)
    thread = visit(ada, daily)
    comment(thread, "Loud").get_by_role("button", name="Mute").click()
    expect(placeholder(thread, "Bob")).to_be_visible()
    expect(thread.get_by_text("Loud")).to_be_hidden()
    expect(comment(thread, "An answer to it")).to_be_visible()
    has_focus(thread, thread.get_by_role("button", name="Unmute"))
    expect(thread.get_by_role("status")).to_have_text("You do not see what Bob writes any more, in this browser.")
    thread = reload(ada)
    expect(placeholder(thread, "Bob")).to_be_visible()
    expect(thread.get_by_text("Loud")).to_be_hidden()


def test_one_comment_is_shown_and_a_person_is_heard_again(daily: Daily, ada: Page) -> None:
    Past(daily).say("Loud", name="Bob")
    thread = visit(ada, daily)
    comment(thread, "Loud").get_by_role("button", name="Mute").click()
    thread.get_by_role("button", name="Show", exact=True).click()
    expect(comment(thread, "Loud")).to_be_visible()
    thread = reload(ada)
    expect(placeholder(thread, "Bob")).to_be_visible()
    thread.get_by_role("button", name="Unmute").click()
    expect(comment(thread, "Loud")).to_be_visible()
    expect(thread.get_by_role("status")).to_have_text("You see what Bob writes again.")
    expect(thread.get_by_role("button", name="1 person muted")).to_be_hidden()


def test_everybody_who_is_muted_is_in_one_list(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("Loud", name="Bob")
    past.say("Shrill", name="Cleo")
    thread = visit(ada, daily)
    for words in ("Loud", "Shrill"):
        comment(thread, words).get_by_role("button", name="Mute").click()
    line = thread.get_by_role("button", name="2 people muted")
    line.click()
    people = thread.get_by_role("list", name="People you have muted")
    expect(people.get_by_role("listitem")).to_have_count(2)
    people.get_by_role("button", name="Unmute Bob").click()
    expect(comment(thread, "Loud")).to_be_visible()
    has_focus(thread, thread.get_by_role("button", name="1 person muted"))
    people.get_by_role("button", name="Unmute Cleo").click()
    expect(comment(thread, "Shrill")).to_be_visible()
    expect(people).to_have_count(0)
    has_focus(thread, thread.get_by_role("heading", level=2))


def test_nobody_mutes_oneself(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    write(thread, "Mine")
    expect(comment(thread, "Mine")).to_be_visible()
    expect(comment(thread, "Mine").get_by_role("button", name="Mute")).to_have_count(0)


@pytest.mark.parametrize("kept", HOSTILE)
def test_whatever_stands_in_the_storage_is_at_most_a_name(daily: Daily, ada: Page, kept: str) -> None:
    Past(daily).say("Loud", name="Bob")
    visit(ada, daily)
    ada.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [f"comments.muted.{daily.key}", kept])
    thread = reload(ada)
    expect(comment(thread, "Loud")).to_be_visible()
    expect(thread.locator("b, img")).to_have_count(0)
    comment(thread, "Loud").get_by_role("button", name="Mute").click()
    expect(placeholder(thread, "Bob")).to_be_visible()


def test_where_nothing_can_be_stored_it_holds_as_long_as_the_page(daily: Daily, ada: Page) -> None:
    Past(daily).say("Loud", name="Bob")
    ada.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }")
    thread = visit(ada, daily)
    comment(thread, "Loud").get_by_role("button", name="Mute").click()
    expect(placeholder(thread, "Bob")).to_be_visible()
    ada.evaluate("() => document.querySelector('comments-thread').reload()")
    expect(placeholder(thread, "Bob")).to_be_visible()


@pytest.mark.expects("status of 403")
def test_a_link_from_the_desk_lets_this_browser_write_as_staff(daily: Daily, ada: Page) -> None:
    Past(daily).say("Any news?", name="Bob")
    with daily.world.sessions.begin() as session:
        site = session.scalars(select(Site).where(Site.key == daily.key)).one()
        person = Moderator(login=f"mia@{daily.key}", name="Mia Mill", created=now())
        session.add(person)
        session.flush()
        session.add(Membership(site_id=site.id, moderator_id=person.id, role="moderator"))
        session.flush()
        code = binding.make_code(session, site, person.id, at=now())
    thread = visit(ada, daily)
    ada.evaluate("(code) => { location.hash = `comments-staff-${code}` }", code)
    said = "From now on this browser writes here as staff, under the name Mia Mill."
    expect(thread.locator(".notices")).to_contain_text(said)
    assert code not in ada.url
    thread.get_by_role("textbox", name="Your comment").fill("We are on it")
    expect(thread).to_contain_text("Posting as Mia Mill")
    thread.get_by_role("button", name="Post comment").click()
    expect(comment(thread, "We are on it")).to_contain_text("Staff")
    ada.evaluate("(code) => { location.hash = `comments-staff-${code}` }", code)
    expect(thread.locator(".notices")).to_contain_text("This link has been used, or it is too old.")
