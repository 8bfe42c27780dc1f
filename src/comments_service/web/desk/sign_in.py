"""Into the desk by password or one-time link and, for whoever has a second factor, a code; and out of it."""

from urllib.parse import quote

from flask import Response, make_response, redirect, render_template, request

from comments_service import desk_sessions, inviting, passwords, signing_in
from comments_service.database import db, now
from comments_service.errors import Invalid, NotFound, NotSignedIn
from comments_service.web.desk import cookies, guard
from comments_service.web.desk.forms import page
from comments_service.web.desk.guard import desk, public
from comments_service.web.limits import prefix
from comments_service.web.speaking import told


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
    signing_in.count_try(db.session(), login, address=prefix(), at=at)
    # Counted for good, whatever comes now.
    db.session.commit()
    try:
        secret = signing_in.by_password(db.session(), login, request.form.get("password", ""), **_browser(), at=at)
    except NotSignedIn as refused:
        return _form(target=target, login=login, error=told(refused), status=401)
    return _enter(secret, target)


@desk.get("/sign-in/code")
@public
def code_page() -> Response:
    """Ask for a code."""
    return _code()


@desk.post("/sign-in/code")
@public
def give_code() -> Response:
    """Let somebody in whose password was right, and who knows a code."""
    at, typed = now(), request.form.get("code", "")
    found = desk_sessions.halfway(db.session(), cookies.halfway(), at=at)
    if found is None:
        return make_response(redirect("/desk/sign-in", 303))
    half, moderator = found
    signing_in.count_code(db.session(), moderator.login, typed, address=prefix(), at=at)
    # Counted for good, whatever comes now.
    db.session.commit()
    try:
        secret = signing_in.by_code(db.session(), half, typed, keyring=guard.keyring(), at=at)
    except Invalid as refused:
        return _code(refused=refused)
    return _enter(secret, guard.safe_next(request.form.get("next", "")))


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
        return make_response(render_template("desk/once.html", token=None, error=told(refused)), 404)
    # Whoever has no password yet is asked for one, unless the link says where to go.
    target = request.form.get("next") or (
        guard.HOME if signing_in.has_password(db.session(), secret) else "/desk/account"
    )
    return _enter(secret, guard.safe_next(target))


@desk.get("/invitation/<token>")
@public
def invitation(token: str) -> Response:
    """Say who invites to what, and ask for a password; to look uses nothing up."""
    return _invitation(token)


@desk.post("/invitation/<token>")
@public
def accept(token: str) -> Response:
    """Let somebody in who was invited, with the password that they chose."""
    given = request.form.get("password", "")
    if given != request.form.get("again", ""):
        return _invitation(token, refused=Invalid(passwords.DIFFERENT, field="again"))
    try:
        secret = inviting.accept(db.session(), token, given, **_browser(), at=now())
    except Invalid as refused:
        return _invitation(token, refused=refused)
    except NotFound:
        return _invitation(token)
    return _enter(secret, "/desk/second-factor")


@desk.post("/sign-out")
@guard.before_second_factor
def sign_out() -> Response:
    """End this session."""
    staff = guard.current()
    desk_sessions.end(db.session(), staff, staff.session_id, at=now())
    db.session.commit()
    answer = make_response(redirect("/desk/sign-in", 303))
    cookies.forget(answer)
    return answer


def _browser() -> dict[str, str]:
    device = desk_sessions.device(request.headers.get("User-Agent", ""))
    return {"device": device, "origin": guard.own_address()}


def _enter(secret: str, target: str) -> Response:
    if desk_sessions.halfway(db.session(), secret, at=now()):
        db.session.commit()
        answer = make_response(redirect(f"/desk/sign-in/code?next={quote(target, safe='/')}", 303))
        cookies.keep_halfway(answer, secret)
        return answer
    before = guard.find_staff()
    if before is not None:
        # Whoever signs in again leaves no session behind that no browser holds.
        desk_sessions.end(db.session(), before, before.session_id, at=now())
    db.session.commit()
    answer = make_response(redirect(target, 303))
    cookies.keep_signed_in(answer, secret)
    return answer


def _invitation(token: str, *, refused: Invalid | None = None) -> Response:
    try:
        welcome = inviting.look(db.session(), token, at=now())
    except NotFound as gone:
        return make_response(render_template("desk/once.html", token=None, error=told(gone)), 404)
    return page(
        "desk/invitation.html", refused=refused, welcome=welcome, token=token, shortest=passwords.SHORTEST
    )


def _code(*, refused: Invalid | None = None) -> Response:
    if desk_sessions.halfway(db.session(), cookies.halfway(), at=now()) is None:
        return make_response(redirect("/desk/sign-in", 303))
    return page("desk/code.html", refused=refused, target=guard.safe_next(request.values.get("next", "")))


def _form(*, target: str, login: str = "", error: str = "", status: int = 200) -> Response:
    page = render_template("desk/sign_in.html", target=target, login=login, error=error)
    return make_response(page, status)
