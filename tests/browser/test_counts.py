"""A front page shows the number of comments of every story, for one question to the service."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Daily


def counts(keys: Iterable[str], more: str = "") -> str:
    return "".join(f'<p><comments-count thread="{key}" {more}>Comments</comments-count></p>' for key in keys)


def keys_of(request: Request) -> list[str]:
    return [value for _, value in parse_qsl(urlsplit(request.url).query)]


def answer(page: Page, totals: dict[str, int]) -> list[list[str]]:
    """Let the service count so; returns the keys of each question."""
    asked: list[list[str]] = []

    def count(route: Route) -> None:
        asked.append(keys_of(route.request))
        found = {key: {"comments": totals.get(key, 0), "shares": 0} for key in asked[-1]}
        route.fulfill(json={"counts": found}, headers={"Access-Control-Allow-Origin": "*"})

    page.route("**/counts?*", count)
    return asked


def test_all_counts_of_a_page_are_one_question(daily: Daily, ada: Page) -> None:
    asked = answer(ada, {"a": 1, "b": 12, "c": 1200})
    ada.goto(daily.embed(counts(["c", "a", "b", "a", "none"])))
    for text in ("1,200 comments", "1 comment", "12 comments", "No comments"):
        expect(ada.get_by_text(text, exact=True).first).to_be_visible()
    assert asked == [["a", "b", "c", "none"]]


def test_more_than_fifty_are_asked_in_several(daily: Daily, ada: Page) -> None:
    asked = answer(ada, {})
    ada.goto(daily.embed(counts(f"story-{number:03}" for number in range(120))))
    expect(ada.get_by_text("No comments")).to_have_count(120)
    assert [len(keys) for keys in asked] == [50, 50, 20]


def test_long_keys_do_not_make_an_address_that_no_proxy_takes(daily: Daily, ada: Page) -> None:
    asked = answer(ada, {})
    ada.goto(daily.embed(counts(f"{'x' * 450}{number:02}" for number in range(20))))
    expect(ada.get_by_text("No comments")).to_have_count(20)
    assert max(len(keys) for keys in asked) * 460 < 6000


def test_the_service_itself_is_understood(daily: Daily, ada: Page) -> None:
    ada.goto(daily.embed(counts(["never-seen"])))
    expect(ada.get_by_text("No comments")).to_be_visible()


@pytest.mark.expects("500")
def test_the_owners_text_stays_when_nobody_answers(daily: Daily, ada: Page) -> None:
    ada.route("**/counts?*", lambda route: route.fulfill(status=500))
    with ada.expect_response("**/counts?*"):
        ada.goto(daily.embed(counts(["a"])))
    expect(ada.get_by_text("Comments", exact=True)).to_be_visible()


def test_the_words_are_the_owners_in_any_language(daily: Daily, ada: Page) -> None:
    answer(ada, {"a": 1, "b": 3, "c": 12345})
    words = 'zero="Noch keine" one="# Kommentar" other="# Kommentare"'
    ada.goto(daily.embed(counts("abcd", words), lang="de"))
    for text in ("1 Kommentar", "3 Kommentare", "12.345 Kommentare", "Noch keine"):
        expect(ada.get_by_text(text, exact=True)).to_be_visible()


def test_without_words_for_the_language_the_number_stands_alone(daily: Daily, ada: Page) -> None:
    answer(ada, {"a": 3})
    ada.goto(daily.embed(counts("a"), lang="fi"))
    expect(ada.get_by_text("3", exact=True)).to_be_visible()


def test_another_key_is_another_count(daily: Daily, ada: Page) -> None:
    answer(ada, {"a": 3, "b": 4})
    ada.goto(daily.embed(counts("a")))
    expect(ada.get_by_text("3 comments")).to_be_visible()
    ada.locator("comments-count").evaluate("(element) => element.setAttribute('thread', 'b')")
    expect(ada.get_by_text("4 comments")).to_be_visible()
