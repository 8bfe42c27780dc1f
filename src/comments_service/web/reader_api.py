"""What one browser does on a site: its comments, recommendations, reports and shares. Never cached."""

from datetime import datetime, timedelta

from flask import Response, current_app, g, request
from pydantic import BaseModel

from comments_service import (
    articles,
    binding,
    editing,
    explaining,
    form_tokens,
    hinting,
    posting,
    quoting,
    reacting,
    reading,
    repeating,
    reporting,
    sharing,
)
from comments_service.accounts import Lives, Visitor, arrive, require_lasting
from comments_service.database import db, now
from comments_service.desk_sessions import device
from comments_service.errors import Invalid
from comments_service.settings import Settings
from comments_service.tables import Comment
from comments_service.web import incoming, limits, own_lists, previews, shapes
from comments_service.web.specification import BROWSER, TAKING_PART, answers, family

api = family("reader_api", "/api/v1/sites/<site_key>", tag=TAKING_PART, proof=BROWSER)
OWN = answers({200: shapes.OwnComment}, 401, 403, 404, 409, 422, 429)
VOTED = answers({200: shapes.Recommends}, 401, 403, 404, 409, 422, 429)


@api.get("/form-token", responses=answers({200: previews.FormToken}, 403, 404, 422, 429))
def form_token(path: incoming.SitePath, query: incoming.ArticleQuery) -> Response:
    """What the next comment in one thread needs, asked for when somebody begins to write it."""
    visitor, at = visitor_at(path.site_key), now()
    token = form_tokens.issue(visitor.site.key, query.key, secret=current_app.config["SECRET_KEY"], at=at)
    return answer_with(previews.FormToken(token=token, usable_in=form_tokens.USABLE_IN // timedelta(milliseconds=1)))


@api.post(
    "/comments", responses=answers({201: shapes.OwnComment, 202: shapes.OwnComment}, 401, 403, 404, 409, 413, 422, 429)
)
def post(
    path: incoming.SitePath, header: incoming.RepeatableHeaders, body: incoming.NewComment
) -> tuple[Response, int]:
    """Write a comment or a reply; with an Idempotency-Key, the same text sent again is stored once."""
    visitor, at = visitor_at(path.site_key), now()
    key = header.idempotency_key
    attempt = repeating.attempt(visitor, key, body.meaning()) if key else None
    earlier = repeating.claim(db.session(), attempt, at=at) if attempt else None
    if earlier is not None:
        return _posted(shapes.OwnComment.model_validate(earlier))
    comment = _written(body, visitor, at=at)
    answer = shapes.OwnComment(comment=shapes.own(comment, explaining.by_rules(comment)))
    limits.admit(visitor)
    if attempt:
        repeating.remember(db.session(), attempt, answer.model_dump(mode="json"))
    db.session.commit()
    return _posted(answer)


@api.post("/preview", responses=answers({200: previews.Preview}, 403, 404, 413, 422, 429))
def preview(path: incoming.SitePath, body: incoming.Unsent) -> Response:
    """What a text will look like, with hints; nothing is stored, and no session is needed."""
    visitor = visitor_at(path.site_key)
    found = hinting.preview(db.session(), body.text, by=visitor, key=body.key, editing=body.editing)
    return answer_with(previews.preview(found))


@api.patch("/comments/<comment_id>", responses=OWN)
def edit(path: incoming.CommentPath, body: incoming.NewText) -> Response:
    """Change one's own comment."""
    visitor, secret = visitor_at(path.site_key), current_app.config["SECRET_KEY"]
    change = editing.Change(body=body.body, token=body.edit_token)
    return _own(editing.edit(db.session(), path.comment_id, change, by=visitor, secret=secret, at=now()))


@api.post("/comments/<comment_id>/editing", responses=answers({200: previews.EditToken}, 401, 403, 404, 409, 422, 429))
def begin_edit(path: incoming.CommentPath) -> Response:
    """Say that an edit begins; what is begun in time may be sent up to a minute late."""
    visitor, secret = visitor_at(path.site_key), current_app.config["SECRET_KEY"]
    return answer_with(
        previews.EditToken(edit_token=editing.begin(db.session(), path.comment_id, by=visitor, secret=secret, at=now()))
    )


@api.delete("/comments/<comment_id>", responses=OWN)
def withdraw(path: incoming.CommentPath) -> Response:
    """Take one's own comment back."""
    return _own(posting.withdraw(db.session(), path.comment_id, by=visitor_at(path.site_key), at=now()))


@api.post("/comments/<comment_id>/restore", responses=OWN)
def restore(path: incoming.CommentPath) -> Response:
    """Undo a withdrawal within ten seconds."""
    return _own(posting.restore(db.session(), path.comment_id, by=visitor_at(path.site_key), at=now()))


@api.put("/comments/<comment_id>/recommendation", responses=VOTED)
def recommend(path: incoming.CommentPath) -> Response:
    """Recommend a comment."""
    visitor = visitor_at(path.site_key)
    total = reacting.recommend(db.session(), path.comment_id, by=visitor, at=now())
    limits.admit(visitor)
    db.session.commit()
    return answer_with(shapes.Recommends(recommends=total))


@api.delete("/comments/<comment_id>/recommendation", responses=VOTED)
def unrecommend(path: incoming.CommentPath) -> Response:
    """Take a recommendation back."""
    total = reacting.unrecommend(db.session(), path.comment_id, by=visitor_at(path.site_key))
    db.session.commit()
    return answer_with(shapes.Recommends(recommends=total))


@api.post("/comments/<comment_id>/reports", responses=answers({200: shapes.Reported}, 401, 403, 404, 422, 429))
def report(path: incoming.CommentPath, body: incoming.NewReport) -> Response:
    """Tell the moderators about a comment; a second time changes nothing."""
    visitor = visitor_at(path.site_key)
    reporting.report(db.session(), path.comment_id, reporting.Complaint(**body.model_dump()), by=visitor, at=now())
    limits.admit(visitor)
    db.session.commit()
    return answer_with(shapes.Reported())


@api.post("/staff", responses=answers({200: shapes.Staff}, 401, 403, 404, 413, 422, 429))
def bind(path: incoming.SitePath, body: incoming.StaffCode) -> Response:
    """Let this browser write with the badge of the staff; it gets no right by that."""
    name = binding.bind(db.session(), body.code, by=visitor_at(path.site_key), at=now())
    db.session.commit()
    return answer_with(shapes.Staff(name=name))


@api.get("/me", responses=answers({200: own_lists.Me}, 403, 404, 422))
def me(path: incoming.SitePath, query: incoming.ArticleQuery) -> Response:
    """What belongs to this browser alone: its comments under one article, in every state."""
    visitor = visitor_at(path.site_key)
    require_lasting(visitor)
    return answer_with(own_lists.under(visitor, query.key, at=now()))


@api.get("/mine", responses=answers({200: own_lists.OwnPage}, 403, 404, 422))
def mine(path: incoming.SitePath, query: incoming.OwnQuery) -> Response:
    """What this browser has written under one article and not withdrawn, page by page."""
    visitor = visitor_at(path.site_key)
    require_lasting(visitor)
    return answer_with(own_lists.page(visitor, query))


@api.post("/shares", responses=answers({204: None}, 403, 404, 413, 422, 429))
def share(path: incoming.SitePath, body: incoming.NewShare) -> tuple[str, int]:
    """Count one share click; text/plain, so that a beacon needs no preflight."""
    visitor = visitor_at(path.site_key)
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


def visitor_at(site_key: str) -> Visitor:
    """Who asks, by the secret of the browser and the page's origin. Raises NotFound or UnknownOrigin."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    visitor = arrive(
        db.session(), site_key, origin=request.headers.get("Origin", ""), at=now(),
        secret=secret if kind == "Bearer" else None, lives=lives(),
    )  # fmt: skip
    visitor.device = device(request.headers.get("User-Agent", ""))
    if visitor.noted:
        db.session.commit()  # a visit, or that a copied secret came, is kept whatever becomes of the request
    # Kept apart from its row, which the database would be asked for again after the commit.
    g.origins = visitor.site.origins
    return visitor


def lives() -> Lives:
    """How long readers stay signed in, by the settings."""
    settings: Settings = current_app.config["SETTINGS"]
    return Lives(timedelta(days=settings.session_idle_days), timedelta(days=settings.session_longest_days))


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
    comment = quoting.quoted(db.session(), comment)
    return answer_with(shapes.OwnComment(comment=shapes.own(comment, explaining.by_rules(comment))))


def _posted(answer: shapes.OwnComment) -> tuple[Response, int]:
    return answer_with(answer), 201 if answer.comment.status == "published" else 202


def answer_with(answer: BaseModel) -> Response:
    """An answer of this family."""
    return Response(answer.model_dump_json(), mimetype="application/json")
