"""What an HTML page says about the article on it. Pure; every page is taken for hostile."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from comments_service import identity
from comments_service.errors import Invalid
from comments_service.metadata import (
    MAX_AUTHOR,
    MAX_AUTHORS,
    MAX_SECTION,
    MAX_TAG,
    MAX_TAGS,
    MAX_TITLE,
    Statement,
    moment,
)  # fmt: skip
from comments_service.text import unprintable

# The parser takes quadratic time on malformed input; fed in pieces, it can be left after any of them.
PIECE = 2048
SECONDS = 1.0
ARTICLES = frozenset({"Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
                      "BackgroundNewsArticle", "ReviewNewsArticle", "BlogPosting", "LiveBlogPosting"})  # fmt: skip


@dataclass
class Page:
    """What was found, as it was found."""

    title: str = ""
    canonical: list[str] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    meta: dict[str, list[str]] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)


def statement(html: str, *, key: str, url: str, at: datetime) -> Statement | None:
    """What the page at an address says of the article with this key, or None when it is not that article's page.

    It is when its one canonical link is the address, and, where the key is free text, when it has a thread of that
    key: whoever commented first may have named any page of the paper.
    """
    page = _read(html)
    if {_normal(url, link) for link in page.canonical} != {url}:
        return None
    if not identity.is_url(key) and key not in page.threads:
        return None
    linked = next(_linked_articles(page.data), {})
    title = _fit(_first(linked.get("headline"), *page.meta.get("og:title", []), page.title), MAX_TITLE)
    if not title:
        return None
    section = _first(*_texts(linked.get("articleSection")), *page.meta.get("article:section", []))
    published = _first(linked.get("datePublished"), *page.meta.get("article:published_time", []))
    return Statement(
        url=url, title=title, section=_fit(section, MAX_SECTION),
        authors=_fit_all(_names(linked.get("author")) or page.meta.get("author", []), MAX_AUTHORS, MAX_AUTHOR),
        tags=_fit_all(_keywords(linked) or page.meta.get("article:tag", []), MAX_TAGS, MAX_TAG),
        published_at=_moment(published), source="fetch", at=at,
    )  # fmt: skip


class _Reader(HTMLParser):
    """Keeps the head's few elements of interest; `inside` is where text goes just now."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inside = ""
        if tag == "link" and "canonical" in given.get("rel", "").lower().split():
            self.page.canonical.append(given.get("href", ""))
        elif tag == "meta":
            name = (given.get("property") or given.get("name") or "").lower()
            self.page.meta.setdefault(name, []).append(given.get("content", ""))
        elif tag == "comments-thread":
            self.page.threads.append(given.get("thread", ""))
        elif tag == "title" and not self.page.title:
            self.inside = "title"
        elif tag == "script" and given.get("type", "").strip().lower() == "application/ld+json":
            self.inside = "data"
            self.page.data.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "title":
            self.page.title += data
        elif self.inside == "data":
            self.page.data[-1] += data


def _read(html: str) -> Page:
    reader, until = _Reader(), time.monotonic() + SECONDS
    for start in range(0, len(html), PIECE):
        try:
            reader.feed(html[start : start + PIECE])
        except (AssertionError, ValueError):  # what the parser raises on a broken declaration
            break
        if time.monotonic() > until:
            break
    return reader.page


def _linked_articles(blocks: list[str]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        try:
            found = json.loads(block)
        except (ValueError, RecursionError):
            continue
        for thing in _things(found):
            if ARTICLES & set(_texts(thing.get("@type"))):
                yield thing


def _things(found: object) -> Iterator[dict[str, Any]]:
    for thing in found if isinstance(found, list) else [found]:
        if isinstance(thing, dict):
            yield thing
            graph = thing.get("@graph")
            yield from (node for node in graph if isinstance(node, dict)) if isinstance(graph, list) else ()


def _texts(value: object) -> list[str]:
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


def _names(value: object) -> list[str]:
    people = value if isinstance(value, list) else [value]
    return _texts([person.get("name") if isinstance(person, dict) else person for person in people])


def _keywords(linked: dict[str, Any]) -> list[str]:
    value = linked.get("keywords")
    return value.split(",") if isinstance(value, str) else _texts(value)


def _first(*found: object) -> str:
    return next((text for text in found if isinstance(text, str) and text.strip()), "")


def _fit(text: str, most: int) -> str:
    shown = "".join(character for character in text if not unprintable(character) or character.isspace())
    return " ".join(shown.split())[:most].strip()


def _fit_all(texts: list[str], most: int, longest: int) -> list[str]:
    fitting = (_fit(text, longest) for text in texts)
    return list(dict.fromkeys(text for text in fitting if text))[:most]


def _moment(text: str) -> datetime | None:
    try:
        return moment(text) if text else None
    except Invalid:
        return None


def _normal(base: str, link: str) -> str:
    try:
        return identity.normal(urljoin(base, link.strip())) if link.strip() else ""
    except (Invalid, ValueError):
        return ""
