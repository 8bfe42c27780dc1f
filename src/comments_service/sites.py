"""The publications: made, and changed by their owners."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service import identity, rules
from comments_service.errors import Conflict, Invalid
from comments_service.tables import Membership, Site
from comments_service.text import unprintable

MODERATION = {
    "pre": "Every comment waits for a moderator",
    "first": "The first comment of each reader waits",
    "post": "Comments appear at once",
}
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
MAX_NAME = 200
MAX_ORIGINS = 50
MAX_WORDS = 1000
MAX_WORD = 60


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What an owner wants a site to be, as it was typed; `closes_after` is a number of days, or empty for never."""

    name: str
    origins: list[str]
    moderation: str = "first"
    guests: bool = True
    banned_words: list[str] = field(default_factory=list)
    held_words: list[str] = field(default_factory=list)
    closes_after: str = ""


def add(session: Session, key: str, wishes: Wishes, *, owner: str | None = None) -> Site:
    """A new site; `owner` is the id of the moderator who will own it. Raises Invalid, or Conflict for a taken key."""
    if not KEY.fullmatch(key):
        raise Invalid("A key has 1 to 40 small letters, digits, - and _, and none of the last two first.", field="key")
    good = _checked(wishes)
    site = Site(
        key=key, name=good.name, origins=good.origins, moderation=good.moderation, guests=good.guests,
        banned_words=good.banned_words, held_words=good.held_words, closes_after_days=_days(good.closes_after),
    )  # fmt: skip
    if session.scalars(select(Site.id).where(Site.key == key)).first() is not None:
        raise Conflict(f"There is a site {key} already.", field="key")
    session.add(site)
    session.flush()
    if owner is not None:
        session.add(Membership(site_id=site.id, moderator_id=owner, role="owner"))
        session.flush()
    return site


def change(session: Session, site: Site, wishes: Wishes) -> None:
    """Make a site what its owner wants; its version moves with what readers can see. Raises Invalid, with the field."""
    good = _checked(wishes)
    site.show(name=good.name, guests=good.guests, moderation=good.moderation)
    site.origins, site.banned_words, site.held_words = good.origins, good.banned_words, good.held_words
    site.closes_after_days = _days(good.closes_after)
    session.flush()


def lines(text: str) -> list[str]:
    """What was typed into a list: one entry a line, without empty lines."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _checked(wishes: Wishes) -> Wishes:
    if wishes.moderation not in MODERATION:
        raise Invalid("Choose one of the three.", field="moderation")
    return replace(
        wishes,
        name=_name(wishes.name),
        origins=_origins(wishes.origins),
        banned_words=_words(wishes.banned_words, field="banned_words"),
        held_words=_words(wishes.held_words, field="held_words"),
        closes_after=str(_days(wishes.closes_after) or ""),
    )


def _name(typed: str) -> str:
    shown = " ".join(typed.split())
    if not shown or len(shown) > MAX_NAME or any(unprintable(character) for character in shown):
        raise Invalid(f"Give the site a name of 1 to {MAX_NAME} characters.", field="name")
    return shown


def _origins(typed: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(identity.site_origin(origin) for origin in typed))
    if not 1 <= len(found) <= MAX_ORIGINS:
        raise Invalid(f"Name 1 to {MAX_ORIGINS} origins, one a line: https://www.paper.example", field="origins")
    return found


def _words(typed: Sequence[str], *, field: str) -> list[str]:
    if len(typed) > MAX_WORDS:
        raise Invalid(f"A list takes {MAX_WORDS} words.", field=field)
    for entry in typed:
        # The rules compare words: of a phrase, each would count by itself.
        if len(entry) > MAX_WORD or len(rules.words(entry)) != 1:
            raise Invalid(f"Write one word a line; “{entry[:MAX_WORD]}” is not one.", field=field)
    return list(dict.fromkeys(typed))


def _days(typed: str) -> int | None:
    if not typed.strip():
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,3}", typed.strip()):
        raise Invalid("Give a number of days from 1 to 9999, or leave it empty.", field="closes_after")
    return int(typed)
