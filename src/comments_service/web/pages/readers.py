"""Which browser sends a form: the one with the reader cookie of these pages.

The cookie holds the same kind of secret that the widget makes, and the server keeps only its digest. It is set by a
POST that has succeeded, and read by nothing but the forms and a browser's own page: no public page and no API
depends on it.
"""

import base64
import hashlib
import hmac
from datetime import timedelta

from flask import Response, request

from comments_service import accounts
from comments_service.accounts import LOST, SECRET, Visitor
from comments_service.database import db, now
from comments_service.desk_sessions import device
from comments_service.errors import Refused
from comments_service.web import speaking
from comments_service.web.pages.addresses import service, settings

KEPT = timedelta(days=30)


def known() -> str | None:
    """The secret of this browser, if it has one."""
    found = request.cookies.get(_name(), "")
    return found if SECRET.fullmatch(found) else None


def made_for(form_token: str) -> str:
    """A new secret for the sender of a form: the same one when the same form arrives twice, by a double click."""
    key = settings().secret_key.encode()
    return _spelled(hmac.digest(key, f"reader of the pages {form_token}".encode(), "sha256"))


def visitor(site_key: str, secret: str | None) -> Visitor:
    """The caller on one site, from our own origin; the page speaks its language. Raises NotFound."""
    # One cookie for all sites of the service, but a secret for each: nobody's rows on two of them can be joined.
    of_site = _spelled(hashlib.sha256(f"{site_key} {secret}".encode()).digest()) if secret else None
    found = accounts.arrive(db.session(), site_key, origin=service(), secret=of_site, at=now(), own=service())
    found.device = device(request.headers.get("User-Agent", ""))
    speaking.speak_for(found.site)
    return found


def keep(answer: Response, secret: str) -> Response:
    """Give the browser its secret, for another thirty days."""
    answer.set_cookie(_name(), secret, max_age=KEPT, secure=_secure(), httponly=True, samesite="Lax", path="/")
    return answer


def refuse(answer: Response, refused: Refused) -> Response:
    """Have the browser let go of a secret that opens nothing any more: it begins anew with the next form."""
    if refused.field == LOST:
        answer.delete_cookie(_name(), secure=_secure(), httponly=True, samesite="Lax", path="/")
    return answer


def _name() -> str:
    # Browsers hold `__Host-` to https, this very host, and no other path.
    return "__Host-reader" if _secure() else "reader"


def _secure() -> bool:
    return service().startswith("https:")


def _spelled(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
