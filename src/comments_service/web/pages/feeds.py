"""Atom (RFC 4287) and JSON Feed 1.1 of a conversation and of a whole site. Public comments only."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, render_template

from comments_service import reading
from comments_service.database import db
from comments_service.languages import later
from comments_service.tables import Article, Comment, Site
from comments_service.text import excerpt, to_html
from comments_service.web import caching, shapes
from comments_service.web.pages.addresses import Links, at_article, links, service
from comments_service.web.pages.answers import kept, pages
from comments_service.web.pages.thread import about, page_of
from comments_service.web.speaking import say, speak_for

TITLES = {"feed": later("Comments on {name}"), "featured": later("Featured comments on {name}")}
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
    tags: list[str]


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


@pages.get("/s/<site_key>/t/<article:article_key>/<any(feed, featured):which>.<any(atom, json):kind>")
def thread_feed(site_key: str, article_key: str, which: str, kind: str) -> Response:
    """The newest comments on one article, or those that the desk has featured."""
    site, article, shown = page_of(site_key, article_key)
    to = links(site_key)

    def feed() -> str:
        found = reading.latest(db.session(), site, article, featured=which == "featured") if article else []
        title, own = say(TITLES[which], name=shown.title or shown.url), to.thread(shown.key, f"{which}.{kind}")
        return _written(Feed(title=title, own=own, home=shown.url, entries=_entries(to, site, found)), kind)

    return kept(caching.etag(site, article), feed, mimetype=_type(kind))


@pages.get("/s/<site_key>/<any(feed, featured):which>.<any(atom, json):kind>")
def site_feed(site_key: str, which: str, kind: str) -> Response:
    """The newest comments of a site, or those that the desk has featured."""
    site = reading.site(db.session(), site_key)
    speak_for(site)
    written = _written(_of_site(site, which, kind), kind)
    copy = caching.Copy(hashlib.sha256(written.encode()).hexdigest()[:20], caching.names(site, None))
    return kept(copy, lambda: written, mimetype=_type(kind))


@pages.after_request
def open_to_every_reader(answer: Response) -> Response:
    """Feeds, JSON-LD and oEmbed may be fetched from anywhere."""
    if answer.mimetype in {ATOM, JSON_FEED, "application/ld+json", "application/json"}:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _of_site(site: Site, which: str, kind: str) -> Feed:
    to = links(site.key)
    home = site.origins[0] if site.origins else service()
    entries = _entries(to, site, reading.latest(db.session(), site, featured=which == "featured"))
    return Feed(title=say(TITLES[which], name=site.name), own=to.feed(kind, which), home=home, entries=entries)


def _entries(to: Links, site: Site, found: Sequence[tuple[Comment, Article]]) -> list[Entry]:
    return [
        Entry(
            id=to.comment(row.id),
            title=say("{name} on {article}", name=row.name, article=about(site, article).title or article.url),
            url=at_article(article.url, row.id),
            author=row.name,
            html=_quoted(row) + to_html(row.tree),
            published=shapes.timestamp(row.created),
            updated=shapes.timestamp(max(row.created, row.edited or row.created, row.featured_at or row.created)),
            answers=to.comment(row.parent_id) if row.parent_id else "",
            tags=[*row.badges, *(["featured"] if row.featured_at else []), *(["pinned"] if row.pinned_at else [])],
        )
        for row, article in found
    ]


def _quoted(row: Comment) -> str:
    # A reader of feeds sees one comment alone; what it answered may say something else by now.
    if not row.answered:
        return ""
    told = say("In answer to what was edited since, and said then:")
    return to_html([["p", told], ["blockquote", excerpt(row.answered)]])


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
            **({"tags": entry.tags} if entry.tags else {}),
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
