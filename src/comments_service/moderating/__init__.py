"""The queue of the desk, the cards in it, the decisions of moderators, and their undoing."""

from comments_service.moderating.cards import Card, Event, cards
from comments_service.moderating.deciding import REASONS, VERDICTS, decide, find, last_word, undo
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

__all__ = [
    "PAGE", "REASONS", "STATUSES", "VERDICTS", "Card", "Event", "Page", "Scope", "article", "cards", "decide", "find",
    "last_decided", "last_word", "listing", "queue", "tally", "undo", "waiting_since",
]  # fmt: skip
