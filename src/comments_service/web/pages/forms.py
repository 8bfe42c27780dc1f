"""What every form of these pages has to prove: that it stands on a page of ours, and was opened before it was sent."""

from datetime import datetime

from flask import request

from comments_service import form_tokens
from comments_service.database import db
from comments_service.errors import Invalid, NotYours, Refused
from comments_service.tables import Site
from comments_service.web.pages.addresses import service, settings
from comments_service.web.pages.answers import pages

# Ten thousand characters of a script that takes three bytes each, with percent signs.
LARGEST_FORM = 256 * 1024
FORGED = "This did not come from a page of this service. Open the page again and send it from there."


@pages.before_request
def allow_for_long_texts() -> None:
    """A form is larger than the same text in JSON."""
    request.max_content_length = LARGEST_FORM


def on_own_page() -> bool:
    """Whether this form was sent from a page of ours, as far as the browser says; a browser always says something."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    said_elsewhere = origin not in {None, service()} or site not in {None, "same-origin"}
    return not said_elsewhere and (origin is not None or site is not None)


def require_own_page() -> None:
    """Raises NotYours for a form from anywhere else."""
    if not on_own_page() or request.mimetype not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        raise NotYours(FORGED)


def typed(field: str) -> str:
    """What stands in a field; browsers send a line's end as two characters."""
    return request.form.get(field, "").replace("\r\n", "\n")


def token(site_key: str, key: str, at: datetime, *, after: Refused | None = None, unused: bool = False) -> str:
    """A token for the form: the one it had, if that is `unused` or still good after a refusal, else a new one."""
    sent = request.form.get("form_token", "")
    if sent and unused:
        return sent
    if sent and after is not None and after.field not in {None, "form_token"}:
        return sent
    if form_tokens.is_unripe(site_key, key, sent, secret=_secret(), at=at):
        return sent
    return new_token(site_key, key, at)


def new_token(site_key: str, key: str, at: datetime) -> str:
    """A token for the next form, after the one before was used up."""
    return form_tokens.issue(site_key, key, secret=_secret(), at=at)


def spend_token(site: Site, key: str, at: datetime, *, at_once: bool = False) -> None:
    """Use the form's token up; `at_once` where nothing had to be written first. Raises Invalid."""
    token = request.form.get("form_token", "")
    form_tokens.spend(db.session(), site, key, token, secret=_secret(), at=at, at_once=at_once)


def require_empty(field: str) -> None:
    """Hold the field that no person sees to its emptiness. Raises Invalid."""
    if request.form.get(field):
        raise Invalid("This field must stay empty.", field=field)


def _secret() -> str:
    return settings().secret_key
