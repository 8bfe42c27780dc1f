"""Let a browser write as staff: bound to a moderator by a code that counts once, and for a badge alone."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from comments_service.accounts import Visitor, join, secret_digest, writer
from comments_service.database import insert_into, take_turn
from comments_service.errors import NotYours
from comments_service.tables import Article, Membership, Moderator, Site, StaffCode, StaffReader

LIVES = timedelta(minutes=10)
CODE = re.compile(r"[A-Za-z0-9_-]{32}")
REFUSED = "This link has been used, or it is too old. Make a new one at the desk."


def make_code(session: Session, site: Site, moderator_id: str, *, at: datetime) -> str:
    """A code for one browser of a member, good once and for ten minutes; one that was made before ends."""
    _end_codes(session, site, moderator_id)
    code = secrets.token_urlsafe(24)
    session.add(
        StaffCode(site_id=site.id, moderator_id=moderator_id, digest=secret_digest(code), expires_at=at + LIVES)
    )
    session.flush()
    return code


def bind(session: Session, code: str, *, by: Visitor, at: datetime) -> str:
    """Make the visitor's reader the moderator behind a code; returns the name to write under.

    Raises NotYours for a code that is unknown, used, too old, of another site, or of nobody who works here any more.
    """
    take_turn(session)
    used = session.execute(
        update(StaffCode)
        .where(
            StaffCode.digest == secret_digest(code if CODE.fullmatch(code) else ""),
            StaffCode.site_id == by.site.id,
            StaffCode.used_at.is_(None),
            StaffCode.expires_at > at,
        )
        .values(used_at=at)
        .returning(StaffCode.moderator_id)
    ).first()
    person = _member(session, by.site, used.moderator_id) if used else None
    if person is None:
        raise NotYours(REFUSED)
    reader = writer(session, by) or join(session, by, name=person.name, at=at)
    reader.name = person.name
    bound = {"moderator_id": person.id, "created": at}
    session.execute(
        insert_into(session, StaffReader)
        .values(site_id=by.site.id, reader_id=reader.id, **bound)
        .on_conflict_do_update(index_elements=["site_id", "reader_id"], set_=bound)
    )
    return person.name


def unbind(session: Session, site: Site, moderator_id: str) -> None:
    """End the badge of every browser in which a moderator writes on a site; what was written keeps it."""
    _end_codes(session, site, moderator_id)
    session.execute(
        delete(StaffReader).where(StaffReader.site_id == site.id, StaffReader.moderator_id == moderator_id)
    )


def browsers(session: Session, site_ids: Sequence[str], moderator_id: str) -> dict[str, int]:
    """In how many browsers a moderator writes as staff, by the ids of the sites."""
    rows = session.execute(
        select(StaffReader.site_id, func.count())
        .where(StaffReader.moderator_id == moderator_id, StaffReader.site_id.in_(site_ids))
        .group_by(StaffReader.site_id)
    )
    return {site_id: int(number) for site_id, number in rows}


def of_site(session: Session, site: Site) -> dict[str, int]:
    """In how many browsers each moderator of a site writes as staff."""
    rows = session.execute(
        select(StaffReader.moderator_id, func.count())
        .where(StaffReader.site_id == site.id)
        .group_by(StaffReader.moderator_id)
    )
    return {moderator_id: int(number) for moderator_id, number in rows}


def place(session: Session, site: Site) -> str:
    """The address of an article of a site with a conversation, where a code can be used; none is an empty text."""
    newest = select(Article.url).where(Article.site_id == site.id).order_by(Article.id.desc()).limit(1)
    return session.scalars(newest).first() or ""


def _member(session: Session, site: Site, moderator_id: str) -> Moderator | None:
    return session.scalars(
        select(Moderator)
        .join(Membership, Membership.moderator_id == Moderator.id)
        .where(Membership.site_id == site.id, Moderator.id == moderator_id, Moderator.disabled_at.is_(None))
    ).first()


def _end_codes(session: Session, site: Site, moderator_id: str) -> None:
    session.execute(delete(StaffCode).where(StaffCode.site_id == site.id, StaffCode.moderator_id == moderator_id))
