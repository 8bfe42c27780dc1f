"""The desk's style sheet and script, for everybody: the sign-in has a look too."""

from pathlib import Path

from flask import Blueprint, Response, current_app, send_from_directory

from comments_service.errors import NotFound

assets = Blueprint("desk_assets", __name__, url_prefix="/desk/assets")
TYPES = {"desk.css": "text/css; charset=utf-8", "desk.js": "text/javascript; charset=utf-8"}


@assets.get("/<name>")
def asset(name: str) -> Response:
    """One of the two files; asked for again with each page, and answered in a few bytes while it is the same."""
    if name not in TYPES:
        raise NotFound("There is no such file.")
    answer = send_from_directory(Path(current_app.root_path, "static"), name, max_age=0)
    answer.content_type = TYPES[name]
    return answer
