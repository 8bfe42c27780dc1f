"""What every answer of the desk carries, and its errors as pages in plain words."""

from flask import Flask, Response, g, render_template, request

from comments_service.languages import later
from comments_service.web import headers
from comments_service.web.desk import guard
from comments_service.web.speaking import say

# No nonces: there is no inline code at all.
POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "font-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'",
        "require-trusted-types-for 'script'", "trusted-types 'none'",
    )
)  # fmt: skip
HEADERS = {"Content-Security-Policy": POLICY, **headers.PAGE}
TITLES = {
    400: later("That did not work"),
    401: later("You are not signed in"),
    403: later("You may not do this"),
    404: later("Nothing here"),
    405: later("That cannot be done here"),
    409: later("Somebody was faster"),
    413: later("That is too much"),
    422: later("That cannot be used"),
    429: later("One moment"),
    503: later("Not available right now"),
}


def register(app: Flask) -> None:
    """Give the answers below /desk their headers, and turn their problems into pages."""

    @app.after_request
    def finish(answer: Response) -> Response:
        if request.path != "/desk" and not request.path.startswith("/desk/"):
            return answer
        if answer.mimetype == "application/problem+json" and guard.wants_page():
            _as_page(answer)
        answer.headers.update(HEADERS)
        if request.blueprint != "desk_assets":
            answer.headers["Cache-Control"] = "no-store"
        return answer


def _as_page(answer: Response) -> None:
    problem = answer.get_json()
    page = render_template(
        "desk/error.html",
        title=say(TITLES.get(answer.status_code, later("Something went wrong"))),
        detail=problem["detail"],
        staff=g.get("staff"),
        csrf_token=guard.csrf_token,
    )
    answer.set_data(page)
    answer.content_type = "text/html; charset=utf-8"
