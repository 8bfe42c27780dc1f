"""Somebody new joins the staff of a site by a link of its owner, and chooses a password on the way in."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from comments_service import desk_sessions, passwords, signing_in
from comments_service import staff as people
from comments_service.accounts import SECRET, secret_digest
from comments_service.errors import NotFound
from comments_service.staff import Staff
from comments_service.tables import Invitation, Membership, Moderator, OneTimeLink, Site
from comments_service.tables import Session as DeskSession

LIVES = timedelta(days=7)
GONE = "This invitation has been used or taken back, or it is too old. Ask for a new one."


@dataclass(frozen=True, kw_only=True)
class Welcome:
    """Who is invited where, and by whom."""

    moderator_id: str
    login: str
    name: str
    site_name: str
    by: str


def invite(session: Session, site: Site, person: Moderator, *, by: Staff, at: datetime) -> str:
    """The token of a new invitation for a member who has never been at the desk; the one before counts no more."""
    session.execute(delete(Invitation).where(Invitation.moderator_id == person.id))
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(site_id=site.id, moderator_id=person.id, invited_by=by.id, digest=secret_digest(token), created=at,
                   expires_at=at + LIVES)
    )  # fmt: skip
    session.flush()
    return token


def link(desk: str, token: str) -> str:
    """The address that a token is given out as; `desk` is scheme and host of the desk."""
    return f"{desk}/desk/invitation/{token}"


def pending(session: Session, site: Site) -> Mapping[str, datetime]:
    """Until when whom on a site an invitation waits for, by the ids of the invited; those that are too old too."""
    rows = session.execute(
        select(Invitation.moderator_id, Invitation.expires_at).where(Invitation.site_id == site.id)
    )
    return {row.moderator_id: row.expires_at for row in rows}


def waits(session: Session, person: Moderator) -> bool:
    """Whether somebody has been invited and has not come yet."""
    return bool(session.scalar(select(exists().where(Invitation.moderator_id == person.id))))


def again(session: Session, site: Site, moderator_id: str, *, by: Staff, at: datetime) -> str:
    """A new token in the place of one that waits. Raises NotFound, or NotYours for who has a role elsewhere by now."""
    person = _invited(session, site, moderator_id)
    people.require_all_owned(session, by, person)
    return invite(session, site, person, by=by, at=at)


def revoke(session: Session, site: Site, moderator_id: str) -> None:
    """Take an invitation back, and the role that came with it; nothing is left of a login that nobody used.

    Raises NotFound.
    """
    person = _invited(session, site, moderator_id)
    session.execute(delete(Invitation).where(Invitation.moderator_id == person.id))
    session.execute(delete(Membership).where(Membership.moderator_id == person.id, Membership.site_id == site.id))
    unused = (
        Moderator.id == person.id, ~_has(Membership.moderator_id, person), ~_has(DeskSession.moderator_id, person),
        ~_has(OneTimeLink.moderator_id, person),
    )  # fmt: skip
    session.expunge(person)
    session.execute(delete(Moderator).where(*unused))


def look(session: Session, token: str, *, at: datetime) -> Welcome:
    """What a token invites to; it is not used up by that. Raises NotFound."""
    host = aliased(Moderator)
    row = session.execute(
        select(Moderator.id, Moderator.login, Moderator.name, Site.name.label("site_name"), host.name.label("by"))
        .select_from(Invitation)
        .join(Moderator, Moderator.id == Invitation.moderator_id)
        .join(host, host.id == Invitation.invited_by)
        .join(Site, Site.id == Invitation.site_id)
        .where(*_counts(token, at), Moderator.disabled_at.is_(None))
    ).first()
    if row is None:
        raise NotFound(GONE)
    return Welcome(moderator_id=row.id, login=row.login, name=row.name, site_name=row.site_name, by=row.by)


def accept(session: Session, token: str, password: str, *, device: str, origin: str, at: datetime) -> str:
    """The secret of the first session of whoever was invited, with the password they chose.

    Raises Invalid for a password that will not do, which uses nothing up, and NotFound.
    """
    welcome = look(session, token, at=at)
    known = [welcome.login, welcome.name, welcome.site_name]
    passwords.require_good(password, known=known)
    # Of two who press at once, one takes the row away.
    taken = session.execute(delete(Invitation).where(*_counts(token, at)).returning(Invitation.moderator_id)).first()
    if taken is None:
        raise NotFound(GONE)
    person = session.get_one(Moderator, welcome.moderator_id)
    person.password_hash = passwords.digest(password)
    signing_in.end_links(session, person.id)
    return desk_sessions.start(session, person, opened_by="password", device=device, origin=origin, at=at)


def _invited(session: Session, site: Site, moderator_id: str) -> Moderator:
    waits = exists().where(Invitation.moderator_id == moderator_id, Invitation.site_id == site.id)
    person = people.member(session, site, moderator_id) if session.scalar(select(waits)) else None
    if person is None:
        raise NotFound("This site has no such member.")
    return person


def _counts(token: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    digest = secret_digest(token if SECRET.fullmatch(token) else "")
    return Invitation.digest == digest, Invitation.expires_at > at, ~_opens_more()


def _opens_more() -> ColumnElement[bool]:
    """Whether the invited has a role by now on a site that the host does not own: not the host's to give."""
    role, owner = aliased(Membership), aliased(Membership)
    of_host = (owner.moderator_id == Invitation.invited_by, owner.site_id == role.site_id, owner.role == "owner")
    return exists().where(role.moderator_id == Invitation.moderator_id, ~exists().where(*of_host))


def _has(column: InstrumentedAttribute[Any], person: Moderator) -> ColumnElement[bool]:
    return exists().where(column == person.id)
