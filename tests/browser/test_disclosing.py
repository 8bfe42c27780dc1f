"""What an owner has readers told stands where they write and where they leave an address, and breaks no page."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser import measuring
from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import box, opened, visit
from tests.browser.test_notices import known
from tests.browser.test_notices import opened as opened_bell

LINE = "By posting you accept our rules. <b>No tag</b> " + "Donaudampfschifffahrt" * 4
SAID = {
    "consent": LINE, "privacy_url": "https://paper.example/privacy", "terms_url": "https://paper.example/terms",
}  # fmt: skip
Check = Callable[..., None]


def stands(place: Locator) -> None:
    """The line and both links are there, and lead out of the page without taking it along."""
    line = place.locator(".terms")
    expect(line).to_contain_text(LINE)
    for name, address in (("Privacy", SAID["privacy_url"]), ("Terms", SAID["terms_url"])):
        link = line.get_by_role("link", name=name, exact=True)
        expect(link).to_have_attribute("href", address)
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", "noopener nofollow")


def test_it_stands_at_the_form_and_at_the_field_for_an_address(
    make_site: Callable[..., Daily], open_page: OpenPage, accessible: Check
) -> None:
    page = open_page(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    daily = make_site(mail=True, **SAID)
    thread = visit(page, daily)
    opened(thread)
    stands(thread.locator("form.composer"))
    accessible(page)
    assert measuring.fits(page)
    assert measuring.small_targets(page, measuring.FOR_FINGERS, spacing=False).wrong == []
    thread.get_by_role("button", name="Sign in").click()
    dialog = thread.get_by_role("dialog", name="Sign in")
    stands(dialog)
    accessible(page)
    assert dialog.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_it_stands_at_the_address_for_notices(make_site: Callable[..., Daily], ada: Page, accessible: Check) -> None:
    dialog = opened_bell(known(ada, make_site(**SAID)), "Notices")
    stands(dialog)
    accessible(ada)


def test_where_no_guests_may_write_it_stands_at_the_field_alone(
    make_site: Callable[..., Daily], ada: Page, accessible: Check
) -> None:
    thread = visit(ada, make_site(mail=True, guests=False, **SAID))
    thread.get_by_role("button", name="Sign in").click()
    stands(thread.get_by_role("dialog", name="Sign in"))
    accessible(ada)


def test_where_the_owner_says_nothing_there_is_no_line(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    box(thread).focus()
    expect(thread.get_by_role("button", name="Post comment")).to_be_visible()
    expect(thread.locator(".terms")).to_be_empty()
