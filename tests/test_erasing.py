"""Erase one person: every trace of name and words goes, every number stays right, and others lose nothing."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import event, inspect, select, text

from comments_service import (
    accounts,
    editing,
    erasing,
    leaving,
    own_page,
    posting,
    reacting,
    reader_sessions,
    reading,
    recounting,
    reporting,
)
from comments_service.accounts import Visitor
from comments_service.database import Model, db, now
from comments_service.errors import NotSignedIn
from comments_service.tables import Comment, Reader, Recommendation, Report
from tests.conftest import PAPER, SECRET_KEY, Browser
from tests.desk import make_moderator, signed_in
from tests.test_badges import bind, code_of
from tests.test_conversation import article, decide, published, site, thread
from tests.test_tombstones import ids, version

WORD = "canaryword"
NAME = "Canary Bird"


def erase(comment: str) -> None:
    """All of it, as the command does."""
    person = erasing.who_wrote(db.session(), site(), comment)
    site_id, reader_id = person.site_id, person.id
    erasing.begin(db.session(), person, at=now())
    db.session.commit()
    while erasing.erase_some(db.session(), site_id, reader_id, at=now()):
        db.session.commit()
    erasing.finish(db.session())
    db.session.commit()
    db.session.expire_all()


def everything() -> str:
    """Every value of every table, as words."""
    tables = Model.metadata.sorted_tables
    values = [value for table in tables for row in db.session.execute(select(table)) for value in row]
    return " ".join(
        value.decode("latin-1") if isinstance(value, bytes) else json.dumps(value, default=str) for value in values
    ).lower()


def test_no_word_and_no_name_is_left_in_any_table(ada: Browser, bob: Browser) -> None:
    mine = published(ada, f"first {WORD}", name=NAME)
    bob.ask("POST", f"comments/{mine}/reports", {"reason": "other", "note": f"he says {WORD}"})
    ada.ask("PATCH", f"comments/{mine}", {"body": f"second {WORD}"})
    ada.ask("POST", "comments", {"key": "a1", "url": f"{PAPER}/a1", "name": NAME, "body": f"kept {WORD}"}, "k" * 22)
    ada.post(f"spamword {WORD}", name=NAME)
    other = published(bob, "Bob says", name="Bob")
    ada.ask("POST", f"comments/{other}/reports", {"reason": "other", "note": f"I say {WORD}"})
    decide(mine, "rejected", version=version(mine))
    assert WORD in everything()
    erase(mine)
    assert WORD not in everything()
    assert NAME.lower() not in everything()
    if db.engine.dialect.name == "sqlite":
        pages = db.session.execute(text("SELECT block FROM searchable_words_data")).scalars()
        assert WORD.encode() not in b"".join(pages)
    assert [one["tree"] for one in thread(bob)] == [[["p", "Bob says"]]]
    assert len(db.session.scalars(select(Report)).all()) == 2


def test_places_stay_where_others_answered_and_counters_are_exact(ada: Browser, bob: Browser) -> None:
    root = published(ada, "root", name=NAME)
    answer = published(bob, "answer", parent=root, name="Bob")
    mine = published(ada, "again", parent=answer, name=NAME)
    alone = published(ada, "alone", name=NAME)
    ada.ask("PUT", f"comments/{answer}/recommendation")
    bob.ask("PUT", f"comments/{root}/recommendation")
    before = article().version
    erase(alone)
    assert ids(bob) == [root, answer]
    (left,) = thread(bob)
    assert (left["status"], left["name"], left["author"], left["tree"]) == ("erased", "", "", None)
    assert left["replies"][0]["recommends"] == 0
    assert article().comments == 1
    assert article().version > before
    assert recounting.differences(db.session()) == {}
    assert bob.ask("GET", f"comments/{mine}/focus").status_code == 404
    for path in ("/s/daily/t/a1", f"/c/{root}"):
        assert "This comment was erased: its author has left." in bob.client.get(path).text
    assert bob.ask("GET", "search?key=a1&q=root").json["comments"] == []


def test_the_browser_is_nobody_from_then_on_and_its_badge_is_gone(app: Flask, ada: Browser, bob: Browser) -> None:
    make_moderator("mia", "Mia", daily="owner")
    mia = signed_in(app.test_client(), "mia")
    mine = published(ada, "one")
    bind(ada, code_of(mia))
    erase(mine)
    assert ada.ask("GET", "me?key=a1").json["comments"] == []
    lost = ada.post("still here?")
    assert (lost.status_code, lost.json["field"]) == (401, "secret")
    assert ada.ask("DELETE", f"comments/{mine}").status_code == 401
    card = mia.get(f"/desk/comments/daily/{mine}").text
    assert "A person who left" in card
    assert mia.post(f"/desk/comments/daily/{mine}/undo", {"version": version(mine)}).status_code == 422
    assert db.session.scalars(select(Comment.status).where(Comment.id == mine)).one() == "erased"


def test_others_keep_everything_also_on_the_other_site(ada: Browser, bob: Browser, outsider: Browser) -> None:
    mine, other = published(ada, "mine"), published(bob, "theirs", name="Ada")
    there = outsider.post("on the other site").json["comment"]["id"]
    erase(mine)
    assert [one["id"] for one in thread(bob)] == [other]
    assert [one["id"] for one in outsider.ask("GET", "me?key=a1").json["comments"]] == [there]
    kept = db.session.scalars(select(Comment).where(Comment.id == there)).one()
    assert kept.plain.strip() == "on the other site"


def test_a_thousand_go_in_pieces_and_again_changes_nothing(ada: Browser, bob: Browser) -> None:
    root = published(bob, "root", name="Bob")
    mine = published(ada, "mine", parent=root)
    reader = erasing.who_wrote(db.session(), site(), mine)
    first = db.session.scalars(select(Comment).where(Comment.id == mine)).one()
    columns = [column.key for column in inspect(Comment).columns if column.key != "id"]
    values = {key: getattr(first, key) for key in columns}
    for _ in range(1250):
        db.session.add(Comment(**values))
    db.session.commit()
    recounting.recount(db.session())
    db.session.commit()
    site_id, reader_id = reader.site_id, reader.id
    pieces = []
    while number := erasing.erase_some(db.session(), site_id, reader_id, at=now()):
        db.session.commit()
        pieces.append(number)
    assert pieces == [500, 500, 251] * 2
    assert recounting.differences(db.session()) == {}
    assert article().comments == 1
    again = article().version
    erase(mine)
    assert article().version == again


@pytest.mark.parametrize("seed", range(3))
def test_every_number_above_is_what_its_rows_say_whatever_is_erased(
    monkeypatch: pytest.MonkeyPatch, ada: Browser, bob: Browser, seed: int
) -> None:
    monkeypatch.setattr(erasing, "AT_ONCE", 4)
    chosen = random.Random(seed)  # noqa: S311 - who says what next is no secret
    said: dict[str, Browser] = {}
    for number in range(24):
        parents = [one for one in said if reading.public(db.session(), site(), one).status == "published"]
        parent = {"parent": chosen.choice(parents)} if parents and chosen.random() < 0.8 else {}
        by = chosen.choice((ada, bob))
        one = published(by, f"number {number}", **parent)
        said[one] = by
        (bob if by is ada else ada).ask("PUT", f"comments/{one}/recommendation")
        if chosen.random() < 0.2:
            by.ask("DELETE", f"comments/{one}")
        elif chosen.random() < 0.2:
            (bob if by is ada else ada).ask("POST", f"comments/{one}/reports", {"reason": "spam"})
            decide(one, "rejected", version=version(one))
    assert recounting.differences(db.session()) == {}
    for person in (ada, bob):
        erase(next(one for one, by in said.items() if by is person))
        assert recounting.differences(db.session()) == {}
    assert (thread(bob), article().comments) == ([], 0)


def test_recommendations_are_taken_back_in_pieces_too(ada: Browser, bob: Browser) -> None:
    theirs = [published(bob, f"number {number}", name="Bob") for number in range(3)]
    for one in theirs:
        ada.ask("PUT", f"comments/{one}/recommendation")
    reader = db.session.scalars(select(Recommendation.reader_id).limit(1)).one()
    sent: list[int] = []

    def count(*_: Any) -> None:
        sent.append(1)

    event.listen(db.engine, "before_cursor_execute", count)
    number = erasing.erase_some(db.session(), site().id, reader, at=now())
    event.remove(db.engine, "before_cursor_execute", count)
    db.session.commit()
    assert (number, len(sent) < 20) == (3, True)
    assert [one["recommends"] for one in thread(bob)] == [0, 0, 0]


VERBS: dict[str, Callable[[str, str, Visitor], object]] = {
    "post": lambda _mine, other, by: _post(other, by),
    "edit": lambda mine, _other, by: editing.begin(db.session(), mine, by=by, secret=SECRET_KEY, at=now()),
    "withdraw": lambda mine, _other, by: posting.withdraw(db.session(), mine, by=by, at=now()),
    "recommend": lambda _mine, other, by: reacting.recommend(db.session(), other, by=by, at=now()),
    "take back": lambda _mine, other, by: reacting.unrecommend(db.session(), other, by=by),
    "report": lambda _mine, other, by: reporting.report(
        db.session(), other, reporting.Complaint(reason="spam"), by=by, at=now()
    ),
    "rename": lambda _mine, _other, by: own_page.rename(db.session(), by, "Ada again"),
    "leave": lambda _mine, _other, by: leaving.ask(db.session(), by, way="removal", at=now()),
    "stay": lambda _mine, _other, by: leaving.take_back(db.session(), by),
    "sign out everywhere": lambda _mine, _other, by: reader_sessions.end_all(db.session(), by, at=now()),
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_what_had_arrived_before_an_erasure_does_nothing_after_it(verb: str, ada: Browser, bob: Browser) -> None:
    mine, other = published(ada, "mine"), published(bob, "other", name="Bob")
    by = accounts.arrive(db.session(), "daily", origin=PAPER, secret=ada.secret, at=now())
    erase(mine)
    with pytest.raises(NotSignedIn):
        VERBS[verb](mine, other, by)
    db.session.rollback()
    assert {row.status for row in db.session.scalars(select(Comment).where(Comment.id != other))} == {"erased"}
    assert recounting.differences(db.session()) == {}


def _post(other: str, by: Visitor) -> Comment:
    draft = posting.Draft(name="Ada", body="After the end", parent=other)
    return posting.post(db.session(), draft, article=article(), by=by, at=now())


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Any:
    from comments_service.cli import main

    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef" * 4)
    monkeypatch.setenv("DATABASE_URL", db.engine.url.render_as_string(hide_password=False))

    def invoke(*arguments: str, answer: str = "") -> Result:
        return CliRunner().invoke(main, arguments, input=answer)

    return invoke


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_command_asks_before_it_erases(run: Any, ada: Browser) -> None:
    mine = published(ada, "mine", name=NAME)
    db.session.remove()
    asked = run("reader", "erase", "daily", mine, answer="n\n")
    assert asked.exit_code == 1
    assert f"{NAME}, on daily since" in asked.output
    assert "Comments: 1." in asked.output
    assert db.session.scalars(select(Reader.name)).one() == NAME
    db.session.remove()
    done = run("reader", "erase", "daily", mine, "--yes")
    assert (done.exit_code, "Erased." in done.output) == (0, True), done.output
    assert db.session.scalars(select(Reader.name)).one() == ""
    unknown = run("reader", "erase", "daily", "0" * 26, "--yes")
    assert (unknown.exit_code, "There is no such comment." in unknown.output) == (1, True)
