"""The two ways to the desk, a password and a one-time link, the code that follows, and how often each may be tried."""

import hashlib
import secrets
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from comments_service import desk_sessions, passwords, salting, second_factor
from comments_service import staff as people
from comments_service.accounts import SECRET, secret_digest
from comments_service.database import insert_into, take_turn
from comments_service.errors import Invalid, NotFound, NotSignedIn, TooMany
from comments_service.sealing import Keyring
from comments_service.staff import Staff, normal_login
from comments_service.tables import Invitation, Moderator, OneTimeLink, SignInTry, Site
from comments_service.tables import Session as DeskSession

LINK_LIVES = timedelta(hours=24)
# A link proves who somebody is for as long as it takes to think of a new password.
LINK_COUNTS_AS_PASSWORD = timedelta(minutes=30)
FREE_TRIES = {"login": 5, "address": 30, "code": 5}
# Of a million codes three count at a time: a hundred tries a day find one in a hundred in a month, and then only by
# somebody who has the password.
LONGEST_WAIT = {"login": timedelta(minutes=1), "address": timedelta(minutes=1), "code": timedelta(minutes=15)}
FORGOTTEN_AFTER = timedelta(hours=12)
SHORTEST = passwords.SHORTEST
WRONG = "This login and password do not belong together."


def count_try(session: Session, login: str, *, address: str, at: datetime) -> None:
    """Count one try for a login, known or not, and for the network it comes from; commit this before the try.

    Of the network a digest is kept, under a salt that is gone within the day: `address` is good for no more.
    The first tries are free, then each waits twice as long as the one before, a minute at most: nobody can lock
    somebody else out for good. Raises TooMany. It is counted in the database, where no restart forgets it.
    """
    _count(session, "login", normal_login(login), at=at)
    _count(session, "address", address, at=at)


def count_code(session: Session, login: str, typed: str, *, address: str, at: datetime) -> None:
    """Count one try of a code, as `count_try` does; a recovery code can be given however often others have guessed."""
    if not second_factor.is_recovery(typed):
        _count(session, "code", normal_login(login), at=at)
    _count(session, "address", address, at=at)


def by_password(session: Session, login: str, password: str, *, device: str, origin: str, at: datetime) -> str:
    """The secret of a new session. Raises NotSignedIn, in the same words and after the same work for every cause."""
    wanted = normal_login(login)
    # What cannot be a login may not even be a text to the database.
    asked = wanted if people.LOGIN.fullmatch(wanted) else ""
    moderator = session.scalars(
        select(Moderator).where(Moderator.login == asked, Moderator.disabled_at.is_(None))
    ).first()
    kept = moderator.password_hash if moderator else None
    if not passwords.matches(kept, password) or moderator is None:
        raise NotSignedIn(WRONG)
    # To look took a while, in which somebody may have chosen another one, and ended the sessions that there were.
    if _alone(session, moderator).password_hash != kept or moderator.disabled_at is not None:
        raise NotSignedIn(WRONG)
    _forget(session, "login", wanted)
    return desk_sessions.start(session, moderator, opened_by="password", device=device, origin=origin, at=at)


def make_link(session: Session, moderator: Moderator, *, at: datetime) -> str:
    """A token that opens the desk once within a day; the links that this person had before end. Raises Invalid."""
    if moderator.disabled_at is not None:
        raise Invalid("{login} has been disabled.", field="login", login=moderator.login)
    end_links(session, moderator.id)
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(moderator_id=moderator.id, digest=secret_digest(token), created=at, expires_at=at + LINK_LIVES)
    )
    session.flush()
    return token


def make_link_for(session: Session, by: Staff, site: Site, moderator_id: str, *, at: datetime) -> str:
    """A link for a member of a site, made by its owner.

    Raises NotFound, or NotYours for somebody with a role on a site that `by` does not own: the link would open it too.
    """
    person = people.member(session, site, moderator_id)
    people.require_all_owned(session, by, person)
    return make_link(session, person, at=at)


def link(desk: str, token: str) -> str:
    """The address that a token is given out as; `desk` is scheme and host of the desk."""
    return f"{desk}/desk/once/{token}"


def by_code(session: Session, half: DeskSession, typed: str, *, keyring: Keyring, at: datetime) -> str:
    """The secret of the session that a code opens, in the place of the half that waited. Raises Invalid."""
    moderator = _alone(session, session.get_one(Moderator, half.moderator_id))
    session.refresh(half)
    if half.revoked_at is not None:
        raise Invalid(second_factor.WRONG, field="code")
    _prove(session, moderator, typed, keyring=keyring, at=at)
    return desk_sessions.complete(session, half, at=at)


def prove_again(session: Session, staff: Staff, typed: str, *, keyring: Keyring, at: datetime) -> None:
    """See once more who is at a session: by a code, or by the password where there is no second factor.

    Raises Invalid, with the field `code`.
    """
    moderator = session.get_one(Moderator, staff.id)
    if staff.has_second_factor:
        _prove(session, moderator, typed, keyring=keyring, at=at)
    elif not passwords.matches(moderator.password_hash, typed):
        raise Invalid("This is not the password you have now.", field="code")
    else:
        _forget(session, "login", moderator.login)
    desk_sessions.note_proof(session, staff, at=at)


def enrol(session: Session, staff: Staff, code: str, *, keyring: Keyring, at: datetime) -> list[str]:
    """Let the second factor that was begun count; its recovery codes. All other sessions end. Raises Invalid."""
    codes = second_factor.confirm(session, staff.id, code, keyring=keyring, at=at)
    _forget(session, "code", staff.login)
    desk_sessions.end_all(session, staff.id, at=at, but=staff.session_id)
    desk_sessions.note_proof(session, staff, at=at)
    return codes


