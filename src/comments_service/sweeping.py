"""Throw away what has served its purpose, of each site when its own time is over (`retention`)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Text, and_, cast, delete, exists, inspect, select, true, tuple_, update
from sqlalchemy.orm import Session as DatabaseSession

from comments_service import personal, retention
from comments_service.database import Model, id_at, take_turn
from comments_service.leasing import in_turn
from comments_service.retention import Term
from comments_service.tables import (
    Comment,
    DecisionEvidence,
    IdempotencyKey,
    Invitation,
    Job,
    MailAllowance,
    Mailbox,
    MailSignIn,
    NetworkSalt,
    Notice,
    NoticeSettings,
    OneTimeLink,
    Outbox,
    Reader,
    Report,
    ReportNotice,
    Session,
    SignInTry,
    Site,
    SiteMail,
    SpentToken,
    StaffCode,
)

EVERY = timedelta(hours=1)
# SQLite lets one write at a time: so many rows, then the readers' turn.
AT_ONCE = 500

# Which rows a moment makes too old.
Old = Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True)
class Sweep:
    """What ends a term: rows of a table that are `old` go, or only what they say, where there is something to `empty`.

    `old` is of nothing that was emptied already.
    """

    table: type[Model]
    old: Old
    empty: Mapping[str, Any] = field(default_factory=dict)


def _done_with(before: datetime) -> ColumnElement[bool]:
    """Whether a report was settled before then; nobody settles one of a comment that its author has taken back."""
    its_comment = (Comment.site_id == Report.site_id, Comment.id == Report.comment_id)
    taken_back = exists().where(*its_comment, Comment.status == "withdrawn")
    # The id of the decision says when it was made.
    return (Report.at < before) & ((Report.settled_by < id_at(before)) | taken_back)


def _notice_done_with(before: datetime) -> ColumnElement[bool]:
    of_report = (Report.site_id == ReportNotice.site_id, Report.comment_id == ReportNotice.comment_id)
    its = exists().where(*of_report, Report.reader_id == ReportNotice.reader_id, _done_with(before))
    return (ReportNotice.at < before) & its


def _left_nothing(before: datetime) -> ColumnElement[bool]:
    """A guest of whom no table holds more than a browser, and what was wished there and told."""
    passing = (Reader, Session, NoticeSettings, Notice)
    rows = [kept for kept in personal.KEPT if kept.table not in passing and hasattr(kept.table, "reader_id")]
    seen = (Session.site_id == Reader.site_id, Session.reader_id == Reader.id, Session.seen_at >= before)
    # The registry asks for one reader; to the database each row of the table is one.
    left: Any = Reader
    nothing = [~exists(select(1).select_from(kept.table).where(kept.of(left))) for kept in rows]
    return and_(Reader.created < before, ~Reader.erased(), ~exists().where(*seen), *nothing)


def _evidence(before: datetime) -> ColumnElement[bool]:
    # Ids sort by time, so the key finds what is old.
    says = (DecisionEvidence.name != "") | (cast(DecisionEvidence.objections, Text) != "[]")
    return (DecisionEvidence.decision_id < id_at(before)) & says


# By the name of the term that each enforces.
SWEEPS: Mapping[str, Sweep] = {
    "answers": Sweep(IdempotencyKey, lambda before: IdempotencyKey.at < before),
    "spent_tokens": Sweep(SpentToken, lambda before: SpentToken.at < before),
    "staff_codes": Sweep(StaffCode, lambda before: StaffCode.expires_at < before),
    "invitations": Sweep(Invitation, lambda before: Invitation.expires_at < before),
    "links": Sweep(OneTimeLink, lambda before: OneTimeLink.expires_at < before),
    "sessions": Sweep(Session, lambda before: (Session.purpose == "reader") & (Session.seen_at < before)),
    # Kept for a while, so that it can be shown that and when one was ended.
    "ended_sessions": Sweep(Session, lambda before: (Session.purpose == "reader") & (Session.revoked_at < before)),
    "desk_sessions": Sweep(
        Session,
        lambda before: (Session.purpose == "desk") & ((Session.revoked_at < before) | (Session.created < before)),
    ),
    "report_notices": Sweep(ReportNotice, _notice_done_with),
    "report_notes": Sweep(Report, lambda before: (Report.note != "") & _done_with(before), {"note": ""}),
    "evidence": Sweep(DecisionEvidence, _evidence, {"name": "", "objections": []}),
    "notices": Sweep(Notice, lambda before: Notice.created < before),
    "tries": Sweep(SignInTry, lambda before: SignInTry.last_at < before),
    "salts": Sweep(NetworkSalt, lambda before: NetworkSalt.since <= before),
    "sent": Sweep(Outbox, lambda before: (Outbox.sent_at < before) | (Outbox.cancelled_at < before)),
    "dead_letters": Sweep(Outbox, lambda before: Outbox.dead_at < before),
    "unconfirmed": Sweep(Mailbox, lambda before: Mailbox.verified_at.is_(None) & (Mailbox.created < before)),
    # It says itself when it is over, so many minutes after it was made.
    "mail_sign_ins": Sweep(
        MailSignIn, lambda before: MailSignIn.expires_at < before + (retention.BY_NAME["mail_sign_ins"].lasts or EVERY)
    ),
    "allowances": Sweep(MailAllowance, lambda before: MailAllowance.last_at < before),
    "jobs": Sweep(Job, lambda before: Job.done_at < before),
    "idle_guests": Sweep(Reader, _left_nothing),
}  # fmt: skip
# What says nothing about anybody, and is in the way.
COUNTS = Sweep(SiteMail, lambda before: SiteMail.hour < before)


def sweep_if_due(engine: Engine, *, holder: str, at: datetime) -> bool:
    """Sweep once an hour, whichever process comes first; whether it was this one."""
    mine = in_turn(engine, "sweep", every=EVERY, holder=holder, at=at)
    if mine:
        sweep(engine, at=at)
    return mine


def sweep(engine: Engine, *, at: datetime) -> int:
    """Delete everything that is old, in small transactions; how many rows."""
    gone = _sweep(engine, COUNTS, COUNTS.old(at - retention.DAY))
    for name, one in SWEEPS.items():
        for before, which in _scopes(engine, retention.BY_NAME[name], one.table, at=at):
            gone += _sweep(engine, one, one.old(before) & which)
    return gone


def _scopes(
    engine: Engine, term: Term, table: Any, *, at: datetime
) -> Iterator[tuple[datetime, ColumnElement[bool]]]:
    """Before when is old, and for which rows: one for all sites that keep the default, and one for each other."""
    default = at - (term.lasts or timedelta())
    if not term.chosen:
        yield default, true()
        return
    with DatabaseSession(engine) as session:
        sites = [site for site in session.scalars(select(Site)) if term.name in site.retention]
        own = {site.id: at - timedelta(days=retention.days(site, term)) for site in sites}
    yield default, table.site_id.not_in(own) if own else true()
    for site_id, before in own.items():
        yield before, table.site_id == site_id


def _sweep(engine: Engine, one: Sweep, old: ColumnElement[bool]) -> int:
    piece = _guests if one.table is Reader else _rows
    gone = 0
    while True:
        with DatabaseSession(engine) as session:
            taken = piece(session, one, old)
            session.commit()
        gone += taken
        if taken < AT_ONCE:
            return gone


def _rows(session: DatabaseSession, one: Sweep, old: ColumnElement[bool]) -> int:
    columns = inspect(one.table).primary_key
    which = tuple_(*columns).in_(select(*columns).where(old).limit(AT_ONCE))
    change = update(one.table).values(**one.empty) if one.empty else delete(one.table)
    done = change.where(which).returning(*columns).execution_options(synchronize_session=False)
    return len(session.execute(done).all())


def _guests(session: DatabaseSession, _one: Sweep, old: ColumnElement[bool]) -> int:
    """Guests go with their browsers. Whoever of them does something at this moment comes first, and stays."""
    # Looking through all readers takes a while in which nobody else could write on SQLite, so it comes before the turn.
    found = session.execute(select(Reader.site_id, Reader.id).where(old).limit(AT_ONCE)).all()
    if not found:
        return 0
    take_turn(session)
    keys = [(row.site_id, row.id) for row in found]
    its = tuple_(Reader.site_id, Reader.id).in_(keys)
    session.execute(select(Reader.id).where(its).order_by(Reader.site_id, Reader.id).with_for_update())
    # Asked again under the lock: what has come in between is seen now.
    idle = session.execute(select(Reader.site_id, Reader.id).where(its, old)).all()
    for table in (Session, NoticeSettings, Notice):
        of_them = tuple_(table.site_id, table.reader_id).in_([(row.site_id, row.id) for row in idle])
        session.execute(delete(table).where(of_them).execution_options(synchronize_session=False))
    gone = tuple_(Reader.site_id, Reader.id).in_([(row.site_id, row.id) for row in idle])
    session.execute(delete(Reader).where(gone).execution_options(synchronize_session=False))
    return len(idle)
