"""The moderators' desk: pages that work without a script, for people who are signed in."""

from flask import Flask

from comments_service.web.desk import answers, missing, sign_in  # noqa: F401 - the views join the blueprint
from comments_service.web.desk.guard import desk


def register(app: Flask) -> None:
    """Join the desk to the service."""
    answers.register(app)
    app.register_blueprint(desk)
