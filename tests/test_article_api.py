"""A paper's server tells what its articles are, and nobody else can."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import func, select

from comments_service import reading, tokens
from comments_service.database import db, now
from comments_service.tables import ApiToken, Article
from tests.conftest import OTHER, PAPER, Browser

STORY = {"url": f"{PAPER}/77", "title": "A story"}
Server = Callable[..., Any]


def token_of(site: str) -> str:
    raw = tokens.make(
        db.session(), reading.site(db.session(), site), name="newsroom", scopes=["articles:write"], at=now()
    )
    db.session.commit()
    return raw


@pytest.fixture
def newsroom(app: Flask) -> Server:
    """The server of The Daily, with its token."""
    raw = token_of("daily")

    def ask(method: str, key: str, json: Any = None, *, token: str = raw, **headers: str) -> Any:
        path = f"/api/v1/articles/{quote(key, safe='')}"
        return app.test_client().open(
            path, method=method, json=json, headers={"Authorization": f"Bearer {token}", **headers}
        )

    return ask


def thread(who: Browser, key: str) -> Any:
    return who.client.get(f"/api/v1/sites/{who.site}/thread", query_string={"key": key})


def articles() -> int:
    return db.session.scalar(select(func.count()).select_from(Article)) or 0


def test_an_article_is_made_described_and_read_back(newsroom: Server, ada: Browser) -> None:
    whole = STORY | {
        "section": "City", "authors": ["Ada  Byron", "Bob"], "tags": ["trams", "trams"],
        "published_at": "2026-11-24T09:30:00+01:00", "closed": False, "aliases": ["old-77"],
    }  # fmt: skip
    made = newsroom("PUT", "77", whole)
    assert made.status_code == 201
    assert made.json["article"] == {
        "key": "77", "url": f"{PAPER}/77", "title": "A story", "section": "City", "authors": ["Ada Byron", "Bob"],
        "tags": ["trams"], "published_at": "2026-11-24T08:30:00Z", "closed": False, "aliases": ["old-77"],
        "source": "api", "comments": 0, "shares": 0, "version": made.json["article"]["version"],
    }  # fmt: skip
    assert newsroom("PUT", "77", whole).status_code == 200
    assert newsroom("GET", "77").json == made.json
    assert newsroom("GET", "old-77").json == made.json
    assert newsroom("GET", "78").status_code == 404
    assert thread(ada, "77").json["article"]["title"] == "A story"


def test_the_version_moves_when_strangers_see_another_thing_and_only_then(newsroom: Server) -> None:
    def version(**change: Any) -> int:
        return int(newsroom("PUT", "77", STORY | change).json["article"]["version"])

    first = version()
    assert version() == version(section="City", authors=["Ada"], tags=["trams"], closed=False) == first
    assert version(title="Another story") == first + 1
    assert version(title="Another story", url=f"{PAPER}/78") == first + 2
    assert version(title="Another story", url=f"{PAPER}/78", closed=True) == first + 3
    assert version(title="Another story", url=f"{PAPER}/78", closed=True) == first + 3


def test_a_paper_closes_a_conversation_and_a_later_push_does_not_open_it(newsroom: Server, ada: Browser) -> None:
    ada.post("before")
    newsroom("PUT", "a1", STORY | {"closed": True})
    assert ada.post("too late").status_code == 409
    assert newsroom("PUT", "a1", STORY).json["article"]["closed"] is True
    assert newsroom("PUT", "a1", STORY | {"closed": False}).json["article"]["closed"] is False
    assert ada.post("open again").status_code == 202


def test_an_article_moves_with_its_conversation(newsroom: Server, ada: Browser) -> None:
    old, new = f"{PAPER}/?p=77", f"{PAPER}/news/trams"
    assert ada.ask("POST", "comments", {"key": old, "url": old, "name": "Ada", "body": "Before"}).status_code == 202
    moved = newsroom("PUT", new, {"url": new, "title": "Trams", "aliases": [old]})
    assert moved.status_code == 200
    assert moved.json["article"]["key"] == new
    assert articles() == 1
    for key in (old, new):
        assert ada.ask("POST", "comments", {"key": key, "url": new, "name": "Ada", "body": key}).status_code == 202
        assert thread(ada, key).json["article"]["key"] == new
    assert newsroom("PUT", old, {"url": new, "title": "Trams"}).json["article"]["key"] == new
    assert articles() == 1


def test_two_conversations_are_never_joined(newsroom: Server) -> None:
    newsroom("PUT", "1", STORY | {"aliases": ["one"]})
    newsroom("PUT", "2", STORY)
    for taken in ("1", "one"):
        assert newsroom("PUT", "2", STORY | {"title": "Joined", "aliases": ["two", taken]}).status_code == 409
        db.session.rollback()
    assert newsroom("GET", "2").json["article"]["aliases"] == []
    assert newsroom("GET", "2").json["article"]["title"] == "A story"
    assert newsroom("GET", "one").json["article"]["key"] == "1"


def test_aliases_are_the_list_that_was_sent_last(newsroom: Server) -> None:
    newsroom("PUT", "1", STORY | {"aliases": ["a", "b", "1"]})
    assert newsroom("PUT", "1", STORY).json["article"]["aliases"] == ["a", "b"]
    assert newsroom("PUT", "1", STORY | {"aliases": ["b", "c"]}).json["article"]["aliases"] == ["b", "c"]
    assert newsroom("PUT", "1", STORY | {"aliases": []}).json["article"]["aliases"] == []


@pytest.mark.parametrize(
    "key", [f"{PAPER}/a", f"{PAPER}/?p=1&q=2", "/2026/a/", "a//b", "Grüße", "100%", "a b", "?x", "#"]
)
def test_any_key_fits_into_the_path(newsroom: Server, key: str) -> None:
    assert newsroom("PUT", key, STORY).json["article"]["key"] == key
    assert newsroom("GET", key).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "/77"}, "url"), ({"url": "javascript:alert(1)"}, "url"),
        ({"title": " "}, "title"), ({"title": "x" * 301}, "title"), ({"title": "a\u202eb"}, "title"),
        ({"title": 7}, "title"), ({"section": "x" * 101}, "section"), ({"authors": "Ada"}, "authors"),
        ({"authors": ["Ada"] * 21}, "authors"), ({"authors": [""]}, "authors"), ({"tags": ["x" * 61]}, "tags"),
        ({"published_at": "yesterday"}, "published_at"), ({"published_at": "2026-11-24T09:30:00"}, "published_at"),
        ({"published_at": "0001-01-01T00:00:00+14:00"}, "published_at"), ({"closed": "no"}, "closed"),
        ({"aliases": [str(n) for n in range(21)]}, "aliases"), ({"aliases": [""]}, "aliases"),
        ({"aliases": [f"{PAPER}/a#b"]}, "aliases"), ({"version": 7}, None), ({"source": "api"}, None),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_field(newsroom: Server, change: Any, field: str | None) -> None:
    answer = newsroom("PUT", "77", STORY | change)
    assert answer.status_code == 422
    assert (answer.json.get("field") or "").split(".")[0] == (field or "")
    db.session.rollback()
    assert articles() == 0


def test_an_address_on_another_papers_origin_is_refused(newsroom: Server) -> None:
    answer = newsroom("PUT", "77", STORY | {"url": "https://evil.example/77"})
    assert (answer.status_code, answer.json["field"]) == (403, "url")
    assert articles() == 0


@pytest.mark.parametrize("key", ["https://evil.example/a", f"{PAPER}/a?utm_source=x", "x" * 501, "a\nb"])
def test_a_key_of_another_paper_or_of_no_use_is_refused(newsroom: Server, key: str) -> None:
    assert newsroom("PUT", key, STORY).status_code in {403, 422}
    assert articles() == 0


def test_the_outsiders_token_reaches_its_own_articles_only(newsroom: Server) -> None:
    newsroom("PUT", "77", STORY)
    theirs = token_of("other")
    assert newsroom("GET", "77", token=theirs).status_code == 404
    assert newsroom("PUT", "77", STORY, token=theirs).status_code == 403
    own = newsroom("PUT", "77", {"url": f"{OTHER}/77", "title": "Theirs"}, token=theirs)
    assert own.status_code == 201
    assert newsroom("GET", "77").json["article"]["title"] == "A story"


def test_without_a_valid_token_nothing_is_said_and_nothing_done(app: Flask, newsroom: Server) -> None:
    newsroom("PUT", "77", STORY)
    client, raw = app.test_client(), token_of("daily")
    for method in ("GET", "PUT"):
        for url, headers in (
            ("/api/v1/articles/77", {}),
            (f"/api/v1/articles/77?token={raw}&access_token={raw}", {}),
            ("/api/v1/articles/77", {"Authorization": f"Basic {raw}"}),
            ("/api/v1/articles/77", {"Authorization": "Bearer"}),
            ("/api/v1/articles/77", {"Cookie": f"token={raw}"}),
            ("/api/v1/articles/77", {"Authorization": "Bearer " + "A" * 43}),
        ):
            answer = client.open(url, method=method, json=STORY | {"title": "Forged"}, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert answer.headers["Cache-Control"] == "no-store"
    assert newsroom("GET", "77").json["article"]["title"] == "A story"


def test_a_revoked_token_or_one_without_the_scope_is_refused(newsroom: Server) -> None:
    row = db.session.scalars(select(ApiToken)).one()
    row.scopes = []
    db.session.commit()
    assert newsroom("PUT", "77", STORY).status_code == 403
    row.scopes, row.revoked_at = ["articles:write"], now()
    db.session.commit()
    assert newsroom("PUT", "77", STORY).status_code == 401
    assert articles() == 0


@pytest.mark.parametrize("origin", [PAPER, OTHER, "null", ""])
def test_a_browser_may_not_use_the_token(newsroom: Server, origin: str) -> None:
    for method in ("GET", "PUT"):
        answer = newsroom(method, "77", STORY, Origin=origin)
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert articles() == 0


def test_a_site_key_in_the_query_changes_nothing(app: Flask, newsroom: Server) -> None:
    newsroom("PUT", "77?site=other", STORY)
    assert newsroom("GET", "77?site=other").json["article"]["url"] == f"{PAPER}/77"


def test_pushes_and_first_comments_at_once_make_one_article(app: Flask, newsroom: Server) -> None:
    def ask(n: int) -> int:
        if n % 2:
            return int(newsroom("PUT", "77", STORY | {"title": f"Title {n}"}).status_code)
        reader = Browser(app.test_client(), secret=f"{n:043}")
        draft = {"key": "77", "url": f"{PAPER}/77", "name": f"Reader {n}", "body": f"I am number {n}."}
        return int(reader.ask("POST", "comments", draft).status_code)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(40))) <= {200, 201, 202}
    assert articles() == 1
    assert newsroom("GET", "77").json["article"]["source"] == "api"
