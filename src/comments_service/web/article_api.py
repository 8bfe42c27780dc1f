"""The article API of a paper's own server: a scoped token names the site, and no browser ever calls it."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import IntegrityError
from werkzeug.routing import PathConverter

from comments_service import articles, tokens
from comments_service.database import db, now
from comments_service.errors import Conflict, NotSignedIn, UnknownOrigin
from comments_service.metadata import Statement, moment
from comments_service.tables import Article, Site
from comments_service.web import strict_json
from comments_service.web.bodies import Strict
from comments_service.web.shapes import timestamp

api = Blueprint("article_api", __name__, url_prefix="/api/v1/articles")


class KeyConverter(PathConverter):
    """A key as it is: an address with its two slashes, or a path with its first and last one."""

    regex = r"[\s\S]+"
    part_isolating = False


@api.record
def key_in_paths(state: BlueprintSetupState) -> None:
    """Teach the routes below what a key is."""
    state.app.url_map.converters["key"] = KeyConverter


class ArticleStatement(Strict):
    """What the paper says of an article; `closed` and `aliases` stay as they are when they are left out."""

    url: str
    title: str
    section: str = ""
    authors: list[str] = []
    tags: list[str] = []
    published_at: str | None = None
    closed: bool | None = None
    aliases: list[str] | None = None


@api.put("/<key:article_key>")
def put(article_key: str) -> tuple[Response, int]:
    """Make an article or change what is known of it."""
    at = now()
    site = _site()
    body = ArticleStatement.model_validate(strict_json.load(request))
    said = Statement(
        url=body.url, title=body.title, section=body.section, authors=body.authors, tags=body.tags,
        published_at=moment(body.published_at) if body.published_at else None, source="api", at=at,
    )  # fmt: skip
    try:
        article, new = articles.put(
            db.session(), site, article_key, said, closed=body.closed, aliases=body.aliases
        )
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise Conflict("Another request changed this article at the same moment; send it again.") from None
    return jsonify(article=_shown(article)), 201 if new else 200


@api.get("/<key:article_key>")
def get(article_key: str) -> Response:
    """What is known of an article."""
    article = articles.get(db.session(), _site(), article_key)
    db.session.commit()
    return jsonify(article=_shown(article))


@api.after_request
def private(answer: Response) -> Response:
    """No cache keeps these answers; a caller without a token learns how to send one (RFC 6750)."""
    answer.headers["Cache-Control"] = "no-store"
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _site() -> Site:
    if "Origin" in request.headers:
        raise UnknownOrigin("This address is for a paper's own server; its token must never be in a browser.")
    kind, _, raw = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise NotSignedIn("Send an API token as Authorization: Bearer.")
    return tokens.find(db.session(), raw, scope="articles:write", at=now())[0]


def _shown(row: Article) -> dict[str, Any]:
    return {
        "key": row.key, "url": row.url, "title": row.title, "section": row.section, "authors": row.authors,
        "tags": row.tags, "published_at": timestamp(row.published_at) if row.published_at else None,
        "closed": row.closed_at is not None, "aliases": articles.aliases(db.session(), row), "source": row.source,
        "comments": row.comments, "shares": row.shares, "version": row.version,
    }  # fmt: skip
