"""A conversation as a page of its own, and the same list for a paper to include in its article."""

from collections.abc import Mapping
from typing import Any

from flask import Response, render_template, request

from comments_service import identity, reading, searching, sharing
from comments_service.database import db
from comments_service.errors import NotFound, Refused
from comments_service.tables import Article, Site
from comments_service.web import caching, shapes
from comments_service.web.pages.addresses import Links, links, service
from comments_service.web.pages.answers import kept, pages
from comments_service.web.pages.arranging import Node, nested

SORTS = {"newest": "Newest", "oldest": "Oldest", "recommended": "Most recommended"}


@pages.get("/s/<site_key>/t/<article:article_key>")
def thread(site_key: str, article_key: str) -> Response:
    """The page of a conversation."""
    return _conversation(site_key, article_key, "pages/thread.html")


@pages.get("/s/<site_key>/t/<article:article_key>/fragment.html")
def fragment(site_key: str, article_key: str) -> Response:
    """The list alone, to stand inside <comments-thread> until the widget takes over."""
    return _conversation(site_key, article_key, "pages/fragment.html")


@pages.get("/s/<site_key>/t/<article:article_key>/search")
def search(site_key: str, article_key: str) -> Response:
    """The search in a conversation: a form, and what it found."""
    site, article, shown = page_of(site_key, article_key)
    asked, cursor = request.args.get("q", ""), request.args.get("cursor")
    terms = searching.asked(asked)

    def page() -> str:
        to = links(site_key)
        found = searching.find(db.session(), article, terms, cursor=cursor) if article else searching.Hits()
        following = to.thread(shown.key, "search", q=asked, cursor=found.next) if found.next else None
        hits = [shapes.hit(row, terms) for row in found.comments]
        return render_template(
            "pages/search.html", site=shapes.site(site), article=shown, links=to, service=service(), asked=asked,
            terms=terms, hits=hits, following=following, first=cursor is None, longest=searching.MAX_QUERY,
        )  # fmt: skip

    return kept(caching.etag(site, article), page)


def page_of(site_key: str, article_key: str, url: str = "") -> tuple[Site, Article | None, shapes.Article]:
    """A site, its article's row if it has one, and the article as pages show it.

    `url` is where the article says that it is, in a form or in the query; it counts while nobody has talked about it,
    and only on the site's own origins. Raises NotFound.
    """
    try:
        identity.well_formed(article_key, field="key")
    except Refused:
        raise NotFound("There is no such conversation.") from None
    site, article = reading.place(db.session(), site_key, article_key)
    if article is not None:
        return site, article, about(article)
    unknown = shapes.article(None, article_key)
    unknown.url = _own_url(site, article_key if identity.is_url(article_key) else url or request.args.get("url", ""))
    return site, None, unknown


def about(article: Article) -> shapes.Article:
    """An article as pages show it: a path is no title."""
    shown = shapes.article(article, article.key)
    shown.title = "" if article.source == "path" else shown.title
    return shown


def _conversation(site_key: str, article_key: str, template: str) -> Response:
    site, article, shown = page_of(site_key, article_key)
    make = _branch if "branch" in request.args else _roots

    def page() -> str:
        to = links(site_key)
        common = {"site": shapes.site(site), "article": shown, "links": to, "service": service(), "sorts": SORTS}
        return render_template(
            template, plain_links=sharing.plain_links, **common, **make(article, shown, to)
        )

    return kept(caching.etag(site, article), page)


def _roots(article: Article | None, shown: shapes.Article, to: Links) -> Mapping[str, Any]:
    sort = request.args.get("sort", "newest")
    if sort not in reading.SORTS:
        raise NotFound("There is no such order.")
    cursor = request.args.get("cursor")
    found = reading.thread(db.session(), article, sort=sort, cursor=cursor) if article else reading.Thread()
    nodes = [_root(shapes.root(row, found.replies.get(row.id)), shown.key, to) for row in found.comments]
    following = to.thread(shown.key, sort=sort, cursor=found.next) if found.next else None
    return {"nodes": nodes, "following": following, "sort": sort, "first": cursor is None, "branch": None}


def _branch(article: Article | None, shown: shapes.Article, to: Links) -> Mapping[str, Any]:
    _, its_article, root = reading.around(db.session(), to.site, request.args["branch"])
    if article is None or its_article.id != article.id or root.parent_id is not None:
        raise NotFound("There is no such comment in this conversation.")
    after = request.args.get("after")
    found = reading.branch(db.session(), root, after=after)
    node = nested(shapes.comment(root), [shapes.comment(row) for row in found.comments])
    following = to.thread(shown.key, branch=root.id, after=found.next) if found.next else None
    return {"nodes": [node], "following": following, "sort": "", "first": after is None, "branch": root.id}


def _root(root: shapes.Root, key: str, to: Links) -> Node:
    node = nested(root, root.replies)
    if root.replies_next:
        node.hidden = max(root.replies_total - len(root.replies), 1)
        node.more = to.thread(key, branch=root.id)
    return node


def _own_url(site: Site, url: str) -> str:
    try:
        return identity.own_url(url, site.origins)
    except Refused:
        raise NotFound("Nobody has said anything about this yet.") from None
