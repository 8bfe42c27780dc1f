"""How times, numbers and what somebody did are said at the desk."""

from datetime import datetime, timedelta

from babel.dates import format_skeleton, format_timedelta

from comments_service import languages
from comments_service.languages import later
from comments_service.moderating.cards import Event
from comments_service.moderating.listing import COUNTED
from comments_service.staff import Staff
from comments_service.web import speaking
from comments_service.web.desk.guard import desk
from comments_service.web.speaking import say

UNITS = (
    timedelta(days=365), timedelta(days=30), timedelta(weeks=1), timedelta(days=1), timedelta(hours=1),
    timedelta(minutes=1),
)  # fmt: skip
# What became of a comment by an event, said to whoever did it and to others.
DID = {
    "published": (later("You approved it"), later("{name} approved it")),
    "held": (later("You held it"), later("{name} held it")),
    "rejected": (later("You rejected it"), later("{name} rejected it")),
    "withdrawn": (later("You took it back"), later("{name} took it back")),
    "erased": (later("You erased it with its author"), later("{name} erased it with its author")),
}
UNDID = {
    "published": (
        later("You took the decision back; it was public again"),
        later("{name} took the decision back; it was public again"),
    ),
    "held": (
        later("You took the decision back; it was held again"),
        later("{name} took the decision back; it was held again"),
    ),
    "rejected": (
        later("You took the decision back; it was rejected again"),
        later("{name} took the decision back; it was rejected again"),
    ),
}
MARKED = {
    "feature": (later("You featured it"), later("{name} featured it")),
    "unfeature": (later("You ended that it is featured"), later("{name} ended that it is featured")),
    "pin": (later("You pinned it"), later("{name} pinned it")),
    "unpin": (later("You unpinned it"), later("{name} unpinned it")),
}
UNMARKED = {
    "feature": (later("You took that back: featured it"), later("{name} took that back: featured it")),
    "unfeature": (
        later("You took that back: ended that it is featured"),
        later("{name} took that back: ended that it is featured"),
    ),
    "pin": (later("You took that back: pinned it"), later("{name} took that back: pinned it")),
    "unpin": (later("You took that back: unpinned it"), later("{name} took that back: unpinned it")),
}
RETURNED = later("{name} brought it back")
NOT_A_MODERATOR = {
    "rules": later("The rules"), "author": later("The author"), "cli": later("The command line"),
    "erasure": later("The service"),
}  # fmt: skip


@desk.app_template_filter("deed")
def deed(event: Event, staff: Staff) -> str:
    """Who did what, as one sentence."""
    name = NOT_A_MODERATOR.get(event.by) or event.name or later("Another moderator")
    if not event.mark and event.by == "author" and event.before == "withdrawn" and not event.undoes:
        return say(RETURNED, name=name)
    if event.mark:
        to_themselves, to_others = (UNMARKED if event.undoes else MARKED)[event.mark]
    else:
        to_themselves, to_others = (UNDID if event.undoes else DID)[event.after]
    return say(to_themselves) if event.moderator_id == staff.id else say(to_others, name=name)


@desk.app_template_filter("span")
def span(length: timedelta) -> str:
    """A length of time in its largest unit."""
    return _in_words(length) or say("less than a minute")


@desk.app_template_filter("ago")
def ago(at: datetime, now: datetime) -> str:
    """How long something is past."""
    return _in_words(at - now, with_direction=True) or say("just now")


@desk.app_template_filter("day")
def day(at: datetime) -> str:
    """A date, in UTC."""
    return speaking.day(at, "medium")


@desk.app_template_filter("briefly")
def briefly(at: datetime) -> str:
    """A date in few signs, and a time of day, in UTC."""
    return say("{date}, {time} UTC", date=day(at), time=speaking.clock(at))


@desk.app_template_filter("moment")
def moment(at: datetime) -> str:
    """A date with its weekday, and a time of day, in UTC."""
    date = format_skeleton("yMMMEd", at, locale=languages.locale(speaking.language()))
    return say("{date}, {time} UTC", date=date, time=speaking.clock(at))


@desk.app_template_filter("number")
def number(value: int) -> str:
    """A number as far as the desk counts."""
    return f"{languages.shown(speaking.language(), min(value, COUNTED))}{'+' if value > COUNTED else ''}"


@desk.app_template_filter("line")
def line(text: str, length: int = 140) -> str:
    """The beginning of a text as one line."""
    joined = " ".join(text.split())
    return joined if len(joined) <= length else joined[: length - 1].rstrip() + "…"


def _in_words(length: timedelta, *, with_direction: bool = False) -> str:
    whole = next((unit * (abs(length) // unit) for unit in UNITS if abs(length) >= unit), None)
    if whole is None:
        return ""
    signed = -whole if length < timedelta(0) else whole
    locale = languages.locale(speaking.language())
    return format_timedelta(signed, threshold=1, add_direction=with_direction, locale=locale)
