"""Long work, in a table and a thread of its own so that it never stands in front of the outbox."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Engine, and_, func, select, update
from sqlalchemy.orm import Session

from comments_service.leasing import backoff, claim
from comments_service.tables import Job

log = structlog.get_logger()
LEASE = timedelta(minutes=10)
MAX_ATTEMPTS = 5

# What a job does: `run(session, site_id, payload)` within the lease. It flushes; its effect and the mark that it is
# done are committed together. What it does outside of the database may happen twice.
Run = Callable[[Session, str, dict[str, Any]], None]


def enqueue(session: Session, site_id: str, kind: str, payload: dict[str, Any], *, at: datetime) -> Job:
    """Ask for work of one kind, in the caller's transaction; it begins at `at` or later."""
    job = Job(site_id=site_id, kind=kind, payload=payload, due_at=at)
    session.add(job)
    session.flush()
    return job


def run_due(engine: Engine, *, at: datetime, kinds: Mapping[str, Run]) -> bool:
    """Do the oldest job that is due; whether there was one. A job that fails is tried again later, then given up."""
    with Session(engine, expire_on_commit=False) as session:
        job = claim(session, Job, and_(_open(), Job.kind.in_(kinds)), at=at, lease=LEASE)
        session.commit()
    if job is None:
        return False
    try:
        with Session(engine) as session:
            kinds[job.kind](session, job.site_id, job.payload)
            if _settle(session, job, done_at=at):
                session.commit()
    except Exception as error:  # Work may fail in any way; it waits for its next turn.
        log.warning("job failed", job_id=job.id, kind=job.kind, attempts=job.attempts, exc_info=error)
        with Session(engine) as session:
            _put_back(session, job, at=at)
            session.commit()
    return True


def dead(session: Session) -> int:
    """How many jobs were given up."""
    return session.scalar(select(func.count()).where(Job.dead_at.is_not(None))) or 0


def retry_dead(session: Session, *, at: datetime) -> int:
    """Let the jobs that were given up begin once more; how many."""
    again = update(Job).where(Job.dead_at.is_not(None))
    again = again.values(dead_at=None, claimed_until=None, attempts=0, due_at=at)
    return len(session.execute(again.returning(Job.id)).all())


def _put_back(session: Session, job: Job, *, at: datetime) -> None:
    if job.attempts >= MAX_ATTEMPTS:
        _settle(session, job, dead_at=at)
    else:
        _settle(session, job, due_at=at + backoff(job.attempts), claimed_until=None)


def _settle(session: Session, job: Job, **values: datetime | None) -> bool:
    # Only while the claim is ours: after it ran out, the row and its effect are somebody else's.
    settled = session.execute(
        update(Job)
        .where(Job.site_id == job.site_id, Job.id == job.id, Job.claimed_until == job.claimed_until)
        .values(**values)
        .returning(Job.id)
    )
    return bool(settled.all())


def _open() -> ColumnElement[bool]:
    return and_(Job.done_at.is_(None), Job.dead_at.is_(None))
