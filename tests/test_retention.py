"""Nothing of a person is kept without a term, each term ends when it says, and each site has its own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from comments_service import accounts, mail_sign_in, personal, retention, salting, signing_in, sweeping
from comments_service.database import Model, db, id_at, new_id, now
from comments_service.tables import (
    Article,
    Comment,
    Decision,
    DecisionEvidence,
    IdempotencyKey,
    Identity,
    Invitation,
    Job,
    MailAllowance,
    Mailbox,
    MailSignIn,
    Moderator,
    NetworkSalt,
    Notice,
    OneTimeLink,
    Outbox,
    Reader,
    Recommendation,
    Report,
    ReportNotice,
    Session,
    SignInTry,
    Site,
    SpentToken,
    StaffCode,
)
from comments_service.web import client_address
from tests import data_map
from tests.conftest import PAPER, Browser
from tests.test_erasing import everything

NOON = datetime.fromisoformat("2026-07-01T12:00:00+00:00")
HOUR = timedelta(hours=1)
BY_TABLE = {table.__tablename__: term for term in retention.TERMS for table in term.tables if not term.columns}
Make = Callable[["World", datetime], Any]


class World:
    """A site's people, whom rows can be about."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.key = {"site_id": site.id}
        at = NOON - timedelta(days=5000)
        self.mia = Moderator(id=new_id(), login=f"mia-{site.key}", name="Mia", created=at)
        article = Article(**self.key, id=new_id(), key="a1", url="https://x.example/a1", title="A")
        self.reader = self.guest(at)
        db.session.add_all([self.mia, article, self.reader])
        db.session.flush()
        # So that no sweep of guests takes the one whom the others are about.
        self.comment = self._comment(article)
        db.session.add(self.comment)
        db.session.flush()
        self.its = self.key | {"reader_id": self.reader.id}

    def guest(self, at: datetime, name: str = "Ada") -> Reader:
        return Reader(**self.key, id=new_id(), name=name, created=at)

    def _comment(self, article: Article) -> Comment:
        comment_id = new_id()
        return Comment(
            **self.key, id=comment_id, article_id=article.id, root_id=comment_id, reader_id=self.reader.id,
            name="Ada", source="x", tree=[], plain="x", status="published", created=NOON,
        )  # fmt: skip

    def session(self, at: datetime, **more: Any) -> Session:
        key = self.its if "moderator_id" not in more else {}
        seen = {"created": at, "seen_at": at, "digest": new_id().encode(), "origin": PAPER, "audience": "x"}
        return Session(**{"purpose": "reader", **seen, **key, **more})

    def report(self, at: datetime, *, notice: bool = False, settled: bool = True) -> list[Any]:
        who = self.guest(at)
        key = self.key | {"reader_id": who.id, "comment_id": self.comment.id}
        said = Report(**key, reason="illegal", note="said", at=at, settled_by=id_at(at) if settled else None)
        told = ReportNotice(**key, law="law", name="Ada", email="a@x.example", child_abuse=False, at=at)
        return [who, said, told] if notice else [who, said]

    def evidence(self, at: datetime) -> list[Any]:
        its = self.key | {"comment_id": self.comment.id}
        made = Decision(**its, id=id_at(at), by="rules", before="new", after="held", at=at)
        return [made, DecisionEvidence(**self.key, decision_id=made.id, name="Mia", objections=[{"rule": "x"}])]

    def invitation(self, at: datetime) -> list[Any]:
        somebody = Moderator(id=new_id(), login=new_id(), name="Bob", created=at)
        its = self.key | {"moderator_id": somebody.id, "invited_by": self.mia.id}
        return [somebody, Invitation(**its, digest=digest(), created=at, expires_at=at)]


def digest() -> bytes:
    return new_id().encode()


