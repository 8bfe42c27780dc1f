"""Problems as pages in plain words, in which nothing that was typed is lost."""

from contextlib import suppress

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from comments_service.languages import later
from comments_service.web.pages import forms
from comments_service.web.pages.addresses import service
from comments_service.web.pages.answers import FRAMED, HEADERS, OPENED
from comments_service.web.speaking import say

TITLES = {
    401: later("This browser is not known here"),
    403: later("That was not accepted"),
    404: later("Nothing here"),
    409: later("Too late"),
    413: later("That is too much"),
    429: later("One moment"),
    503: later("Not available right now"),
}
# What may go well at the second try; a forged request is not made easy to repeat.
TRY_AGAIN = {409, 422, 429, 500, 503}


def register(app: Flask) -> None:
    """Give the pages their headers, and turn their problems into pages."""

    @app.after_request
    def finish(answer: Response) -> Response:
        if not request.path.startswith(("/s/", "/c/", "/m/")):
            return answer
        if answer.mimetype == "application/problem+json" and not request.path.endswith((".atom", ".json", "/jsonld")):
            _as_page(answer)
        if answer.mimetype == "text/html":
            answer.headers.update(_headers())
        return answer


def _headers() -> dict[str, str]:
    if request.path.endswith("/quote.html"):
        return FRAMED
    # A redirect counts as well.
    return OPENED if "/sign-in/oidc/" in request.path else HEADERS


def _as_page(answer: Response) -> None:
    inside = request.path.endswith("/fragment.html")
    again = request.method == "POST" and answer.status_code in TRY_AGAIN and forms.on_own_page()
    page = render_template(
        "pages/missing_fragment.html" if inside else "pages/error.html",
        title=say(TITLES.get(answer.status_code, later("That did not work"))),
        detail=answer.get_json()["detail"],
        sent=_sent() if again else {},
        service=service(),
    )
    answer.set_data(page)
    answer.content_type = "text/html; charset=utf-8"


def _sent() -> dict[str, str]:
    # Whoever was turned away before the form was read may have sent one that cannot be read at all.
    with suppress(HTTPException):
        return request.form.to_dict()
    return {}
