"""The publications: made, and changed by their owners."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service import identity, languages, rules, text
from comments_service.errors import Conflict, Invalid
from comments_service.languages import later
from comments_service.tables import Membership, Site

MODERATION = {
    "pre": later("Every comment waits for a moderator"),
    "first": later("The first comment of each reader waits"),
    "post": later("Comments appear at once"),
}
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
MAX_NAME = 200
MAX_ORIGINS = 50
MAX_WORDS = 1000
MAX_WORD = 60
MAX_GUIDELINES = 4000
MAX_APPEALS = 500


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What an owner wants a site to be, as it was typed; `closes_after` is a number of days, or empty for never."""

    name: str
    origins: list[str]
    moderation: str = "first"
    guests: bool = True
    banned_words: list[str] = field(default_factory=list)
    held_words: list[str] = field(default_factory=list)
    hint_words: list[str] = field(default_factory=list)
    guidelines: str = ""
    appeals: str = ""
    closes_after: str = ""
    read_only: bool = False
    hold_new_links: bool = False
    language: str = languages.ENGLISH


def add(session: Session, key: str, wishes: Wishes, *, owner: str | None = None) -> Site:
    """A new site; `owner` is the id of the moderator who will own it. Raises Invalid, or Conflict for a taken key."""
    if not KEY.fullmatch(key):
        raise Invalid("A key has 1 to 40 small letters, digits, - and _, and none of the last two first.", field="key")
    good = _checked(wishes)
    site = Site(
        key=key, name=good.name, origins=good.origins, moderation=good.moderation, guests=good.guests,
        banned_words=good.banned_words, held_words=good.held_words, hint_words=good.hint_words,
        guidelines=good.guidelines, guidelines_tree=_tree(good.guidelines), closes_after_days=_days(good.closes_after),
        language=good.language, appeals=good.appeals, hold_new_links=good.hold_new_links,
    )  # fmt: skip
    if session.scalars(select(Site.id).where(Site.key == key)).first() is not None:
        raise Conflict("There is a site {key} already.", field="key", key=key)
    session.add(site)
    session.flush()
    if owner is not None:
        session.add(Membership(site_id=site.id, moderator_id=owner, role="owner"))
        session.flush()
    return site


def change(session: Session, site: Site, wishes: Wishes) -> None:
    """Make a site what its owner wants; its version moves with what readers can see. Raises Invalid, with the field."""
    good = _checked(wishes)
    site.show(
        name=good.name, moderation=good.moderation, read_only=good.read_only,
        closes_after_days=_days(good.closes_after), guidelines_tree=_tree(good.guidelines),
        language=good.language,
    )  # fmt: skip
    site.origins, site.guidelines, site.appeals = good.origins, good.guidelines, good.appeals
    site.hold_new_links = good.hold_new_links
    site.banned_words, site.held_words, site.hint_words = good.banned_words, good.held_words, good.hint_words
    session.flush()


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How readers may come in: as guests, by mail, with the paper's account."""

    guests: bool
    mail: bool
    sso: bool


def open_ways(session: Session, site: Site, ways: Ways) -> None:
    """Let readers in by these ways from now on; who is signed in stays so."""
    site.show(guests=ways.guests, mail=ways.mail)
    site.sso = ways.sso
    session.flush()


def lines(typed: str) -> list[str]:
    """What was typed into a list: one entry a line, without empty lines."""
    return [line.strip() for line in typed.splitlines() if line.strip()]


def _checked(wishes: Wishes) -> Wishes:
    if wishes.moderation not in MODERATION:
        raise Invalid("Choose one of the three.", field="moderation")
    if wishes.language not in languages.OFFERED:
        raise Invalid("Choose one of the languages.", field="language")
    return replace(
        wishes,
        name=_name(wishes.name),
        origins=_origins(wishes.origins),
        banned_words=_words(wishes.banned_words, field="banned_words"),
        held_words=_words(wishes.held_words, field="held_words"),
        hint_words=_words(wishes.hint_words, field="hint_words"),
        guidelines=_guidelines(wishes.guidelines),
        appeals=_appeals(wishes.appeals),
        closes_after=str(_days(wishes.closes_after) or ""),
    )


def _name(typed: str) -> str:
    shown = " ".join(typed.split())
    if not shown or len(shown) > MAX_NAME or any(text.unprintable(character) for character in shown):
        raise Invalid("Give the site a name of 1 to {most} characters.", field="name", most=MAX_NAME)
    return shown


def _origins(typed: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(identity.site_origin(origin) for origin in typed))
    if not 1 <= len(found) <= MAX_ORIGINS:
        raise Invalid(
            "Name 1 to {most} origins, one a line: https://www.paper.example", field="origins", most=MAX_ORIGINS
        )
    return found


def _words(typed: Sequence[str], *, field: str) -> list[str]:
    if len(typed) > MAX_WORDS:
        raise Invalid("A list takes {most} words.", field=field, most=MAX_WORDS)
    for entry in typed:
        # The rules compare words: of a phrase, each would count by itself.
        if len(entry) > MAX_WORD or len(rules.words(entry)) != 1:
            raise Invalid("Write one word a line; “{entry}” is not one.", field=field, entry=entry[:MAX_WORD])
    return list(dict.fromkeys(typed))


def _guidelines(typed: str) -> str:
    kept = typed.replace("\r\n", "\n").strip()
    if len(kept) > MAX_GUIDELINES:
        most, n = MAX_GUIDELINES, len(kept)
        raise Invalid("Guidelines have at most {most} characters; yours have {n}.", field="guidelines", most=most, n=n)
    _tree(kept)
    return kept


def _appeals(typed: str) -> str:
    kept = " ".join(typed.split())
    if len(kept) > MAX_APPEALS or any(text.unprintable(character) for character in kept):
        raise Invalid("This takes at most {most} characters.", field="appeals", most=MAX_APPEALS)
    return kept


def _tree(guidelines: str) -> list[Any] | None:
    return text.render(guidelines, field="guidelines") if guidelines else None


def _days(typed: str) -> int | None:
    if not typed.strip():
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,3}", typed.strip()):
        raise Invalid("Give a number of days from 1 to 9999, or leave it empty.", field="closes_after")
    return int(typed)
