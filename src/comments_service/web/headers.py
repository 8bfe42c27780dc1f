"""The headers that every answer carries, unless its own view has set stricter ones."""

from http import HTTPStatus

from flask import Flask, Request, Response
from flask.sessions import SessionInterface

# A page of ours stands alone: nothing frames it, opens it or learns where its links were followed from.
PAGE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
API_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
DAY = 24 * 60 * 60
NO_DEVICES = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
        "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "usb",
        "xr-spatial-tracking",
    )
)  # fmt: skip


class NoCookieSession(SessionInterface):
    """Flask would verify a cookie with every request; our sessions are rows, which only the desk asks for."""

    def open_session(self, app: Flask, request: Request) -> None:
        """No session, from no cookie."""


def register(app: Flask, *, secure: bool) -> None:
    """Set the headers; `secure` says whether readers come by https."""

    @app.after_request
    def base(answer: Response) -> Response:
        headers = answer.headers
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Server"] = "comments"
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers.setdefault("Permissions-Policy", NO_DEVICES)
        headers.setdefault("Content-Security-Policy", API_POLICY)
        headers.setdefault("Cross-Origin-Resource-Policy", "same-site")
        if secure:
            headers["Strict-Transport-Security"] = f"max-age={365 * DAY}; includeSubDomains"
        # The framework sends a doubled slash on, for ever, to whichever port the request said it was for.
        if answer.status_code >= 400 or answer.status_code == HTTPStatus.PERMANENT_REDIRECT:
            headers["Cache-Control"] = "no-store"
        return answer
