"""What happens after a comment was stored: each event leaves at least once or is given up."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from comments_service import notifying, readiness, sweeping
from comments_service.database import db, new_id, now
from comments_service.leasing import LONGEST_WAIT, backoff, take
from comments_service.notifying import LEASE, Event, send_due, take_due
from comments_service.tables import (
    IdempotencyKey,
    Invitation,
    Job,
    Moderator,
    OneTimeLink,
    Outbox,
    SignInTry,
    SpentToken,
)
from comments_service.tables import Session as Signed
from tests.conftest import Browser
from tests.outbox import NOON, at_once, put, rows


def drain(engine: Engine, *, at: datetime, sink: Callable[[Event], None]) -> None:
    while send_due(engine, at=at, sinks={"comment.held": (sink,)}):
        pass


def broken(_event: Event) -> None:
    raise ConnectionError("the mail server is away")


def test_a_comment_that_is_held_is_announced_once_by_its_ids_alone(engine: Engine, ada: Browser) -> None:
    ada.post("Something that only Ada may read")
    sent: list[Event] = []
    drain(engine, at=now(), sink=sent.append)
    drain(engine, at=now() + timedelta(days=1), sink=sent.append)
    [event] = sent
    assert event.name == "comment.held"
    assert set(event.payload) == {"comment"}
    assert rows()[0].sent_at is not None


def test_a_refused_comment_announces_nothing(engine: Engine, ada: Browser, site_id: str) -> None:
    assert ada.post("").status_code == 422
    put(site_id)
    db.session.add(Outbox(site_id=site_id, event="comment.held", payload={}, due_at=NOON))
    db.session.flush()
    db.session.rollback()
    sent: list[Event] = []
    drain(engine, at=NOON, sink=sent.append)
    assert len(sent) == 1


def test_many_threads_send_each_event_once(engine: Engine, site_id: str) -> None:
    put(site_id, 40)
    sent: list[str] = []
    at_once(8, lambda: drain(engine, at=NOON, sink=lambda event: sent.append(event.id)))
    assert set(Counter(sent).values()) == {1}
    assert len(sent) == 40
    assert {row.attempts for row in rows()} == {1}


def test_an_event_whose_sender_died_is_sent_by_the_next(engine: Engine, site_id: str) -> None:
    put(site_id)
    lost = take_due(engine, at=NOON)
    sent: list[Event] = []
    drain(engine, at=NOON + LEASE - timedelta(seconds=1), sink=sent.append)
    assert sent == []
    drain(engine, at=NOON + LEASE, sink=sent.append)
    assert lost is not None
    assert [(event.id, event.attempts) for event in sent] == [(lost.id, 2)]


def test_a_sender_that_comes_back_too_late_does_not_free_what_another_has_claimed(engine: Engine, site_id: str) -> None:
    put(site_id)
    second: list[Event | None] = []

    def slow_and_broken(_event: Event) -> None:
        second.append(take_due(engine, at=NOON + LEASE))
        raise TimeoutError

    send_due(engine, at=NOON, sinks={"comment.held": (slow_and_broken,)})
    [row], [claim] = rows(), second
    assert claim is not None
    assert row.claimed_until == claim.claimed_until == NOON + 2 * LEASE


def test_what_cannot_be_sent_is_tried_again_later_and_given_up_in_the_end(engine: Engine, site_id: str) -> None:
    put(site_id)
    at, waits = NOON, []
    while rows()[0].dead_at is None:
        drain(engine, at=at, sink=broken)
        waits.append(rows()[0].due_at - at)
        at = max(rows()[0].due_at, at)
    [row] = rows()
    assert row.attempts == notifying.MAX_ATTEMPTS
    assert waits[0] < waits[3] < waits[6] <= LONGEST_WAIT
    assert row.sent_at is None
    assert notifying.dead(db.session()) == 1
    sent: list[Event] = []
    drain(engine, at=at + timedelta(days=1), sink=sent.append)
    assert sent == []


def test_one_event_that_fails_does_not_stand_in_front_of_the_others(engine: Engine, site_id: str) -> None:
    put(site_id)
    put(site_id, 3, due_at=NOON + timedelta(seconds=1))
    first, sent = rows()[0].id, []

    def sink(event: Event) -> None:
        if event.id == first:
            raise ConnectionError
        sent.append(event.id)

    drain(engine, at=NOON + timedelta(seconds=1), sink=sink)
    assert len(sent) == 3


def test_an_event_of_a_newer_release_and_a_cancelled_one_are_left_alone(engine: Engine, site_id: str) -> None:
    put(site_id, event="comment.translated")
    put(site_id)
    rows()[1].cancelled_at = NOON
    rows_before = [row.event for row in rows()]
    db.session.execute(update(Outbox).where(Outbox.event == "comment.held").values(cancelled_at=NOON))
    db.session.commit()
    assert len(rows_before) == 2
    assert take_due(engine, at=NOON) is None
    assert [row.attempts for row in rows()] == [0, 0]


def test_waiting_grows_and_is_never_the_same_for_all() -> None:
    assert all(timedelta(seconds=5) <= backoff(1) <= timedelta(seconds=10) for _ in range(50))
    assert all(LONGEST_WAIT / 2 <= backoff(number) <= LONGEST_WAIT for number in (10, 100, 10_000))
    assert len({backoff(5) for _ in range(200)}) > 10


def test_a_post_is_answered_while_the_sender_hangs(engine: Engine, ada: Browser, site_id: str) -> None:
    put(site_id)
    begun, released = threading.Event(), threading.Event()

    def hanging(_event: Event) -> None:
        begun.set()
        released.wait(30)

    thread = threading.Thread(target=lambda: send_due(engine, at=NOON, sinks={"comment.held": (hanging,)}))
    thread.start()
    try:
        assert begun.wait(10)
        assert ada.post("Posted while the mail server sleeps").status_code == 202
    finally:
        released.set()
        thread.join(10)
    assert len(rows()) == 2


def test_a_lease_has_one_holder_until_its_time_is_up(engine: Engine) -> None:
    def holder(name: str, at: datetime) -> bool:
        with Session(engine) as session:
            got = take(session, "sweep", holder=name, at=at, until=at + timedelta(hours=1))
            session.commit()
        return got

    names = iter("abcdefgh")
    assert sum(map(bool, at_once(8, lambda: holder(next(names), NOON)))) == 1
    assert not holder("z", NOON + timedelta(minutes=59))
    assert holder("z", NOON + timedelta(hours=1))


def test_what_has_served_its_purpose_is_swept_once_an_hour(engine: Engine, site_id: str) -> None:
    def signed(**more: Any) -> Signed:
        return Signed(
            purpose="desk", audience="desk", moderator_id=mia.id, digest=new_id().encode(), origin="", created=NOON,
            seen_at=NOON, **more,
        )  # fmt: skip

    mia = Moderator(id=new_id(), login="mia", name="Mia", created=NOON)
    db.session.add(mia)
    db.session.flush()
    for age in (timedelta(hours=23), timedelta(hours=25)):
        at = NOON - age
        db.session.add(IdempotencyKey(site_id=site_id, digest=str(age).encode(), body=b"", answer={}, at=at))
        db.session.add(SpentToken(site_id=site_id, digest=str(age).encode(), at=at))
        db.session.add(SignInTry(digest=str(age).encode(), tries=1, last_at=at))
        db.session.add(OneTimeLink(moderator_id=mia.id, digest=str(age).encode(), created=at, expires_at=at))
    old = {"digest": b"old", "created": NOON, "expires_at": NOON - timedelta(days=31)}
    db.session.add(Invitation(site_id=site_id, moderator_id=mia.id, invited_by=mia.id, **old))
    db.session.add_all([signed(), signed(revoked_at=NOON), signed(revoked_at=NOON - timedelta(days=31))])
    db.session.add(Outbox(site_id=site_id, event="x", payload={}, due_at=NOON, sent_at=NOON - timedelta(days=8)))
    db.session.add(Outbox(site_id=site_id, event="x", payload={}, due_at=NOON, dead_at=NOON - timedelta(days=8)))
    db.session.add(Job(site_id=site_id, kind="x", payload={}, due_at=NOON, done_at=NOON - timedelta(days=8)))
    db.session.commit()

    assert sweeping.sweep_if_due(engine, holder="a", at=NOON)
    assert not sweeping.sweep_if_due(engine, holder="b", at=NOON + timedelta(minutes=30))
    kept = (IdempotencyKey, SpentToken, OneTimeLink, SignInTry, Signed, Outbox, Job, Invitation)
    left = {table.__tablename__: len(list(db.session.scalars(select(table)))) for table in kept}
    assert left == {
        "idempotency_keys": 1, "spent_tokens": 1, "one_time_links": 1, "sessions": 2, "outbox": 1, "jobs": 0,
        "sign_in_tries": 1, "invitations": 0,
    }  # fmt: skip
    assert sweeping.sweep_if_due(engine, holder="b", at=NOON + timedelta(hours=1))


def test_more_than_one_transaction_of_old_rows_is_swept(engine: Engine, site_id: str) -> None:
    db.session.add_all(
        SpentToken(site_id=site_id, digest=new_id().encode(), at=NOON - timedelta(days=2))
        for _ in range(sweeping.AT_ONCE + 7)
    )
    db.session.commit()
    assert sweeping.sweep(engine, at=NOON) == sweeping.AT_ONCE + 7


def test_an_outbox_that_nobody_empties_makes_the_service_unready(engine: Engine, app: Flask, site_id: str) -> None:
    put(site_id, due_at=now() - readiness.OVERDUE)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "checks": {"database": "ok", "migrations": "ok", "outbox": "failed"}}
    take_due(engine, at=now())
    assert app.test_client().get("/readyz").status_code == 200
