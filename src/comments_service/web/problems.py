"""Refusals as application/problem+json (RFC 9457); nothing of the input is echoed."""

from flask import Flask, Response, jsonify
from pydantic import ValidationError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, TooManyRequests

from comments_service import errors
from comments_service.database import db
from comments_service.web import limits, sentences, speaking

STATUS: dict[type[errors.Refused], int] = {
    errors.Closed: 409,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.NotFound: 404,
    errors.NotSignedIn: 401,
    errors.NotYours: 403,
    errors.TooLate: 409,
    errors.NotBelieved: 401,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    errors.UnknownOrigin: 403,
}

# Where the framework's own sentence speaks of values and limits.
SENTENCES: dict[int | None, str] = {
    404: "There is nothing at this address.",
    405: "That cannot be done at this address.",
    413: "That is too large to be read; send less at once.",
}


def problem(status: int, title: str, detail: str, **more: str | None) -> Response:
    """One problem document, with its detail in the language of whoever reads it; never cached."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    response = jsonify(body | {name: value for name, value in more.items() if value})
    response.status_code = status
    response.content_type = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    return response


def refuse(error: ValidationError) -> Response:
    """The problem document for a request that its model does not take."""
    sentence, field = sentences.first(error)
    return problem(422, errors.Invalid.__name__, sentence, field=field)


def register(app: Flask) -> None:
    """Answer every refusal and every HTTP error of the app in one shape."""

    @app.errorhandler(errors.Refused)
    def refused(error: errors.Refused) -> Response:
        # What was refused half-way leaves nothing behind, whatever is asked or committed later.
        db.session.rollback()
        owner = {"code": error.code, "reason": error.reason} if isinstance(error, errors.NotBelieved) else {}
        told = speaking.told(error)
        answer = problem(STATUS[type(error)], type(error).__name__, told, field=error.field, **owner)
        if isinstance(error, errors.TooMany):
            answer.headers["Retry-After"] = str(error.seconds)
        return answer

    @app.errorhandler(StaleDataError)
    def raced(_error: StaleDataError) -> Response:
        db.session.rollback()
        said = speaking.say("Somebody changed this at the same moment; look again and try again.")
        return problem(409, "Conflict", said)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        own = error.description if error.description != type(error).description else None
        said = own or SENTENCES.get(error.code) or error.description or error.name
        return problem(error.code or 500, error.name, speaking.say(said))

    @app.errorhandler(TooManyRequests)
    def too_fast(error: TooManyRequests) -> Response:
        seconds = limits.retry_after()
        answer = problem(429, error.name, limits.sentence(error, seconds))
        answer.headers["Retry-After"] = str(seconds)
        return answer
