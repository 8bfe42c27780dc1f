"""What the desk's forms share: a page that keeps what was typed, and a notice after the redirect."""

from typing import Any

from flask import Response, make_response, redirect, render_template

from comments_service.errors import Refused
from comments_service.languages import later
from comments_service.web.problems import STATUS

# A notice is chosen by a word in the address, and nothing of the address is ever shown.
NOTICES = {
    "saved": later("Saved."),
    "password": later("Your password is set. Everywhere else you are signed out."),
    "factor": later("Your second factor is off."),
    "ended": later("That session is ended."),
    "others": later("All other sessions are ended."),
    "made": later("The site is made. Copy its script tag into the template of your articles."),
    "role": later("The role is changed."),
    "removed": later("The member is removed."),
    "member": later("The member is added, and signs in as before."),
    "uninvited": later("The invitation is taken back."),
    "writing": later("Nobody writes as staff from there any more."),
    "revoked": later("The token is revoked."),
    "retired": later("The key is retired. Who is signed in stays so."),
    "retried": later("It is in line again."),
    "dropped": later("It is dropped."),
    "kept": later("Saved. What is older now goes within the hour."),
    "rotated": later("There is a new page key. Tokens under the old one no longer count."),
}


def page(template: str, *, refused: Refused | None = None, **words: Any) -> Response:
    """A page; with `refused`, the same form again with the reason beside its field."""
    shown = render_template(template, refused=refused, **words)
    return make_response(shown, STATUS[type(refused)] if refused else 200)


def done(path: str, what: str) -> Response:
    """On to a page that says what was done; loading it again repeats nothing."""
    return make_response(redirect(f"{path}?done={what}", 303))
