"""What a paper says about an article, and the limits that hold wherever it says it. No table is read here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from comments_service import identity
from comments_service.errors import Invalid
from comments_service.text import unprintable

MAX_TITLE = 300
MAX_SECTION = 100
MAX_AUTHORS, MAX_AUTHOR = 20, 100
MAX_TAGS, MAX_TAG = 30, 60


@dataclass(frozen=True, kw_only=True)
class Statement:
    """An article in its paper's own words; `at` is when the paper said so, `source` is api, page or fetch."""

    url: str
    title: str
    section: str = ""
    authors: Sequence[str] = ()
    tags: Sequence[str] = ()
    published_at: datetime | None = None
    source: str
    at: datetime


def checked(said: Statement, origins: Collection[str]) -> Statement:
    """The statement with its address in normal form and its texts on one line. Raises Invalid or UnknownOrigin."""
    return replace(
        said,
        url=identity.own_url(said.url, origins),
        title=_line(said.title, "title", MAX_TITLE, least=1),
        section=_line(said.section, "section", MAX_SECTION),
        authors=_lines(said.authors, "authors", MAX_AUTHORS, MAX_AUTHOR),
        tags=_lines(said.tags, "tags", MAX_TAGS, MAX_TAG),
    )


def moment(text: str) -> datetime:
    """A time in ISO 8601 with its zone, in UTC. Raises Invalid."""
    try:
        given = datetime.fromisoformat(text)
        if given.tzinfo is None or not 1000 <= given.year < 9000:
            raise ValueError
        return given.astimezone(UTC)
    except ValueError:
        raise Invalid("Give the time as in 2026-11-24T08:30:00Z, with its zone.", field="published_at") from None


def _line(text: str, field: str, most: int, *, least: int = 0) -> str:
    shown = " ".join(text.split())
    if not least <= len(shown) <= most or any(unprintable(character) for character in shown):
        raise Invalid(
            "{name} has {least} to {most} characters on one line.", field=field, name=field, least=least, most=most
        )
    return shown


def _lines(texts: Sequence[str], field: str, most: int, longest: int) -> list[str]:
    if len(texts) > most:
        raise Invalid("{name} holds at most {most} entries.", field=field, name=field, most=most)
    return list(dict.fromkeys(_line(text, field, longest, least=1) for text in texts))
