"""What every page carries: its headers, how long it is kept, and how words become links."""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from comments_service.languages import FOLDER
from comments_service.text import host, plain, safe_url
from comments_service.web import caching, headers, speaking

pages = Blueprint("pages", __name__)

# Without `sandbox`, which would make the forms of these pages send "Origin: null".
POLICY = "; ".join(
    (
        "default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action 'self'", "base-uri 'none'",
        "frame-ancestors 'none'", "object-src 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
    )
)  # fmt: skip
HEADERS = {"Content-Security-Policy": POLICY, **headers.PAGE}
# Opened by the page of a paper, which gets a word back: nothing cuts the two apart, and one script of ours runs.
OPENED = {
    **{name: value for name, value in HEADERS.items() if name != "Cross-Origin-Opener-Policy"},
    "Content-Security-Policy": f"{POLICY}; script-src 'self'",
}
# A quote is made to stand in a frame on any page: it holds links and nothing that could be pressed by mistake.
FRAMED = {
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors *"),
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "same-origin",
}
_PARTS = [*(Path(__file__).parents[2] / "templates" / "pages").iterdir(), *FOLDER.glob("*.json")]
# A copy that somebody has kept is not good for a release whose pages look different, or say something else.
LOOK = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(_PARTS))).hexdigest()[:8]


@pages.app_template_filter("moment")
def moment(at: datetime) -> str:
    """A time for reading; the server knows no reader's time zone, so it names its own."""
    return speaking.moment(at)


@pages.app_template_filter("href")
def href(url: str) -> str | None:
    """An address that may become a link, or nothing."""
    return safe_url(url)


@pages.app_template_filter("leads_to")
def leads_to(link: Sequence[Any]) -> str:
    """The host that a link leads to, unless the words of the link say it."""
    found = host(link[1]["href"])
    # As a name of its own: microsoft.com does not say t.co.
    name = rf"(?<![\w.-]){re.escape(found)}(?![\w-]|\.[\w-])"
    return "" if re.search(name, plain(link[2:]), re.IGNORECASE) else found


def kept(copy: caching.Copy, make: Callable[[], str], *, mimetype: str = "text/html") -> Response:
    """A public answer that caches may keep, or 304 without making it when the caller has it already."""
    copy = copy._replace(etag=f"{copy.etag}-{LOOK}-{speaking.language()}")
    known = request.if_none_match.contains_weak(copy.etag)
    found = Response(status=304) if known else Response(make(), mimetype=mimetype)
    caching.label(found, copy, kept=caching.WHOLE)
    found.headers["Vary"] = "Accept-Encoding"
    return found


def private(page: str, status: int = 200) -> Response:
    """A page for one browser alone."""
    answer = Response(page, status=status, mimetype="text/html")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def onward(to: str) -> Response:
    """Send one browser on after its form, so that a reload sends nothing twice."""
    answer = Response(status=303)
    answer.headers["Location"] = to
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
