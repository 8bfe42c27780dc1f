"""The queue of the desk, the cards in it, the decisions of moderators, and their undoing."""

from comments_service.moderating.cards import Card, Event, cards
from comments_service.moderating.deciding import REASONS, VERDICTS, decide, undo
from comments_service.moderating.finding import find, last_word
from comments_service.moderating.listing import (
    PAGE,
    STATUSES,
    Page,
    Scope,
    article,
    last_decided,
    listing,
    queue,
    tally,
    waiting_since,
)
from comments_service.moderating.marking import MARKS, MOST_PINNED, mark

__all__ = [
    "MARKS", "MOST_PINNED", "PAGE", "REASONS", "STATUSES", "VERDICTS", "Card", "Event", "Page", "Scope", "article",
    "cards", "decide", "find", "last_decided", "last_word", "listing", "mark", "queue", "tally", "undo",
    "waiting_since",
]  # fmt: skip
