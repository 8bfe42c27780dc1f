"""What somebody at the desk changes about themselves: name, password, sessions."""

from flask import Response, make_response, redirect, request

from comments_service import desk_sessions, passwords, signing_in, staff
from comments_service.database import db, now
from comments_service.errors import Invalid
from comments_service.web.desk import cookies, guard
from comments_service.web.desk.forms import done, page
from comments_service.web.desk.guard import desk
from comments_service.web.limits import prefix


@desk.get("/account")
@guard.before_second_factor
def account() -> Response:
    """One's own name and password."""
    return _account()


@desk.post("/account/name")
def rename() -> Response:
    """Change the name that colleagues see."""
    typed = request.form.get("name", "")
    try:
        staff.rename(db.session(), guard.current(), name=typed)
    except Invalid as refused:
        return _account(refused=refused, name=typed)
    db.session.commit()
    return done("/desk/account", "saved")


@desk.post("/account/language")
def speak() -> Response:
    """Choose the language of one's own desk."""
    try:
        staff.speak(db.session(), guard.current(), language=request.form.get("language", ""))
    except Invalid as refused:
        return _account(refused=refused)
    db.session.commit()
    return done("/desk/account", "saved")


@desk.post("/account/password")
@guard.before_second_factor
def set_password() -> Response:
    """Choose a password; all other sessions end."""
    me, at, form = guard.current(), now(), request.form
    if form.get("password", "") != form.get("again", ""):
        return _account(refused=Invalid(passwords.DIFFERENT, field="again"))
    if signing_in.needs_old_password(db.session(), me, at=at):
        signing_in.count_try(db.session(), me.login, address=prefix(), at=at)
        db.session.commit()
    try:
        signing_in.set_password(db.session(), me, old=form.get("old_password", ""), new=form.get("password", ""), at=at)
    except Invalid as refused:
        return _account(refused=refused)
    db.session.commit()
    return done("/desk/account", "password")


@desk.get("/sessions")
def sessions() -> Response:
    """Where one is signed in."""
    rows = desk_sessions.listing(db.session(), guard.current(), at=now())
    return page("desk/sessions.html", sessions=rows, area="account")


@desk.post("/sessions/<session_id>/end")
def end_session(session_id: str) -> Response:
    """End one session."""
    desk_sessions.end(db.session(), guard.current(), session_id, at=now())
    db.session.commit()
    return done("/desk/sessions", "ended")


@desk.post("/sessions/end-others")
def end_others() -> Response:
    """End every session but this one."""
    me = guard.current()
    desk_sessions.end_all(db.session(), me.id, at=now(), but=me.session_id)
    db.session.commit()
    return done("/desk/sessions", "others")


@desk.post("/sessions/end-all")
@guard.before_second_factor
def end_all() -> Response:
    """End every session, this one too."""
    desk_sessions.end_all(db.session(), guard.current().id, at=now())
    db.session.commit()
    answer = make_response(redirect("/desk/sign-in", 303))
    cookies.forget(answer)
    return answer


def _account(*, refused: Invalid | None = None, name: str | None = None) -> Response:
    me = guard.current()
    return page(
        "desk/account.html",
        refused=refused,
        name=me.name if name is None else name,
        needs_old=signing_in.needs_old_password(db.session(), me, at=now()),
        shortest=signing_in.SHORTEST,
        area="account",
    )
