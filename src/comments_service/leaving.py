"""A reader asks to be erased: a day in which that can be taken back, and then the worker carries it out, in pieces.

Every piece is a job of its own and asks for the next one, so that each is committed by itself and none is lost.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from comments_service import erasing, jobs, reader_sessions
from comments_service.accounts import Visitor
from comments_service.database import take_turn
from comments_service.errors import Invalid
from comments_service.tables import Erasure, Reader

COOL_OFF = timedelta(hours=24)
TOMBSTONES, REMOVAL = "tombstones", "removal"
WAYS = (TOMBSTONES, REMOVAL)
ERASE, REWRITE, EMPTY = "erase-reader", "rewrite-index", "empty-log"


def ask(session: Session, by: Visitor, *, way: str, at: datetime) -> Erasure:
    """Have the visitor's reader erased in a day. All sessions but this one end now, so that a thief is out.

    Asked again, it is the `way` that changes, and not the time. Raises Invalid or NotSignedIn.
    """
    if way not in WAYS:
        raise Invalid("Choose what shall become of your comments.", field="way")
    reader, _ = reader_sessions.alone(session, by)
    reader_sessions.end_others(session, by, at=at)
    wish = session.get(Erasure, (reader.site_id, reader.id), populate_existing=True)
    if wish is None:
        due = at + COOL_OFF
        wish = Erasure(site_id=reader.site_id, reader_id=reader.id, way=way, asked_at=at, due_at=due)
        session.add(wish)
        jobs.enqueue(session, reader.site_id, ERASE, {"reader": reader.id}, at=due)
    wish.way = way
    session.flush()
    return wish


def pending(session: Session, reader: Reader) -> Erasure | None:
    """What a reader has asked for, if it is not carried out yet."""
    return session.get(Erasure, (reader.site_id, reader.id))


def take_back(session: Session, by: Visitor) -> None:
    """Stay after all; where nothing was asked, nothing changes. Raises NotSignedIn."""
    reader, _ = reader_sessions.alone(session, by)
    session.execute(delete(Erasure).where(Erasure.site_id == reader.site_id, Erasure.reader_id == reader.id))


def carry_out(session: Session, site_id: str, payload: dict[str, Any], *, at: datetime) -> None:
    """Erase a piece of a reader whose day is over, and ask for the next; nothing for one who has taken it back."""
    reader_id = payload["reader"]
    take_turn(session)
    # The reader first, as in every verb; and for good, as `erasing.begin` will.
    session.execute(select(Reader.id).where(Reader.site_id == site_id, Reader.id == reader_id).with_for_update())
    wish = session.get(Erasure, (site_id, reader_id), populate_existing=True)
    if wish is None or wish.due_at > at:
        return
    reader = session.get_one(Reader, (site_id, reader_id), populate_existing=True)
    if reader.name:
        erasing.begin(session, reader, at=at)
    elif not erasing.erase_some(session, site_id, reader_id, at=at, keep_places=wish.way == TOMBSTONES):
        session.delete(wish)
        jobs.enqueue(session, site_id, REWRITE, {}, at=at)
        return
    jobs.enqueue(session, site_id, ERASE, payload, at=at)


def rewrite_index(session: Session, site_id: str, _payload: dict[str, Any], *, at: datetime) -> None:
    """Take the last traces out of the index of words, and ask for the log of the database to be emptied."""
    erasing.finish(session)
    jobs.enqueue(session, site_id, EMPTY, {}, at=at)


def empty_log(session: Session, _site_id: str, _payload: dict[str, Any]) -> None:
    """Take them out of the log of the database. Raises RuntimeError while it is in use: then it is tried again."""
    engine = session.get_bind()
    if isinstance(engine, Engine):
        erasing.empty_log(engine)
