"""A reader writes, a moderator decides, everybody reads; the outsider gets in nowhere."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from comments_service import moderating
from comments_service.database import db, id_at, now
from comments_service.errors import Conflict
from comments_service.judging import Actor
from comments_service.tables import Article, Revision, Site
from tests.conftest import PAPER, Browser

MIA = Actor(kind="moderator", name="Mia")


def site(key: str = "daily") -> Site:
    return db.session.scalars(select(Site).where(Site.key == key)).one()


def article() -> Article:
    db.session.expire_all()
    return db.session.scalars(select(Article).where(Article.key == "a1")).one()


def decide(comment: str, verdict: str = "published", version: int = 1) -> None:
    moderating.decide(db.session(), site(), comment, verdict=verdict, version=version, by=MIA, at=now())
    db.session.commit()


def published(browser: Browser, body: str, **draft: str) -> str:
    answer = browser.post(body, **draft).json["comment"]
    if answer["status"] == "held":
        decide(answer["id"])
    return str(answer["id"])


def thread(browser: Browser, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.ask("GET", f"thread?key=a1{query}").json["comments"]
    return found


def test_a_first_comment_is_held_and_seen_by_its_author_only(ada: Browser, bob: Browser) -> None:
    answer = ada.post("Hello **world**")
    assert answer.status_code == 202
    assert answer.json["comment"]["status"] == "held"
    assert answer.json["comment"]["reason"].startswith("Your first comment here is read before it appears;")
    assert thread(bob) == []
    held = answer.json["comment"]["id"]
    assert bob.ask("GET", f"comments/{held}/focus").status_code == 404
    assert [c["id"] for c in ada.ask("GET", "me?key=a1").json["comments"]] == [held]
    assert bob.ask("GET", "me?key=a1").json["comments"] == []


def test_an_approved_comment_appears_and_counts(ada: Browser, bob: Browser) -> None:
    first = published(ada, "Hello **world**")
    assert [c["id"] for c in thread(bob)] == [first]
    assert thread(bob)[0]["tree"] == [["p", "Hello ", ["strong", "world"]]]
    counts = bob.ask("GET", "counts?key=a1&key=none").json["counts"]
    assert counts == {"a1": {"comments": 1, "shares": 0}, "none": {"comments": 0, "shares": 0}}
    assert ada.post("The second one").json["comment"]["status"] == "published"


def test_a_reply_hangs_on_its_root_and_a_held_comment_cannot_be_answered(ada: Browser, bob: Browser) -> None:
    root = published(ada, "root")
    reply = published(bob, "reply", parent=root)
    shown = thread(ada)[0]
    assert shown["replies_total"] == 1
    assert [r["id"] for r in shown["replies"]] == [reply]
    focus = ada.ask("GET", f"comments/{reply}/focus").json
    assert [c["id"] for c in focus["ancestors"]] == [root]
    third = Browser(ada.client, secret="C" * 43)
    held = third.post("held").json["comment"]["id"]
    assert ada.post("answer", parent=held).status_code == 404


def test_a_banned_word_rejects_and_says_why(ada: Browser) -> None:
    comment = ada.post("buy SpamWord now").json["comment"]
    assert (comment["status"], comment["reason"]) == (
        "rejected",
        "It holds a word that this site does not publish.",
    )


def test_edit_withdraw_and_restore_belong_to_the_author(ada: Browser, bob: Browser) -> None:
    mine = published(ada, "first text")
    assert bob.ask("PATCH", f"comments/{mine}", {"body": "not yours"}).status_code == 401
    published(bob, "bob is known now")
    assert bob.ask("PATCH", f"comments/{mine}", {"body": "not yours"}).status_code == 403
    edited = ada.ask("PATCH", f"comments/{mine}", {"body": "first texts"})
    assert (edited.status_code, edited.json["comment"]["tree"]) == (200, [["p", "first texts"]])
    assert ada.ask("DELETE", f"comments/{mine}").json["comment"]["status"] == "withdrawn"
    assert mine not in [c["id"] for c in thread(bob)]
    assert ada.ask("POST", f"comments/{mine}/restore").json["comment"]["status"] == "published"
    assert mine in [c["id"] for c in thread(bob)]


def test_recommending_twice_counts_once_and_never_for_oneself(ada: Browser, bob: Browser) -> None:
    mine = published(ada, "text")
    assert ada.ask("PUT", f"comments/{mine}/recommendation").status_code == 422
    assert bob.ask("PUT", f"comments/{mine}/recommendation").json == {"recommends": 1}
    assert bob.ask("PUT", f"comments/{mine}/recommendation").json == {"recommends": 1}
    assert bob.ask("GET", "me?key=a1").json["recommended"] == [mine]
    assert bob.ask("DELETE", f"comments/{mine}/recommendation").json == {"recommends": 0}
    assert bob.ask("DELETE", f"comments/{mine}/recommendation").json == {"recommends": 0}


def test_pages_meet_without_gap_or_overlap_in_every_order(ada: Browser, bob: Browser) -> None:
    ids = [published(ada, f"number {n}") for n in range(23)]
    bob.ask("PUT", f"comments/{ids[4]}/recommendation")
    for sort, first in (("newest", ids[-1]), ("oldest", ids[0]), ("recommended", ids[4])):
        page = ada.ask("GET", f"thread?key=a1&sort={sort}").json
        rest = ada.ask("GET", f"thread?key=a1&sort={sort}&cursor={page['next']}").json
        shown = [c["id"] for c in page["comments"] + rest["comments"]]
        assert shown[0] == first
        assert len(page["comments"]) == 20
        assert sorted(shown) == sorted(ids)
        assert rest["next"] is None
    assert ada.ask("GET", f"thread?key=a1&sort=oldest&cursor={page['next']}").status_code == 422
    assert ada.ask("GET", "thread?key=a1&cursor=damaged").status_code == 422


def test_the_number_of_queries_does_not_grow(ada: Browser) -> None:
    def queries() -> int:
        seen: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        thread(ada)
        return len(seen)

    published(ada, "one")
    few = queries()
    for n in range(30):
        published(ada, f"number {n}")
    assert queries() == few <= 6


def test_a_304_and_a_version_that_moves_only_for_public_bytes(ada: Browser, bob: Browser) -> None:
    published(ada, "text")
    answer = ada.ask("GET", "thread?key=a1")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    etag = {"If-None-Match": answer.headers["ETag"]}
    path = "/api/v1/sites/daily/thread?key=a1"
    assert bob.post("held").json["comment"]["status"] == "held"
    assert ada.client.get(path, headers=etag).status_code == 304
    ada.post("a public one")
    assert ada.client.get(path, headers=etag).status_code == 200


def test_two_moderators_on_one_comment_the_second_is_told(ada: Browser) -> None:
    held = ada.post("text").json["comment"]["id"]
    seen = moderating.queue(db.session(), site())[0].version
    decide(held, "published", seen)
    with pytest.raises(Conflict, match="Mia has already approved it"):
        decide(held, "rejected", seen)
    db.session.rollback()
    assert db.session.scalars(select(Article)).one().comments == 1


def test_nothing_of_one_site_is_found_on_another(ada: Browser, outsider: Browser) -> None:
    mine = published(ada, "text")
    assert thread(outsider) == []
    assert outsider.ask("GET", f"comments/{mine}/focus").status_code == 404
    assert outsider.ask("GET", f"comments/{mine}/replies").status_code == 404
    assert outsider.ask("PUT", f"comments/{mine}/recommendation").status_code == 404
    assert outsider.post("known here").status_code == 202
    for method, path in (("PATCH", ""), ("DELETE", ""), ("POST", "/restore")):
        body = {"body": "x"} if method == "PATCH" else None
        assert outsider.ask(method, f"comments/{mine}{path}", body).status_code == 404
    assert outsider.post("reply", parent=mine).status_code == 404


def test_share_clicks_are_counted_for_known_networks(ada: Browser) -> None:
    beacon = {"key": "a1", "url": f"{PAPER}/a1", "network": "whatsapp"}
    assert [ada.ask("POST", "shares", beacon).status_code for _ in range(3)] == [204] * 3
    assert ada.ask("POST", "shares", beacon | {"network": "nowhere"}).status_code == 422
    assert ada.ask("GET", "counts?key=a1").json["counts"]["a1"]["shares"] == 3


def test_a_held_comment_that_its_author_withdraws_stays_unknown(ada: Browser, bob: Browser) -> None:
    root = published(bob, "root")
    held = ada.post("first", parent=root).json["comment"]["id"]
    before = article().version
    assert ada.ask("DELETE", f"comments/{held}").json["comment"]["status"] == "withdrawn"
    assert bob.ask("GET", f"comments/{held}/focus").status_code == 404
    assert bob.ask("GET", f"comments/{root}/replies").json["comments"] == []
    assert article().version == before


def test_an_edit_cannot_publish_what_a_person_has_held(ada: Browser) -> None:
    published(ada, "known reader")
    comment = ada.post("harmless").json["comment"]["id"]
    decide(comment, "held")
    assert ada.ask("PATCH", f"comments/{comment}", {"body": "still harmless"}).json["comment"]["status"] == "held"


def test_an_edit_after_the_moderator_has_looked_is_a_conflict(ada: Browser) -> None:
    held = ada.post("what the moderator sees").json["comment"]["id"]
    ada.ask("PATCH", f"comments/{held}", {"body": "something else"})
    with pytest.raises(Conflict, match="changed the text"):
        decide(held)
    kept = db.session.scalars(select(Revision).where(Revision.comment_id == held)).one()
    assert kept.source == "what the moderator sees"


def test_a_decision_can_be_undone_once_nothing_came_after_it(ada: Browser, bob: Browser) -> None:
    held = ada.post("text").json["comment"]["id"]
    decide(held)
    assert [c["id"] for c in thread(bob)] == [held]
    moderating.undo(db.session(), site(), held, version=2, by=MIA, at=now())
    db.session.commit()
    assert (thread(bob), article().comments) == ([], 0)
    with pytest.raises(Conflict, match="Mia has taken a decision back"):
        moderating.undo(db.session(), site(), held, version=2, by=MIA, at=now())


def test_a_reply_sorts_behind_its_parent_though_the_clock_went_back() -> None:
    parent = id_at(now())
    assert id_at(now() - timedelta(days=1), after=parent) > parent
