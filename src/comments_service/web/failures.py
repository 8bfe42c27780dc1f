"""What went wrong on our side: told in the log, and to the caller no more than an id to ask about."""

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from comments_service.database import db, is_missing_table
from comments_service.web.problems import problem
from comments_service.web.speaking import say

log = structlog.get_logger()
RETRY_SECONDS = "5"
# PostgreSQL has ended one of two transactions that waited for each other.
LOST_A_RACE = {"40001", "40P01"}


def register(app: Flask) -> None:
    """Answer 503 while the database is away, and 500 with the request's id for everything nobody expected."""

    @app.before_request
    def take_no_nul() -> Response | None:
        # SQLite would look for such a key in vain; PostgreSQL does not even look.
        keys = [*request.args.getlist("key"), str((request.view_args or {}).get("article_key"))]
        return no_value() if any("\x00" in key for key in keys) else None

    @app.errorhandler(DataError)
    def no_value(_error: DataError | None = None) -> Response:
        # PostgreSQL takes no NUL in a text, and no number out of range, wherever in the request it came from.
        db.session.rollback()
        return problem(400, "Bad Request", say("The request holds a value that cannot be."))

    @app.errorhandler(PoolTimeout)
    @app.errorhandler(DBAPIError)
    def database(error: DBAPIError | PoolTimeout) -> Response:
        db.session.rollback()
        if isinstance(error, DBAPIError) and is_missing_table(error):
            return _later("The service is not set up yet: its database has to be migrated.", error)
        if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in LOST_A_RACE:
            return problem(409, "Conflict", say("Somebody changed this at the same moment; please try again."))
        if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
            return _later("The service cannot reach its database right now. Please try again in a moment.", error)
        return unexpected(error)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        db.session.rollback()
        log.error("request failed", exc_info=error)
        detail = say("Something went wrong on our side. If you tell us about it, please mention {id}.", id=g.request_id)
        return problem(500, "Internal Server Error", detail)


def _later(detail: str, error: Exception) -> Response:
    log.error("database unavailable", exc_info=error)
    answer = problem(503, "Service Unavailable", say(detail))
    answer.headers["Retry-After"] = RETRY_SECONDS
    return answer
