"""Ten thousand comments under one article: every page costs the same, and the whole can be read in few requests."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from comments_service import choosing, reading
from comments_service.database import db
from comments_service.tables import Article
from tests import crowds
from tests.conftest import Browser

MANY = 10_000
REPLIES_SHOWN = 3


def read_whole(browser: Browser) -> tuple[list[str], int]:
    """The ids of everything under the article, in the order in which it came, and the requests that it took."""
    page = browser.ask("GET", "thread?key=big").json
    (root,) = page["comments"]
    shown = [root["id"], *(reply["id"] for reply in root["replies"])]
    cursor, requests = root["replies_next"], 1
    while cursor:
        page = browser.ask("GET", f"comments/{root['id']}/replies?after={cursor}").json
        shown += [comment["id"] for comment in page["comments"]]
        cursor, requests = page["next"], requests + 1
    return shown, requests


@pytest.mark.parametrize("shape", [crowds.chain, crowds.fan])
def test_a_chain_and_a_fan_of_ten_thousand_are_read_in_a_hundred_and_one_requests(
    ada: Browser, shape: Callable[[Session, Article, int], list[str]]
) -> None:
    written = shape(db.session(), crowds.article(db.session()), MANY)
    shown, requests = read_whole(ada)
    assert shown == written
    assert requests <= 101


def test_a_parent_comes_before_its_children_on_every_page(ada: Browser) -> None:
    written = crowds.chain(db.session(), crowds.article(db.session()), 300)
    seen = {None}
    cursor = ""
    for _ in range(3):
        page = ada.ask("GET", f"comments/{written[0]}/replies?after={cursor}").json
        for comment in page["comments"]:
            assert comment["parent"] in seen | {written[0]}
            seen.add(comment["id"])
        cursor = page["next"]
    assert cursor is None


def test_a_page_reads_the_same_rows_by_the_same_queries_of_a_thread_of_any_size(app: Flask) -> None:
    session = db.session()
    small, large = crowds.article(session, "small"), crowds.article(session, "large")
    crowds.roots(session, small, 30)
    crowds.roots(session, large, MANY)
    for sort in choosing.SORTS:
        few, many = cost_of_two_pages(session, "small", sort), cost_of_two_pages(session, "large", sort)
        assert many[0] == few[0]
        # The second page of the small thread holds ten roots, that of the large one twenty.
        assert many[1] <= few[1] * 2


def cost_of_two_pages(session: Session, key: str, sort: str) -> tuple[int, int]:
    def read() -> None:
        _, article = reading.place(session, "daily", key)
        assert article is not None
        page = reading.thread(session, article, sort=sort, cursor=None)
        again = reading.thread(session, article, sort=sort, cursor=page.next)
        assert (len(page.comments), len(again.comments) >= 10) == (20, True)

    session.expire_all()
    with crowds.queries(session) as sent:
        rows = crowds.rows_read(session, read)
        return sent(), rows


def test_the_first_replies_of_a_crowded_root_cost_what_those_of_a_quiet_one_cost(app: Flask) -> None:
    session = db.session()
    small, large = crowds.article(session, "small"), crowds.article(session, "large")
    crowds.fan(session, small, 10)
    crowds.fan(session, large, 2_000)

    def cost(of: Article) -> int:
        return crowds.rows_read(session, lambda: reading.thread(session, of, sort="newest", cursor=None))

    # A planner may look twice at a row; what it must not do is look at every reply.
    assert cost(large) < cost(small) + REPLIES_SHOWN * 10


@pytest.mark.parametrize("key", ["quiet-3", "old-4", "unknown"])
def test_an_article_is_found_among_thousands_without_reading_them(app: Flask, key: str) -> None:
    session = db.session()
    crowds.articles(session, 3_000)
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    for read in (
        lambda: reading.place(session, "daily", key),
        lambda: reading.counts(session, "daily", [key, "quiet-7", "old-8"]),
    ):
        assert crowds.rows_read(session, read) < (300 if on_sqlite else 30)
