"""Send what the outbox holds, at least once each; a sink knows an event that comes twice by its id."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Engine, and_, func, or_, select, update
from sqlalchemy.orm import Session

from comments_service.errors import NotFound
from comments_service.leasing import backoff, claim
from comments_service.tables import Outbox, Site

log = structlog.get_logger()
LEASE = timedelta(minutes=1)
MAX_ATTEMPTS = 12
SHOWN = 100


@dataclass(frozen=True)
class Event:
    """One thing that happened; `payload` holds ids only, and `attempts` counts from 1."""

    site_id: str
    id: str
    name: str
    payload: dict[str, Any]
    attempts: int
    claimed_until: datetime

    @property
    def taken_at(self) -> datetime:
        """The time at which it was claimed."""
        return self.claimed_until - LEASE


class PutOff(Exception):
    """A sink could send, but not before a time; that counts as no attempt."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Dropped(Exception):
    """There is nobody to send it to any more, or nothing to say."""


class GivenUp(Exception):
    """No later attempt would help before an owner has mended what `trouble` names."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


Sink = Callable[[Event], None]


def to_log(event: Event) -> None:
    """Write that it happened, by its ids."""
    log.info(event.name, event_id=event.id, site_id=event.site_id, **event.payload)


# Who is told of what. A sink returns within the lease, and raises when it could not send.
SINKS: dict[str, Sequence[Sink]] = {
    "comment.published": (to_log,),
    "comment.held": (to_log,),
}


def send_due(engine: Engine, *, at: datetime, sinks: Mapping[str, Sequence[Sink]] = SINKS) -> bool:
    """Send the oldest event that is due; whether there was one. No transaction is open while a sink works."""
    event = take_due(engine, at=at, names=sinks)
    if event is None:
        return False
    _settle(engine, event, **_outcome(event, sinks[event.name], at=at))
    return True


def take_due(engine: Engine, *, at: datetime, names: Mapping[str, Sequence[Sink]] = SINKS) -> Event | None:
    """Claim the oldest event that is due, in a transaction of its own.

    Names that this release does not know are left for the process that does.
    """
    with Session(engine) as session:
        row = claim(session, Outbox, and_(_open(), Outbox.event.in_(names)), at=at, lease=LEASE)
        event = None if row is None else _event(row, until=at + LEASE)
        session.commit()
    return event


def overdue(session: Session, *, at: datetime) -> timedelta:
    """For how long the oldest unsent event has been waiting for somebody to take it."""
    free = or_(Outbox.claimed_until.is_(None), Outbox.claimed_until <= at)
    oldest = session.scalar(select(func.min(Outbox.due_at)).where(_open(), free, Outbox.due_at <= at))
    return at - oldest if oldest else timedelta(0)


def dead(session: Session) -> int:
    """How many events were given up."""
    return session.scalar(select(func.count()).where(Outbox.dead_at.is_not(None))) or 0


def retry_dead(session: Session, *, at: datetime) -> int:
    """Let the events that were given up be sent once more from the beginning; how many."""
    again = update(Outbox).where(Outbox.dead_at.is_not(None))
    again = again.values(dead_at=None, claimed_until=None, attempts=0, due_at=at)
    return len(session.execute(again.returning(Outbox.id)).all())


def given_up(session: Session, site: Site) -> Sequence[Outbox]:
    """What was given up for a site, the newest first, a hundred at most."""
    its = select(Outbox).where(Outbox.site_id == site.id, Outbox.dead_at.is_not(None))
    return session.scalars(its.order_by(Outbox.dead_at.desc(), Outbox.id.desc()).limit(SHOWN)).all()


def retry(session: Session, site: Site, event_id: str, *, at: datetime) -> None:
    """Let one event that was given up be sent once more from the beginning. Raises NotFound."""
    row = _dead(session, site, event_id)
    row.dead_at, row.claimed_until, row.attempts, row.due_at = None, None, 0, at
    session.flush()


def drop(session: Session, site: Site, event_id: str, *, at: datetime) -> None:
    """Send one event that was given up never. Raises NotFound."""
    row = _dead(session, site, event_id)
    row.dead_at, row.cancelled_at = None, at
    session.flush()


def _dead(session: Session, site: Site, event_id: str) -> Outbox:
    its = (Outbox.site_id == site.id, Outbox.id == event_id, Outbox.dead_at.is_not(None))
    row = session.scalars(select(Outbox).where(*its).with_for_update()).first()
    if row is None:
        raise NotFound("Nothing like that was given up here.")
    return row


def _event(row: Outbox, *, until: datetime) -> Event:
    return Event(row.site_id, row.id, row.event, row.payload, row.attempts, until)


def _outcome(event: Event, sinks: Sequence[Sink], *, at: datetime) -> dict[str, Any]:
    """What becomes of an event's row after its sinks were called."""
    try:
        for sink in sinks:
            sink(event)
    except PutOff as off:
        return {"due_at": off.until, "claimed_until": None, "attempts": event.attempts - 1}
    except Dropped:
        return {"cancelled_at": at}
    except GivenUp as given_up:
        return {"dead_at": at, "trouble": given_up.trouble}
    except Exception as error:  # A sink may fail in any way; the event waits for its next turn.
        log.warning("event not sent", event_id=event.id, event_name=event.name, attempts=event.attempts, exc_info=error)
        return _put_back(event, at=at, trouble=getattr(error, "trouble", ""))
    return {"sent_at": at, "trouble": ""}


def _put_back(event: Event, *, at: datetime, trouble: str) -> dict[str, Any]:
    if event.attempts >= MAX_ATTEMPTS:
        return {"dead_at": at, "trouble": trouble}
    return {"due_at": at + backoff(event.attempts), "claimed_until": None, "trouble": trouble}


def _settle(engine: Engine, event: Event, **values: Any) -> None:
    # Only while the claim is ours: after it ran out, the row is somebody else's.
    with Session(engine) as session:
        session.execute(
            update(Outbox)
            .where(
                Outbox.site_id == event.site_id, Outbox.id == event.id, Outbox.claimed_until == event.claimed_until
            )
            .values(**values)
        )
        session.commit()


def _open() -> ColumnElement[bool]:
    return and_(Outbox.sent_at.is_(None), Outbox.cancelled_at.is_(None), Outbox.dead_at.is_(None))
