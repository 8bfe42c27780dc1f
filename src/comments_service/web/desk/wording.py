"""How times and numbers are said at the desk."""

from datetime import datetime, timedelta

from comments_service.moderating.listing import COUNTED
from comments_service.web.desk.guard import desk

UNITS = (
    (timedelta(days=365), "year"), (timedelta(days=30), "month"), (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"),
)  # fmt: skip


@desk.app_template_filter("span")
def span(length: timedelta) -> str:
    """A length of time in its largest unit."""
    for unit, name in UNITS:
        if length >= unit:
            number = length // unit
            return f"{number} {name}{'' if number == 1 else 's'}"
    return "less than a minute"


@desk.app_template_filter("ago")
def ago(at: datetime, now: datetime) -> str:
    """How long something is past."""
    return "just now" if now - at < timedelta(minutes=1) else f"{span(now - at)} ago"


@desk.app_template_filter("day")
def day(at: datetime) -> str:
    """A date, in UTC."""
    return f"{at.day} {at:%b %Y}"


@desk.app_template_filter("moment")
def moment(at: datetime) -> str:
    """A date and a time of day, in UTC."""
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M} UTC"


@desk.app_template_filter("number")
def number(value: int) -> str:
    """A number as far as the desk counts."""
    return f"{COUNTED:,}+" if value > COUNTED else f"{value:,}"


@desk.app_template_filter("line")
def line(text: str, length: int = 140) -> str:
    """The beginning of a text as one line."""
    joined = " ".join(text.split())
    return joined if len(joined) <= length else joined[: length - 1].rstrip() + "…"
