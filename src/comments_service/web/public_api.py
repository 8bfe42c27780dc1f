"""What every page may read of a site's conversations: anonymous, cacheable, the same bytes for everybody."""

import hashlib

from flask import Response

from comments_service import focusing, identity, reading, searching
from comments_service.database import db
from comments_service.web import caching, incoming, shapes
from comments_service.web.specification import READING, answers, family

api = family("public_api", "/api/v1/sites/<site_key>", tag=READING)


@api.get("/thread", responses=answers({200: shapes.ThreadPage}, 404, 422))
def thread(path: incoming.SitePath, query: incoming.ThreadQuery) -> Response:
    """One page of a thread: twenty roots, each with its first replies; or what a filter lets through."""
    identity.well_formed(query.key, field="key")
    site, article = reading.place(db.session(), path.site_key, query.key)

    def page() -> shapes.ThreadPage:
        found = reading.Thread()
        if article:
            found = reading.thread(db.session(), article, sort=query.sort, only=query.filter, cursor=query.cursor)
        return shapes.ThreadPage(
            site=shapes.site(site),
            article=shapes.article(site, article, query.key),
            comments=[shapes.root(row, found.replies.get(row.id)) for row in found.comments],
            parents=[shapes.comment(row) for row in found.parents],
            next=found.next,
        )

    return caching.answer(caching.etag(site, article), page)


@api.get("/comments/<comment_id>/replies", responses=answers({200: shapes.BranchPage}, 404, 422))
def replies(path: incoming.CommentPath, query: incoming.BranchQuery) -> Response:
    """Up to a hundred replies of one branch, parents before children."""
    site, article, comment = reading.around(db.session(), path.site_key, path.comment_id)

    def page() -> shapes.BranchPage:
        found = reading.branch(db.session(), comment, after=query.after)
        return shapes.BranchPage(comments=[shapes.comment(row) for row in found.comments], next=found.next)

    return caching.answer(caching.etag(site, article), page)


@api.get("/comments/<comment_id>/focus", responses=answers({200: shapes.Focus}, 404, 422))
def focus(path: incoming.CommentPath, query: incoming.FocusQuery) -> Response:
    """One comment, what it answers, its neighbours and the first answers to it."""
    site, article, comment = reading.around(db.session(), path.site_key, path.comment_id)

    def page() -> shapes.Focus:
        found = focusing.focus(db.session(), comment)
        return shapes.Focus(
            comment=shapes.comment(comment),
            ancestors=[shapes.comment(row) for row in found.ancestors],
            siblings=[shapes.comment(row) for row in found.siblings],
            prev=found.prev,
            next=found.next,
            replies=[shapes.comment(row) for row in found.replies],
            version=article.version,
        )

    return caching.answer(caching.etag(site, article), page)


@api.get("/comments/<comment_id>/beside", responses=answers({200: shapes.BranchPage}, 404, 422))
def beside(path: incoming.CommentPath, query: incoming.BesideQuery) -> Response:
    """Twenty further neighbours of a comment, on one side of it."""
    site, article, comment = reading.around(db.session(), path.site_key, path.comment_id)

    def page() -> shapes.BranchPage:
        rows, following = focusing.beside(db.session(), comment, cursor=query.cursor)
        return shapes.BranchPage(comments=[shapes.comment(row) for row in rows], next=following)

    return caching.answer(caching.etag(site, article), page)


@api.get("/search", responses=answers({200: shapes.Found}, 404, 422, 429))
def search(path: incoming.SitePath, query: incoming.SearchQuery) -> Response:
    """Up to twenty published comments of one thread that hold everything that was asked for, newest first."""
    identity.well_formed(query.key, field="key")
    terms = searching.asked(query.q)
    site, article = reading.place(db.session(), path.site_key, query.key)

    def page() -> shapes.Found:
        found = searching.Hits()
        if article:
            found = searching.find(db.session(), article, terms, cursor=query.cursor)
        return shapes.Found(comments=[shapes.hit(row, terms) for row in found.comments], next=found.next)

    return caching.answer(caching.etag(site, article), page)


@api.get("/counts", responses=answers({200: shapes.Counts}, 404, 422))
def counts(path: incoming.SitePath, query: incoming.CountsQuery) -> Response:
    """The counters of up to fifty articles."""
    found = reading.counts(db.session(), path.site_key, query.key)
    body = shapes.Counts(
        counts={key: shapes.Counters(comments=comments, shares=shares) for key, (comments, shares) in found.items()}
    )
    copy = caching.Copy(hashlib.sha256(body.model_dump_json().encode()).hexdigest()[:20])
    return caching.answer(copy, lambda: body)


@api.get("/version", responses=answers({200: shapes.Version}, 404, 422))
def version(path: incoming.SitePath, query: incoming.ArticleQuery) -> Response:
    """The version of a thread, for polling; 0 while nobody has talked about the article."""
    identity.well_formed(query.key, field="key")
    site, article = reading.place(db.session(), path.site_key, query.key)
    number = article.version if article else 0
    copy = caching.Copy(f"v{number}", caching.names(site, article))
    return caching.answer(copy, lambda: shapes.Version(version=number), kept=caching.POLLED)


@api.after_request
def open_to_every_page(answer: Response) -> Response:
    """No cookie, no origin and no header but Accept-Encoding has a part in these answers, errors among them."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer
