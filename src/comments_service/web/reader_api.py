"""What one browser does on a site: its comments, recommendations, reports and shares. Never cached."""

from datetime import datetime, timedelta

from flask import Response, current_app, g, request
from pydantic import BaseModel

from comments_service import articles, explaining, form_tokens, posting, reacting, reading, repeating, sharing
from comments_service.accounts import Visitor, arrive, known_name
from comments_service.database import db, now
from comments_service.errors import Invalid
from comments_service.tables import Comment
from comments_service.web import incoming, shapes
from comments_service.web.specification import BROWSER, TAKING_PART, answers, family

api = family("reader_api", "/api/v1/sites/<site_key>", tag=TAKING_PART, proof=BROWSER)
OWN = answers({200: shapes.OwnComment}, 401, 403, 404, 409, 422, 429)
VOTED = answers({200: shapes.Recommends}, 401, 403, 404, 422, 429)


@api.get("/form-token", responses=answers({200: shapes.FormToken}, 403, 404, 422, 429))
def form_token(path: incoming.SitePath, query: incoming.ArticleQuery) -> Response:
    """What the next comment in one thread needs, asked for when somebody begins to write it."""
    visitor, at = _visitor(path.site_key), now()
    token = form_tokens.issue(visitor.site.key, query.key, secret=current_app.config["SECRET_KEY"], at=at)
    return _json(shapes.FormToken(token=token, usable_in=form_tokens.USABLE_IN // timedelta(milliseconds=1)))


@api.post(
    "/comments", responses=answers({201: shapes.OwnComment, 202: shapes.OwnComment}, 401, 403, 404, 409, 413, 422, 429)
)
def post(
    path: incoming.SitePath, header: incoming.RepeatableHeaders, body: incoming.NewComment
) -> tuple[Response, int]:
    """Write a comment or a reply; with an Idempotency-Key, the same text sent again is stored once."""
    visitor, at = _visitor(path.site_key), now()
    key = header.idempotency_key
    attempt = repeating.attempt(visitor, key, body.meaning()) if key else None
    earlier = repeating.claim(db.session(), attempt, at=at) if attempt else None
    if earlier is not None:
        return _posted(shapes.OwnComment.model_validate(earlier))
    comment = _written(body, visitor, at=at)
    answer = shapes.OwnComment(comment=shapes.own(comment, explaining.by_rules(comment)))
    if attempt:
        repeating.remember(db.session(), attempt, answer.model_dump(mode="json"))
    db.session.commit()
    return _posted(answer)


@api.patch("/comments/<comment_id>", responses=OWN)
def edit(path: incoming.CommentPath, body: incoming.NewText) -> Response:
    """Change one's own comment."""
    visitor = _visitor(path.site_key)
    return _own(posting.edit(db.session(), path.comment_id, body.body, by=visitor, at=now()))


@api.delete("/comments/<comment_id>", responses=OWN)
def withdraw(path: incoming.CommentPath) -> Response:
    """Take one's own comment back."""
    return _own(posting.withdraw(db.session(), path.comment_id, by=_visitor(path.site_key), at=now()))


@api.post("/comments/<comment_id>/restore", responses=OWN)
def restore(path: incoming.CommentPath) -> Response:
    """Undo a withdrawal within ten seconds."""
    return _own(posting.restore(db.session(), path.comment_id, by=_visitor(path.site_key), at=now()))


@api.put("/comments/<comment_id>/recommendation", responses=VOTED)
def recommend(path: incoming.CommentPath) -> Response:
    """Recommend a comment."""
    total = reacting.recommend(db.session(), path.comment_id, by=_visitor(path.site_key), at=now())
    db.session.commit()
    return _json(shapes.Recommends(recommends=total))


@api.delete("/comments/<comment_id>/recommendation", responses=VOTED)
def unrecommend(path: incoming.CommentPath) -> Response:
    """Take a recommendation back."""
    total = reacting.unrecommend(db.session(), path.comment_id, by=_visitor(path.site_key))
    db.session.commit()
    return _json(shapes.Recommends(recommends=total))


@api.post("/comments/<comment_id>/reports", responses=answers({200: shapes.Reported}, 401, 403, 404, 422, 429))
def report(path: incoming.CommentPath, body: incoming.NewReport) -> Response:
    """Tell the moderators about a comment; a second time changes nothing."""
    visitor = _visitor(path.site_key)
    reacting.report(db.session(), path.comment_id, reason=body.reason, note=body.note, by=visitor, at=now())
    db.session.commit()
    return _json(shapes.Reported())


@api.get("/me", responses=answers({200: shapes.Me}, 403, 404, 422))
def me(path: incoming.SitePath, query: incoming.ArticleQuery) -> Response:
    """What belongs to this browser alone: its comments under one article, in every state."""
    visitor, at = _visitor(path.site_key), now()
    reader = visitor.reader
    article = articles.find(db.session(), visitor.site, query.key) if reader else None
    mine = shapes.Me(name=known_name(reader), comments=[], recommended=[], reported=[], now=at)
    if reader and article:
        rows = reading.mine(db.session(), article, reader.id)
        told = explaining.reasons(db.session(), rows)
        mine.comments = [shapes.own(row, told.get(row.id)) for row in rows]
        mine.recommended = reacting.recommended(db.session(), article, reader.id)
        mine.reported = reacting.reported(db.session(), article, reader.id)
    return _json(mine)


@api.post("/shares", responses=answers({204: None}, 403, 404, 413, 422, 429))
def share(path: incoming.SitePath, body: incoming.NewShare) -> tuple[str, int]:
    """Count one share click; text/plain, so that a beacon needs no preflight."""
    visitor = _visitor(path.site_key)
    article = articles.first_sight(
        db.session(), visitor.site, key=body.key, url=body.url, token=body.article_token, at=now()
    )
    sharing.record(db.session(), article, network=body.network)
    db.session.commit()
    return "", 204


@api.after_request
def for_one_origin(answer: Response) -> Response:
    """An origin is echoed only when it is registered; what belongs to one browser is kept by no cache."""
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = "private, no-store" if answer.status_code < 400 else "no-store"
    answer.headers["Vary"] = "Origin"
    origin = request.headers.get("Origin", "")
    if origin in _origins(answer):
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE"
        answer.headers["Access-Control-Allow-Headers"] = "authorization, content-type, idempotency-key"
        answer.headers["Access-Control-Expose-Headers"] = "retry-after"
        answer.headers["Access-Control-Max-Age"] = "7200"
    return answer


def _visitor(site_key: str) -> Visitor:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    visitor = arrive(
        db.session(), site_key, origin=request.headers.get("Origin", ""), secret=secret if kind == "Bearer" else None
    )
    # Kept apart from its row, which the database would be asked for again after the commit.
    g.origins = visitor.site.origins
    return visitor


def _origins(answer: Response) -> list[str]:
    if "origins" in g:
        return list(g.origins)
    # After a failure of the database, to ask it again would only fail again.
    asked = answer.status_code < 500 and (request.view_args or {}).get("site_key")
    site = reading.known_site(db.session(), asked) if asked else None
    return site.origins if site else []


def _written(body: incoming.NewComment, visitor: Visitor, *, at: datetime) -> Comment:
    if body.website:
        raise Invalid("This field must stay empty.", field="website")
    secret = current_app.config["SECRET_KEY"]
    form_tokens.spend(db.session(), visitor.site, body.key, body.form_token, secret=secret, at=at)
    article = articles.first_sight(
        db.session(), visitor.site, key=body.key, url=body.url, token=body.article_token, at=at
    )
    draft = posting.Draft(name=body.name, body=body.body, parent=body.parent)
    return posting.post(db.session(), draft, article=article, by=visitor, at=at)


def _own(comment: Comment) -> Response:
    db.session.commit()
    return _json(shapes.OwnComment(comment=shapes.own(comment, explaining.by_rules(comment))))


def _posted(answer: shapes.OwnComment) -> tuple[Response, int]:
    return _json(answer), 201 if answer.comment.status == "published" else 202


def _json(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), mimetype="application/json")
