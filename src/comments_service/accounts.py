"""Who is asking: a visitor with a secret of its own making, and the reader behind it."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

import regex
from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session as DatabaseSession

from comments_service.database import insert_into
from comments_service.errors import Invalid, NotFound, NotSignedIn, UnknownOrigin
from comments_service.lookalikes import skeleton
from comments_service.tables import Membership, Moderator, Reader, Session, Site
from comments_service.text import is_visible, unprintable

MAX_NAME = 60
GUEST = "Guest"
# No script sets more than three marks on one letter; hundreds cover the lines above and below.
PILED = regex.compile(r"(\p{M}{3})\p{M}+")
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
SSO, MAIL, OIDC = "sso", "mail", "oidc"
ENDED = "This browser is not known here any more. Try again, and you begin anew."
# The field that is refused then: whoever holds that secret may forget it.
LOST = "secret"
UNKNOWN = "This browser is not known here, or not any more."
NO_ACCOUNT = "Your account could not be used here. Reload the page, and sign in again on it if need be."
# So long a token still counts that another tab has replaced.
GRACE = timedelta(seconds=60)
SEEN_NOTED_EVERY = timedelta(hours=1)
# Of a guest it says only for how long to keep what the guest is known by, which is a month at least.
GUEST_NOTED_EVERY = timedelta(days=7)


@dataclass(frozen=True)
class Lives:
    """How long somebody who signed in stays so: without a visit, and in all. A guest's session has no end."""

    idle: timedelta = timedelta(days=30)
    longest: timedelta = timedelta(days=365)


@dataclass(kw_only=True)
class Visitor:
    """One request's caller on one site; `reader` is set once this browser has written from this origin.

    It has `joined` when this very request has made its reader. `session` is what its secret opens; where that is
    `ended`, whoever held it was signed in and is not any more. `noted` says that there is something to commit, whatever
    becomes of the request. `device` is what browser and system call themselves, in a few words.
    """

    site: Site
    origin: str
    digest: bytes | None
    reader: Reader | None
    session: Session | None = None
    ended: bool = False
    joined: bool = False
    noted: bool = False
    device: str = ""

    @property
    def signed_in(self) -> bool:
        """Whether this is somebody with an account, and no guest."""
        return self.session is not None and has_account(self.session)

    @property
    def holds_name(self) -> bool:
        """Whether no guest gets the name that this person writes under, though nobody else vouches for it."""
        return self.session is not None and self.session.opened_by in {MAIL, OIDC}


def arrive(
    session: DatabaseSession, site_key: str, *, origin: str, secret: str | None, at: datetime, own: str | None = None,
    lives: Lives = Lives(),
) -> Visitor:  # fmt: skip
    """The caller behind a request, in one query. `secret` is 32 random bytes of the browser, base64url.

    `own` is the origin of the service itself, where its forms without JavaScript stand: they serve every site.
    A secret that was replaced too long ago has been copied: it ends all that were made from the same sign-in.
    Raises NotFound for an unknown site and UnknownOrigin for a page that is not on its list.
    """
    digest = secret_digest(secret) if secret and SECRET.fullmatch(secret) else None
    its_session = and_(Session.site_id == Site.id, _is_of(digest))
    its_reader = and_(Reader.site_id == Session.site_id, Reader.id == Session.reader_id)
    found = session.execute(
        select(Site, Session, Reader)
        .outerjoin(Session, its_session)
        .outerjoin(Reader, its_reader)
        .where(Site.key == site_key)
    ).first()
    if found is None:
        raise NotFound("There is no such site.")
    site, row, reader = found
    if origin not in [*site.origins, own]:
        raise UnknownOrigin("This page is not on the site's list of origins.")
    by = Visitor(site=site, origin=origin, digest=digest, reader=None)
    if row is None:
        return by
    if _is_open(row, origin, at=at, lives=lives):
        by.session, by.reader, by.noted = row, reader, _note_visit(row, at=at)
    else:
        by.ended = has_account(row)
        by.noted = row.revoked_at is None and _was_replaced(row, at=at)
    if by.ended and by.noted:
        end_family(session, row, at=at)
    return by


def has_account(row: Session) -> bool:
    """Whether a reader's session was opened by signing in: a guest's is opened by writing, and has no end."""
    return row.opened_by != ""


def end_family(session: DatabaseSession, row: Session, *, at: datetime) -> None:
    """End every session that was made from the same sign-in."""
    of_family = (Session.family == row.family, Session.purpose == row.purpose, Session.revoked_at.is_(None))
    session.execute(update(Session).where(*of_family).values(revoked_at=at))


def secret_digest(secret: str) -> bytes:
    """What the server keeps of a secret, so that a copy of the database opens nothing."""
    return hashlib.sha256(secret.encode()).digest()


def writer(session: DatabaseSession, by: Visitor) -> Reader | None:
    """The reader of this browser, whom nobody erases until this transaction ends; None before its first deed.

    Ask for it after `take_turn`, and before anything is written in that reader's name. Raises NotSignedIn when the
    reader was erased after the request came.
    """
    if by.reader is not None and not session.scalar(select(stays(by.reader))):
        raise NotSignedIn(ENDED, field=LOST)
    return by.reader


