"""Who is signed in at the desk: rows that can be listed and ended, of which only a digest of the secret is kept."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session as DatabaseSession

from comments_service.accounts import SECRET, secret_digest
from comments_service.errors import NotFound
from comments_service.staff import Staff, roles_of
from comments_service.tables import Moderator, Session

DESK = "desk"
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_NOTED_EVERY = timedelta(minutes=1)
BROWSERS = (
    ("Firefox", r"Firefox/"),
    ("Edge", r"Edg/"),
    ("Opera", r"OPR/"),
    ("Chrome", r"Chrom(?:e|ium)/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone or iPad", r"iPhone|iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux"),
)


def start(
    session: DatabaseSession, moderator: Moderator, *, opened_by: str, device: str, origin: str, at: datetime
) -> str:  # fmt: skip
    """Open a session, under an id that nobody has seen before; returns its secret, shown this once."""
    secret = secrets.token_urlsafe(32)
    session.add(
        Session(
            purpose=DESK, audience=DESK, moderator_id=moderator.id, digest=secret_digest(secret), origin=origin,
            device=device, opened_by=opened_by, created=at, seen_at=at,
        )
    )  # fmt: skip
    session.flush()
    return secret


def find(session: DatabaseSession, secret: str, *, at: datetime) -> Staff | None:
    """Who is behind a secret, with the roles of this moment; nobody once it was ended or has run out."""
    if not SECRET.fullmatch(secret):
        return None
    found = session.execute(
        select(Session, Moderator)
        .join(Moderator, Moderator.id == Session.moderator_id)
        .where(Session.digest == secret_digest(secret), *_open(at))
    ).first()
    if found is None:
        return None
    row, moderator = found
    if at - row.seen_at >= SEEN_NOTED_EVERY:
        row.seen_at = at
    return Staff(
        id=moderator.id, login=moderator.login, name=moderator.name,
        has_password=moderator.password_hash is not None, session_id=row.id, opened_by=row.opened_by,
        roles=roles_of(session, moderator.id),
    )  # fmt: skip


def listing(session: DatabaseSession, staff: Staff, *, at: datetime) -> Sequence[Session]:
    """The open sessions of a moderator, the one seen last first."""
    return session.scalars(
        select(Session)
        .join(Moderator, Moderator.id == Session.moderator_id)
        .where(Session.moderator_id == staff.id, *_open(at))
        .order_by(Session.seen_at.desc(), Session.id)
    ).all()


def end(session: DatabaseSession, staff: Staff, session_id: str, *, at: datetime) -> None:
    """End one of one's own sessions; ending it again changes nothing. Raises NotFound."""
    row = session.scalars(
        select(Session).where(Session.id == session_id, Session.purpose == DESK, Session.moderator_id == staff.id)
    ).first()
    if row is None:
        raise NotFound("There is no such session.")
    row.revoked_at = row.revoked_at or at
    session.flush()


def end_all(session: DatabaseSession, moderator_id: str, *, at: datetime, but: str | None = None) -> int:
    """End the sessions of a moderator, all but one of them if it is named; how many were open."""
    ended = session.execute(
        update(Session)
        .where(
            Session.purpose == DESK, Session.moderator_id == moderator_id, Session.revoked_at.is_(None),
            Session.id != (but or ""),
        )
        .values(revoked_at=at)
        .returning(Session.id)
    )  # fmt: skip
    return len(ended.all())


def device(user_agent: str) -> str:
    """What a browser says it is, short enough for a list."""
    browser = next((name for name, mark in BROWSERS if re.search(mark, user_agent)), "Another browser")
    system = next((name for name, mark in SYSTEMS if re.search(mark, user_agent)), "")
    return f"{browser} on {system}" if system else browser


def _open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Session.purpose == DESK,
        Session.audience == DESK,
        Session.revoked_at.is_(None),
        and_(Session.created > at - LONGEST, Session.seen_at > at - IDLE),
        Moderator.disabled_at.is_(None),
    )
