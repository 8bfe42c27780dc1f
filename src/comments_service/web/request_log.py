"""One log line a request, and the id that joins it with what the caller saw."""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger()
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
SITE_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")


def register(app: Flask) -> None:
    """Log each request by its route, never by its path: paths and query strings are written by strangers."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = _given_id() or secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(answer: Response) -> Response:
        answer.headers["X-Request-Id"] = g.request_id
        log.info(
            "request",
            method=request.method,
            route=str(request.url_rule) if request.url_rule else None,
            status=answer.status_code,
            ms=round((time.perf_counter() - g.began) * 1000, 1),
            **_site(),
        )
        return answer

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()


def _given_id() -> str | None:
    # One that no proxy of ours has sent is gone by now.
    given = request.headers.get("X-Request-Id", "")
    return given if REQUEST_ID.fullmatch(given) else None


def _site() -> dict[str, str]:
    key = (request.view_args or {}).get("site_key")
    return {"site": key} if isinstance(key, str) and SITE_KEY.fullmatch(key) else {}
