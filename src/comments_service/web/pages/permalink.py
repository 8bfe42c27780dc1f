"""The page of one comment: what a link to it shows elsewhere, and the way to its place under the article."""

from flask import Response, render_template

from comments_service import reading
from comments_service.database import db
from comments_service.tables import Article, Comment, Site
from comments_service.text import excerpt
from comments_service.web import caching, shapes, speaking
from comments_service.web.pages.addresses import at_article, links, service
from comments_service.web.pages.answers import kept, pages
from comments_service.web.pages.thread import about


@pages.get("/s/<site_key>/c/<comment_id>")
def comment(site_key: str, comment_id: str) -> Response:
    """One public comment of a site."""
    return _page(*reading.around(db.session(), site_key, comment_id))


@pages.get("/c/<comment_id>")
def short(comment_id: str) -> Response:
    """The same page at an address that is short enough to pass on."""
    return _page(*reading.anywhere(db.session(), comment_id))


def _page(site: Site, article: Article, row: Comment) -> Response:
    speaking.speak_for(site)

    def page() -> str:
        shown = shapes.comment(row)
        parent = reading.parent(db.session(), row)
        return render_template(
            "pages/comment.html",
            site=shapes.site(site),
            article=about(site, article),
            comment=shown,
            excerpt=excerpt(shown.tree or []),
            parent=shapes.comment(parent) if parent else None,
            links=links(site.key),
            place=at_article(article.url, row.id),
            service=service(),
        )

    return kept(caching.etag(site, article), page)
