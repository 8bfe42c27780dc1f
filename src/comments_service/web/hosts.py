"""Requests for a host name that is not ours are turned away, so that no link is ever built from a stranger's word."""

from urllib.parse import urlsplit

from flask import Flask, redirect, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response


def register(app: Flask, *, hosts: tuple[str, ...], desk: str | None) -> None:
    """Answer for these host names only. Whoever watches our health knows us by an address instead.

    `desk` is the desk's host name when it has one of its own: the desk answers nowhere else, and nothing else there.
    """

    @app.before_request
    def ours() -> Response | None:
        if request.blueprint == "health":
            return None
        # Werkzeug has made sure of the characters; a port is no matter.
        asked = urlsplit(f"//{request.host}").hostname or ""
        if asked not in hosts:
            raise BadRequest("This service does not answer for that host name.")
        if desk is None:
            return None
        if asked == desk and request.path == "/":
            return redirect("/desk", 303)
        if (asked == desk) != (request.path == "/desk" or request.path.startswith("/desk/")):
            raise NotFound("There is nothing at this address.")
        return None
