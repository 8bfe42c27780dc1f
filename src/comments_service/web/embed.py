"""The files of the widget: the loader, which is asked for often, and its chunks, which never change."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound, ServiceUnavailable

embed = Blueprint("embed", __name__)
STATIC = Path(__file__).parents[1] / "static"
LOADER = "public, max-age=300, stale-while-revalidate=3600"
FOREVER = "public, max-age=31536000, immutable"
_CHUNK = re.compile(r"([a-z]+)\.[0-9a-f]{10}\.js")
_ENCODINGS = {"br": ".br", "gzip": ".gz"}


@dataclass(frozen=True)
class Asset:
    """One built file, plain and as it was compressed while building."""

    content: dict[str, bytes]  # by encoding, the smallest first
    digest: str


@embed.get("/embed.js")
def loader() -> Response:
    """The script that a page embeds; a short time old at most."""
    return _answer(asset("embed.js"), kept=LOADER)


@embed.get("/a/<name>")
def chunk(name: str) -> Response:
    """A part that the loader asks for; a loader of an earlier release gets what took its place."""
    known = _CHUNK.fullmatch(name)
    if known is None:
        raise NotFound("There is nothing at this address.")
    if name in _chunks().values():
        return _answer(asset(name), kept=FOREVER)
    if known[1] not in _chunks():
        raise NotFound("There is nothing at this address.")
    return _answer(asset(_chunks()[known[1]]), kept=LOADER)


@cache
def asset(name: str) -> Asset:
    """A file of the bundle. Raises ServiceUnavailable where it has not been built."""
    try:
        plain = (STATIC / name).read_bytes()
        packed = {encoding: (STATIC / (name + end)).read_bytes() for encoding, end in _ENCODINGS.items()}
    except FileNotFoundError:
        raise ServiceUnavailable("The widget has not been built: install this service with pip.") from None
    return Asset(content=packed | {"identity": plain}, digest=hashlib.sha256(plain).hexdigest()[:20])


@cache
def _chunks() -> dict[str, str]:
    found = (path.name for path in STATIC.glob("*.js"))
    return {known[1]: known[0] for known in map(_CHUNK.fullmatch, found) if known}


def packed(found: Asset, *, mimetype: str, kept: str) -> Response:
    """A file in the smallest encoding that the browser takes, or 304 when it has the file already."""
    encoding = request.accept_encodings.best_match(found.content, default="identity")
    answer = Response(found.content[encoding], mimetype=mimetype)
    if encoding != "identity":
        answer.content_encoding = encoding
    # Strong, so it has to differ by encoding (RFC 9110 §8.8.3.3).
    answer.set_etag(f"{found.digest}-{encoding}")
    answer.headers["Cache-Control"] = kept
    answer.vary.add("Accept-Encoding")
    answer.make_conditional(request)
    return answer


def _answer(found: Asset, *, kept: str) -> Response:
    answer = packed(found, mimetype="text/javascript", kept=kept)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Timing-Allow-Origin"] = "*"
    return answer
