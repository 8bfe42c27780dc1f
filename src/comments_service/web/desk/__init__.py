"""The moderators' desk: pages that work without a script, for people who are signed in."""

from flask import Flask

from comments_service.web.desk import (  # noqa: F401 - the views join the blueprint
    account,
    answers,
    experts,
    mail,
    missing,
    people,
    privacy,
    providers,
    queue,
    second_factor,
    sign_in,
    sites,
    sso,
    tokens,
    wording,
    writing,
)
from comments_service.web.desk.assets import assets
from comments_service.web.desk.guard import desk


def register(app: Flask) -> None:
    """Join the desk to the service."""
    answers.register(app)
    app.register_blueprint(assets)
    app.register_blueprint(desk)
