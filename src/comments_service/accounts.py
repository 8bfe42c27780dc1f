"""Who is asking: a visitor with a secret of its own making, and the reader behind it."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import regex
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session as DatabaseSession

from comments_service.database import insert_into
from comments_service.errors import Invalid, NotFound, NotSignedIn, UnknownOrigin
from comments_service.tables import Reader, Session, Site
from comments_service.text import is_visible, unprintable

MAX_NAME = 60
GUEST = "Guest"
# No script sets more than three marks on one letter; hundreds cover the lines above and below.
PILED = regex.compile(r"(\p{M}{3})\p{M}+")
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(kw_only=True)
class Visitor:
    """One request's caller on one site; `reader` is set once this browser has written from this origin."""

    site: Site
    origin: str
    digest: bytes | None
    reader: Reader | None


def arrive(
    session: DatabaseSession, site_key: str, *, origin: str, secret: str | None, own: str | None = None
) -> Visitor:
    """The caller behind a request, in one query. `secret` is 32 random bytes of the browser, base64url.

    `own` is the origin of the service itself, where its forms without JavaScript stand: they serve every site.
    Raises NotFound for an unknown site and UnknownOrigin for a page that is not on its list.
    """
    digest = secret_digest(secret) if secret and SECRET.fullmatch(secret) else None
    open_session = and_(Session.site_id == Site.id, _is_open(digest, origin))
    its_reader = and_(Reader.site_id == Session.site_id, Reader.id == Session.reader_id)
    found = session.execute(
        select(Site, Reader).outerjoin(Session, open_session).outerjoin(Reader, its_reader).where(Site.key == site_key)
    ).first()
    if found is None:
        raise NotFound("There is no such site.")
    site, reader = found
    if origin not in [*site.origins, own]:
        raise UnknownOrigin("This page is not on the site's list of origins.")
    return Visitor(site=site, origin=origin, digest=digest, reader=reader)


def secret_digest(secret: str) -> bytes:
    """What the server keeps of a secret, so that a copy of the database opens nothing."""
    return hashlib.sha256(secret.encode()).digest()


def require_reader(by: Visitor) -> Reader:
    """The reader of this browser. Raises NotSignedIn."""
    if by.reader is None:
        raise NotSignedIn("This browser has not written here before.")
    return by.reader


def known_name(reader: Reader | None) -> str | None:
    """The name this reader has chosen; None while it only recommended or reported."""
    return reader.name if reader and reader.name != GUEST else None


def reader_for(session: DatabaseSession, by: Visitor, *, name: str, at: datetime) -> Reader:
    """The reader of this browser under the name given, made at the first write. Raises Invalid or NotSignedIn."""
    shown = clean_name(name)
    reader = by.reader or join(session, by, name=shown, at=at)
    if reader.name != shown:
        reader.name = shown
    return reader


def join(session: DatabaseSession, by: Visitor, *, name: str, at: datetime) -> Reader:
    """A new guest with a session for this browser; of two first writes at once, both get the same one.

    Raises NotSignedIn when the site takes no guests, no usable secret came along, or its session was ended.
    """
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
            origin=by.origin, created=at, seen_at=at,
        )
        .on_conflict_do_nothing(index_elements=["purpose", "audience", "digest"])
        .returning(Session.id)
    ).all()  # fmt: skip
    if not made:
        session.delete(reader)
        reader = _joined(session, by)
    by.reader = reader
    return reader


def _joined(session: DatabaseSession, by: Visitor) -> Reader:
    found = session.scalars(
        select(Reader)
        .join(Session, and_(Session.site_id == Reader.site_id, Session.reader_id == Reader.id))
        .where(Session.site_id == by.site.id, _is_open(by.digest, by.origin))
    ).first()
    if found is None:
        raise NotSignedIn("This browser's session has ended. Reload the page to begin a new one.")
    return found


def _is_open(digest: bytes | None, origin: str) -> ColumnElement[bool]:
    return and_(
        Session.purpose == "reader",
        Session.digest == (digest or b""),
        Session.origin == origin,
        Session.revoked_at.is_(None),
    )


def clean_name(name: str) -> str:
    """A name as it is shown: NFKC, one line, no invisible characters, no piles of marks. Raises Invalid."""
    visible = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    shown = " ".join(PILED.sub(r"\1", visible).split())
    if not is_visible(shown) or len(shown) > MAX_NAME or any(unprintable(c) for c in shown):
        raise Invalid(f"Give a name of 1 to {MAX_NAME} characters.", field="name")
    return shown
