"""Whoever is known to a thread hears back in it: the bell, its dialog by keyboard, and following the conversation."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, Request, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service.database import now, take_turn
from comments_service.noticing import telling
from comments_service.noticing.telling import News
from comments_service.tables import Comment, Follow, Mute, Site
from tests import crowds
from tests.browser import measuring
from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import Past, box, changed, comment, has_focus, ready, reply, visit, write
from tests.browser.test_signing import paper_of, set_token

Check = Callable[..., None]
HOSTILE = "<img src=x onerror=alert(1)>"


def site_of(session: Session, daily: Daily) -> Site:
    """The paper of this test alone, as others share its database."""
    return session.scalars(select(Site).where(Site.key == daily.key)).one()


def tell(daily: Daily, mine: str, *, by: str = "Bob", text: str = "An answer") -> str:
    """Somebody answers the comment with this text, and its author is told; the answer's id."""
    with daily.world.sessions() as session:
        site = site_of(session, daily)
        parent = session.scalars(select(Comment).where(Comment.site_id == site.id, Comment.source == mine)).one()
        to, reader, site_id = parent.id, parent.reader_id, site.id
    answer = Past(daily).say(text, name=by, to=to)
    with daily.world.sessions.begin() as session:
        take_turn(session)
        telling.tell(session, site_id, {reader: News(event="reply", source=answer, comment_id=answer)}, at=now())
    return answer


def known(page: Page, daily: Daily, text: str = "Mine", **embed: str) -> Locator:
    """A thread whose reader has written in it."""
    thread = visit(page, daily, **embed)
    write(thread, text)
    expect(comment(thread, text)).to_be_visible()
    return thread


def opened(thread: Locator, name: str) -> Locator:
    """The dialog, opened by keyboard."""
    bell = thread.get_by_role("button", name=name, exact=True)
    bell.focus()
    bell.press("Enter")
    dialog = thread.get_by_role("dialog", name="Notices")
    expect(dialog.get_by_role("heading", name="Your own feed")).to_be_visible()
    return dialog


def test_the_bell_counts_and_leads_by_keyboard_to_what_it_tells_of(
    daily: Daily, ada: Page, accessible: Check
) -> None:
    ada.set_viewport_size({"width": 320, "height": 640})
    known(ada, daily)
    for number in range(2):
        tell(daily, "Mine", by=HOSTILE, text=f"Answer {number}")
    thread = visit(ada, daily)
    dialog = opened(thread, "Notices, 2 unread")
    accessible(ada)
    assert measuring.fits(ada)
    first = dialog.get_by_role("link", name=f"{HOSTILE} answered your comment").first
    expect(first).to_be_visible()
    expect(dialog.get_by_text("New ·")).to_have_count(2)
    ada.keyboard.press("Escape")
    has_focus(thread, thread.get_by_role("button", name="Notices, 2 unread"))
    opened(thread, "Notices, 2 unread")
    first.focus()
    first.press("Enter")
    expect(dialog).to_have_count(0)
    has_focus(thread, comment(thread, "Answer 1"))
    dialog = opened(thread, "Notices, 1 unread")
    dialog.get_by_role("button", name="Mark all as read").press("Enter")
    expect(dialog.get_by_role("status")).to_have_text("All are marked as read.")
    has_focus(thread, dialog.get_by_role("heading", name="Notices", exact=True))
    expect(dialog.get_by_text("New ·")).to_have_count(0)
    accessible(ada)
    dialog.get_by_role("button", name="Close").press("Enter")
    has_focus(thread, thread.get_by_role("button", name="Notices", exact=True))


def test_a_conversation_is_followed_from_the_first_comment_on_and_after_a_reload(daily: Daily, ada: Page) -> None:
    thread = known(ada, daily)
    thread.get_by_role("button", name="Follow this conversation").click()
    expect(thread.get_by_role("button", name="Unfollow")).to_be_visible()
    expect(thread.get_by_role("status").first).to_have_text("You follow this conversation.")
    thread = visit(ada, daily)
    expect(thread.get_by_role("button", name="Unfollow")).to_be_visible()
    dialog = opened(thread, "Notices")
    dialog.get_by_role("button", name="Unfollow").press("Enter")
    expect(dialog.get_by_text("You follow none yet.")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(thread.get_by_role("button", name="Follow this conversation")).to_be_visible()
    with daily.world.sessions() as session:
        assert session.scalars(select(Follow).where(Follow.site_id == site_of(session, daily).id)).all() == []
    box(thread).focus()
    thread.get_by_role("button", name="Forget me").click()
    thread.get_by_role("button", name="Forget me").click()
    expect(thread.get_by_role("button", name="Follow this conversation")).to_be_hidden()


@pytest.mark.expects("status of 422")
def test_what_comes_by_mail_is_chosen_there_and_a_feed_is_made(daily: Daily, ada: Page) -> None:
    known(ada, daily)
    dialog = opened(visit(ada, daily), "Notices")
    dialog.get_by_role("combobox", name="Somebody answers me").select_option("Once a day")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("status")).to_have_text("Saved.")
    dialog.get_by_role("textbox", name="Your e-mail address").fill("nonsense")
    dialog.get_by_role("button", name="Send me a link").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("textbox", name="Your e-mail address").fill("ada@mail.example")
    dialog.get_by_role("button", name="Send me a link").click()
    expect(dialog.get_by_role("status")).to_contain_text("is on its way")
    dialog.get_by_role("button", name="Make an address").click()
    assert ".atom" in (dialog.get_by_role("link", name=".atom").get_attribute("href") or "")
    dialog.get_by_role("button", name="Close the feed").click()
    expect(dialog.get_by_role("status")).to_have_text("The feed is closed.")
    dialog.get_by_role("button", name="Close", exact=True).click()
    dialog = opened(visit(ada, daily), "Notices")
    expect(dialog.get_by_role("combobox", name="Somebody answers me")).to_have_value("daily")