# By the name of each term: what is there from a moment on, and which column says so.
MADE: dict[str, Make] = {
    "sessions": lambda w, at: w.session(at),
    "ended_sessions": lambda w, at: w.session(NOON, revoked_at=at),
    "desk_sessions": lambda w, at: w.session(NOON, purpose="desk", revoked_at=at, moderator_id=w.mia.id),
    "idle_guests": lambda w, at: w.guest(at),
    "unconfirmed": lambda w, at: Mailbox(**w.its, address=f"{new_id()}@x.example", language="en", created=at),
    "notices": lambda w, at: Notice(**w.its, event="reply", source=new_id(), created=at),
    "sent": lambda w, at: Outbox(**w.key, event="x", payload={}, due_at=at, sent_at=at),
    "dead_letters": lambda w, at: Outbox(**w.key, event="x", payload={}, due_at=at, dead_at=at),
    "report_notices": lambda w, at: w.report(at, notice=True),
    "report_notes": lambda w, at: w.report(at),
    "evidence": lambda w, at: w.evidence(at),
    "invitations": lambda w, at: w.invitation(at),
    "mail_sign_ins": lambda w, at: MailSignIn(
        **w.key, digest=digest(), origin=PAPER, address="a@x.example", language="en", page="/",
        expires_at=at + mail_sign_in.LIFE,
    ),
    "answers": lambda w, at: IdempotencyKey(**w.key, digest=digest(), body=b"", answer={}, at=at),
    "spent_tokens": lambda w, at: SpentToken(**w.key, digest=digest(), at=at),
    "staff_codes": lambda w, at: StaffCode(**w.key, moderator_id=w.mia.id, digest=digest(), expires_at=at),
    "jobs": lambda w, at: Job(**w.key, kind="x", payload={}, due_at=at, done_at=at),
    "links": lambda w, at: OneTimeLink(moderator_id=w.mia.id, digest=digest(), created=at, expires_at=at),
    "tries": lambda w, at: SignInTry(digest=digest(), tries=1, last_at=at),
    "salts": lambda w, at: NetworkSalt(since=at, salt=digest()),
    "allowances": lambda w, at: MailAllowance(digest=digest()[:16], quota="letters", sent=[], last_at=at),
}  # fmt: skip


@pytest.fixture
def worlds(app: Flask) -> tuple[World, World]:
    """Of two sites, the second keeps everything for as long as it may."""
    sites = {site.key: site for site in db.session.scalars(select(Site))}
    sites["other"].retention = {term.name: term.most for term in retention.CHOSEN}
    return World(sites["daily"]), World(sites["other"])


def put(world: World, name: str, at: datetime) -> Any:
    """Something that has been there since a moment; the key of the row that a term is about."""
    made = MADE[name](world, at)
    rows = made if isinstance(made, list) else [made]
    for row in rows:
        db.session.add(row)
        db.session.flush()
    return inspect_key(rows[-1])


def inspect_key(row: Any) -> Any:
    return type(row), db.inspect(type(row)).primary_key_from_instance(row)


def stands(key: Any, columns: tuple[str, ...]) -> bool:
    """Whether it is still there, with all that it said."""
    table, own = key
    row = db.session.get(table, tuple(own), populate_existing=True)
    return row is not None and all(getattr(row, column) for column in columns)


def test_each_term_ends_when_it_says_and_not_before(engine: Engine, worlds: tuple[World, World]) -> None:
    daily, other = worlds
    keys = {}
    for name in sweeping.SWEEPS:
        lasts = retention.BY_NAME[name].lasts
        assert lasts is not None
        step = min(HOUR, lasts / 4)
        young, old = put(daily, name, NOON - lasts + step), put(daily, name, NOON - lasts - step)
        keys[name] = (young, old, put(other, name, NOON - lasts - 2 * step))
    db.session.commit()
    sweeping.sweep(engine, at=NOON)
    assert found(keys) == {name: [True, False, retention.BY_NAME[name].chosen] for name in keys}
    db.session.commit()
    sweeping.sweep(engine, at=NOON + timedelta(days=4000))
    assert found(keys) == {name: [False, False, False] for name in keys}
    for name in ("report_notes", "evidence"):
        # What it said is gone, and that it was there is not.
        assert all(stands(key, ()) for key in keys[name])


def found(keys: dict[str, tuple[Any, ...]]) -> dict[str, list[bool]]:
    db.session.expire_all()
    return {name: [stands(key, retention.BY_NAME[name].columns) for key in of] for name, of in keys.items()}


def test_what_is_open_is_not_forgotten_with_time(engine: Engine, worlds: tuple[World, World]) -> None:
    daily, at = worlds[0], NOON - timedelta(days=4000)
    dead = Job(**daily.key, kind="x", payload={}, due_at=at, dead_at=at)
    rows = [*daily.report(at, notice=True, settled=False), dead]
    confirmed = Mailbox(**daily.its, address="a@x.example", language="en", created=at, verified_at=at)
    waiting = Outbox(**daily.key, event="x", payload={}, due_at=at)
    for row in [*rows, confirmed, waiting]:
        db.session.add(row)
        db.session.flush()
    keys = [inspect_key(row) for row in [*rows, confirmed, waiting]]
    db.session.commit()
    sweeping.sweep(engine, at=NOON)
    db.session.expire_all()
    assert all(stands(key, ()) for key in keys)


