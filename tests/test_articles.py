"""An article comes into being at its first comment, once, and only on its paper's own pages."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from comments_service.database import db
from comments_service.tables import Article, ArticleAlias
from tests.conftest import PAPER, Browser


def comment(who: Browser, key: str, url: str, **more: Any) -> Any:
    return who.ask("POST", "comments", {"key": key, "url": url, "name": "Ada", "body": "First!", **more})


def article(key: str) -> Article:
    return db.session.scalars(select(Article).where(Article.key == key)).one()


def test_until_its_paper_says_more_an_article_shows_its_path(ada: Browser) -> None:
    assert comment(ada, "77", f"{PAPER}/News/77?utm_source=mail#top").status_code == 202
    found = article("77")
    assert (found.title, found.url, found.source) == ("/News/77", f"{PAPER}/News/77", "path")


def test_an_article_named_by_its_address_lies_there_whoever_comments_first(ada: Browser) -> None:
    assert comment(ada, f"{PAPER}/a", f"{PAPER}/somewhere-else").status_code == 202
    assert article(f"{PAPER}/a").url == f"{PAPER}/a"


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("77", "https://evil.example/77"),
        ("77", "https://paper.example.evil.example/77"),
        ("77", "https://paper.example@evil.example/77"),
        ("77", "javascript:alert(1)"),
        ("77", ""),
        ("", f"{PAPER}/77"),
        ("https://evil.example/77", f"{PAPER}/77"),
        (f"{PAPER}/77?fbclid=1", f"{PAPER}/77"),
        ("javascript://paper.example/", f"{PAPER}/77"),
    ],
)
def test_no_article_is_made_for_a_page_that_is_not_the_papers(ada: Browser, key: str, url: str) -> None:
    assert comment(ada, key, url).status_code in {403, 422}
    assert ada.ask("POST", "shares", {"key": key, "url": url, "network": "copy"}).status_code in {403, 422}
    assert db.session.scalar(select(func.count()).select_from(Article)) == 0


def test_the_outsider_has_an_article_of_its_own_under_the_same_key(ada: Browser, outsider: Browser) -> None:
    assert comment(ada, "77", f"{PAPER}/77").status_code == 202
    assert comment(outsider, "77", f"{PAPER}/77").status_code == 403
    assert comment(outsider, "77", f"{outsider.origin}/77").status_code == 202
    assert db.session.scalar(select(func.count()).select_from(Article)) == 2


def test_a_comment_under_an_alias_joins_the_article(ada: Browser) -> None:
    comment(ada, "77", f"{PAPER}/77")
    known = article("77")
    db.session.add(ArticleAlias(site_id=known.site_id, key="old-77", article_id=known.id))
    db.session.commit()
    assert comment(ada, "old-77", f"{PAPER}/77", body="Second!").status_code == 202
    assert db.session.scalar(select(func.count()).select_from(Article)) == 1


def test_a_hundred_first_comments_at_once_make_one_article(app: Flask) -> None:
    def first(n: int) -> int:
        reader = Browser(app.test_client(), secret=f"{n:043}")
        address = {"REMOTE_ADDR": f"10.0.0.{n}"}
        draft = {"key": "77", "url": f"{PAPER}/77", "name": f"Reader {n}", "body": f"I am number {n}."}
        return int(reader.ask("POST", "comments", draft, environ_overrides=address).status_code)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(first, range(100))) == {202}
    assert db.session.scalar(select(func.count()).select_from(Article)) == 1
