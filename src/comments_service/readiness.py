"""Whether this process can do its work: the database answers, its schema is new enough, and the outbox is emptied."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from comments_service import notifying
from comments_service.schema import is_behind

OVERDUE = timedelta(minutes=5)


def checks(session: Session, *, at: datetime) -> dict[str, bool]:
    """What was looked at and whether it is well. After the first that is not, nothing further can be asked."""
    told = {"database": False, "migrations": False, "outbox": False}
    try:
        session.execute(text("SELECT 1"))
        told["database"] = True
        told["migrations"] = not is_behind(session.connection())
        told["outbox"] = told["migrations"] and notifying.overdue(session, at=at) < OVERDUE
    except SQLAlchemyError:
        session.rollback()
    return told
