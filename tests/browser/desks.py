"""Somebody at the desk, in a browser."""

from playwright.sync_api import Page, expect

from comments_service import reading, signing_in, staff
from comments_service.database import now
from tests.browser.conftest import Daily


def sign_in(page: Page, daily: Daily, name: str, *, role: str = "moderator") -> Page:
    """Sign somebody in who has this role on the site."""
    login = f"{name.lower()}-{daily.key}"
    with daily.world.sessions.begin() as session:
        site = reading.site(session, daily.key)
        staff.add(session, site, login=login, name=name, role=role, at=now())
        token = signing_in.make_link(session, staff.by_login(session, login), at=now())
    page.goto(f"{daily.world.service}/desk/once/{token}")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page
