"""A conversation as a page of its own, and the same list for a paper to include in its article."""

from collections.abc import Mapping
from typing import Any

from flask import Response, render_template, request

from comments_service import choosing, identity, reading, searching, sharing
from comments_service.database import db
from comments_service.errors import NotFound, Refused
from comments_service.languages import later
from comments_service.tables import Article, Site
from comments_service.web import caching, shapes, speaking
from comments_service.web.pages.addresses import Links, links, service
from comments_service.web.pages.answers import kept, pages
from comments_service.web.pages.arranging import Node, nested

SORTS = {
    "newest": later("Newest"),
    "oldest": later("Oldest"),
    "recommended": later("Most recommended"),
    "best": later("Best"),
    "liveliest": later("Liveliest"),
}
FILTERS = {
    "all": later("All comments"),
    "staff": later("Staff and author"),
    "featured": later("Featured"),
    "unanswered": later("Unanswered"),
}
NOTHING = {
    "staff": later("Neither the staff nor the author of the story has written here yet."),
    "featured": later("The newsroom has not featured a comment here yet."),
    "unanswered": later("Every comment here has been answered."),
}


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
    speaking.speak_for(site)
    if article is not None:
        return site, article, about(site, article)
    unknown = shapes.article(site, None, article_key)
    unknown.url = _own_url(site, article_key if identity.is_url(article_key) else url or request.args.get("url", ""))
    return site, None, unknown


def about(site: Site, article: Article) -> shapes.Article:
    """An article as pages show it: a path is no title."""
    shown = shapes.article(site, article, article.key)
    shown.title = "" if article.source == "path" else shown.title
    return shown


def _conversation(site_key: str, article_key: str, template: str) -> Response:
    site, article, shown = page_of(site_key, article_key)
    make = _branch if "branch" in request.args else _roots

    def page() -> str:
        to = links(site_key)
        return render_template(
            template, site=shapes.site(site), article=shown, links=to, service=service(), sorts=SORTS,
            filters=FILTERS, nothing=NOTHING, plain_links=sharing.plain_links, **make(article, shown, to),
        )  # fmt: skip

    return kept(caching.etag(site, article), page)


def _roots(article: Article | None, shown: shapes.Article, to: Links) -> Mapping[str, Any]:
    sort, only = request.args.get("sort", "newest"), request.args.get("filter", "all")
    if sort not in choosing.SORTS or only not in choosing.FILTERS:
        raise NotFound("There is no such order or filter.")
    cursor = request.args.get("cursor")
    found = reading.Thread()
    if article:
        found = reading.thread(db.session(), article, sort=sort, only=only, cursor=cursor)
    names = {row.id: row.name for row in (*found.comments, *found.parents) if row.status == "published"}
    nodes = [_node(shapes.root(row, found.replies.get(row.id)), shown.key, to, names) for row in found.comments]

    def listed(**other: str) -> str:
        # What goes without saying is in no address, so that each list has one.
        asked = {"sort": sort, "filter": only} | other
        said = {name: value for name, value in asked.items() if value not in {"newest", "all"}}
        return to.thread(shown.key, **said)

    following = listed(cursor=found.next) if found.next else None
    return {
        "nodes": nodes, "following": following, "listed": listed, "sort": sort, "filter": only,
        "first": cursor is None, "branch": None,
    }  # fmt: skip


def _branch(article: Article | None, shown: shapes.Article, to: Links) -> Mapping[str, Any]:
    _, its_article, root = reading.around(db.session(), to.site, request.args["branch"])
    if article is None or its_article.id != article.id or root.parent_id is not None:
        raise NotFound("There is no such comment in this conversation.")
    after = request.args.get("after")
    found = reading.branch(db.session(), root, after=after)
    node = nested(shapes.comment(root), [shapes.comment(row) for row in found.comments])
    following = to.thread(shown.key, branch=root.id, after=found.next) if found.next else None
    return {"nodes": [node], "following": following, "filter": "all", "first": after is None, "branch": root.id}


def _node(root: shapes.Root, key: str, to: Links, names: Mapping[str, str]) -> Node:
    node = nested(root, root.replies)
    if root.parent is not None:
        node.answers, node.answers_name = root.parent, names.get(root.parent, "")
    elif root.replies_next or len(root.replies) < root.replies_total:
        node.hidden = max(root.replies_total - len(root.replies), 1)
        node.more = to.thread(key, branch=root.id)
    return node


def _own_url(site: Site, url: str) -> str:
    try:
        return identity.own_url(url, site.origins)
    except Refused:
        raise NotFound("Nobody has said anything about this yet.") from None