def test_who_left_anything_or_came_by_is_no_idle_guest(engine: Engine, worlds: tuple[World, World]) -> None:
    daily, at = worlds[0], NOON - timedelta(days=1000)
    gone, came, recommended, known, erased = (
        daily.guest(at, name) for name in ("gone", "came", "recommended", "known", "")
    )
    people = [gone, came, recommended, known, erased]
    db.session.add_all(people)
    db.session.flush()
    of = {person.name: daily.key | {"reader_id": person.id} for person in people}
    db.session.add_all(
        [
            daily.session(at, **of["gone"]), daily.session(at, **of["came"], seen_at=NOON - timedelta(days=300)),
            Notice(**of["gone"], event="featured", source=new_id(), created=NOON),
            Recommendation(**of["recommended"], comment_id=daily.comment.id, at=at),
            Identity(**of["known"], issuer="x", subject="x", created=at),
        ]
    )  # fmt: skip
    db.session.commit()
    sweeping.sweep(engine, at=NOON)
    left = set(db.session.scalars(select(Reader.name).where(Reader.name != "Ada")))
    assert left == {"came", "recommended", "known", ""}


def test_looking_for_idle_guests_keeps_nobody_from_writing(
    engine: Engine, worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.commit()
    monkeypatch.setattr(sweeping, "take_turn", lambda _session: pytest.fail("there is nobody to take"))
    sweeping.sweep(engine, at=NOON)


def test_a_guest_who_comes_back_is_seen(ada: Browser) -> None:
    assert ada.post("hello").status_code == 202
    later = now() + timedelta(days=8)
    by = accounts.arrive(db.session(), "daily", origin=PAPER, secret=ada.secret, at=later)
    assert by.noted
    assert by.session is not None
    assert by.session.seen_at == later
    db.session.rollback()
    soon = accounts.arrive(db.session(), "daily", origin=PAPER, secret=ada.secret, at=now() + timedelta(days=6))
    assert not soon.noted


def test_many_go_in_pieces(engine: Engine, worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    at = NOON - timedelta(days=1000)
    keys = [put(worlds[0], name, at) for name in ("idle_guests", "report_notes", "sessions") for _ in range(5)]
    db.session.commit()
    assert sweeping.sweep(engine, at=NOON) >= 15
    db.session.expire_all()
    assert not any(stands(key, ("note",) if key[0] is Report else ()) for key in keys)


def test_every_table_about_a_person_has_a_term() -> None:
    for name in Model.metadata.tables:
        assert (name in BY_TABLE) != (name in retention.OF_NOBODY) or name == DecisionEvidence.__tablename__, (
            f"{name}: say in retention.py how long it is kept, or why it is nobody's"
        )
    for kept in personal.KEPT:
        assert kept.name in BY_TABLE


def test_every_term_has_what_ends_it_and_sense() -> None:
    swept = {term.name for term in retention.TERMS if term.lasts and term.job == retention.SWEEP}
    assert swept == set(sweeping.SWEEPS) == set(MADE)
    assert len(retention.BY_NAME) == len(retention.TERMS)
    for term in retention.TERMS:
        assert (term.lasts is None) == bool(term.until), term.name
        if term.chosen:
            assert 1 <= term.least <= term.days <= term.most <= 9999, term.name
            assert term.of_site


def test_the_data_map_is_that_of_the_registry() -> None:
    assert data_map.written() == data_map.made(), "write it anew: python -m tests.data_map"


def test_a_network_is_kept_under_a_salt_that_no_day_sees_the_end_of(engine: Engine) -> None:
    network = client_address.prefix("203.0.113.77")
    assert (network, client_address.prefix("2001:db8:1:2::3")) == ("203.0.113.0/24", "2001:db8:1::/48")
    first = salting.digest(db.session(), network, at=NOON)
    assert salting.digest(db.session(), network, at=NOON + 11 * HOUR) == first
    signing_in.count_try(db.session(), "ann", address=network, at=NOON)
    assert db.session.get(SignInTry, first) is not None
    db.session.commit()
    assert "203.0.113" not in everything()
    (salt,) = db.session.scalars(select(NetworkSalt))
    since = salt.since
    sweeping.sweep(engine, at=since + salting.LASTS - HOUR / 60)
    assert len(db.session.scalars(select(NetworkSalt)).all()) == 1
    # The hourly sweep comes by at last an hour later, which is long before a day is over.
    sweeping.sweep(engine, at=since + salting.LASTS)
    db.session.expire_all()
    assert db.session.scalars(select(NetworkSalt)).all() == []
    assert salting.digest(db.session(), network, at=NOON) != first
