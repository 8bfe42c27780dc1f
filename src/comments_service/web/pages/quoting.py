"""A comment for other pages: a quote that may stand in a frame, and its oEmbed description (oembed.com). No script."""

import json
import re
from urllib.parse import urlsplit

from flask import Response, render_template, request

from comments_service import reading
from comments_service.database import db
from comments_service.errors import Invalid, NotFound
from comments_service.tables import Article, Comment, Site
from comments_service.web import caching, shapes, speaking
from comments_service.web.pages.addresses import at_article, links, service
from comments_service.web.pages.answers import kept, pages
from comments_service.web.pages.thread import about
from comments_service.web.problems import problem
from comments_service.web.speaking import say

OURS = re.compile(r"(?:/s/(?P<site>[^/]+))?/c/(?P<id>[^/]+)")
WIDEST = 640
Found = tuple[Site, Article, Comment]


@pages.get("/s/<site_key>/c/<comment_id>/quote.html")
def quote(site_key: str, comment_id: str) -> Response:
    """One public comment of a site, for a frame on any page."""
    return _quote(reading.around(db.session(), site_key, comment_id))


@pages.get("/c/<comment_id>/quote.html")
def short_quote(comment_id: str) -> Response:
    """The same at the short address."""
    return _quote(reading.anywhere(db.session(), comment_id))


@pages.get("/oembed")
def oembed() -> Response:
    """What a page that holds a link to a comment may show in its place."""
    if request.args.get("format", "json") != "json":
        return problem(501, "Not Implemented", say("This is to be had as JSON."), field="format")
    site, article, row = _meant(request.args.get("url", ""))
    widest = min(_pixels("maxwidth", WIDEST), WIDEST)
    _pixels("maxheight", 0)
    if row.status != "published":
        raise NotFound("There is no such comment.")
    speaking.speak_for(site)

    def document() -> str:
        described = {
            "version": "1.0",
            "type": "rich",
            "title": say("{name} on {article}", name=row.name, article=about(site, article).title or article.url),
            "author_name": row.name,
            "provider_name": site.name,
            "provider_url": site.origins[0] if site.origins else service(),
            "html": _written("pages/quotation.html", site, article, row).strip(),
            "width": widest,
            "height": None,
        }
        return json.dumps(described, ensure_ascii=False)

    return kept(caching.etag(site, article), document, mimetype="application/json")


def _quote(found: Found) -> Response:
    site, article, row = found
    speaking.speak_for(site)
    return kept(caching.etag(site, article), lambda: _written("pages/quote.html", site, article, row))


def _written(template: str, site: Site, article: Article, row: Comment) -> str:
    return render_template(
        template, site=shapes.site(site), article=about(site, article), comment=shapes.comment(row),
        place=at_article(article.url, row.id), links=links(site.key), service=service(),
    )  # fmt: skip


def _meant(url: str) -> Found:
    """The comment that one of our own addresses names. Raises NotFound."""
    try:
        parts = urlsplit(url)
        ours = f"{parts.scheme}://{parts.netloc}" == service()
    except ValueError:
        ours = False
    named = OURS.fullmatch(parts.path) if ours else None
    if named is None:
        raise NotFound("This is not the address of a comment here.", field="url")
    if named["site"]:
        return reading.around(db.session(), named["site"], named["id"])
    return reading.anywhere(db.session(), named["id"])


def _pixels(name: str, otherwise: int) -> int:
    asked = request.args.get(name)
    if asked is None:
        return otherwise
    if not re.fullmatch("[1-9][0-9]{0,4}", asked):
        raise Invalid("This is not a number of pixels.", field=name)
    return int(asked)
