"""Who may do a piece of work now: rows and names are claimed for a while, so that several processes share the work.

A claim is one statement. Whoever dies with a claim loses it when its time is up, and somebody else does the work again.
"""

import secrets
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Engine, exists, or_, select, tuple_, update
from sqlalchemy.orm import Session

from comments_service.database import insert_into
from comments_service.tables import Job, Lease, Outbox

Work = TypeVar("Work", Outbox, Job)

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)


def claim(
    session: Session, table: type[Work], due: ColumnElement[bool], *, at: datetime, lease: timedelta
) -> Work | None:
    """The oldest row that is `due` and nobody's, claimed until `at + lease` and counted as an attempt."""
    free = due & (table.due_at <= at) & or_(table.claimed_until.is_(None), table.claimed_until <= at)
    # Looking first costs no lock; SQLite has one for all writers.
    if not session.scalar(select(exists().where(free))):
        return None
    oldest = (
        select(table.site_id, table.id).where(free).order_by(table.due_at).limit(1).with_for_update(skip_locked=True)
    ).cte("oldest")
    return session.scalars(
        update(table)
        .where(tuple_(table.site_id, table.id).in_(select(oldest.c.site_id, oldest.c.id)), free)
        .values(claimed_until=at + lease, attempts=table.attempts + 1)
        .returning(table)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()


def take(session: Session, name: str, *, holder: str, at: datetime, until: datetime) -> bool:
    """Whether `holder` now has the lease of a name; as long as one holds it nobody gets it, not even the same again."""
    if session.scalar(select(exists().where(Lease.name == name, Lease.until > at))):
        return False
    wanted = insert_into(session, Lease).values(name=name, holder=holder, until=until)
    got = session.execute(
        wanted.on_conflict_do_update(
            index_elements=["name"], set_={"holder": holder, "until": until}, where=Lease.until <= at
        ).returning(Lease.name)
    ).all()
    return bool(got)


def in_turn(engine: Engine, name: str, *, every: timedelta, holder: str, at: datetime) -> bool:
    """Whether `holder` is to do now what is done once in a while, by whichever process comes first."""
    with Session(engine) as session:
        mine = take(session, name, holder=holder, at=at, until=at + every)
        session.commit()
    return mine


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, an hour at most, and up to half of it less.

    Chance decides how much less, so that what failed together is not tried again together.
    """
    longest = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
    return longest * (50 + secrets.randbelow(51)) // 100
