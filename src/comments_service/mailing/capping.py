"""How much mail one inbox, and one site, gets: counted in the database, exactly, whoever sends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from comments_service.database import insert_into, take_turn
from comments_service.tables import MailAllowance, SiteMail

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Quota:
    """How many mails one inbox gets within any hour and any day."""

    hourly: int
    daily: int


# What a stranger can have sent to somebody has its own, so that asking for it keeps no notice of theirs away.
QUOTAS = {"letters": Quota(3, 20), "codes": Quota(3, 10), "confirming": Quota(3, 5)}


@dataclass(frozen=True, kw_only=True)
class Item:
    """One letter that wants to leave: its id, its site, and the digest of the inbox."""

    id: str
    site_id: str
    inbox: bytes
    quota: str


def admit(session: Session, item: Item, *, per_site: int, at: datetime) -> datetime | None:
    """Count a letter, once however often it is tried; when it exceeds a cap, the time to ask again.

    Flushes; what is counted counts with the caller's commit, which has to come before the letter leaves.
    """
    take_turn(session)
    session.execute(
        insert_into(session, MailAllowance)
        .values(digest=item.inbox, quota=item.quota, sent=[], last_at=at)
        .on_conflict_do_nothing()
    )
    row = session.get_one(MailAllowance, (item.inbox, item.quota), with_for_update=True, populate_existing=True)
    sent = [one for one in row.sent if one[1] > (at - DAY).timestamp()]
    if any(one[0] == item.id for one in sent):
        return None
    again = _full_until(sent, QUOTAS[item.quota], at) or _site_full_until(session, item, per_site=per_site, at=at)
    if again is None:
        row.sent, row.last_at = [*sent, [item.id, at.timestamp()]], at
        session.flush()
    return again


def _full_until(sent: Sequence[Any], quota: Quota, at: datetime) -> datetime | None:
    times = sorted(one[1] for one in sent)
    ends = [
        times[-most] + span.total_seconds()
        for span, most in ((HOUR, quota.hourly), (DAY, quota.daily))
        if sum(time > (at - span).timestamp() for time in times) >= most
    ]
    return datetime.fromtimestamp(max(ends), UTC) if ends else None


def _site_full_until(session: Session, item: Item, *, per_site: int, at: datetime) -> datetime | None:
    hour = at.replace(minute=0, second=0, microsecond=0)
    counted = insert_into(session, SiteMail).values(site_id=item.site_id, hour=hour, sent=1)
    counted = counted.on_conflict_do_update(
        index_elements=["site_id", "hour"], set_={"sent": SiteMail.sent + 1}, where=SiteMail.sent < per_site
    ).returning(SiteMail.sent)
    return None if session.execute(counted).all() else hour + HOUR
