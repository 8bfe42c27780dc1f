"""Readers sign in with an account elsewhere, on a page of another site, in a window that browsers may block or cut off.

The provider is one of our own on this machine. The page and the service are two sites to a browser, and when somebody
has signed in, neither has any cookie: so it is all the same which of them a browser would block.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from comments_service.database import now
from comments_service.oidc import attempts, providers
from comments_service.oidc.providers import Wish
from comments_service.sealing import Keyring
from comments_service.tables import Identity, Site
from tests import provider as elsewhere
from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import box, comment, ready, take_time, visit
from tests.browser.test_session import beside
from tests.provider import Provider

# What is asked of the provider leaves our origins, as it has to.
GOES_THERE = r"foreign request: http://127\.0\.0\.1:\d+/authorize"


@pytest.fixture
def house(daily: Daily) -> Iterator[Provider]:
    """A provider that the site of this test offers."""
    with elsewhere.running() as found:
        offer(daily, found)
        yield found


def offer(daily: Daily, found: Provider, **wished: str) -> None:
    wish = Wish(**{"name": "House", "issuer": found.issuer, "client_id": elsewhere.CLIENT,
                   "secret": elsewhere.SECRET, **wished})  # fmt: skip
    with daily.world.sessions.begin() as session:
        site = session.scalars(select(Site).where(Site.key == daily.key)).one()
        providers.add(session, site, wish, keyring=Keyring(("sealing-in-browser-tests" * 2,)), local=True, at=now())


def accounts(daily: Daily) -> int:
    with daily.world.sessions() as session:
        its = select(Identity).join(Site, Site.id == Identity.site_id).where(Site.key == daily.key)
        return len(session.scalars(its).all())


def closes(window: Page) -> None:
    """Wait until it has closed itself."""
    if not window.is_closed():
        window.wait_for_event("close")


def press(thread: Locator) -> None:
    thread.get_by_role("button", name="Sign in").click()
    thread.get_by_role("dialog").get_by_role("button", name="Continue with House").click()


def is_signed_in(thread: Locator) -> None:
    expect(thread.get_by_text("Signed in as Nora")).to_be_visible()
    expect(thread.get_by_role("button", name="Sign in")).to_have_count(0)
    expect(thread.get_by_role("dialog")).to_have_count(0)


@pytest.mark.expects(GOES_THERE)
def test_a_window_signs_in_and_nothing_typed_is_lost(
    daily: Daily, house: Provider, ada: Page, accessible: Callable[..., None]
) -> None:
    thread = visit(ada, daily)
    there = ready(beside(ada, daily))
    take_time(thread, "Half a thought")
    thread.get_by_role("button", name="Sign in").click()
    dialog = thread.get_by_role("dialog", name="Sign in")
    way = dialog.get_by_role("button", name="Continue with House")
    expect(way).to_be_visible()
    expect(dialog.get_by_label("Your e-mail address")).to_be_hidden()
    accessible(ada)
    with ada.expect_popup() as opened:
        way.click()
    closes(opened.value)
    is_signed_in(thread)
    expect(box(thread)).to_have_value("Half a thought")
    there.page.bring_to_front()
    box(there).focus()
    is_signed_in(there)
    thread.page.bring_to_front()
    thread.get_by_role("button", name="Post comment").click()
    expect(comment(thread, "Half a thought").get_by_role("heading", name="Nora")).to_be_visible()
    thread = visit(ada, daily)
    expect(comment(thread, "Half a thought").get_by_role("button", name="Withdraw")).to_be_visible()
    assert ada.context.cookies(daily.world.host.origin) == []
    assert ada.context.cookies(daily.world.service) == []


@pytest.mark.expects(GOES_THERE)
def test_where_no_window_opens_the_page_itself_goes_there_and_comes_back(
    daily: Daily, house: Provider, ada: Page
) -> None:
    ada.add_init_script("window.open = () => null")
    thread = visit(ada, daily)
    take_time(thread, "Half a thought")
    address = ada.url
    press(thread)
    is_signed_in(thread)
    assert ada.url == address, "the code is gone from the address"
    expect(box(thread)).to_have_value("Half a thought")


@pytest.mark.expects(GOES_THERE)
def test_a_window_that_was_cut_off_signs_in_by_itself_and_the_page_follows(
    daily: Daily, house: Provider, ada: Page
) -> None:
    house.opener_policy = "same-origin"
    thread = visit(ada, daily)
    take_time(thread, "Half a thought")
    with ada.context.expect_page() as opened:
        press(thread)
    is_signed_in(thread)
    expect(box(thread)).to_have_value("Half a thought")
    opened.value.close()


@pytest.mark.expects(GOES_THERE)
def test_a_page_elsewhere_that_opens_the_window_gets_nothing(daily: Daily, house: Provider, ada: Page) -> None:
    page, challenge = f"{daily.world.host.origin}/a1", attempts.challenge("v" * 43)
    window = f"{daily.world.service}/s/{daily.key}/sign-in/oidc/house?page={quote(page)}&challenge={challenge}"
    ada.goto(daily.world.paper)
    ada.evaluate("window.got = []; addEventListener('message', (event) => got.push(event.data));")
    with ada.expect_popup() as opened:
        ada.evaluate("(address) => void open(address, '', 'popup')", window)
    closes(opened.value)
    assert accounts(daily) == 1, "whoever sat there has signed in"
    assert ada.evaluate("new Promise((done) => setTimeout(() => done(got)))") == []


@pytest.mark.expects(GOES_THERE)
def test_without_javascript_one_that_answers_by_a_form_brings_the_reader_back(
    daily: Daily, house: Provider, open_page: OpenPage
) -> None:
    key = elsewhere.EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    offer(daily, house, name="Apple", kind="apple", team_id="TEAM123456", key_id="KEY1234567", secret=key)
    house.apple = True
    page = open_page(java_script_enabled=False)
    page.goto(f"{daily.world.service}/s/{daily.key}/me")
    page.get_by_role("link", name="Continue with Apple").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("Here you are Nora")).to_be_visible()
    assert re.fullmatch(r".*/s/[^/]+/me", page.url)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("There is nothing of you here yet.")).to_be_visible()
