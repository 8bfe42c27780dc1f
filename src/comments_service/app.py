"""create_app: settings → extensions → blueprints → problems."""

from flask import Flask, Response, jsonify
from sqlalchemy import text

import comments_service.tables  # noqa: F401 - registers every table with the metadata
from comments_service.database import db
from comments_service.settings import Settings, read_settings
from comments_service.web import article_api, problems, reader_api
from comments_service.web.limits import limiter


def create_app(settings: Settings | None = None) -> Flask:
    """The service. Raises BadSettings when it would not be safe to run."""
    settings = settings or read_settings()
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=64 * 1024,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
    )
    db.init_app(app)
    limiter.init_app(app)
    app.register_blueprint(article_api.api)
    app.register_blueprint(reader_api.api)
    problems.register(app)

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz() -> Response:
        db.session.execute(text("SELECT 1"))
        return jsonify(status="ready")

    @app.after_request
    def headers(answer: Response) -> Response:
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        answer.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
        return answer

    return app
