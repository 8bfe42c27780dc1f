"""The desk's style sheet and script, for everybody: the sign-in has a look too."""

from flask import Blueprint, Response

from comments_service.errors import NotFound
from comments_service.web.embed import asset, packed

assets = Blueprint("desk_assets", __name__, url_prefix="/desk/assets")
TYPES = {"desk.css": "text/css", "desk.js": "text/javascript"}


@assets.get("/<name>")
def desk_asset(name: str) -> Response:
    """One of the two files; asked for again with each page, and answered in a few bytes while it is the same."""
    if name not in TYPES:
        raise NotFound("There is no such file.")
    return packed(asset(name), mimetype=TYPES[name], kept="no-cache")