def test_who_has_never_written_is_asked_for_nothing_and_sees_no_bell(
    daily: Daily, bob: Page, ada: Page, accessible: Check
) -> None:
    known(ada, daily)
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/notices" in request.url or "/me" in request.url or "/a/bell" in request.url:
            asked.append(request.url)

    bob.on("request", note)
    thread = visit(bob, daily)
    expect(comment(thread, "Mine")).to_be_visible()
    box(thread).focus()
    expect(thread.get_by_role("textbox", name="Name", exact=True)).to_be_visible()
    assert asked == []
    expect(thread.get_by_role("button", name="Notices")).to_have_count(0)
    # Who is known pays with no request more than what is their own.
    ada.on("request", note)
    expect(visit(ada, daily).get_by_role("button", name="Notices")).to_be_visible()
    assert [url.partition("?")[0].rpartition("/")[2].partition(".")[0] for url in asked] == ["me", "bell"]


def test_a_notice_of_another_conversation_leads_there_and_is_read_then(daily: Daily, ada: Page) -> None:
    known(ada, daily)
    answer = tell(daily, "Mine")
    thread = visit(ada, replace(daily, thread="another"))
    dialog = opened(thread, "Notices, 1 unread")
    dialog.get_by_role("link", name="Bob answered your comment").press("Enter")
    ada.wait_for_url(f"**#comment-{answer}")
    has_focus(thread, comment(thread, "An answer"))
    expect(thread.get_by_role("button", name="Notices", exact=True)).to_be_visible()


def test_an_own_reply_that_waits_further_down_is_told_of(daily: Daily, ada: Page) -> None:
    Past(daily).say("Old")
    thread = visit(ada, daily)
    reply(thread, "Old", "Mine")
    expect(comment(thread, "Mine")).to_be_visible()
    changed(daily, "Mine", status="held")
    # The crowd was there before.
    Past(daily).crowd(crowds.roots, 40)
    ada.goto(daily.embed(f'<comments-thread thread="{daily.thread}" sort="oldest" loading="eager"></comments-thread>'))
    thread = ready(ada)
    expect(thread.get_by_text("A comment of yours further down waits for a moderator.")).to_be_visible()
    thread.get_by_role("button", name="Show it").click()
    has_focus(thread, comment(thread, "Mine"))


def test_whom_an_account_mutes_is_muted_in_another_browser_until_it_is_taken_back(
    daily: Daily, ada: Page, bob: Page
) -> None:
    paper = paper_of(daily)
    Past(daily).say("Loud", name="Bob")
    threads = []
    for page in (ada, bob):
        threads.append(visit(page, daily))
        set_token(page, paper.token())
        expect(threads[-1].get_by_role("button", name="Notices", exact=True)).to_be_visible()
    with ada.expect_response("**/mute"):
        comment(threads[0], "Loud").get_by_role("button", name="Mute").click()
    bob.reload()
    expect(threads[1].get_by_text("You have muted Bob.")).to_be_visible()
    with bob.expect_response("**/mutes/*"):
        threads[1].get_by_role("button", name="Unmute").first.click()
    with daily.world.sessions() as session:
        assert session.scalars(select(Mute).where(Mute.site_id == site_of(session, daily).id)).all() == []


def test_it_stands_from_right_to_left(daily: Daily, open_page: OpenPage, accessible: Check) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    known(page, daily)
    tell(daily, "Mine")
    thread = visit(page, daily, lang="ar")
    thread.get_by_role("button", name="الإشعارات، غير المقروءة").press("Enter")
    dialog = thread.get_by_role("dialog", name="الإشعارات")
    expect(dialog.get_by_role("combobox").first).to_be_visible()
    assert dialog.evaluate("element => getComputedStyle(element).direction") == "rtl"
    accessible(page)
    assert measuring.fits(page)
