"""A reader shares an article by the row under its headline, and nobody else hears of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from comments_service import sharing
from tests.browser.conftest import Daily, OpenPage

TITLE = "Bread & butter: 50% off, عودة 🐦 #1 in town?"
HEAD = f'<meta property="og:title" content="{TITLE}"><link rel="canonical" href="/trams?b=1&amp;utm_source=x#top">'
STAY = "document.addEventListener('click', (event) => event.preventDefault(), true)"
NATIVE = "navigator.share = (what) => { window.shared = what; return window.answer?.() ?? Promise.resolve(); };"
NO_CLIPBOARD = """
Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new Error("no")) } });
"""


def row(page: Page) -> Locator:
    return page.get_by_role("group", name="Share this article")


def embed(daily: Daily, attributes: str = "") -> str:
    return daily.embed(
        f'<p>Share: <comments-share thread="{daily.thread}" {attributes}></comments-share></p>', head=HEAD
    )


def shares(page: Page, daily: Daily) -> int:
    counts = page.request.get(f"{daily.world.service}/api/v1/sites/{daily.key}/counts", params={"key": daily.thread})
    return int(counts.json()["counts"].get(daily.thread, {"shares": 0})["shares"])


def test_every_network_gets_the_clean_address_as_the_service_would_write_it(daily: Daily, ada: Page) -> None:
    ada.goto(embed(daily))
    row(ada).get_by_role("button", name="More").click()
    url = f"{daily.world.host.origin}/trams?b=1"
    for name in set(sharing.NETWORKS) - {"native", "copy", "mastodon"}:
        link = ada.locator(f"comments-share [part~={name}]").last
        expect(link).to_have_attribute("href", sharing.href(name, title=TITLE, url=url))
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", "noopener")


def test_the_copied_link_is_the_clean_address(daily: Daily, open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(embed(daily))
    row(page).get_by_role("button", name="Copy link").click()
    expect(row(page).get_by_role("status")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{daily.world.host.origin}/trams?b=1"
    expect(row(page).get_by_role("status")).to_have_text("")
    expect(row(page).get_by_role("button", name="Copy link")).to_be_visible()


def test_where_the_clipboard_is_shut_the_link_is_selected(daily: Daily, ada: Page) -> None:
    ada.add_init_script(NO_CLIPBOARD)
    ada.goto(embed(daily))
    row(ada).get_by_role("button", name="Copy link").click()
    field = ada.get_by_role("textbox", name="The link, to copy")
    expect(field).to_be_focused()
    expect(field).to_have_value(f"{daily.world.host.origin}/trams?b=1")


def test_the_devices_own_sheet_is_offered_where_there_is_one(daily: Daily, ada: Page, bob: Page) -> None:
    ada.goto(embed(daily))
    expect(row(ada).get_by_role("button", name="Share…")).to_have_count(0)
    bob.add_init_script(NATIVE)
    bob.goto(embed(daily))
    row(bob).get_by_role("button", name="Share…").click()
    assert bob.evaluate("window.shared") == {"title": TITLE, "url": f"{daily.world.host.origin}/trams?b=1"}


def test_a_sheet_that_was_closed_again_is_no_share_and_no_error(daily: Daily, ada: Page) -> None:
    ada.add_init_script(NATIVE + "window.answer = () => Promise.reject(new DOMException('closed', 'AbortError'))")
    ada.goto(embed(daily))
    ada.evaluate("document.addEventListener('comments:shared', () => document.title = 'shared')")
    row(ada).get_by_role("button", name="Share…").click()
    row(ada).get_by_role("button", name="Copy link").focus()
    assert ada.title() == "Trams"


def test_a_click_is_counted_and_told_to_the_page(daily: Daily, ada: Page) -> None:
    ada.goto(embed(daily))
    ada.evaluate(STAY)
    ada.evaluate("document.addEventListener('comments:shared', (event) => document.title = event.detail.network)")
    with ada.expect_response("**/shares") as answer:
        row(ada).get_by_role("link", name="WhatsApp").click()
    assert answer.value.status == 204
    assert answer.value.request.headers["content-type"].startswith("text/plain")
    assert ada.title() == "whatsapp"
    assert shares(ada, daily) == 1


def test_a_click_that_no_reader_made_is_not_counted(daily: Daily, ada: Page) -> None:
    ada.goto(embed(daily))
    ada.evaluate(STAY)
    row(ada).get_by_role("link", name="WhatsApp").evaluate("(link) => link.click()")
    with ada.expect_response("**/shares"):
        row(ada).get_by_role("link", name="Facebook").click()
    assert shares(ada, daily) == 1


def test_the_owner_chooses_and_orders_what_stands_in_the_row(daily: Daily, ada: Page) -> None:
    ada.set_viewport_size({"width": 1280, "height": 800})
    ada.goto(embed(daily, 'networks="reddit, bluesky nonsense"'))
    expect(row(ada).get_by_role("link")).to_have_text(["Reddit", "Bluesky"])
    row(ada).get_by_role("button", name="More").click()
    expect(ada.locator("comments-share .menu").get_by_role("link", name="E-mail")).to_be_visible()
    expect(ada.locator("comments-share .menu").get_by_role("link", name="Reddit")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_the_row_is_one_line_and_hides_nothing(
    daily: Daily, open_page: OpenPage, width: int, accessible: Callable[..., None]
) -> None:
    page = open_page(viewport={"width": width, "height": 700}, has_touch=width < 700, is_mobile=width < 700)
    page.goto(embed(daily))
    box = row(page).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["height"] <= 45
    row(page).get_by_role("button", name="More").click()
    menu = page.locator("comments-share .menu")
    expect(menu.get_by_role("button", name="Mastodon")).to_be_in_viewport()
    shown = row(page).get_by_role("link").count() + menu.get_by_role("link").count()
    assert shown == len(sharing.NETWORKS) - 3
    accessible(page)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_mastodon_asks_for_the_server_once_and_takes_no_nonsense(daily: Daily, ada: Page) -> None:
    ada.goto(embed(daily, 'networks="mastodon"'))
    ada.evaluate("window.open = (url) => { document.title = url; return null; }")
    row(ada).get_by_role("button", name="Mastodon").click()
    dialog = ada.get_by_role("dialog", name="Share on Mastodon")
    field = dialog.get_by_label("Your server")
    field.fill("javascript:alert(1)")
    field.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("such as mastodon.social")
    field.fill("https://Mas.to/@ada")
    dialog.get_by_role("button", name="Share").click()
    expect(dialog).to_be_hidden()
    assert ada.title() == sharing.href(
        "mastodon", title=TITLE, url=f"{daily.world.host.origin}/trams?b=1", server="mas.to"
    )
    expect(row(ada).get_by_role("button", name="Mastodon")).to_be_focused()
    row(ada).get_by_role("button", name="Mastodon").click()
    expect(field).to_have_value("mas.to")


def test_the_mastodon_dialog_is_accessible(daily: Daily, ada: Page, accessible: Callable[..., None]) -> None:
    ada.goto(embed(daily, 'networks="mastodon"'))
    row(ada).get_by_role("button", name="Mastodon").click()
    expect(ada.get_by_role("dialog")).to_be_visible()
    accessible(ada)
