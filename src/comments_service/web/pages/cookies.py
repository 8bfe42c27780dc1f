"""The cookies of these pages: what somebody is known by on one site, and what a code sent by mail counts with."""

from datetime import timedelta

from flask import Response, request

from comments_service.accounts import SECRET
from comments_service.web.pages.addresses import service

GUEST, ACCOUNT, ATTEMPT = "reader", "account", "attempt"


def known(of: str, site_key: str) -> str | None:
    """The secret that this browser holds, if it has one."""
    found = request.cookies.get(_name(of, site_key), "")
    return found if SECRET.fullmatch(found) else None


def give(answer: Response, of: str, site_key: str, *, secret: str, kept: timedelta) -> None:
    """Give the browser a secret that no script can read, and no other site has sent along with a form."""
    answer.set_cookie(
        _name(of, site_key), secret, max_age=kept, secure=_secure(), httponly=True, samesite="Lax", path="/"
    )


def take(answer: Response, of: str, site_key: str) -> None:
    """Take a secret away, unless this very answer gives a new one."""
    name = _name(of, site_key)
    if not any(given.startswith(f"{name}=") for given in answer.headers.getlist("Set-Cookie")):
        answer.delete_cookie(name, secure=_secure(), httponly=True, samesite="Lax", path="/")


def _name(of: str, site_key: str) -> str:
    # Browsers hold `__Host-` to https, this very host, and no other path.
    return f"{'__Host-' if _secure() else ''}{of}-{site_key}"


def _secure() -> bool:
    return service().startswith("https:")
