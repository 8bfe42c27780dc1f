"""Whom a reader with an account does not want to hear of. A guest's browser keeps that to itself."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from comments_service.accounts import Visitor, require_writer
from comments_service.database import insert_into, take_turn
from comments_service.errors import Invalid, NotSignedIn
from comments_service.reading import public
from comments_service.tables import Mute, Reader

# As many as a browser keeps.
MOST = 200


def mute(session: Session, comment_id: str, *, by: Visitor, at: datetime) -> None:
    """Mute who wrote a comment; a second time changes nothing. Raises NotFound, NotSignedIn or Invalid."""
    take_turn(session)
    reader = _account(session, by)
    comment = public(session, by.site, comment_id)
    if comment.reader_id == reader.id:
        raise Invalid("You cannot mute yourself.")
    # Two at once from one reader: the row is a lock on every database.
    its_row = and_(Reader.site_id == reader.site_id, Reader.id == reader.id)
    session.execute(select(Reader.id).where(its_row).with_for_update(key_share=True))
    its = (Mute.site_id == reader.site_id, Mute.reader_id == reader.id)
    others = select(func.count()).select_from(Mute).where(*its, Mute.muted_id != comment.reader_id)
    if (session.scalar(others) or 0) >= MOST:
        raise Invalid("You have muted {n} people, as many as one can. Unmute one of them first.", n=MOST)
    key = {"site_id": reader.site_id, "reader_id": reader.id, "muted_id": comment.reader_id}
    session.execute(insert_into(session, Mute).values(**key, at=at).on_conflict_do_nothing())


def unmute(session: Session, muted_id: str, *, by: Visitor) -> None:
    """Hear of somebody again; a second time changes nothing. Raises NotSignedIn."""
    take_turn(session)
    reader = _account(session, by)
    session.execute(delete(Mute).filter_by(site_id=reader.site_id, reader_id=reader.id, muted_id=muted_id))


def muted(session: Session, by: Visitor) -> Sequence[Reader]:
    """Whom a reader with an account has muted; nobody for all others."""
    if by.reader is None or not by.signed_in:
        return []
    joined = and_(Mute.site_id == Reader.site_id, Mute.muted_id == Reader.id)
    its = (Mute.site_id == by.site.id, Mute.reader_id == by.reader.id)
    return session.scalars(select(Reader).join(Mute, joined).where(*its).order_by(Mute.at, Mute.muted_id)).all()


def _account(session: Session, by: Visitor) -> Reader:
    reader = require_writer(session, by)
    if not by.signed_in:
        raise NotSignedIn("Only with an account is it kept here whom you mute.")
    return reader
