"""Who is signed in at the desk: rows that can be listed and ended, of which only a digest of the secret is kept."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session as DatabaseSession

from comments_service import second_factor
from comments_service.accounts import SECRET, secret_digest
from comments_service.errors import NotFound
from comments_service.staff import Staff, roles_of
from comments_service.tables import Moderator, SecondFactor, Session

DESK = "desk"
# Somebody whose password was right, or whose link was good, and whose code is awaited: that opens nothing yet.
CODE = "code"
CODE_AWAITED = timedelta(minutes=10)
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
    """Open a session, or half of one for whoever has a second factor; returns its secret, shown this once."""
    audience = CODE if second_factor.is_set(session, moderator.id) else DESK
    row = Session(
        purpose=DESK, audience=audience, moderator_id=moderator.id, origin=origin, device=device, opened_by=opened_by
    )
    return _open_row(session, row, at=at)


def halfway(session: DatabaseSession, secret: str, *, at: datetime) -> tuple[Session, Moderator] | None:
    """The session behind a secret that waits for its code, and whose it is."""
    found = session.execute(
        select(Session, Moderator)
        .join(Moderator, Moderator.id == Session.moderator_id)
        .where(
            Session.digest == secret_digest(secret if SECRET.fullmatch(secret) else ""),
            Session.purpose == DESK, Session.audience == CODE, Session.revoked_at.is_(None),
            Session.created > at - CODE_AWAITED, Moderator.disabled_at.is_(None),
        )
    ).first()  # fmt: skip
    return (found[0], found[1]) if found else None


def complete(session: DatabaseSession, half: Session, *, at: datetime) -> str:
    """Open the whole session in the place of its half, under an id that nobody has seen before; its secret."""
    half.revoked_at = at
    row = Session(
        purpose=DESK, audience=DESK, moderator_id=half.moderator_id, origin=half.origin, device=half.device,
        opened_by=half.opened_by,
    )  # fmt: skip
    return _open_row(session, row, at=at)


def find(session: DatabaseSession, secret: str, *, at: datetime) -> Staff | None:
    """Who is behind a secret, with the roles of this moment; nobody once it was ended or has run out."""
    if not SECRET.fullmatch(secret):
        return None
    found = session.execute(
        select(Session, Moderator, SecondFactor.confirmed_at)
        .join(Moderator, Moderator.id == Session.moderator_id)
        .outerjoin(SecondFactor, SecondFactor.moderator_id == Moderator.id)
        .where(Session.digest == secret_digest(secret), *_open(at))
    ).first()
    if found is None:
        return None
    row, moderator, second = found
    if at - row.seen_at >= SEEN_NOTED_EVERY:
        row.seen_at = at
    return Staff(
        language=moderator.language,
        id=moderator.id, login=moderator.login, name=moderator.name,
        has_password=moderator.password_hash is not None, has_second_factor=second is not None,
        session_id=row.id, opened_by=row.opened_by, proved_at=row.proved_at or row.created,
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


def note_proof(session: DatabaseSession, staff: Staff, *, at: datetime) -> None:
    """Keep that whoever holds this session has just proved who that is."""
    session.get_one(Session, staff.session_id).proved_at = at
    session.flush()


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


def _open_row(session: DatabaseSession, row: Session, *, at: datetime) -> str:
    secret = secrets.token_urlsafe(32)
    row.digest, row.created, row.seen_at = secret_digest(secret), at, at
    session.add(row)
    session.flush()
    return secret


def _open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Session.purpose == DESK,
        Session.audience == DESK,
        Session.revoked_at.is_(None),
        and_(Session.created > at - LONGEST, Session.seen_at > at - IDLE),
        Moderator.disabled_at.is_(None),
    )
