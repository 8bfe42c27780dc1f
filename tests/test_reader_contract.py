"""What a widget is promised: the shape of each answer, its status, its caching, and what it costs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from comments_service import moderating, reading
from comments_service.database import db, now
from comments_service.judging import Actor
from tests.conftest import PAPER, Browser

MIA = Actor(kind="moderator", name="Mia")
COMMENT = {
    "id", "parent", "root", "depth", "name", "created", "edited", "status", "tree", "recommends", "replies_total",
    "author", "badges", "featured", "pinned", "answered",
}  # fmt: skip
PUBLIC = "public, max-age=0, s-maxage=5, stale-while-revalidate=30, stale-if-error=600"


def published(browser: Browser, body: str, **draft: str) -> str:
    answer = browser.post(body, **draft).json["comment"]
    if answer["status"] == "held":
        site = reading.site(db.session(), "daily")
        moderating.decide(db.session(), site, answer["id"], verdict="published", version=1, by=MIA, at=now())
        db.session.commit()
    return str(answer["id"])


@contextmanager
def queries(engine: Engine) -> Iterator[Callable[[], int]]:
    """How many statements were sent inside the block."""
    seen: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", see)
    try:
        yield lambda: len(seen)
    finally:
        event.remove(engine, "before_cursor_execute", see)


def public_paths(comment: str) -> list[str]:
    return [
        "thread?key=a1", f"comments/{comment}/replies", f"comments/{comment}/focus", "counts?key=a1", "version?key=a1",
        "search?key=a1&q=text",
    ]  # fmt: skip


def test_an_article_nobody_has_talked_about_is_open_and_empty(ada: Browser) -> None:
    answer = ada.ask("GET", "thread?key=fresh")
    assert answer.status_code == 200
    assert answer.json["article"] == {
        "key": "fresh", "title": "", "url": "", "open": True, "state": "open", "closes_at": None,
        "comments": 0, "shares": 0, "version": 0,
    }  # fmt: skip
    assert (answer.json["comments"], answer.json["next"]) == ([], None)
    assert ada.ask("GET", "version?key=fresh").json == {"version": 0}
    assert ada.ask("GET", "me?key=fresh").json["comments"] == []
    nowhere = Browser(ada.client, site="nowhere")
    for path in ("thread?key=fresh", "version?key=fresh", "counts?key=fresh", "search?key=fresh&q=x"):
        assert nowhere.ask("GET", path).status_code == 404


def test_a_thread_says_what_the_widget_needs_of_the_site(ada: Browser) -> None:
    root = published(ada, "root")
    page = ada.ask("GET", "thread?key=a1").json
    assert page["site"] == {
        "name": "The Daily", "guests": True, "mail": False, "moderation": "first", "guidelines": None,
        "longest": 10_000, "providers": [], "consent": None, "privacy_url": None, "terms_url": None,
    }  # fmt: skip
    assert set(page["comments"][0]) == COMMENT | {"replies", "replies_next"}
    assert set(ada.ask("GET", f"comments/{root}/focus").json["comment"]) == COMMENT


def test_further_replies_go_on_behind_those_that_are_shown(ada: Browser) -> None:
    root = published(ada, "root")
    replies = [published(ada, f"reply {n}", parent=root) for n in range(5)]
    shown = ada.ask("GET", "thread?key=a1").json["comments"][0]
    assert [reply["id"] for reply in shown["replies"]] == replies[:3]
    rest = ada.ask("GET", f"comments/{root}/replies?after={shown['replies_next']}").json
    assert [reply["id"] for reply in rest["comments"]] == replies[3:]
    assert rest["next"] is None
    assert published(ada, "alone")
    alone = ada.ask("GET", "thread?key=a1").json["comments"][0]
    assert (alone["replies"], alone["replies_next"]) == ([], None)


def test_its_author_sees_state_reason_source_and_until_when_it_can_be_edited(ada: Browser, bob: Browser) -> None:
    answer = ada.post("Hello *you*")
    mine = answer.json["comment"]
    assert answer.status_code == 202
    assert set(mine) == COMMENT | {"editable_until", "reason", "source"}
    assert (mine["status"], mine["source"]) == ("held", "Hello *you*")
    overlay = ada.ask("GET", "me?key=a1").json
    assert set(overlay) == {
        "name", "signed_in", "comments", "recommended", "reported", "reports", "unread", "following", "muted", "now",
    }  # fmt: skip
    assert (overlay["name"], overlay["comments"]) == ("Ada", [mine])
    assert bob.ask("GET", "me?key=a1").json["name"] is None


def test_a_published_comment_answers_201_and_a_rejected_one_202(ada: Browser) -> None:
    published(ada, "known")
    assert ada.post("second").status_code == 201
    assert ada.post("spamword").status_code == 202


def test_a_report_is_taken_once_and_only_its_reader_is_reminded(ada: Browser, bob: Browser) -> None:
    comment = published(ada, "text")
    why = {"reason": "abuse", "note": "rude"}
    for _ in range(2):
        told = bob.ask("POST", f"comments/{comment}/reports", why)
        assert (told.status_code, told.json) == (200, {"reported": True})
    assert bob.ask("GET", "me?key=a1").json["reported"] == [comment]
    assert ada.ask("GET", "me?key=a1").json["reported"] == []
    assert bob.ask("GET", "me?key=a1").json["name"] is None
    assert ada.ask("POST", f"comments/{comment}/reports", why).status_code == 422
    wrong = bob.ask("POST", f"comments/{comment}/reports", {"reason": "dislike", "note": ""})
    assert (wrong.status_code, wrong.json["field"]) == (422, "reason")
    held = Browser(bob.client, secret="C" * 43).post("held").json["comment"]["id"]
    assert bob.ask("POST", f"comments/{held}/reports", why).status_code == 404


def test_public_answers_are_the_same_for_everybody_and_may_be_kept(ada: Browser, bob: Browser) -> None:
    comment = published(ada, "text")
    for path in public_paths(comment):
        answer, other = ada.ask("GET", path), bob.client.get(f"/api/v1/sites/daily/{path}")
        assert answer.data == other.data
        assert answer.headers["ETag"] == other.headers["ETag"]
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers
        polled = path.startswith("version")
        assert answer.headers["Cache-Control"] == ("public, max-age=0, s-maxage=2" if polled else PUBLIC)


def test_private_answers_are_kept_by_nobody(ada: Browser) -> None:
    comment = published(ada, "text")
    for method, path, body in (
        ("GET", "me?key=a1", None),
        ("PATCH", f"comments/{comment}", {"body": "new"}),
        ("PUT", f"comments/{comment}/recommendation", None),
    ):
        answer = ada.ask(method, path, body)
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Vary"] == "Origin"


def test_an_error_is_kept_by_nobody_and_is_readable_by_every_page(ada: Browser) -> None:
    for path in ("thread?key=", "thread?key=a1&sort=loudest", "comments/unknown/replies", "counts"):
        answer = ada.ask("GET", path)
        assert 400 <= answer.status_code < 500
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_304_costs_one_query_and_a_thread_three_at_any_size(ada: Browser, engine: Engine) -> None:
    root = published(ada, "root")
    for path in public_paths(root):
        tag = ada.ask("GET", path).headers["ETag"]
        for kept in (tag, f"W/{tag}"):
            with queries(engine) as sent:
                answer = ada.client.get(f"/api/v1/sites/daily/{path}", headers={"If-None-Match": kept})
            assert (answer.status_code, answer.data, sent()) == (304, b"", 1)
            assert answer.headers["ETag"] == tag
    costs = set()
    for n in range(25):
        published(ada, f"reply {n}", parent=root)
        published(ada, f"root {n}")
        with queries(engine) as sent:
            ada.ask("GET", "thread?key=a1")
        costs.add(sent())
    assert costs == {3}


def test_a_post_costs_at_most_twelve_queries(ada: Browser, engine: Engine) -> None:
    def send(body: str, **more: str) -> tuple[int, int]:
        draft = {"key": "a1", "url": f"{PAPER}/a1", "name": "Ada", "body": body} | more
        with queries(engine) as sent:
            answer = ada.ask("POST", "comments", draft, "k" * 22 + body)
        return answer.status_code, sent()

    root = published(ada, "known here")
    for status, cost in (send("a root"), send("a reply", parent=root), send("spamword")):
        assert status in {201, 202}
        assert cost <= 12


def test_what_readers_see_of_a_site_moves_its_threads(ada: Browser) -> None:
    comment = published(ada, "text")
    paths = [path for path in public_paths(comment) if not path.startswith(("counts", "version"))] + ["thread?key=new"]
    before = [ada.ask("GET", path).headers["ETag"] for path in paths]
    site = reading.site(db.session(), "daily")
    site.show(name=site.name, guests=site.guests, moderation=site.moderation)
    db.session.commit()
    assert [ada.ask("GET", path).headers["ETag"] for path in paths] == before
    site.show(moderation="pre")
    db.session.commit()
    after = [ada.ask("GET", path).headers["ETag"] for path in paths]
    assert all(old != new for old, new in zip(before, after, strict=True))


@pytest.mark.parametrize("number", [49, 50, 51])
def test_fifty_articles_are_counted_at_once(ada: Browser, number: int) -> None:
    published(ada, "text")
    keys = "&".join(f"key={key}" for key in ["a1", *(f"k{n}" for n in range(number - 1))])
    answer = ada.ask("GET", f"counts?{keys}")
    if number > 50:
        assert (answer.status_code, answer.json["field"]) == (422, "key")
        return
    assert len(answer.json["counts"]) == number
    assert answer.json["counts"]["a1"] == {"comments": 1, "shares": 0}
