"""The readers' API: anonymous cacheable reads, and writes of one browser."""

from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from sqlalchemy.exc import IntegrityError

from comments_service import articles, posting, reacting, reading, repeating, sharing
from comments_service.accounts import Visitor, arrive
from comments_service.database import db, now
from comments_service.errors import Conflict, Invalid
from comments_service.tables import Comment
from comments_service.web import shapes, strict_json
from comments_service.web.limits import WRITES, limiter

api = Blueprint("reader_api", __name__, url_prefix="/api/v1/sites/<site_key>")
PUBLIC_CACHE = "public, max-age=0, s-maxage=5, stale-while-revalidate=30, stale-if-error=600"


@api.get("/thread")
def thread(site_key: str) -> Response:
    """One page of a thread."""
    found = reading.article(db.session(), site_key, request.args.get("key", ""))
    sort = request.args.get("sort", "newest")
    if sort not in reading.SORTS:
        raise Invalid("Sort by newest, oldest or recommended.", field="sort")
    etag = f"{found.id}-{found.version}"
    if etag in request.if_none_match:
        return _public(Response(status=304), etag)
    page = reading.thread(db.session(), found, sort=sort, cursor=request.args.get("cursor"))
    comments = [shapes.comment(row, page.replies.get(row.id, [])) for row in page.comments]
    return _public(jsonify(article=shapes.article(found), comments=comments, next=page.next), etag)


@api.get("/comments/<comment_id>/replies")
def replies(site_key: str, comment_id: str) -> Response:
    """Up to a hundred replies of one branch."""
    site, after = reading.site(db.session(), site_key), request.args.get("after")
    page = reading.branch(db.session(), site, comment_id, after=after)
    return _public(jsonify(comments=[shapes.comment(row) for row in page.comments], next=page.next))


@api.get("/comments/<comment_id>/focus")
def focus(site_key: str, comment_id: str) -> Response:
    """One comment and what it answers."""
    comment, ancestors = reading.focus(db.session(), reading.site(db.session(), site_key), comment_id)
    return _public(jsonify(comment=shapes.comment(comment), ancestors=[shapes.comment(row) for row in ancestors]))


@api.get("/counts")
def counts(site_key: str) -> Response:
    """The counters of up to fifty articles."""
    keys = request.args.getlist("key")
    if not 1 <= len(keys) <= 50:
        raise Invalid("Ask for 1 to 50 articles.", field="key")
    return _public(jsonify(counts=reading.counts(db.session(), reading.site(db.session(), site_key), keys)))


@api.get("/version")
def version(site_key: str) -> Response:
    """The version of a thread, for polling."""
    found = reading.article(db.session(), site_key, request.args.get("key", ""))
    answer = _public(jsonify(version=found.version))
    answer.headers["Cache-Control"] = "public, max-age=0, s-maxage=2"
    return answer


@api.post("/comments")
@limiter.limit(WRITES)
def post(site_key: str) -> tuple[Response, int]:
    """Write a comment or a reply; with an Idempotency-Key, the same text sent again is stored once."""
    visitor = _visitor(site_key)
    key, at = request.headers.get("Idempotency-Key"), now()
    attempt = repeating.attempt(visitor, key, request.get_data()) if key else None
    earlier = repeating.earlier_answer(db.session(), attempt, at=at) if attempt else None
    if earlier is not None:
        return jsonify(earlier), 201
    body = shapes.NewComment.model_validate(strict_json.load(request))
    if body.website:
        raise Invalid("This field must stay empty.", field="website")
    article = articles.first_sight(
        db.session(), visitor.site, key=body.key, url=body.url, token=body.article_token, at=at
    )
    draft = posting.Draft(name=body.name, body=body.body, parent=body.parent)
    answer = {"comment": shapes.own_comment(posting.post(db.session(), draft, article=article, by=visitor, at=at))}
    if attempt:
        try:
            repeating.remember(db.session(), attempt, answer, at=at)
        except IntegrityError:
            db.session.rollback()
            raise Conflict("The same comment is being stored right now; try again.") from None
    db.session.commit()
    return jsonify(answer), 201


