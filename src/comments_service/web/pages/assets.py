"""The style sheet, the picture, the icon and the one script of the pages, from our own origin."""

import hashlib
from pathlib import Path

from flask import Response, request

from comments_service.errors import NotFound
from comments_service.web.pages.answers import pages

FILES = {"pages.css": "text/css", "card.png": "image/png", "icon.svg": "image/svg+xml", "handing.js": "text/javascript"}
_BYTES = {name: Path(__file__).with_name("assets").joinpath(name).read_bytes() for name in FILES}
_TAGS = {name: hashlib.sha256(found).hexdigest()[:16] for name, found in _BYTES.items()}


@pages.get("/pages/<name>")
def asset(name: str) -> Response:
    """One of the files."""
    if name not in FILES:
        raise NotFound("There is no such file.")
    known = request.if_none_match.contains_weak(_TAGS[name])
    answer = Response(status=304) if known else Response(_BYTES[name], mimetype=FILES[name])
    answer.set_etag(_TAGS[name])
    answer.headers["Cache-Control"] = "public, max-age=300, stale-while-revalidate=3600"
    # The picture is shown by whoever shows a link to a comment.
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
