"""Throw away what has served its purpose."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, delete, inspect, select, tuple_
from sqlalchemy.orm import Session as DatabaseSession

from comments_service.database import Model
from comments_service.leasing import in_turn
from comments_service.tables import IdempotencyKey, Job, OneTimeLink, Outbox, Session, SignInTry, SpentToken

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
EVERY = timedelta(hours=1)
# SQLite lets one write at a time: so many rows, then the readers' turn.
AT_ONCE = 500

Old = Callable[[datetime], ColumnElement[bool]]

# A revoked session is kept for a month, so that the desk can show that and when it was ended.
OLD: Mapping[type[Model], Old] = {
    IdempotencyKey: lambda at: IdempotencyKey.at < at - DAY,
    SpentToken: lambda at: SpentToken.at < at - DAY,
    OneTimeLink: lambda at: OneTimeLink.expires_at < at - DAY,
    Session: lambda at: (Session.revoked_at < at - MONTH)
    | ((Session.purpose == "desk") & (Session.created < at - MONTH)),
    SignInTry: lambda at: SignInTry.last_at < at - DAY,
    Outbox: lambda at: Outbox.sent_at < at - WEEK,
    Job: lambda at: Job.done_at < at - WEEK,
}


def sweep_if_due(engine: Engine, *, holder: str, at: datetime) -> bool:
    """Sweep once an hour, whichever process comes first; whether it was this one."""
    mine = in_turn(engine, "sweep", every=EVERY, holder=holder, at=at)
    if mine:
        sweep(engine, at=at)
    return mine


def sweep(engine: Engine, *, at: datetime) -> int:
    """Delete everything that is old, in small transactions; how many rows."""
    return sum(_sweep(engine, table, old(at)) for table, old in OLD.items())


def _sweep(engine: Engine, table: type[Model], old: ColumnElement[bool]) -> int:
    columns = inspect(table).primary_key
    some = select(*columns).where(old).limit(AT_ONCE)
    gone = 0
    while True:
        with DatabaseSession(engine) as session:
            deleted = len(session.execute(delete(table).where(tuple_(*columns).in_(some)).returning(*columns)).all())
            session.commit()
        gone += deleted
        if deleted < AT_ONCE:
            return gone
