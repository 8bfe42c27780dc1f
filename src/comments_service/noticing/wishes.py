"""What readers want to be told, and when."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from comments_service.database import insert_into
from comments_service.errors import Invalid
from comments_service.tables import NoticeSettings

NOW, HOURLY, DAILY, WEEKLY, NEVER = "now", "hourly", "daily", "weekly", "never"
OFTEN = (NOW, HOURLY, DAILY, NEVER)
# What may be chosen for each event; the first is what is meant by those who have chosen nothing.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "reply": OFTEN,
    "staff_reply": OFTEN,
    "approved": OFTEN,
    "rejected": OFTEN,
    "featured": OFTEN,
    "report": OFTEN,
    "thread": (HOURLY, NOW, DAILY, NEVER),
    "weekly": (NEVER, WEEKLY),
}
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
# When a day's mail goes out, in UTC: with breakfast in Europe.
MORNING = timedelta(hours=6)


def wishes(settings: NoticeSettings | None) -> dict[str, str]:
    """When a reader wants to hear of each event by mail."""
    return {event: wish(settings.chosen if settings else {}, event) for event in CHOICES}


def wish(chosen: Mapping[str, str], event: str) -> str:
    """When somebody who has chosen so wants to hear of an event by mail."""
    return chosen.get(event, CHOICES[event][0])


def mail_at(wanted: str, at: datetime) -> datetime | None:
    """When a mail may tell what happened at a time; None for never."""
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    hour = at.replace(minute=0, second=0, microsecond=0)
    morning = today + MORNING if at < today + MORNING else today + MORNING + DAY
    return {NOW: at, WEEKLY: at, HOURLY: hour + HOUR, DAILY: morning}.get(wanted)


def find(session: Session, site_id: str, reader_id: str) -> NoticeSettings | None:
    """What a reader has chosen, if anything."""
    return session.get(NoticeSettings, (site_id, reader_id))


def locked(session: Session, site_id: str, reader_id: str) -> NoticeSettings:
    """The settings of a reader, made where there are none, which nobody else changes meanwhile.

    Ask for it after `take_turn`.
    """
    wanted = insert_into(session, NoticeSettings).values(site_id=site_id, reader_id=reader_id, chosen={})
    session.execute(wanted.on_conflict_do_nothing())
    return session.get_one(NoticeSettings, (site_id, reader_id), with_for_update=True, populate_existing=True)


def choose(
    session: Session, site_id: str, reader_id: str, chosen: Mapping[str, str], *, at: datetime
) -> NoticeSettings:
    """Change when a reader hears of some events; what is not named stays. Raises Invalid.

    Ask for it after `take_turn`.
    """
    for event, wanted in chosen.items():
        if wanted not in CHOICES.get(event, ()):
            raise Invalid("Choose one of the times for each.", field="wishes")
    settings = locked(session, site_id, reader_id)
    settings.chosen = settings.chosen | dict(chosen)
    weekly = wish(settings.chosen, "weekly") == WEEKLY
    settings.weekly_at = (settings.weekly_at or at + WEEK) if weekly else None
    session.flush()
    return settings
