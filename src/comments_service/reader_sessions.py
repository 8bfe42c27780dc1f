"""How long somebody who signed in stays so: secrets that are made here, replaced now and then, and ended at once.

Secrets that rotate, with their family (RFC 9700, section 4.14): one that was replaced and comes again has been copied,
and whoever has it, thief or reader, has to sign in anew. `accounts.arrive` looks after that.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, or_, select, update
from sqlalchemy.orm import Session as DatabaseSession

from comments_service.accounts import Lives, Visitor, end_family, require_writer, secret_digest
from comments_service.database import new_id, take_turn
from comments_service.errors import NotFound, NotSignedIn
from comments_service.tables import Reader, Session

SHOWN = 50
NOBODY = "You are not signed in here."


def start(
    session: DatabaseSession, reader: Reader, *, opened_by: str, origin: str, at: datetime,
    after: Session | None = None, device: str = "",
) -> str:  # fmt: skip
    """Open a session of a reader at an origin, in place of the one before; returns its secret, shown this once."""
    secret = secrets.token_urlsafe(32)
    session.add(
        Session(
            purpose="reader", audience=reader.site_id, site_id=reader.site_id, reader_id=reader.id, origin=origin,
            digest=secret_digest(secret), opened_by=opened_by, created=after.created if after else at, seen_at=at,
            family=after.family if after else new_id(), device=device,
        )
    )  # fmt: skip
    session.flush()
    return secret


def rotate(session: DatabaseSession, by: Visitor, *, at: datetime) -> str:
    """A new secret for the visitor's session; the one before counts for a minute more. Raises NotSignedIn."""
    reader, row = alone(session, by)
    if not by.signed_in:
        raise NotSignedIn(NOBODY)
    row.replaced_at = row.replaced_at or at
    return start(session, reader, opened_by=row.opened_by, origin=by.origin, at=at, after=row, device=by.device)


def end(session: DatabaseSession, by: Visitor, *, at: datetime) -> None:
    """Sign out here: the visitor's session ends, with all that were made from the same sign-in. Raises NotSignedIn."""
    _, row = alone(session, by)
    end_family(session, row, at=at)


def end_of_guest(session: DatabaseSession, reader: Reader, *, at: datetime) -> None:
    """End what a reader was known by before signing in: whoever else holds such a secret gets no account by it."""
    of_guest = (Session.site_id == reader.site_id, Session.reader_id == reader.id, Session.opened_by == "")
    session.execute(update(Session).where(*of_guest, Session.revoked_at.is_(None)).values(revoked_at=at))


def has_signed_in(session: DatabaseSession, reader: Reader, *, by: str) -> bool:
    """Whether a reader has signed in this way before, as far as anything is kept of it."""
    its = (Session.site_id == reader.site_id, Session.reader_id == reader.id, Session.opened_by == by)
    return bool(session.scalar(select(exists().where(*its))))


def end_all(session: DatabaseSession, by: Visitor, *, at: datetime) -> None:
    """Sign out everywhere: every session of this reader on the site ends. Raises NotSignedIn."""
    reader, _ = alone(session, by)
    session.execute(update(Session).where(*_of(reader)).values(revoked_at=at))


def listing(session: DatabaseSession, by: Visitor, *, lives: Lives, at: datetime) -> Sequence[Session]:
    """The open sessions of the visitor's reader: this one, and then those seen last, fifty at most; none of nobody."""
    if by.reader is None or by.session is None:
        return ()
    # A page that signs its reader in with each visit leaves many.
    present_first = case((Session.family == by.session.family, 0), else_=1)
    lasts = and_(Session.seen_at > at - lives.idle, Session.created > at - lives.longest)
    its = (*_of(by.reader), Session.replaced_at.is_(None), or_(Session.opened_by == "", lasts))
    order = (present_first, Session.seen_at.desc(), Session.id)
    return session.scalars(select(Session).where(*its).order_by(*order).limit(SHOWN)).all()


def is_present(row: Session, by: Visitor) -> bool:
    """Whether it is the session of this very browser, or the one that took its place."""
    return by.session is not None and row.family == by.session.family


def end_one(session: DatabaseSession, by: Visitor, session_id: str, *, at: datetime) -> None:
    """End one of the visitor's own sessions; ending it again changes nothing. Raises NotFound or NotSignedIn."""
    reader, _ = alone(session, by)
    its = (Session.site_id == reader.site_id, Session.reader_id == reader.id, Session.purpose == "reader")
    row = session.scalars(select(Session).where(Session.id == session_id, *its)).first()
    if row is None:
        raise NotFound("There is no such session.")
    end_family(session, row, at=at)


def end_others(session: DatabaseSession, by: Visitor, *, at: datetime) -> None:
    """Sign out everywhere but here. Raises NotSignedIn."""
    reader, row = alone(session, by)
    session.execute(update(Session).where(*_of(reader), Session.family != row.family).values(revoked_at=at))


def _of(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    return (
        Session.site_id == reader.site_id, Session.reader_id == reader.id, Session.purpose == "reader",
        Session.revoked_at.is_(None),
    )  # fmt: skip


def alone(session: DatabaseSession, by: Visitor) -> tuple[Reader, Session]:
    """The visitor's reader and session. No other of its sessions begins or ends meanwhile, so none is overlooked."""
    take_turn(session)
    reader = require_writer(session, by)
    key, alone = (reader.site_id, reader.id), {"key_share": True}
    reader = session.get_one(Reader, key, with_for_update=alone, populate_existing=True)
    row = session.get_one(Session, by.session.id if by.session else "", populate_existing=True)
    if row.revoked_at is not None:
        raise NotSignedIn(NOBODY)
    return reader, row
