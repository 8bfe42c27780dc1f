"""What the desk's forms share: a page that keeps what was typed, and a notice after the redirect."""

from typing import Any

from flask import Response, make_response, redirect, render_template

from comments_service.errors import Refused
from comments_service.web.problems import STATUS

# A notice is chosen by a word in the address, and nothing of the address is ever shown.
NOTICES = {
    "saved": "Saved.",
    "password": "Your password is set. Everywhere else you are signed out.",
    "ended": "That session is ended.",
    "others": "All other sessions are ended.",
    "made": "The site is made. Copy its script tag into the template of your articles.",
    "role": "The role is changed.",
    "removed": "The member is removed.",
    "member": "The member is added, and signs in as before.",
    "revoked": "The token is revoked.",
    "rotated": "There is a new page key. Tokens under the old one no longer count.",
}


def page(template: str, *, refused: Refused | None = None, **words: Any) -> Response:
    """A page; with `refused`, the same form again with the reason beside its field."""
    shown = render_template(template, refused=refused, **words)
    return make_response(shown, STATUS[type(refused)] if refused else 200)


def done(path: str, what: str) -> Response:
    """On to a page that says what was done; loading it again repeats nothing."""
    return make_response(redirect(f"{path}?done={what}", 303))
