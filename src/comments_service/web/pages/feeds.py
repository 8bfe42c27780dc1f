"""Atom (RFC 4287) and JSON Feed 1.1 of a conversation and of a whole site. Public comments only."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, render_template

from comments_service import reading
from comments_service.database import db
from comments_service.tables import Article, Comment, Site
from comments_service.text import to_html
from comments_service.web import caching, shapes
from comments_service.web.pages.addresses import Links, at_article, links, service
from comments_service.web.pages.answers import kept, pages
from comments_service.web.pages.thread import about, page_of

ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
# Characters that a text may hold and XML 1.0 may not (§2.2).
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One comment in a feed."""

    id: str
    title: str
    url: str
    author: str
    html: str
    published: str
    updated: str
    answers: str


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A feed: what it is called, where it is, what page it belongs to, and its newest entries."""

    title: str
    own: str
    home: str
    entries: list[Entry]

    @property
    def updated(self) -> str:
        """When anything in it last changed; long ago when there is nothing."""
        return max((entry.updated for entry in self.entries), default="1970-01-01T00:00:00Z")


@pages.get("/s/<site_key>/t/<article:article_key>/feed.<any(atom, json):kind>")
def thread_feed(site_key: str, article_key: str, kind: str) -> Response:
    """The newest comments on one article."""
    site, article, shown = page_of(site_key, article_key)
    to = links(site_key)

    def feed() -> str:
        entries = _entries(to, reading.latest(db.session(), site, article)) if article else []
        title, own = f"Comments on {shown.title or shown.url}", to.thread(shown.key, f"feed.{kind}")
        return _written(Feed(title=title, own=own, home=shown.url, entries=entries), kind)

    return kept(caching.etag(site, article), feed, mimetype=_type(kind))


@pages.get("/s/<site_key>/feed.<any(atom, json):kind>")
def site_feed(site_key: str, kind: str) -> Response:
    """The newest comments of a site."""
    site = reading.site(db.session(), site_key)
    written = _written(_of_site(site, kind), kind)
    return kept(hashlib.sha256(written.encode()).hexdigest()[:20], lambda: written, mimetype=_type(kind))


@pages.after_request
def open_to_every_reader(answer: Response) -> Response:
    """Feeds and JSON-LD may be fetched from anywhere."""
    if answer.mimetype in {ATOM, JSON_FEED, "application/ld+json"}:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _of_site(site: Site, kind: str) -> Feed:
    to = links(site.key)
    home = site.origins[0] if site.origins else service()
    entries = _entries(to, reading.latest(db.session(), site))
    return Feed(title=f"Comments on {site.name}", own=to.feed(kind), home=home, entries=entries)


def _entries(to: Links, found: Sequence[tuple[Comment, Article]]) -> list[Entry]:
    return [
        Entry(
            id=to.comment(row.id),
            title=f"{row.name} on {about(article).title or article.url}",
            url=at_article(article.url, row.id),
            author=row.name,
            html=to_html(row.tree),
            published=shapes.timestamp(row.created),
            updated=shapes.timestamp(row.edited or row.created),
            answers=to.comment(row.parent_id) if row.parent_id else "",
        )
        for row, article in found
    ]


def _type(kind: str) -> str:
    return ATOM if kind == "atom" else JSON_FEED


def _written(feed: Feed, kind: str) -> str:
    if kind == "atom":
        return NO_XML.sub("\ufffd", render_template("pages/feed.xml", feed=feed))
    items = [
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.html,
            "date_published": entry.published,
            "date_modified": entry.updated,
            "authors": [{"name": entry.author}],
        }
        for entry in feed.entries
    ]
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.home,
            "feed_url": feed.own,
            "items": items,
        },
        ensure_ascii=False,
    )
