"""Which browser sends a form: the one with a reader cookie of these pages.

A cookie holds what somebody is known by on one site: a guest's secret, or beside it the session of an account. The
server keeps only its digest. It is set by a POST that has succeeded or by signing in, and read by nothing but the forms
and a browser's own page: no public page and no API depends on it.
"""

import base64
import hmac
from datetime import timedelta

from flask import Response, after_this_request, request

from comments_service import accounts
from comments_service.accounts import Visitor, secret_digest
from comments_service.database import db, now
from comments_service.desk_sessions import device
from comments_service.web import speaking
from comments_service.web.pages import cookies
from comments_service.web.pages.addresses import service, settings
from comments_service.web.reader_api import lives

KEPT = timedelta(days=30)


def visitor(site_key: str) -> Visitor:
    """The caller on one site, from our own origin; the page speaks its language. Raises NotFound."""
    account = cookies.known(cookies.ACCOUNT, site_key)
    if account is None:
        return _arrived(site_key, cookies.known(cookies.GUEST, site_key))
    found = _arrived(site_key, account)
    found.ended = found.reader is None
    if found.ended and request.method == "POST":
        # Whoever sent this form is told so, and the next one comes from a guest.
        after_this_request(lambda answer: sign_out(answer, site_key))
    return found


def writer(site_key: str) -> Visitor:
    """The same, for whoever sends a form: a browser that is nobody yet can become somebody by it. Raises NotFound."""
    found = visitor(site_key)
    return found if found.reader or found.ended else _arrived(site_key, _made_for_form())


def stranger(site_key: str) -> Visitor:
    """The caller as nobody, whatever the browser holds. Raises NotFound."""
    return _arrived(site_key, None)


def keep(answer: Response, by: Visitor) -> Response:
    """Let the browser of a guest keep its secret for another thirty days."""
    if not by.signed_in:
        known = cookies.known(cookies.GUEST, by.site.key) or ""
        secret = known if by.digest == secret_digest(known) else _made_for_form()
        cookies.give(answer, cookies.GUEST, by.site.key, secret=secret, kept=KEPT)
    return answer


def sign_in(answer: Response, site_key: str, secret: str) -> Response:
    """Let the browser keep the secret of a session: how long that counts is the server's business."""
    cookies.give(answer, cookies.ACCOUNT, site_key, secret=secret, kept=lives().longest)
    return answer


def sign_out(answer: Response, site_key: str) -> Response:
    """Take that secret from it: it is the guest again that it was before."""
    cookies.take(answer, cookies.ACCOUNT, site_key)
    return answer


def _arrived(site_key: str, secret: str | None) -> Visitor:
    found = accounts.arrive(
        db.session(), site_key, origin=service(), secret=secret, at=now(), own=service(), lives=lives()
    )
    if found.noted:
        db.session.commit()
    found.device = device(request.headers.get("User-Agent", ""))
    speaking.speak_for(found.site)
    return found


def _made_for_form() -> str:
    """A new secret for the sender of a form: the same one when the same form arrives twice, by a double click."""
    key, token = settings().secret_key.encode(), request.form.get("form_token", "")
    digest = hmac.digest(key, f"reader of the pages {token}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