def reset(session: Session, moderator: Moderator, *, at: datetime) -> int:
    """Take password, second factor, links and sessions from somebody; how many sessions were open."""
    moderator.password_hash = None
    second_factor.remove(session, moderator.id)
    end_links(session, moderator.id)
    for kind in ("login", "code"):
        _forget(session, kind, moderator.login)
    ended = desk_sessions.end_all(session, moderator.id, at=at)
    session.flush()
    return ended


def by_link(session: Session, token: str, *, device: str, origin: str, at: datetime) -> str:
    """The secret of a new session. Raises NotFound for a link that is unknown, used, or too old."""
    used = session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.digest == secret_digest(token if SECRET.fullmatch(token) else ""),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > at,
        )
        .values(used_at=at)
        .returning(OneTimeLink.moderator_id)
    ).first()
    moderator = session.get(Moderator, used.moderator_id) if used else None
    if moderator is None or moderator.disabled_at is not None:
        raise NotFound("This link has been used, or it is too old. Ask for a new one.")
    return desk_sessions.start(session, moderator, opened_by="link", device=device, origin=origin, at=at)


def has_password(session: Session, secret: str) -> bool:
    """Whether the person behind a session's secret has chosen a password."""
    kept = select(Moderator.password_hash).join(DeskSession, DeskSession.moderator_id == Moderator.id)
    return session.scalars(kept.where(DeskSession.digest == secret_digest(secret))).first() is not None


def end_links(session: Session, moderator_id: str) -> None:
    """Let no link of this person open the desk any more, an invitation neither."""
    session.execute(delete(OneTimeLink).where(OneTimeLink.moderator_id == moderator_id, OneTimeLink.used_at.is_(None)))
    session.execute(delete(Invitation).where(Invitation.moderator_id == moderator_id))


def set_password(session: Session, staff: Staff, *, old: str, new: str, at: datetime) -> None:
    """Give oneself a password; every other session of this person ends, and so do their links.

    Whoever came by a link a moment ago need not know the old one. Raises Invalid, with the field.
    """
    moderator = session.get_one(Moderator, staff.id)
    if not _has_proof(session, staff, at=at) and not passwords.matches(moderator.password_hash, old):
        raise Invalid("This is not the password you have now.", field="old_password")
    known = [moderator.login, moderator.name, *(f"{role.site_key} {role.site_name}" for role in staff.roles)]
    passwords.require_good(new, known=known)
    moderator.password_hash = passwords.digest(new)
    if not staff.has_second_factor:
        desk_sessions.note_proof(session, staff, at=at)
    _forget(session, "login", moderator.login)
    desk_sessions.end_all(session, moderator.id, at=at, but=staff.session_id)
    end_links(session, moderator.id)
    session.flush()


def needs_old_password(session: Session, staff: Staff, *, at: datetime) -> bool:
    """Whether a new password takes the old one."""
    return not _has_proof(session, staff, at=at)


def disable(session: Session, moderator: Moderator, *, at: datetime) -> None:
    """Let somebody in no more: their sessions and links end at once. What they decided stays."""
    moderator.disabled_at = moderator.disabled_at or at
    desk_sessions.end_all(session, moderator.id, at=at)
    end_links(session, moderator.id)
    session.flush()


def _alone(session: Session, moderator: Moderator) -> Moderator:
    """Somebody as they are now; whoever changes their password and ends their sessions waits, and overlooks none."""
    take_turn(session)
    session.refresh(moderator, with_for_update={"key_share": True})
    return moderator


def _has_proof(session: Session, staff: Staff, *, at: datetime) -> bool:
    if not staff.has_password:
        return True
    opened = session.get_one(DeskSession, staff.session_id)
    return opened.opened_by == "link" and at - opened.created < LINK_COUNTS_AS_PASSWORD


def _prove(session: Session, moderator: Moderator, typed: str, *, keyring: Keyring, at: datetime) -> None:
    second_factor.prove(session, moderator.id, typed, keyring=keyring, at=at)
    _forget(session, "code", moderator.login)


def _forget(session: Session, kind: str, login: str) -> None:
    session.execute(delete(SignInTry).where(SignInTry.digest == _name(kind, login)))


def _count(session: Session, kind: str, name: str, *, at: datetime) -> None:
    digest = salting.digest(session, name, at=at) if kind == "address" else _name(kind, name)
    # The insert takes the write lock of SQLite, the select the row's on PostgreSQL: a hundred tries at once queue up.
    session.execute(insert_into(session, SignInTry).values(digest=digest, tries=0, last_at=at).on_conflict_do_nothing())
    row = session.scalars(
        select(SignInTry).where(SignInTry.digest == digest).with_for_update().execution_options(populate_existing=True)
    ).one()
    if at - row.last_at > FORGOTTEN_AFTER:
        row.tries = 0
    left = ceil((row.last_at + _wait(kind, row.tries - FREE_TRIES[kind]) - at).total_seconds())
    if left > 0:
        raise TooMany(
            "That was tried too often. Try again in {n} seconds.",
            one="That was tried too often. Try again in {n} second.", n=left, seconds=left,
        )  # fmt: skip
    row.tries, row.last_at = row.tries + 1, at
    session.flush()


def _wait(kind: str, beyond: int) -> timedelta:
    if beyond < 0:
        return timedelta(0)
    return min(LONGEST_WAIT[kind], timedelta(seconds=2.0 ** min(beyond + 1, 10)))


def _name(kind: str, name: str) -> bytes:
    return hashlib.sha256(f"{kind}:{name}".encode("utf-8", "replace")).digest()
