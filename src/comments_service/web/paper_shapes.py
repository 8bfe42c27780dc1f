"""What goes out to a paper's own server, about its articles."""

from typing import Literal

from comments_service import tables
from comments_service.web.shapes import Answer, Moment


class Announced(Answer):
    """An article as its paper has described it; `source` says who vouches for the description."""

    key: str
    url: str
    title: str
    section: str
    authors: list[str]
    tags: list[str]
    published_at: Moment | None
    closed: bool
    aliases: list[str]
    source: Literal["path", "api", "page", "fetch"]
    comments: int
    shares: int
    version: int


class OwnArticle(Answer):
    """One of the caller's articles."""

    article: Announced


def announced(row: tables.Article, aliases: list[str]) -> Announced:
    """An article, for its paper, from its row."""
    shown = {
        "key": row.key, "url": row.url, "title": row.title, "section": row.section, "authors": row.authors,
        "tags": row.tags, "published_at": row.published_at, "closed": row.closed_at is not None, "aliases": aliases,
        "source": row.source, "comments": row.comments, "shares": row.shares, "version": row.version,
    }  # fmt: skip
    return Announced.model_validate(shown)
