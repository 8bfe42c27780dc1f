"""How long public answers are kept, and when they have not changed."""

from collections.abc import Callable
from typing import NamedTuple

from flask import Response, request
from pydantic import BaseModel

from comments_service import closing, tables
from comments_service.database import now
from comments_service.text import RENDERER

PUBLIC = "public, max-age=0, s-maxage=5, stale-while-revalidate=30, stale-if-error=600"
# Of a page as a whole. A browser that knows stale-while-revalidate, as Firefox does, would show somebody who has just
# written the page from before.
WHOLE = "public, max-age=0, s-maxage=5, stale-if-error=600"
POLLED = "public, max-age=0, s-maxage=2"
# Moves with the shape of the public answers: a copy kept by a browser is not good for a newer release.
SHAPE = 3


class Copy(NamedTuple):
    """What tells one state of an answer from the next, and the names under which a cache may throw it away."""

    etag: str
    names: tuple[str, ...] = ()


def etag(site: tables.Site, article: tables.Article | None) -> Copy:
    """What all that is said of an article depends on: its own version, its site's, its age, and this release's."""
    about = f"{article.id}-{article.version}" if article else "nothing"
    at = now()
    # What time alone changes: that it has ended, and that readers are told of it a day before.
    stands = closing.state(site, article, at=at)[0] + "s" * closing.closes_soon(site, article, at=at)
    return Copy(f"{about}-{site.version}-{stands}-{RENDERER}.{SHAPE}", names(site, article))


def names(site: tables.Site, article: tables.Article | None) -> tuple[str, ...]:
    """What a cache calls all that it keeps of a thread, and of a site."""
    return (f"site-{site.id}", f"thread-{article.id}") if article else (f"site-{site.id}",)


def answer(copy: Copy, body: Callable[[], BaseModel], *, kept: str = PUBLIC) -> Response:
    """A public answer, or 304 without making it when the caller has it already."""
    # Weak comparison (RFC 9110 §13.1.2): a proxy that compresses weakens the tag.
    if request.if_none_match.contains_weak(copy.etag):
        found = Response(status=304)
    else:
        found = Response(body().model_dump_json(), mimetype="application/json")
    label(found, copy, kept=kept)
    return found


def label(found: Response, copy: Copy, *, kept: str = PUBLIC) -> None:
    """Say how long an answer may be kept, and how it is called."""
    found.set_etag(copy.etag)
    found.headers["Cache-Control"] = kept
    if copy.names:
        # Cloudflare and Akamai know the one, Fastly and Varnish the other.
        found.headers["Cache-Tag"] = ",".join(copy.names)
        found.headers["Surrogate-Key"] = " ".join(copy.names)
