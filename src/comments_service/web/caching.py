"""How long public answers are kept, and when they have not changed."""

from collections.abc import Callable

from flask import Response, request
from pydantic import BaseModel

from comments_service import tables
from comments_service.text import RENDERER

PUBLIC = "public, max-age=0, s-maxage=5, stale-while-revalidate=30, stale-if-error=600"
POLLED = "public, max-age=0, s-maxage=2"
# Moves with the shape of the public answers: a copy kept by a browser is not good for a newer release.
SHAPE = 1


def etag(site: tables.Site, article: tables.Article | None) -> str:
    """What everything that is said of an article depends on: its own version, its site's, and this release's."""
    about = f"{article.id}-{article.version}" if article else "nothing"
    return f"{about}-{site.version}-{RENDERER}.{SHAPE}"


def answer(tag: str, body: Callable[[], BaseModel], *, kept: str = PUBLIC) -> Response:
    """A public answer, or 304 without making it when the caller has it already."""
    # Weak comparison (RFC 9110 §13.1.2): a proxy that compresses weakens the tag.
    if request.if_none_match.contains_weak(tag):
        found = Response(status=304)
    else:
        found = Response(body().model_dump_json(), mimetype="application/json")
    found.set_etag(tag)
    found.headers["Cache-Control"] = kept
    return found
