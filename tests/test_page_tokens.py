"""A page carries its paper's signed word about the article; nobody else's word counts."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from structlog.testing import capture_logs

from comments_service import articles, page_tokens, reading
from comments_service.cli import main
from comments_service.database import db, now
from comments_service.errors import Refused
from comments_service.metadata import Statement
from comments_service.tables import Article, Site
from tests.conftest import PAPER, Browser

AT = now().replace(microsecond=0)
CLOCK = int(AT.timestamp())
WORD = {
    "aud": "daily", "iat": CLOCK, "exp": CLOCK + 3600, "key": "a1", "url": f"{PAPER}/a1", "title": "A story",
    "section": "City", "authors": ["Ada"], "tags": ["trams"], "published_at": "2026-11-24T08:30:00Z",
}  # fmt: skip


@pytest.fixture
def daily(app: Flask) -> Site:
    return reading.site(db.session(), "daily")


def signed(site: Site, **change: Any) -> str:
    claims = {name: value for name, value in (WORD | change).items() if value is not ...}
    return jwt.encode(claims, site.page_key, algorithm="HS256")


def by_hand(header: Any, claims: Any, key: bytes) -> str:
    def part(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    head = ".".join(part(x if isinstance(x, bytes) else json.dumps(x).encode()) for x in (header, claims))
    return f"{head}.{part(hmac.digest(key, head.encode(), hashlib.sha256))}"


def article() -> Article | None:
    db.session.expire_all()
    return db.session.scalars(select(Article)).first()


def post(who: Browser, token: str | None, *, body: str = "Hello") -> Any:
    draft = {"key": "a1", "url": f"{PAPER}/elsewhere", "name": "Ada", "body": body, "article_token": token}
    return who.ask("POST", "comments", draft)


def test_the_first_comment_brings_what_the_page_says(ada: Browser, daily: Site) -> None:
    assert post(ada, signed(daily)).status_code == 202
    found = article()
    assert found is not None
    assert (found.title, found.url, found.section, found.authors) == ("A story", f"{PAPER}/a1", "City", ["Ada"])
    assert (found.source, found.vouched_at) == ("page", AT)


def test_a_share_brings_it_too(ada: Browser, daily: Site) -> None:
    beacon = {"key": "a1", "url": f"{PAPER}/a1", "network": "copy", "article_token": signed(daily)}
    assert ada.ask("POST", "shares", beacon).status_code == 204
    found = article()
    assert found is not None
    assert found.source == "page"


def test_the_newest_word_counts_whatever_page_a_cache_still_holds(daily: Site) -> None:
    def believe(seconds: int, title: str) -> tuple[str, int]:
        token = signed(daily, iat=CLOCK - 1000 + seconds, title=title)
        found = articles.believe(db.session(), daily, token, key="a1", at=AT)
        db.session.commit()
        return found.title, found.version

    title, version = believe(10, "Second")
    assert title == "Second"
    assert believe(0, "First") == ("Second", version)
    assert believe(10, "Second") == ("Second", version)
    assert believe(20, "Third") == ("Third", version + 1)


def test_what_the_papers_server_said_later_is_not_undone_by_a_page(daily: Site) -> None:
    said = Statement(url=f"{PAPER}/a1", title="From the server", source="api", at=AT)
    articles.put(db.session(), daily, "a1", said, closed=None, aliases=None)
    found = articles.believe(db.session(), daily, signed(daily, iat=CLOCK - 5), key="a1", at=AT)
    assert found.title == "From the server"
    # Nor does a page's clock that runs ahead keep the server from correcting it.
    ahead = signed(daily, iat=CLOCK + 30, title="Ahead")
    assert articles.believe(db.session(), daily, ahead, key="a1", at=AT + timedelta(seconds=1)).title == "Ahead"
    articles.put(db.session(), daily, "a1", said, closed=None, aliases=None)
    assert found.title == "From the server"


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "other"}, {"aud": ["daily"]}, {"aud": ["daily", "other"]}, {"aud": ...}, {"aud": None},
        {"iat": ...}, {"exp": ...}, {"iat": "now"}, {"iat": 1.5}, {"iat": True}, {"exp": 10**30}, {"iat": -(10**30)},
        {"exp": CLOCK - 61}, {"iat": CLOCK + 61}, {"iat": CLOCK - 7200, "exp": CLOCK - 61},
        {"exp": CLOCK + 10 * 366 * 86400}, {"exp": CLOCK}, {"key": ...}, {"key": "a2"}, {"key": 7}, {"key": ""},
        {"url": "https://evil.example/a1"}, {"url": "javascript:alert(1)"}, {"url": ...}, {"title": ""},
        {"title": "x" * 301}, {"title": ["A"]}, {"title": "\ud800"}, {"authors": "Ada"}, {"authors": [7]},
        {"tags": ["x"] * 1000}, {"published_at": "yesterday"}, {"published_at": 7}, {"section": "\u202e"},
        {"tags": ["t" * 9000]},
    ],
)  # fmt: skip
def test_a_signed_word_that_breaks_the_rules_is_not_believed(daily: Site, change: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        articles.believe(db.session(), daily, signed(daily, **change), key="a1", at=AT)
    assert article() is None


def test_what_the_sites_key_did_not_sign_is_not_believed(app: Flask, daily: Site) -> None:
    other = reading.site(db.session(), "other")
    key, good = daily.page_key.encode(), signed(daily)
    head, claims, mark = good.split(".")
    none = by_hand({"alg": "none"}, WORD, key).rsplit(".", 1)[0] + "."
    public_key = b"-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK\n-----END PUBLIC KEY-----\n"
    forged = [
        "", ".", "..", "...", "x.y.z", "\ud800", "é.é.é", none, f"{head}.{claims}.", f"{head}.{claims}",
        good[:-2], good + "A", f"{head}.{claims}x.{mark}", signed(other), signed(other, aud="other"),
        jwt.encode(WORD, daily.page_key, algorithm="HS512"), jwt.encode(WORD, daily.page_key + "0", algorithm="HS256"),
        jwt.encode(WORD, daily.page_key[:32], algorithm="HS256"), by_hand({"alg": "HS256"}, WORD, public_key),
        by_hand({"alg": "RS256"}, WORD, key), by_hand({"alg": "hs256"}, WORD, key), by_hand({"alg": "NONE"}, WORD, b""),
        by_hand({"alg": ["HS256"]}, WORD, key), by_hand({"alg": "HS256", "crit": ["exp"]}, WORD, key),
        by_hand({"alg": "HS256", "b64": False, "crit": ["b64"]}, WORD, key), by_hand({}, WORD, key),
        by_hand({"alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}}, WORD, b"\0\0\0"),
        by_hand(b"[" * 3000, WORD, key), by_hand({"alg": "HS256"}, b"[" * 3000, key),
        by_hand({"alg": "HS256"}, [WORD], key), by_hand({"alg": "HS256"}, b"7", key), by_hand(b"\xff", b"\xff", key),
        good + " " * 8000,
    ]  # fmt: skip
    for token in forged:
        with pytest.raises(Refused):
            articles.believe(db.session(), daily, token, key="a1", at=AT)
    assert article() is None


def test_a_short_page_key_signs_nothing(daily: Site) -> None:
    daily.page_key = "short"
    token = by_hand({"alg": "HS256"}, WORD, b"short")
    with pytest.raises(Refused):
        articles.believe(db.session(), daily, token, key="a1", at=AT)


def test_a_token_that_does_not_count_costs_no_reader_a_comment(ada: Browser, daily: Site) -> None:
    forged = signed(daily)[:-4] + "AAAA"
    with capture_logs() as lines:
        assert post(ada, forged).status_code == 202
    found = article()
    assert found is not None
    assert (found.title, found.source) == ("/elsewhere", "path")
    line = next(line for line in lines if line["event"] == "article token refused")
    assert line["site"] == "daily"
    assert forged not in str(lines)


def test_the_outsider_cannot_bring_its_word_into_this_paper(outsider: Browser, ada: Browser, daily: Site) -> None:
    other = reading.site(db.session(), "other")
    assert post(ada, signed(other, aud="other", title="Theirs")).status_code == 202
    assert post(outsider, signed(daily), body="Hi").status_code == 403
    found = article()
    assert found is not None
    assert found.source == "path"
    assert db.session.scalar(select(func.count()).select_from(Article)) == 1


def test_an_owner_sees_the_page_key_and_rotates_it(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef" * 4)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite'}")
    (tmp_path / "own.sqlite").write_bytes(template.read_bytes())

    def run(*words: str) -> str:
        return CliRunner().invoke(main, ["site", *words]).output.strip()

    run("add", "paper", "--origin", "https://www.paper.example")
    first = run("page-key", "paper")
    assert len(first) == 64
    assert run("page-key", "paper") == first
    second = run("page-key", "paper", "--rotate")
    assert len(second) == 64
    assert run("page-key", "paper") == second != first


def test_rotating_the_key_ends_the_old_tokens(daily: Site) -> None:
    token = signed(daily)
    page_tokens.rotate(db.session(), daily)
    with pytest.raises(Refused):
        page_tokens.read(token, daily, at=AT)
    assert page_tokens.read(signed(daily), daily, at=AT)[0] == "a1"
