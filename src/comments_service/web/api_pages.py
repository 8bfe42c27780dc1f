"""How developers read the HTTP API: the specification for their tools, and a page made from it for themselves."""

from pathlib import Path
from typing import cast

from flask import Blueprint, Response, current_app, json, render_template, send_file
from flask_openapi3.openapi import OpenAPI

from comments_service.web import specification

pages = Blueprint("api_pages", __name__)
STYLE = Path(__file__).parent.parent / "templates" / "api" / "page.css"
KEPT = "public, max-age=300"
# Nothing but the one style sheet, and no script at all.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HTML_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


@pages.get("/openapi.json")
def document() -> Response:
    """The specification, for every tool on every page."""
    answer = Response(json.dumps(_document(), sort_keys=False), mimetype="application/json")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@pages.get("/api")
def page() -> Response:
    """The specification, to read."""
    answer = Response(render_template("api/page.html", api=_document()), mimetype="text/html")
    answer.headers.update(HTML_HEADERS)
    return answer


@pages.get("/api/page.css")
def style() -> Response:
    """What the page looks like."""
    return send_file(STYLE, mimetype="text/css")


@pages.after_request
def keep(answer: Response) -> Response:
    """These answers change with a release only."""
    if answer.status_code < 400:
        answer.headers["Cache-Control"] = KEPT
    return answer


def _document() -> dict[str, object]:
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask types the proxy as what it stands for
    return specification.document(cast("OpenAPI", app))
