"""Long work: done once with its effect, tried again, given up, and never in the way of the outbox."""

import threading
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from comments_service import jobs, notifying, working
from comments_service.database import db
from comments_service.tables import Job, Outbox
from tests.outbox import NOON, at_once, put, rows


def test_a_job_is_done_once_with_its_effect(engine: Engine, site_id: str) -> None:
    for _ in range(10):
        jobs.enqueue(db.session(), site_id, "count", {"n": 1}, at=NOON)
    db.session.commit()
    done: list[str] = []

    def count(session: Session, site: str, payload: dict[str, Any]) -> None:
        assert payload == {"n": 1}
        session.add(Outbox(site_id=site, event="counted", payload={}, due_at=NOON))
        done.append(site)

    def work() -> None:
        while jobs.run_due(engine, at=NOON, kinds={"count": count}):
            pass

    at_once(4, work)
    assert len(done) == len(rows()) == 10
    assert all(row.done_at for row in rows(Job))


def test_a_job_that_fails_leaves_nothing_behind_and_is_given_up_in_the_end(engine: Engine, site_id: str) -> None:
    jobs.enqueue(db.session(), site_id, "fail", {}, at=NOON)
    db.session.commit()

    def fail(session: Session, site: str, _payload: dict[str, Any]) -> None:
        session.add(Outbox(site_id=site, event="half", payload={}, due_at=NOON))
        session.flush()
        raise ValueError

    at = NOON
    while jobs.run_due(engine, at=at, kinds={"fail": fail}):
        at = rows(Job)[0].due_at
    [job] = rows(Job)
    assert (job.attempts, job.done_at) == (jobs.MAX_ATTEMPTS, None)
    assert job.dead_at is not None
    assert rows() == []


def test_a_job_that_outlives_its_lease_does_not_count_twice(engine: Engine, site_id: str) -> None:
    jobs.enqueue(db.session(), site_id, "slow", {}, at=NOON)
    db.session.commit()

    def effect(session: Session, site: str, _payload: dict[str, Any]) -> None:
        session.add(Outbox(site_id=site, event="effect", payload={}, due_at=NOON))

    def slow(session: Session, site: str, payload: dict[str, Any]) -> None:
        jobs.run_due(engine, at=NOON + jobs.LEASE, kinds={"slow": effect})
        effect(session, site, payload)

    jobs.run_due(engine, at=NOON, kinds={"slow": slow})
    assert len(rows()) == 1
    assert rows(Job)[0].done_at is not None


def test_a_stuck_job_does_not_block_the_outbox_and_the_worker_stops_without_it(
    engine: Engine, site_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, sent, released = threading.Event(), threading.Event(), threading.Event()

    def hang(_session: Session, _site: str, _payload: dict[str, Any]) -> None:
        stuck.set()
        released.wait(30)

    monkeypatch.setitem(notifying.SINKS, "comment.held", (lambda _event: sent.set(),))
    jobs.enqueue(db.session(), site_id, "hang", {}, at=NOON)
    db.session.commit()
    worker = working.Worker(engine, {"hang": hang}, mail={})
    worker.start()
    try:
        assert stuck.wait(10)
        put(site_id)
        assert sent.wait(10)
        assert not worker.stop(within=0.01)
    finally:
        released.set()
        assert worker.stop(within=10)


def test_the_worker_outlives_a_database_that_is_away(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    again, calls = threading.Event(), []

    def flaky(_engine: Engine, **_: Any) -> bool:
        calls.append(1)
        if len(calls) == 1:
            raise ConnectionError
        again.set()
        return False

    monkeypatch.setattr(working, "PAUSE_AFTER_FAILURE", 0.01)
    monkeypatch.setattr(jobs, "run_due", flaky)
    worker = working.Worker(engine, {}, mail={})
    worker.start()
    assert again.wait(10)
    assert worker.stop(within=10)
