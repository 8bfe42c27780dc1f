"""What every page may read of a site's conversations: anonymous, cacheable, the same bytes for everybody."""

import hashlib

from flask import Blueprint, Response, request

from comments_service import identity, reading
from comments_service.database import db
from comments_service.errors import Invalid
from comments_service.web import caching, shapes

api = Blueprint("public_api", __name__, url_prefix="/api/v1/sites/<site_key>")
MOST_COUNTS = 50


@api.get("/thread")
def thread(site_key: str) -> Response:
    """One page of a thread: twenty roots, each with its first replies."""
    key, sort, cursor = _key(), request.args.get("sort", "newest"), request.args.get("cursor")
    if sort not in reading.SORTS:
        raise Invalid("Sort by newest, oldest or recommended.", field="sort")
    site, article = reading.place(db.session(), site_key, key)

    def page() -> shapes.ThreadPage:
        found = reading.thread(db.session(), article, sort=sort, cursor=cursor) if article else reading.Thread()
        return shapes.ThreadPage(
            site=shapes.site(site),
            article=shapes.article(article, key),
            comments=[shapes.root(row, found.replies.get(row.id)) for row in found.comments],
            next=found.next,
        )

    return caching.answer(caching.etag(site, article), page)


@api.get("/comments/<comment_id>/replies")
def replies(site_key: str, comment_id: str) -> Response:
    """Up to a hundred replies of one branch, parents before children."""
    site, article, comment = reading.around(db.session(), site_key, comment_id)

    def page() -> shapes.BranchPage:
        found = reading.branch(db.session(), comment, after=request.args.get("after"))
        return shapes.BranchPage(comments=[shapes.comment(row) for row in found.comments], next=found.next)

    return caching.answer(caching.etag(site, article), page)


@api.get("/comments/<comment_id>/focus")
def focus(site_key: str, comment_id: str) -> Response:
    """One comment and the nearest fifty that it answers."""
    site, article, comment = reading.around(db.session(), site_key, comment_id)

    def page() -> shapes.Focus:
        above = reading.ancestors(db.session(), comment)
        return shapes.Focus(comment=shapes.comment(comment), ancestors=[shapes.comment(row) for row in above])

    return caching.answer(caching.etag(site, article), page)


@api.get("/counts")
def counts(site_key: str) -> Response:
    """The counters of up to fifty articles."""
    keys = request.args.getlist("key")
    if not 1 <= len(keys) <= MOST_COUNTS:
        raise Invalid("Ask for 1 to 50 articles.", field="key")
    found = reading.counts(db.session(), site_key, keys)
    body = shapes.Counts(
        counts={key: shapes.Counters(comments=comments, shares=shares) for key, (comments, shares) in found.items()}
    )
    return caching.answer(hashlib.sha256(body.model_dump_json().encode()).hexdigest()[:20], lambda: body)


@api.get("/version")
def version(site_key: str) -> Response:
    """The version of a thread, for polling; 0 while nobody has talked about the article."""
    _, article = reading.place(db.session(), site_key, _key())
    number = article.version if article else 0
    return caching.answer(f"v{number}", lambda: shapes.Version(version=number), kept=caching.POLLED)


@api.after_request
def open_to_every_page(answer: Response) -> Response:
    """No cookie, no origin and no header but Accept-Encoding has a part in these answers, errors among them."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


def _key() -> str:
    key = request.args.get("key", "")
    identity.well_formed(key, field="key")
    return key
