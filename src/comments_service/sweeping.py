"""Throw away what has served its purpose."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, delete, exists, inspect, select, tuple_
from sqlalchemy.orm import Session as DatabaseSession

from comments_service.database import Model
from comments_service.leasing import in_turn
from comments_service.tables import (
    IdempotencyKey,
    Invitation,
    Job,
    MailAllowance,
    Mailbox,
    MailSignIn,
    Notice,
    OneTimeLink,
    Outbox,
    Report,
    ReportNotice,
    Session,
    SignInTry,
    SiteMail,
    SpentToken,
    StaffCode,
)

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
QUARTER = timedelta(days=91)
HALF_YEAR = timedelta(days=183)
EVERY = timedelta(hours=1)
# SQLite lets one write at a time: so many rows, then the readers' turn.
AT_ONCE = 500

Old = Callable[[datetime], ColumnElement[bool]]

# A revoked session is kept for a month, so that the desk can show that and when it was ended.
OLD: Mapping[type[Model], Old] = {
    IdempotencyKey: lambda at: IdempotencyKey.at < at - DAY,
    SpentToken: lambda at: SpentToken.at < at - DAY,
    StaffCode: lambda at: StaffCode.expires_at < at - DAY,
    # An owner sees a month long that somebody did not come.
    Invitation: lambda at: Invitation.expires_at < at - MONTH,
    OneTimeLink: lambda at: OneTimeLink.expires_at < at - DAY,
    Session: lambda at: (Session.revoked_at < at - MONTH)
    | ((Session.purpose == "desk") & (Session.created < at - MONTH)),
    # Who reported keeps no name here for longer than a decision can be complained about.
    ReportNotice: lambda at: (ReportNotice.at < at - HALF_YEAR) & _is_settled(),
    Notice: lambda at: Notice.created < at - QUARTER,
    SignInTry: lambda at: SignInTry.last_at < at - DAY,
    Outbox: lambda at: (Outbox.sent_at < at - WEEK) | (Outbox.cancelled_at < at - WEEK),
    # A claim that nobody has answered is no longer than that the address of whoever made it.
    Mailbox: lambda at: Mailbox.verified_at.is_(None) & (Mailbox.created < at - WEEK),
    MailSignIn: lambda at: MailSignIn.expires_at < at,
    MailAllowance: lambda at: MailAllowance.last_at < at - DAY,
    SiteMail: lambda at: SiteMail.hour < at - DAY,
    Job: lambda at: Job.done_at < at - WEEK,
}


def _is_settled() -> ColumnElement[bool]:
    of_notice = (Report.site_id == ReportNotice.site_id, Report.comment_id == ReportNotice.comment_id)
    return exists().where(*of_notice, Report.reader_id == ReportNotice.reader_id, Report.settled_by.is_not(None))


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
