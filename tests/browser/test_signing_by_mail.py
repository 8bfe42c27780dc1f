"""A reader signs in by mail from the form, on a page of another site: nothing typed is lost, and every tab knows."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from comments_service.mailing import codes
from comments_service.tables import MailSignIn, Site
from tests.browser.conftest import Daily
from tests.browser.conversation import box, comment, ready, take_time, visit
from tests.browser.test_session import beside
from tests.browser.test_signing import end_all


def code_for(daily: Daily, email: str) -> str:
    """What the mail says."""
    with daily.world.sessions() as session:
        its = (Site.key == daily.key, MailSignIn.address == email)
        row = session.scalars(select(MailSignIn).join(Site, Site.id == MailSignIn.site_id).where(*its)).one()
        return codes.code("browser-tests" * 4, row.site_id, row.id)


def ask(dialog: Locator) -> None:
    """Have a code sent, after an address that is none."""
    dialog.get_by_label("Your e-mail address").fill("ada")
    dialog.get_by_role("button", name="Send me a code").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Give an e-mail address")
    dialog.get_by_label("Your e-mail address").fill("ada@mail.example")
    dialog.get_by_label("Your e-mail address").press("Enter")


@pytest.mark.expects("status of 422", "status of 401")
def test_a_reader_signs_in_by_a_code_and_stays_so(
    make_site: Callable[..., Daily], ada: Page, accessible: Callable[..., None]
) -> None:
    daily = make_site(mail=True)
    thread = visit(ada, daily)
    other = beside(ada, daily)
    there = ready(other)
    box(there).fill("A draft")
    take_time(thread, "Half a thought")
    way_in = thread.get_by_role("button", name="Sign in")
    way_in.click()
    dialog = thread.get_by_role("dialog", name="Sign in")
    expect(dialog.get_by_label("Your e-mail address")).to_be_focused()
    accessible(ada)
    ada.keyboard.press("Escape")
    expect(way_in).to_be_focused()
    way_in.click()
    ask(dialog)
    field = dialog.get_by_label("Code")
    expect(field).to_be_focused()
    assert field.get_attribute("autocomplete") == "one-time-code"
    code = code_for(daily, "ada@mail.example")
    field.fill("1" * 6 if code != "1" * 6 else "2" * 6)
    field.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("This is not the code.")
    accessible(ada)
    field.fill(code)
    field.press("Enter")
    expect(dialog).to_have_count(0)
    expect(box(thread)).to_have_value("Half a thought")
    for place in (thread, there):
        expect(place.get_by_role("button", name="Sign in")).to_have_count(0)
    expect(box(there)).to_have_value("A draft")
    thread.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    thread.get_by_role("button", name="Post comment").click()
    expect(comment(thread, "Half a thought").get_by_role("heading", name="Ada")).to_be_visible()
    thread = visit(ada, daily)
    expect(comment(thread, "Half a thought").get_by_role("button", name="Withdraw")).to_be_visible()
    _writes_until_signed_out(daily, thread)


def _writes_until_signed_out(daily: Daily, thread: Locator) -> None:
    """The session ends elsewhere: the way in is offered again, and what was typed stays."""
    take_time(thread, "The other half")
    expect(thread.get_by_text("Signed in as Ada")).to_be_visible()
    end_all(daily)
    thread.get_by_role("button", name="Post comment").click()
    expect(thread.get_by_text("You are not signed in any more.").first).to_be_visible()
    expect(thread.get_by_role("button", name="Sign in")).to_be_visible()
    expect(box(thread)).to_have_value("The other half")


@pytest.mark.expects("status of 422")
def test_where_no_guests_may_write_it_is_the_way_to_the_form(
    make_site: Callable[..., Daily], ada: Page, accessible: Callable[..., None]
) -> None:
    daily = make_site(guests=False, mail=True)
    thread = visit(ada, daily)
    expect(thread).to_contain_text("Only readers with an account of The Daily can write here.")
    thread.get_by_role("button", name="Sign in").click()
    dialog = thread.get_by_role("dialog", name="Sign in")
    accessible(ada)
    ask(dialog)
    expect(dialog.get_by_label("Code")).to_be_focused()
    dialog.get_by_label("Code").fill(code_for(daily, "ada@mail.example"))
    dialog.get_by_label("Code").press("Enter")
    take_time(thread, "A member's word")
    expect(thread.get_by_role("button", name="Sign in")).to_have_count(0)
    thread.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    thread.get_by_role("button", name="Post comment").click()
    expect(comment(thread, "A member's word").get_by_role("heading", name="Ada")).to_be_visible()


def test_where_it_is_closed_it_is_not_offered(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    box(thread).focus()
    expect(thread.get_by_role("textbox", name="Name", exact=True)).to_be_visible()
    expect(thread.get_by_role("button", name="Sign in")).to_have_count(0)
