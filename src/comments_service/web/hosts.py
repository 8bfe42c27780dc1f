"""Requests for a host name that is not ours are turned away, so that no link is ever built from a stranger's word."""

from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import BadRequest


def register(app: Flask, *, hosts: tuple[str, ...]) -> None:
    """Answer for these host names only. Whoever watches our health knows us by an address instead."""

    @app.before_request
    def ours() -> None:
        if request.blueprint == "health":
            return
        # Werkzeug has made sure of the characters; a port is no matter.
        if (urlsplit(f"//{request.host}").hostname or "") not in hosts:
            raise BadRequest("This service does not answer for that host name.")
