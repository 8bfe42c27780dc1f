"""The desk's two cookies: the session, and what stands for it until a code was given."""

from flask import Response, current_app, request

from comments_service.settings import Settings

SESSION, CODE = "session", "code"


def name(of: str = SESSION) -> str:
    """The name of a cookie; browsers hold `__Host-` to https, this host, and no other path."""
    return f"__Host-{of}" if _secure() else of


def halfway() -> str:
    """What the browser holds of somebody whose code is awaited."""
    return request.cookies.get(name(CODE), "")


def keep_signed_in(answer: Response, secret: str) -> None:
    """Give the browser its session; it lasts until the browser is closed, if it is not ended before."""
    _keep(answer, SESSION, secret)
    _drop(answer, CODE)


def keep_halfway(answer: Response, secret: str) -> None:
    """Give the browser what it comes back with together with a code."""
    _keep(answer, CODE, secret)


def forget(answer: Response) -> None:
    """Take the session from the browser, and whatever pages it has kept; other cookies of the host are not ours."""
    _drop(answer, SESSION)
    answer.headers["Clear-Site-Data"] = '"cache"'


def _keep(answer: Response, of: str, secret: str) -> None:
    answer.set_cookie(name(of), secret, secure=_secure(), httponly=True, samesite="Strict", path="/")


def _drop(answer: Response, of: str) -> None:
    answer.delete_cookie(name(of), secure=_secure(), httponly=True, samesite="Strict", path="/")


def _secure() -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.desk.startswith("https:")
