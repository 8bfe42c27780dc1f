"""A reader's own feed: its address holds a secret, of which a digest is kept, and is good until there is a new one."""

import secrets

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from comments_service.accounts import SECRET, Visitor, require_writer, secret_digest
from comments_service.database import take_turn
from comments_service.errors import NotFound
from comments_service.noticing import wishes
from comments_service.tables import NoticeSettings, Reader, Site


def renew(session: Session, by: Visitor) -> str:
    """A new secret for the feed of a reader; the one before opens nothing any more. Raises NotSignedIn."""
    secret = secrets.token_urlsafe(32)
    _set(session, by, secret_digest(secret))
    return secret


def close(session: Session, by: Visitor) -> None:
    """Have no feed any more. Raises NotSignedIn."""
    _set(session, by, None)


def forget(session: Session, reader: Reader) -> None:
    """Close a feed whoever has its address: its reader is from now on somebody who may not have made it."""
    its = (NoticeSettings.site_id == reader.site_id, NoticeSettings.reader_id == reader.id)
    session.execute(update(NoticeSettings).where(*its).values(feed_digest=None))


def reader_of(session: Session, site: Site, secret: str) -> Reader:
    """Whose feed a secret opens on a site. Raises NotFound."""
    its_reader = and_(Reader.site_id == NoticeSettings.site_id, Reader.id == NoticeSettings.reader_id)
    # Found by its digest: how long that takes tells nothing of the secret.
    wanted = select(Reader).join(NoticeSettings, its_reader).where(
        Reader.site_id == site.id, NoticeSettings.feed_digest == secret_digest(secret), ~Reader.erased()
    )  # fmt: skip
    found = session.scalars(wanted).first() if SECRET.fullmatch(secret) else None
    if found is None:
        raise NotFound("There is no such feed.")
    return found


def _set(session: Session, by: Visitor, digest: bytes | None) -> None:
    take_turn(session)
    reader = require_writer(session, by)
    wishes.locked(session, reader.site_id, reader.id).feed_digest = digest
    session.flush()
