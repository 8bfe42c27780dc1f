"""The article API of a paper's own server: a scoped token names the site, and no browser ever calls it."""

from flask import Response, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import IntegrityError
from werkzeug.routing import PathConverter

from comments_service import articles, tokens
from comments_service.database import db, now
from comments_service.errors import Conflict, NotSignedIn
from comments_service.metadata import Statement, moment
from comments_service.tables import Article, Site
from comments_service.web import incoming, paper_shapes
from comments_service.web.specification import ARTICLES, TOKEN, answers, family

api = family("article_api", "/api/v1/articles", tag=ARTICLES, proof=TOKEN)


class KeyConverter(PathConverter):
    """A key as it is: an address with its two slashes, or a path with its first and last one."""

    regex = r"[\s\S]+"
    part_isolating = False


@api.record
def key_in_paths(state: BlueprintSetupState) -> None:
    """Teach the routes below what a key is."""
    state.app.url_map.converters["key"] = KeyConverter


@api.put(
    "/<key:article_key>",
    operation_id="put_article",
    responses=answers({200: paper_shapes.OwnArticle, 201: paper_shapes.OwnArticle}, 401, 403, 409, 413, 422, 429),
)
def put(path: incoming.ArticlePath, body: incoming.ArticleStatement) -> tuple[Response, int]:
    """Make an article or change what is known of it."""
    at = now()
    site = _site()
    said = Statement(
        url=body.url, title=body.title, section=body.section, authors=body.authors, tags=body.tags,
        published_at=moment(body.published_at) if body.published_at else None, source="api", at=at,
    )  # fmt: skip
    try:
        article, new = articles.put(
            db.session(), site, path.article_key, said, closed=body.closed, aliases=body.aliases
        )
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise Conflict("Another request changed this article at the same moment; send it again.") from None
    return _shown(article), 201 if new else 200


@api.get(
    "/<key:article_key>",
    operation_id="get_article",
    responses=answers({200: paper_shapes.OwnArticle}, 401, 403, 404, 422, 429),
)
def get(path: incoming.ArticlePath) -> Response:
    """What is known of an article."""
    article = articles.get(db.session(), _site(), path.article_key)
    db.session.commit()
    return _shown(article)


@api.after_request
def private(answer: Response) -> Response:
    """No cache keeps these answers; a caller without a token learns how to send one (RFC 6750)."""
    answer.headers["Cache-Control"] = "no-store"
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _site() -> Site:
    kind, _, raw = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise NotSignedIn("Send an API token as Authorization: Bearer.")
    return tokens.find(db.session(), raw, scope="articles:write", at=now())[0]


def _shown(row: Article) -> Response:
    answer = paper_shapes.OwnArticle(article=paper_shapes.announced(row, articles.aliases(db.session(), row)))
    return Response(answer.model_dump_json(), mimetype="application/json")
