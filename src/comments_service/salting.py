"""Networks are counted by a digest under a salt that is thrown away: what is left then says nothing to anybody."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service.database import insert_into
from comments_service.tables import NetworkSalt

# A salt serves half a day, and the hourly sweep takes it away afterwards: none gets as old as a day.
LASTS = timedelta(hours=12)


def digest(session: Session, network: str, *, at: datetime) -> bytes:
    """What stands for a network until its salt is gone: HMAC-SHA256 (RFC 2104), the same in every process."""
    since = at.replace(hour=at.hour // 12 * 12, minute=0, second=0, microsecond=0)
    # Written first: on SQLite that takes the turn, on PostgreSQL the first of two who begin makes the salt of both.
    made = insert_into(session, NetworkSalt).values(since=since, salt=secrets.token_bytes(32))
    session.execute(made.on_conflict_do_nothing())
    salt = session.scalars(select(NetworkSalt.salt).where(NetworkSalt.since == since)).one()
    return hmac.new(salt, network.encode(), hashlib.sha256).digest()
