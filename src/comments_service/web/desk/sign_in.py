"""Into the desk by password or one-time link, and out of it."""

from flask import Response, make_response, redirect, render_template, request

from comments_service import desk_sessions, signing_in
from comments_service.database import db, now
from comments_service.errors import NotFound, NotSignedIn
from comments_service.web.desk import guard
from comments_service.web.desk.guard import desk, public
from comments_service.web.limits import address


@desk.get("/sign-in")
@public
def sign_in_page() -> Response:
    """Ask for login and password."""
    target = guard.safe_next(request.args.get("next", ""))
    if guard.find_staff() is not None:
        return make_response(redirect(target, 303))
    return _form(target=target)


@desk.post("/sign-in")
@public
def sign_in() -> Response:
    """Let somebody in who knows a password."""
    at, login = now(), request.form.get("login", "")
    target = guard.safe_next(request.form.get("next", ""))
    signing_in.count_try(db.session(), login, address=address(), at=at)
    # Counted for good, whatever comes now.
    db.session.commit()
    try:
        secret = signing_in.by_password(db.session(), login, request.form.get("password", ""), **_browser(), at=at)
    except NotSignedIn as refused:
        return _form(target=target, login=login, error=refused.detail, status=401)
    return _enter(secret, target)


@desk.get("/once/<token>")
@public
def once_page(token: str) -> Response:
    """Show a button: whatever opens links in mails and chats before people do must not use them up."""
    return make_response(render_template("desk/once.html", token=token, target=request.args.get("next", "")))


@desk.post("/once/<token>")
@public
def once(token: str) -> Response:
    """Let the bearer of a link in, once."""
    try:
        secret = signing_in.by_link(db.session(), token, **_browser(), at=now())
    except NotFound as refused:
        return make_response(render_template("desk/once.html", token=None, error=refused.detail), 404)
    # Whoever has no password yet is asked for one, unless the link says where to go.
    target = request.form.get("next") or (
        guard.HOME if signing_in.has_password(db.session(), secret) else "/desk/account"
    )
    return _enter(secret, guard.safe_next(target))


@desk.post("/sign-out")
def sign_out() -> Response:
    """End this session."""
    staff = guard.current()
    desk_sessions.end(db.session(), staff, staff.session_id, at=now())
    db.session.commit()
    answer = make_response(redirect("/desk/sign-in", 303))
    guard.forget(answer)
    return answer


def _browser() -> dict[str, str]:
    device = desk_sessions.device(request.headers.get("User-Agent", ""))
    return {"device": device, "origin": guard.own_address()}


def _enter(secret: str, target: str) -> Response:
    before = guard.find_staff()
    if before is not None:
        # Whoever signs in again leaves no session behind that no browser holds.
        desk_sessions.end(db.session(), before, before.session_id, at=now())
    db.session.commit()
    answer = make_response(redirect(target, 303))
    guard.keep_signed_in(answer, secret)
    return answer


def _form(*, target: str, login: str = "", error: str = "", status: int = 200) -> Response:
    page = render_template("desk/sign_in.html", target=target, login=login, error=error)
    return make_response(page, status)
