"""On hostile pages the article is never harmed, and the conversation can be read and joined wherever it is possible."""

import re
import secrets

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Daily, thread_of
from tests.browser.conversation import Past, comment, write
from tests.browser.hostile_pages import NOTE_SHIFTS, PAGES, RESERVED, HostilePage

MOST_SHIFT = 0.02


def lay(daily: Daily, page: HostilePage, *, tags: str = "") -> str:
    """The address of this page, with a share row, a count and a thread in its article."""
    host, name = daily.world.host, f"/{daily.key}/{secrets.token_hex(4)}"
    sheet = host.put(f"{name}.css", RESERVED + page.css, {"Content-Type": "text/css"})
    key = f'thread="{daily.thread}"'
    tag = f'<script async src="{daily.world.service}/embed.js" data-site="{daily.key}"></script>'
    before, after = page.around
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Trams</title>'
        f'<link rel="stylesheet" href="{sheet}">{page.head}</head><body>{page.before}'
        f'<main><h1>The trams are back</h1>{before}<p id="story">They run again.</p>'
        f"<p><comments-share {key}></comments-share> <comments-count {key}>Comments</comments-count></p>"
        f'<comments-thread {key} loading="eager"><p>Eleven have answered.</p></comments-thread>{after}'
        f"<footer>Below it all.</footer></main>{tags or tag * page.tags}</body></html>"
    )
    # A page with a form of its own, or a base address, has to allow it; nothing else is let in.
    allowed = daily.world.strict["Content-Security-Policy"].replace("base-uri 'none'; form-action 'none'; ", "")
    return host.put(name, text, {"Content-Security-Policy": allowed} | dict(page.headers))


def unharmed(page: Page) -> None:
    """The article stands where it stood, with all that was in it."""
    expect(page.locator("#story")).to_have_text("They run again.")
    expect(page.locator("#story")).to_be_visible()
    expect(page.locator("footer")).to_be_visible()
    assert float(page.locator("html").get_attribute("data-shifts") or 0) <= MOST_SHIFT


def readable(page: Page) -> None:
    expect(comment(thread_of(page), "Here before")).to_be_visible()
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    expect(page.locator("comments-count")).to_have_text("1 comment")


@pytest.mark.parametrize(
    "hostile",
    [pytest.param(page, marks=pytest.mark.expects(*page.complains), id=page.name) for page in PAGES],
)
def test_the_article_is_never_harmed(daily: Daily, ada: Page, hostile: HostilePage) -> None:
    Past(daily).say("Here before")
    ada.add_init_script(NOTE_SHIFTS + hostile.init)
    if hostile.aborts:
        ada.route(hostile.aborts, lambda route: route.abort())
    ada.goto(lay(daily, hostile))
    thread = thread_of(ada)
    if hostile.reads:
        readable(ada)
    else:
        expect(thread).to_contain_text(hostile.says)
        if hostile.shares:
            expect(ada.get_by_role("button", name="Copy link")).to_be_visible()
    expect(ada.locator("comments-count")).to_have_text("1 comment" if hostile.counts else "Comments")
    unharmed(ada)


@pytest.mark.parametrize("hostile", [pytest.param(page, id=page.name) for page in PAGES if page.reads])
def test_a_reader_can_write_wherever_the_thread_can_be_read(daily: Daily, ada: Page, hostile: HostilePage) -> None:
    Past(daily).say("Here before")
    ada.add_init_script(hostile.init)
    address = lay(daily, hostile)
    ada.goto(address)
    thread = thread_of(ada)
    write(thread, "From a hostile page")
    mine = comment(thread, "From a hostile page")
    expect(mine).to_be_visible()
    mine.get_by_role("button", name="Edit").click()
    mine.get_by_role("textbox").fill("Said better")
    mine.get_by_role("button", name="Save").click()
    expect(comment(thread, "Said better")).to_be_visible()
    comment(thread, "Here before").get_by_role("button", name="Recommend").click()
    expect(comment(thread, "Here before").get_by_role("button", name="Recommend")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert ada.url == address


@pytest.mark.parametrize("first", ["before", "now"])
def test_two_versions_of_the_loader_share_a_page(daily: Daily, ada: Page, first: str) -> None:
    """One out of a cache names chunks that are gone, and whichever comes first defines the elements."""
    Past(daily).say("Here before")

    def of_before(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r"\.[0-9a-f]{10}", ".0123456789", answer.text()))

    ada.route("**/embed.js?before", of_before)
    ada.add_init_script(NOTE_SHIFTS)
    asked: list[str] = []
    ada.on("request", lambda request: asked.append(request.url))
    order = ["now", "before"] if first == "now" else ["before", "now"]
    tags = "".join(
        f'<script src="{daily.world.service}/embed.js?{version}" data-site="{daily.key}"></script>' for version in order
    )
    ada.goto(lay(daily, PAGES[0], tags=tags))
    readable(ada)
    unharmed(ada)
    chunks = [url for url in asked if "/a/thread." in url]
    assert ["thread.0123456789" in url for url in chunks] == [first == "before"]