def stays(reader: Reader) -> ColumnElement[str | None]:
    """A reader's id, if that reader is not erased, and will not be until the transaction ends; part of a query."""
    its_row = (Reader.site_id == reader.site_id, Reader.id == reader.id, ~Reader.erased())
    return select(Reader.id).where(*its_row).with_for_update(read=True, key_share=True).scalar_subquery()


def require_writer(session: DatabaseSession, by: Visitor) -> Reader:
    """The reader of this browser, as `writer` gives it. Raises NotSignedIn when there is none."""
    reader = writer(session, by)
    if reader is None:
        raise NotSignedIn(UNKNOWN)
    return reader


def require_known(by: Visitor) -> Reader:
    """The reader of this browser, for who only looks. Raises NotSignedIn when there is none, or none any more."""
    require_lasting(by)
    if by.reader is None:
        raise NotSignedIn(UNKNOWN)
    return by.reader


def require_lasting(by: Visitor) -> None:
    """Tell whoever was signed in that they are not any more. Raises NotSignedIn."""
    if by.ended:
        raise NotSignedIn("You are not signed in any more. Please sign in again.")


def known_name(reader: Reader | None) -> str | None:
    """The name this reader has chosen; None while it only recommended or reported."""
    return reader.name if reader and reader.name != GUEST else None


def name_for(by: Visitor, typed: str) -> str:
    """The name to write under: the one typed, or for whoever signed in the one that their account vouches for.

    Raises Invalid.
    """
    vouched = by.reader is not None and by.reader.skeleton is not None
    return by.reader.name if by.reader and vouched else clean_name(typed)


def is_taken(reader: Reader, name: str) -> ColumnElement[bool]:
    """Whether a name looks like one that somebody else of the reader's site is vouched for by; part of a query."""
    key = skeleton(name)
    of_reader = exists().where(Reader.site_id == reader.site_id, Reader.skeleton == key, Reader.id != reader.id)
    of_staff = exists().where(
        Membership.site_id == reader.site_id,
        Moderator.id == Membership.moderator_id,
        Moderator.skeleton == key,
        Moderator.disabled_at.is_(None),
    )
    return or_(of_reader, of_staff)


def join(session: DatabaseSession, by: Visitor, *, name: str, at: datetime) -> Reader:
    """A new guest with a session for this browser; of two first writes at once, both get the same one.

    Raises NotSignedIn when the site takes no guests, no usable secret came along, or its session has ended.
    """
    require_lasting(by)
    if not by.site.guests:
        raise NotSignedIn("Only readers who are signed in can take part here.")
    if by.digest is None:
        raise NotSignedIn("The browser sent no usable session secret.")
    reader = Reader(site_id=by.site.id, name=name, created=at, approved=0, rejected=0)
    session.add(reader)
    session.flush()
    made = session.execute(
        insert_into(session, Session)
        .values(
            purpose="reader", audience=by.site.id, site_id=by.site.id, reader_id=reader.id, digest=by.digest,
            origin=by.origin, device=by.device, created=at, seen_at=at,
        )
        .on_conflict_do_nothing(index_elements=["purpose", "audience", "digest"])
        .returning(Session.id)
    ).all()  # fmt: skip
    if not made:
        session.delete(reader)
        reader = _joined(session, by)
    by.reader, by.joined = reader, bool(made)
    return reader


def _joined(session: DatabaseSession, by: Visitor) -> Reader:
    found = session.scalars(
        select(Reader)
        .join(Session, and_(Session.site_id == Reader.site_id, Session.reader_id == Reader.id))
        .where(
            Session.site_id == by.site.id, _is_of(by.digest), Session.origin == by.origin,
            Session.opened_by == "", Session.revoked_at.is_(None),
        )
    ).first()  # fmt: skip
    if found is None:
        raise NotSignedIn(ENDED, field=LOST)
    return found


def _is_of(digest: bytes | None) -> ColumnElement[bool]:
    return and_(Session.purpose == "reader", Session.digest == (digest or b""))


def _is_open(row: Session, origin: str, *, at: datetime, lives: Lives) -> bool:
    if row.revoked_at is not None or row.origin != origin:
        return False
    if not has_account(row):
        return True
    lasting = at - row.seen_at < lives.idle and at - row.created < lives.longest
    return lasting and not _was_replaced(row, at=at)


def _was_replaced(row: Session, *, at: datetime) -> bool:
    return row.replaced_at is not None and at - row.replaced_at > GRACE


def _note_visit(row: Session, *, at: datetime) -> bool:
    due = at - row.seen_at >= (SEEN_NOTED_EVERY if has_account(row) else GUEST_NOTED_EVERY)
    if due:
        row.seen_at = at
    return due


def clean_name(name: str) -> str:
    """A name as it is shown: NFKC, one line, no invisible characters, no piles of marks. Raises Invalid."""
    visible = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    shown = " ".join(PILED.sub(r"\1", visible).split())
    if not is_visible(shown) or len(shown) > MAX_NAME or any(unprintable(c) for c in shown):
        raise Invalid("Give a name of 1 to {most} characters.", field="name", most=MAX_NAME)
    return shown
