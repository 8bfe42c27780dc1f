"""A conversation of ten thousand is as quick to open as one of ten: the page holds what was asked for."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from comments_service.tables import Article
from tests import crowds
from tests.browser.conftest import Daily
from tests.browser.conversation import comment, has_focus, visit
from tests.browser.watching import until

LANDED = """() => {
  const { top } = document.querySelector("comments-thread").shadowRoot.activeElement.getBoundingClientRect();
  return 0 <= top && top < 40;
}"""
MANY = 10_000
MOST_NODES = 2_500
COUNT = """(thread) => thread.shadowRoot.querySelectorAll("*").length"""
Shape = Callable[[Session, Article, int], list[str]]


def talk(daily: Daily, shape: Shape) -> list[str]:
    """Ten thousand comments of this shape under the article of the test; their ids."""
    with daily.world.sessions() as session:
        return shape(session, crowds.article(session, daily.thread, of=daily.key), MANY)


def broad(session: Session, of: Article, number: int) -> list[str]:
    """Every root has the replies that a page shows, and one more."""
    return crowds.crowd(session, of, number, replies=4)


@pytest.mark.parametrize("shape", [broad, crowds.chain, crowds.fan, crowds.roots])
def test_a_page_of_ten_thousand_comments_is_a_small_page(daily: Daily, ada: Page, shape: Shape) -> None:
    talk(daily, shape)
    thread = visit(ada, daily)
    expect(thread.get_by_role("heading", name="10,000 comments")).to_be_visible()
    assert thread.evaluate(COUNT) <= MOST_NODES


def test_a_chain_of_ten_thousand_is_indented_four_times_and_comes_a_hundred_at_a_time(daily: Daily, ada: Page) -> None:
    talk(daily, crowds.chain)
    thread = visit(ada, daily)
    for count in (104, 204):
        thread.get_by_role("button", name="more replies").click()
        expect(thread.locator("article")).to_have_count(count)
    assert thread.locator(".level-4").count() == 200
    assert thread.locator(".level-5").count() == 0
    deep = comment(thread, "number 203")
    expect(deep.get_by_role("link", name="in reply to Crowd")).to_be_visible()
    assert ada.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_link_into_the_depth_lands_at_its_comment(daily: Daily, ada: Page) -> None:
    ids = talk(daily, crowds.chain)
    thread = visit(ada, daily, to=ids[7_000])
    target = comment(thread, "number 7000")
    has_focus(thread, target)
    # The last of what is shown: there is not enough below it to have it on top.
    expect(target).to_be_in_viewport(ratio=1)
    assert thread.evaluate(COUNT) <= MOST_NODES


def test_a_link_lands_at_its_comment_when_what_is_above_has_never_been_drawn(daily: Daily, ada: Page) -> None:
    ids = talk(daily, broad)
    thread = visit(ada, daily)
    root = ids[MANY - 10 * 5]
    ada.evaluate("(id) => { location.hash = `comment-${id}` }", root)
    target = comment(thread, f"number {MANY - 50}").first
    has_focus(thread, target)
    # What stands above gets its true height bit by bit, and the place is taken again until that is over.
    until(ada, LANDED)
