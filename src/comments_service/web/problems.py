"""Refusals as application/problem+json (RFC 9457); nothing of the input is echoed."""

from flask import Flask, Response, jsonify
from pydantic import ValidationError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, TooManyRequests

from comments_service import errors
from comments_service.database import db
from comments_service.web import limits, sentences

STATUS: dict[type[errors.Refused], int] = {
    errors.Closed: 409,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.NotFound: 404,
    errors.NotSignedIn: 401,
    errors.NotYours: 403,
    errors.TooLate: 409,
    errors.TooMany: 429,
    errors.UnknownOrigin: 403,
}

# Where the framework's own sentence speaks of values and limits.
SENTENCES: dict[int | None, str] = {
    413: "That is too large to be read; send less at once.",
}


def problem(status: int, title: str, detail: str, field: str | None = None) -> Response:
    """One problem document; never cached."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    response = jsonify(body | ({"field": field} if field else {}))
    response.status_code = status
    response.content_type = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    return response


def refuse(error: ValidationError) -> Response:
    """The problem document for a request that its model does not take."""
    sentence, field = sentences.first(error)
    return problem(422, errors.Invalid.__name__, sentence, field)


def register(app: Flask) -> None:
    """Answer every refusal and every HTTP error of the app in one shape."""

    @app.errorhandler(errors.Refused)
    def refused(error: errors.Refused) -> Response:
        # What was refused half-way leaves nothing behind, whatever is asked or committed later.
        db.session.rollback()
        answer = problem(STATUS[type(error)], type(error).__name__, error.detail, error.field)
        if isinstance(error, errors.TooMany):
            answer.headers["Retry-After"] = str(error.seconds)
        return answer

    @app.errorhandler(StaleDataError)
    def raced(_error: StaleDataError) -> Response:
        db.session.rollback()
        return problem(409, "Conflict", "Somebody changed this at the same moment; look again and try again.")

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        return problem(error.code or 500, error.name, SENTENCES.get(error.code) or error.description or error.name)

    @app.errorhandler(TooManyRequests)
    def too_fast(error: TooManyRequests) -> Response:
        seconds = limits.retry_after()
        answer = problem(429, error.name, limits.sentence(error, seconds))
        answer.headers["Retry-After"] = str(seconds)
        return answer
