"""Who is asking: a visitor with a secret of its own making, and the reader behind it."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from comments_service.errors import Invalid, NotSignedIn
from comments_service.tables import Reader, Session, Site
from comments_service.text import unprintable

MAX_NAME = 60
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """One request's caller on one site. `secret` is 32 random bytes of the browser, base64url."""

    site: Site
    origin: str
    secret: str | None

    @property
    def digest(self) -> bytes | None:
        """What the server keeps of the secret, so that a copy of the database opens nothing."""
        return hashlib.sha256(self.secret.encode()).digest() if self.secret else None


def find_reader(session: DatabaseSession, by: Visitor) -> Reader | None:
    """The reader of this browser, if it has written here before from this origin."""
    if by.digest is None:
        return None
    return session.scalars(
        select(Reader)
        .join(Session, (Session.site_id == Reader.site_id) & (Session.reader_id == Reader.id))
        .where(Session.site_id == by.site.id, Session.digest == by.digest, Session.origin == by.origin)
    ).first()


def require_reader(session: DatabaseSession, by: Visitor) -> Reader:
    """The reader of this browser. Raises NotSignedIn."""
    reader = find_reader(session, by)
    if reader is None:
        raise NotSignedIn("This browser has not written here before.")
    return reader


def reader_for(session: DatabaseSession, by: Visitor, *, name: str, at: datetime) -> Reader:
    """The reader of this browser, made at the first write. Raises Invalid or NotSignedIn."""
    shown = clean_name(name)
    reader = find_reader(session, by)
    if reader is None:
        reader = join(session, by, name=shown, at=at)
    reader.name = shown
    return reader


def join(session: DatabaseSession, by: Visitor, *, name: str, at: datetime) -> Reader:
    """A new guest with a session for this browser. Raises NotSignedIn when no usable secret came along."""
    if by.secret is None or not SECRET.fullmatch(by.secret) or by.digest is None:
        raise NotSignedIn("The browser sent no usable session secret.")
    reader = Reader(site_id=by.site.id, name=name, created=at, approved=0, rejected=0)
    session.add(reader)
    session.flush()
    session.add(
        Session(site_id=by.site.id, reader_id=reader.id, digest=by.digest, origin=by.origin, created=at)
    )
    session.flush()
    return reader


def clean_name(name: str) -> str:
    """A name as it is shown: NFKC, one line, no invisible characters. Raises Invalid."""
    visible = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    shown = " ".join(visible.split())
    if not shown or len(shown) > MAX_NAME or any(unprintable(c) for c in shown):
        raise Invalid(f"Give a name of 1 to {MAX_NAME} characters.", field="name")
    return shown
