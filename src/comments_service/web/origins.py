"""From which pages a request that changes something may come. Each family of routes has its rule, and no other may."""

from collections.abc import Mapping

from flask import Flask, request

from comments_service.errors import UnknownOrigin

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

RULES: Mapping[str, str] = {
    "reader_api": "A page on one of the site's origins, each compared as a whole (accounts.arrive).",
    "pages": "A form on the service's own origin (web/pages/forms.py).",
    "desk": "A page of the desk itself, with the token of its session (web/desk/guard.py).",
    "article_api": "No page at all: an API token, which a browser must never hold.",
}
# Routes that a page could reach without a preflight, or with no page behind them, and what they rest on instead.
OWN_PROOF: Mapping[str, str] = {
    "article_api.get": "An API token in Authorization.",
    "article_api.put": "An API token in Authorization.",
    "pages.posted_back": "Nothing: it changes nothing, and only leads on to the page that looks for the cookie.",
    "pages.unsubscribe": "A token in its address; a mail program sends it from no page at all (RFC 8058).",
    "reader_api.share": "Its Origin, compared like any other; a beacon is text/plain, so that it needs no preflight.",
}
NO_BROWSER = "article_api"


def register(app: Flask) -> None:
    """Turn away what has no rule, so that a new family of routes is closed until somebody has thought of one."""

    @app.before_request
    def has_a_rule() -> None:
        if request.endpoint is None or request.method == "OPTIONS":
            return
        if request.blueprint == NO_BROWSER and "Origin" in request.headers:
            raise UnknownOrigin("This address is for a paper's own server; its token must never be in a browser.")
        if request.method not in SAFE and request.blueprint not in RULES:
            raise UnknownOrigin("Nothing can be changed at this address.")
