"""One tag in a news template places the thread and the share row where a reader looks for them."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Daily

CARD = "<article><h2>Another story</h2></article>"


def lay_out(daily: Daily, body: str, *, head: str = "") -> str:
    text = f'<!doctype html><html lang="en"><head><title>Trams</title>{head}</head><body>{body}</body></html>'
    return daily.world.host.put(f"/{daily.key}/{secrets.token_hex(4)}", text, daily.world.strict)


def tag(daily: Daily, auto: str = "") -> str:
    value = f'="{auto}"' if auto else ""
    return f'<script async src="{daily.world.service}/embed.js" data-site="{daily.key}" data-auto{value}></script>'


def test_a_tag_in_the_head_puts_them_into_the_article(daily: Daily, ada: Page) -> None:
    story = "<article><header><h1>The trams are back</h1><p>On: 24 November</p></header><p>Text.</p></article>"
    ada.goto(lay_out(daily, f"<main>{story}</main><aside>{CARD}{CARD}</aside>", head=tag(daily)))
    expect(ada.locator("main article > comments-thread#comments:last-child")).to_be_visible()
    expect(ada.locator("article header > comments-share:last-child")).to_be_visible()
    expect(ada.locator("comments-thread")).to_have_count(1)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("<p class='row'>Share:</p>", ".row > comments-share"),
        ("<div class='row'><b>Share this article:</b></div>", ".row > b + comments-share"),
        ("<p class='row'><span>Share</span></p>", ".row > comments-share"),
    ],
)
def test_the_share_row_joins_a_share_label(daily: Daily, ada: Page, row: str, place: str) -> None:
    story = f"<article><h1>The trams are back</h1><p>On: 24 November</p>{row}<p>Share prices fell.</p></article>"
    ada.goto(lay_out(daily, story, head=tag(daily)))
    expect(ada.locator(place)).to_be_visible()


def test_without_label_and_header_it_stands_under_the_headline(daily: Daily, ada: Page) -> None:
    ada.goto(lay_out(daily, "<article><h1>The trams are back</h1><p>Text.</p></article>", head=tag(daily)))
    expect(ada.locator("h1 + comments-share")).to_be_visible()


def test_a_tag_within_the_page_marks_the_place_of_the_thread(daily: Daily, ada: Page) -> None:
    ada.goto(lay_out(daily, f"<article><h1>Trams</h1></article><section>{tag(daily)}<p>After.</p></section>"))
    expect(ada.locator("section > script + comments-thread")).to_be_visible()


def test_a_tag_at_the_very_end_of_the_page_marks_nothing(daily: Daily, ada: Page) -> None:
    ada.goto(lay_out(daily, f"<article><h1>Trams</h1></article><footer>Imprint</footer>{tag(daily)}"))
    expect(ada.locator("article > comments-thread")).to_be_visible()


def test_places_that_the_owner_names_come_first(daily: Daily, ada: Page) -> None:
    places = "<div data-share></div><article><h1>Trams</h1></article><div data-comments><h2>Leave a Comment</h2></div>"
    ada.goto(lay_out(daily, f"{places}<section>{tag(daily)}</section>"))
    expect(ada.locator("[data-comments] > h2 + comments-thread")).to_be_visible()
    expect(ada.locator("[data-share] > comments-share")).to_be_visible()


@pytest.mark.parametrize(("auto", "missing"), [("thread", "comments-share"), ("share", "comments-thread")])
def test_one_of_the_two_can_be_asked_for_alone(daily: Daily, ada: Page, auto: str, missing: str) -> None:
    ada.goto(lay_out(daily, "<article><h1>Trams</h1></article>", head=tag(daily, auto)))
    expect(ada.locator(f"comments-{auto}")).to_be_visible()
    expect(ada.locator(missing)).to_have_count(0)


@pytest.mark.parametrize(
    "body",
    [f"<h1>The Daily</h1><main>{CARD}{CARD}{CARD}</main>", "<h1>Imprint</h1><p>Who we are.</p>"],
)
def test_pages_that_are_no_article_get_nothing(daily: Daily, ada: Page, body: str) -> None:
    with ada.expect_response("**/a/auto.*"):
        ada.goto(lay_out(daily, body, head=tag(daily)))
    ada.wait_for_load_state("networkidle")
    expect(ada.locator("comments-thread, comments-share")).to_have_count(0)


def test_a_front_page_that_says_so_gets_nothing(daily: Daily, ada: Page) -> None:
    head = f'<meta property="og:type" content="website">{tag(daily)}'
    with ada.expect_response("**/a/auto.*"):
        ada.goto(lay_out(daily, "<article><h1>The lead story</h1></article>", head=head))
    ada.wait_for_load_state("networkidle")
    expect(ada.locator("comments-thread, comments-share")).to_have_count(0)


def test_what_the_page_has_already_is_not_placed_again(daily: Daily, ada: Page) -> None:
    story = "<article><h1>Trams</h1><comments-share></comments-share><comments-thread></comments-thread></article>"
    with ada.expect_response("**/a/auto.*"):
        ada.goto(lay_out(daily, story, head=tag(daily)))
    expect(ada.get_by_role("button", name="Copy link")).to_be_visible()
    expect(ada.locator("comments-thread")).to_have_count(1)
    expect(ada.locator("comments-share")).to_have_count(1)