@api.patch("/comments/<comment_id>")
@limiter.limit(WRITES)
def edit(site_key: str, comment_id: str) -> Response:
    """Change one's own comment."""
    visitor = _visitor(site_key)
    body = shapes.NewText.model_validate(strict_json.load(request))
    return _own(posting.edit(db.session(), comment_id, body.body, by=visitor, at=now()))


@api.delete("/comments/<comment_id>")
@limiter.limit(WRITES)
def withdraw(site_key: str, comment_id: str) -> Response:
    """Take one's own comment back."""
    return _own(posting.withdraw(db.session(), comment_id, by=_visitor(site_key), at=now()))


@api.post("/comments/<comment_id>/restore")
@limiter.limit(WRITES)
def restore(site_key: str, comment_id: str) -> Response:
    """Undo a withdrawal within ten seconds."""
    return _own(posting.restore(db.session(), comment_id, by=_visitor(site_key), at=now()))


@api.put("/comments/<comment_id>/recommendation")
@limiter.limit(WRITES)
def recommend(site_key: str, comment_id: str) -> Response:
    """Recommend a comment."""
    total = reacting.recommend(db.session(), comment_id, by=_visitor(site_key), at=now())
    db.session.commit()
    return jsonify(recommends=total)


@api.delete("/comments/<comment_id>/recommendation")
@limiter.limit(WRITES)
def unrecommend(site_key: str, comment_id: str) -> Response:
    """Take a recommendation back."""
    total = reacting.unrecommend(db.session(), comment_id, by=_visitor(site_key))
    db.session.commit()
    return jsonify(recommends=total)


@api.get("/me")
def me(site_key: str) -> Response:
    """What belongs to this browser alone: its comments under one article, in every state."""
    reader = _visitor(site_key).reader
    found = reading.article(db.session(), site_key, request.args.get("key", "")) if reader else None
    mine = reading.mine(db.session(), found, reader.id) if reader and found else []
    liked = reacting.recommended(db.session(), found, reader.id) if reader and found else []
    return jsonify(comments=[shapes.own_comment(row) for row in mine], recommended=liked, now=shapes.timestamp(now()))


@api.post("/shares")
@limiter.limit(WRITES)
def share(site_key: str) -> tuple[str, int]:
    """Count one share click; text/plain, so that a beacon needs no preflight."""
    visitor = _visitor(site_key)
    body = shapes.NewShare.model_validate(strict_json.load(request, mimetypes=("text/plain", "application/json")))
    article = articles.first_sight(
        db.session(), visitor.site, key=body.key, url=body.url, token=body.article_token, at=now()
    )
    sharing.record(db.session(), article, network=body.network)
    db.session.commit()
    return "", 204


@api.after_request
def cross_origin(answer: Response) -> Response:
    """Public reads are open to every page; writes and `me` echo an origin only when it is registered."""
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if answer.headers.get("Cache-Control", "").startswith("public"):
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Origin"
    origin = request.headers.get("Origin", "")
    # After a failure of the database, to ask it again would only fail again.
    asked = answer.status_code < 500 and (request.view_args or {}).get("site_key")
    site = g.get("site") or (reading.known_site(db.session(), asked) if asked else None)
    if site is not None and origin in site.origins:
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE"
        answer.headers["Access-Control-Allow-Headers"] = "authorization, content-type, idempotency-key"
        answer.headers["Access-Control-Max-Age"] = "7200"
    elif request.method == "GET":
        answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _visitor(site_key: str) -> Visitor:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    visitor = arrive(
        db.session(), site_key, origin=request.headers.get("Origin", ""), secret=secret if kind == "Bearer" else None
    )
    g.site = visitor.site
    return visitor


def _public(answer: Response, etag: str | None = None) -> Response:
    answer.headers["Cache-Control"] = PUBLIC_CACHE
    if etag:
        answer.set_etag(etag)
    return answer


def _own(comment: Comment) -> Response:
    db.session.commit()
    body: dict[str, Any] = shapes.own_comment(comment)
    return jsonify(comment=body)
