"""How developers read the HTTP API: the specification for their tools, and a page made from it for themselves."""

from pathlib import Path

from flask import Blueprint, Response, json, render_template
from flask_openapi3.openapi import OpenAPI

from comments_service.web import specification
from comments_service.web.pages.answers import HEADERS

STYLE = Path(__file__).parent.parent / "templates" / "api" / "page.css"
KEPT = "public, max-age=300"


def register(app: OpenAPI) -> None:
    """Answer for the specification of this app."""
    pages = Blueprint("api_pages", __name__)

    @pages.get("/openapi.json")
    def document() -> Response:
        answer = Response(json.dumps(specification.document(app), sort_keys=False), mimetype="application/json")
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return answer

    @pages.get("/api")
    def page() -> Response:
        answer = Response(render_template("api/page.html", api=specification.document(app)), mimetype="text/html")
        answer.headers.update(HEADERS)
        return answer

    @pages.get("/api/page.css")
    def style() -> Response:
        return Response(STYLE.read_bytes(), mimetype="text/css")

    @pages.after_request
    def keep(answer: Response) -> Response:
        if answer.status_code < 400:
            answer.headers["Cache-Control"] = KEPT
        return answer

    app.register_blueprint(pages)
