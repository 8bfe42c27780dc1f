"""Addresses of the desk that lead nowhere, in the words of the desk."""

from typing import NoReturn

from flask import Response, make_response, redirect

from comments_service.errors import NotFound
from comments_service.web.desk import guard
from comments_service.web.desk.guard import desk

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@desk.get("")
def home() -> Response:
    """The first page."""
    return make_response(redirect(guard.HOME, 303))


@desk.route("/<path:rest>", methods=METHODS)
def nowhere(rest: str) -> NoReturn:
    """No such page."""
    raise NotFound("There is no such page at the desk.")
