"""create_app: settings → extensions → blueprints → problems."""

from flask import Flask
from flask_openapi3.models.server import Server
from flask_openapi3.openapi import OpenAPI

import comments_service.tables  # noqa: F401 - registers every table with the metadata
from comments_service import logs
from comments_service.database import db, engine_options
from comments_service.settings import Settings, read_settings
from comments_service.web import (
    api_pages,
    article_api,
    client_address,
    desk,
    embed,
    failures,
    headers,
    health,
    hosts,
    limits,
    mute_api,  # noqa: F401 - adds its routes to the family of reader_api
    notice_api,  # noqa: F401 - adds its routes to the family of reader_api
    origins,
    own_api,  # noqa: F401 - adds its routes to the family of reader_api
    pages,
    problems,
    public_api,
    reader_api,
    request_log,
    session_api,  # noqa: F401 - adds its routes to the family of reader_api
    speaking,
    specification,
    strict_json,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The service. Raises BadSettings when it would not be safe to run."""
    settings = settings or read_settings()
    app = OpenAPI(
        __name__,
        static_folder=None,
        info=specification.INFO,
        security_schemes=specification.SCHEMES,
        servers=[Server(url=settings.public_url)],
        validation_error_model=specification.Problem,
        validation_error_callback=problems.refuse,
        doc_ui=False,
    )
    app.request_class = strict_json.StrictRequest
    app.session_interface = headers.NoCookieSession()
    app.config.update(_config(settings))
    logs.configure(settings.log_level)
    # The log comes first: it is then the first to see a request and the last to see its answer.
    request_log.register(app)
    speaking.register(app)
    client_address.register(app, proxies=settings.trusted_proxies)
    headers.register(app, secure=settings.secure)
    hosts.register(app, hosts=settings.hosts, desk=settings.desk_host)
    origins.register(app)
    problems.register(app)
    failures.register(app)
    db.init_app(app)
    limits.register(app, redis_url=settings.redis_url)
    app.register_blueprint(health.health)
    api_pages.register(app)
    app.register_api(public_api.api)
    # With what `session_api` and `own_api` have added to it.
    app.register_api(reader_api.api)
    app.register_api(article_api.api)
    app.register_blueprint(embed.embed)
    desk.register(app)
    pages.register(app)
    return app


def _config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SETTINGS": settings,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": strict_json.MAX_BYTES,
    }
