"""Which browser sends a form: the one with the reader cookie of these pages.

The cookie holds the same kind of secret that the widget makes, and the server keeps only its digest. It is set by a
POST that has succeeded, and read by nothing but the forms and a browser's own page: no public page and no API
depends on it. Whoever signs in on a site gets another one, for that site alone, and a new one each time: what somebody
was known by before is never a key to an account.
"""

import base64
import hashlib
import hmac
from datetime import timedelta

from flask import Response, g, request

from comments_service import accounts
from comments_service.accounts import LOST, SECRET, Visitor
from comments_service.database import db, now
from comments_service.desk_sessions import device
from comments_service.errors import Refused
from comments_service.web import speaking
from comments_service.web.pages.addresses import service, settings
from comments_service.web.pages.answers import pages

KEPT = timedelta(days=30)


def known() -> str | None:
    """The secret of this browser on the site that it asks about, if it has one."""
    for name in (_account_name(), _name()):
        found = request.cookies.get(name, "")
        if SECRET.fullmatch(found):
            return found
    return None


def made_for(form_token: str) -> str:
    """A new secret for the sender of a form: the same one when the same form arrives twice, by a double click."""
    key = settings().secret_key.encode()
    return _spelled(hmac.digest(key, f"reader of the pages {form_token}".encode(), "sha256"))


def visitor(site_key: str, secret: str | None) -> Visitor:
    """The caller on one site, from our own origin; the page speaks its language. Raises NotFound."""
    of_site = secret_on(site_key, secret) if secret else None
    found = accounts.arrive(db.session(), site_key, origin=service(), secret=of_site, at=now(), own=service())
    found.device = device(request.headers.get("User-Agent", ""))
    g.reader_ended = found.ended
    speaking.speak_for(found.site)
    return found


def secret_on(site_key: str, secret: str) -> str:
    """What a secret of this browser is on one site: there is one for all, but nobody's rows on two can be joined."""
    return _spelled(hashlib.sha256(f"{site_key} {secret}".encode()).digest())


def keep(answer: Response, secret: str) -> Response:
    """Give the browser its secret, for another thirty days."""
    account = request.cookies.get(_account_name()) == secret
    return _give(answer, _account_name() if account else _name(), secret)


def sign_in(answer: Response, secret: str) -> Response:
    """Give the browser the secret of an account, on the site that it asks about."""
    return _give(answer, _account_name(), secret)


def sign_out(answer: Response) -> Response:
    """Take that secret from it: it is the guest again that it was before."""
    return _take(answer, _account_name())


def refuse(answer: Response, refused: Refused) -> Response:
    """Have the browser let go of a secret that opens nothing any more: it begins anew with the next form."""
    if refused.field == LOST:
        _take(answer, _account_name() if _account_name() in request.cookies else _name())
    return answer


@pages.after_request
def let_go(answer: Response) -> Response:
    """Who was told that a session has ended may go on as a guest."""
    return sign_out(answer) if g.pop("reader_ended", False) and request.method == "POST" else answer


def _give(answer: Response, name: str, secret: str) -> Response:
    answer.set_cookie(name, secret, max_age=KEPT, secure=_secure(), httponly=True, samesite="Lax", path="/")
    return answer


def _take(answer: Response, name: str) -> Response:
    answer.delete_cookie(name, secure=_secure(), httponly=True, samesite="Lax", path="/")
    return answer


def _account_name() -> str:
    site_key = (request.view_args or {}).get("site_key", "")
    return f"__Host-account-{site_key}" if _secure() else f"account-{site_key}"


def _name() -> str:
    # Browsers hold `__Host-` to https, this very host, and no other path.
    return "__Host-reader" if _secure() else "reader"


def _secure() -> bool:
    return service().startswith("https:")


def _spelled(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
