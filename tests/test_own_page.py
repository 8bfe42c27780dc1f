"""A reader's own page by the API: what was written anywhere, sessions, the name, and leaving with a day to think."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from comments_service import jobs, leaving, own_page, recounting, working
from comments_service.database import db, now
from comments_service.tables import Comment, Erasure, Reader
from comments_service.web.limits import limiter
from tests.conftest import PAPER, Browser
from tests.signing import signer
from tests.test_conversation import decide, published, thread
from tests.test_sso import sign_in

DAY = timedelta(days=1)


def work_later(monkeypatch: pytest.MonkeyPatch, **later: float) -> None:
    """What the worker does until nothing is left to do then."""
    at = now() + timedelta(**later)
    monkeypatch.setattr(working, "now", lambda: at)
    db.session.remove()
    while jobs.run_due(db.engine, at=at, kinds=working.kinds(local=True)):
        pass


def account(app: Flask, browsers: int = 2) -> list[Browser]:
    """As many browsers in which one reader is signed in."""
    paper = signer(db.session())
    made = [Browser(app.test_client(), secret=letter * 43) for letter in "NO"[:browsers]]
    for one in made:
        assert sign_in(one, paper.token()).status_code == 200
    return made


def test_all_that_one_has_written_is_listed_with_its_state_and_reason(ada: Browser, bob: Browser) -> None:
    first = published(ada, "first")
    held = ada.ask("POST", "comments", {"key": "b2", "url": f"{PAPER}/b2", "name": "Ada", "body": "spamword"}).json
    gone = published(ada, "gone")
    ada.ask("DELETE", f"comments/{gone}")
    published(bob, "not hers", name="Bob")
    page = ada.ask("GET", "me/comments").json
    states = {one["id"]: (one["status"], one["reason"] is not None) for one in page["comments"]}
    assert states == {
        gone: ("withdrawn", False), held["comment"]["id"]: (held["comment"]["status"], True),
        first: ("published", False),
    }  # fmt: skip
    assert page["comments"][-1]["place"] == f"{PAPER}/a1#comment-{first}"
    assert page["next"] is None


def test_the_list_goes_on_from_page_to_page_and_takes_no_foreign_cursor(
    monkeypatch: pytest.MonkeyPatch, ada: Browser, bob: Browser
) -> None:
    monkeypatch.setattr(own_page, "PAGE", 2)
    mine = [published(ada, f"number {number}") for number in range(5)]
    published(bob, "one", name="Bob"), published(bob, "two", name="Bob"), published(bob, "three", name="Bob")
    seen, cursor, query = [], "", ""
    while cursor is not None:
        page = ada.ask("GET", f"me/comments{query}").json
        seen += [one["id"] for one in page["comments"]]
        cursor = page["next"]
        query = f"?cursor={cursor}"
    assert seen == mine[::-1]
    foreign = bob.ask("GET", "me/comments").json["next"]
    for bad in (foreign, "x", "%00"):
        assert ada.ask("GET", f"me/comments?cursor={bad}").status_code == 422


def test_sessions_are_told_apart_and_ended_one_or_all_others(app: Flask, ada: Browser) -> None:
    here, there = account(app)
    published(ada, "somebody else")
    firefox = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    answer = here.client.post(
        "/api/v1/sites/daily/session/rotate",
        headers={"Origin": PAPER, "Authorization": f"Bearer {here.secret}"} | firefox,
    )
    here.secret = str((answer.json or {})["token"])
    listed = here.ask("GET", "me/sessions").json["sessions"]
    assert [(one["present"], one["device"], one["origin"]) for one in listed if one["present"]] == [
        (True, "Firefox on Linux", PAPER)
    ]
    (other,) = [one["id"] for one in listed if not one["present"]]
    (foreign,) = [one["id"] for one in ada.ask("GET", "me/sessions").json["sessions"]]
    assert here.ask("DELETE", f"me/sessions/{foreign}").status_code == 404
    assert ada.ask("GET", "me/profile").json["name"] == "Ada"
    assert here.ask("DELETE", f"me/sessions/{other}").status_code == 200
    assert there.ask("GET", "me/profile").status_code == 401
    (again,) = account(app, browsers=1)
    assert here.ask("DELETE", "me/sessions").status_code == 200
    assert (again.ask("GET", "me/profile").status_code, here.ask("GET", "me/profile").status_code) == (401, 200)


def test_guests_change_their_name_and_accounts_are_told_where_theirs_is_changed(app: Flask, ada: Browser) -> None:
    mine = published(ada, "said as Ada")
    (nora,) = account(app, browsers=1)
    renamed = ada.ask("PUT", "me/name", {"name": " Countess  Ada "})
    assert (renamed.status_code, renamed.json) == (200, {"name": "Countess Ada"})
    assert ada.ask("GET", "me/profile").json["name"] == "Countess Ada"
    assert [(one["id"], one["name"]) for one in thread(ada)] == [(mine, "Ada")]
    for bad in ("N\u043era Reed", "", "x" * 61, "\u200b"):
        answer = ada.ask("PUT", "me/name", {"name": bad})
        assert (answer.status_code, answer.json["field"]) == (422, "name"), bad
    refused = nora.ask("PUT", "me/name", {"name": "Somebody"})
    assert (refused.status_code, "comes with your account" in refused.json["detail"]) == (409, True)
    assert nora.ask("GET", "me/profile").json | {"since": None} == {
        "told": refused.json["detail"],
        "name": "Nora Reed", "vouched": True, "signed_in": True, "since": None, "leaving": None,
    }  # fmt: skip


def test_whoever_is_nobody_here_has_no_page(bob: Browser, outsider: Browser, ada: Browser) -> None:
    published(ada, "known on one site alone")
    for who in (bob, outsider):
        for path in ("profile", "comments", "sessions", "data", "data?format=csv"):
            assert who.ask("GET", f"me/{path}").status_code == 401
        for method, path, body in (
            ("PUT", "name", {"name": "Eve"}), ("POST", "leaving", {"way": "removal"}), ("DELETE", "leaving", None),
            ("DELETE", "sessions", None), ("DELETE", "sessions/06h14qfafghiinmo9mb7kgrnv8", None),
        ):  # fmt: skip
            assert who.ask(method, f"me/{path}", body).status_code == 401, path


def test_leaving_can_be_taken_back_for_a_day_by_signing_in_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    thief, owner = account(app)
    asked = thief.ask("POST", "me/leaving", {"way": "removal"})
    assert asked.status_code == 202
    assert owner.ask("GET", "me/profile").status_code == 401
    (owner,) = account(app, browsers=1)
    assert owner.ask("GET", "me/profile").json["leaving"] == asked.json
    changed = owner.ask("POST", "me/leaving", {"way": "tombstones"})
    assert changed.json == {"way": "tombstones", "due_at": asked.json["due_at"]}
    assert owner.ask("POST", "me/leaving", {"way": "both"}).status_code == 422
    assert owner.ask("DELETE", "me/leaving").status_code == 200
    assert owner.ask("DELETE", "me/leaving").status_code == 200
    # Asked once more later, the day begins anew: the job of the first time finds nothing that is due.
    work_later(monkeypatch, hours=12)
    owner.ask("POST", "me/leaving", {"way": "removal"})
    wish = db.session.scalars(select(Erasure)).one()
    wish.due_at += timedelta(hours=12)
    db.session.commit()
    work_later(monkeypatch, hours=25)
    assert db.session.scalars(select(Reader.name).where(Reader.skeleton.is_not(None))).one() == "Nora Reed"


@pytest.mark.parametrize("way", ["tombstones", "removal"])
def test_after_the_day_a_worker_erases_and_places_stay_as_was_chosen(
    monkeypatch: pytest.MonkeyPatch, ada: Browser, bob: Browser, way: str
) -> None:
    left = 3 if way == "tombstones" else 1
    answered = published(ada, "answered")
    theirs = published(bob, "answer", parent=answered, name="Bob")
    alone = [published(ada, "alone"), published(ada, "alone too", parent=theirs)]
    held = ada.post("spamword").json["comment"]["id"]
    assert ada.ask("POST", "me/leaving", {"way": way}).status_code == 202
    work_later(monkeypatch, hours=23)
    assert ada.ask("GET", "me/profile").status_code == 200
    work_later(monkeypatch, hours=24.1)
    assert ada.ask("GET", "me/profile").status_code == 401
    rows = thread(bob) + [reply for root in thread(bob) for reply in root["replies"]]
    assert [one["name"] for one in rows if one["status"] == "erased"] == [""] * left
    found = [bob.ask("GET", f"comments/{one}/focus").status_code for one in (answered, *alone, held)]
    assert found == ([200, 200, 200, 404] if left == 3 else [200, 404, 404, 404])
    assert recounting.differences(db.session()) == {}
    assert db.session.scalars(select(Erasure)).all() == []
    # What hung on the last place goes: so does a place that nobody asked to keep.
    bob.ask("DELETE", f"comments/{theirs}")
    assert len(thread(bob)) == (2 if way == "tombstones" else 0)
    assert recounting.differences(db.session()) == {}


def test_data_is_not_fetched_again_and_again(app: Flask, ada: Browser) -> None:
    published(ada, "one")
    limiter.enabled = True
    limiter.reset()
    answers: list[Any] = [ada.ask("GET", "me/data") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]


def test_whom_the_command_has_begun_to_erase_the_worker_finishes(ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = published(ada, "mine")
    decide(mine, "rejected", version=db.session.scalars(select(Comment.version)).one())
    ada.ask("POST", "me/leaving", {"way": "removal"})
    db.session.scalars(select(Reader)).one().name = ""
    db.session.commit()
    work_later(monkeypatch, days=2)
    assert db.session.scalars(select(Comment.status)).all() == ["erased"]
    assert leaving.pending(db.session(), db.session.scalars(select(Reader)).one()) is None
