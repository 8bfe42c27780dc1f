"""A reader's own page in the widget: opened from the form, complete by keyboard, and what it does is kept."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import ScalarSelect, select

from comments_service.tables import Erasure, Session, Site
from tests.browser import measuring
from tests.browser.conftest import Daily
from tests.browser.conversation import Past, box, comment, has_focus, visit, write
from tests.browser.test_signing import paper_of, set_token

Check = Callable[..., None]


def site_of(daily: Daily) -> ScalarSelect[str]:
    """The paper of this test alone, as others share its database."""
    return select(Site.id).where(Site.key == daily.key).scalar_subquery()


def opened(thread: Locator) -> Locator:
    """The dialog, opened by keyboard from the line that says who one posts as."""
    box(thread).focus()
    own = thread.get_by_role("button", name="Your page")
    own.focus()
    own.press("Enter")
    dialog = thread.get_by_role("dialog", name="Your page")
    expect(dialog.get_by_role("heading", name="Your data")).to_be_visible()
    return dialog


def test_all_of_it_works_from_the_form_and_back(daily: Daily, ada: Page, accessible: Check) -> None:
    ada.set_viewport_size({"width": 320, "height": 640})
    Past(daily).say("Loud", name="Bob")
    thread = visit(ada, daily)
    comment(thread, "Loud").get_by_role("button", name="Mute").click()
    write(thread, "Mine")
    expect(comment(thread, "Mine")).to_be_visible()
    thread = visit(ada, daily)
    dialog = opened(thread)
    accessible(ada)
    assert measuring.fits(ada)
    for words in ("Mine", "This browser", "You are known in this browser alone.", "Bob"):
        expect(dialog.get_by_text(words).first).to_be_visible()
    with ada.expect_download() as saved:
        dialog.get_by_role("button", name="As JSON").click()
    assert saved.value.suggested_filename == "my-comments.json"
    assert [row["source"] for row in json.loads(Path(saved.value.path()).read_text())["comments"]] == ["Mine"]
    dialog.get_by_role("textbox", name="Your name").fill("Countess")
    dialog.get_by_role("button", name="Change the name").click()
    expect(dialog.get_by_role("status")).to_have_text("Your name is changed.")
    dialog.get_by_role("button", name="Unmute Bob").click()
    dialog.get_by_label("They are removed").check()
    dialog.get_by_role("button", name="Erase me").click()
    expect(dialog.get_by_text("You will be erased on")).to_be_visible()
    has_focus(thread, dialog.get_by_role("button", name="Stay"))
    accessible(ada)
    ada.keyboard.press("Escape")
    has_focus(thread, thread.get_by_role("button", name="Your page"))
    expect(thread.get_by_text("Posting as Countess")).to_be_visible()
    expect(comment(thread, "Loud").get_by_text("Loud", exact=True)).to_be_visible()
    opened(thread).get_by_role("button", name="Stay").click()
    expect(dialog.get_by_role("status")).to_have_text("You stay, and nothing is erased.")
    with daily.world.sessions() as session:
        assert session.scalars(select(Erasure).where(Erasure.site_id == site_of(daily))).all() == []


def test_an_account_keeps_its_name_and_ends_its_other_sessions(daily: Daily, ada: Page) -> None:
    paper = paper_of(daily)
    thread = visit(ada, daily)
    for _ in range(2):
        set_token(ada, paper.token())
        box(thread).focus()
        expect(thread.get_by_text("Signed in as Nora Reed")).to_be_visible()
    dialog = opened(thread)
    expect(dialog.get_by_text("Your name comes with your account")).to_be_visible()
    expect(dialog.get_by_text("You have not written anything here yet.")).to_be_visible()
    dialog.get_by_role("button", name="Sign out everywhere else").click()
    expect(dialog.get_by_text("You are known in this browser alone.")).to_be_visible()
    has_focus(thread, dialog.get_by_role("heading", name="Where you are known"))
    with daily.world.sessions() as session:
        is_open = (Session.site_id == site_of(daily), Session.revoked_at.is_(None))
        assert len(set(session.scalars(select(Session.family).where(*is_open)))) == 1
