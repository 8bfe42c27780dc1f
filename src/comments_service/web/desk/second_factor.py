"""One's own second factor: set up with an authenticator app, moved to another device, and its recovery codes."""

from urllib.parse import urlsplit

import segno
from flask import Response, make_response, redirect, request

from comments_service import second_factor, signing_in
from comments_service.database import db, now
from comments_service.errors import Invalid, NotYours
from comments_service.web.desk import guard
from comments_service.web.desk.forms import done, page
from comments_service.web.desk.guard import asks_again, before_second_factor, desk
from comments_service.web.limits import prefix

PATH = "/desk/second-factor"


@desk.get("/second-factor")
@before_second_factor
def second_factor_page() -> Response:
    """Whether one has a second factor, and how many recovery codes are left."""
    return _page()


@desk.post("/second-factor/begin")
@before_second_factor
@asks_again
def begin_second_factor() -> Response:
    """Show a new seed, this once; it counts when a code of it was given."""
    me = guard.current()
    try:
        seed = second_factor.begin(db.session(), me.id, keyring=guard.keyring())
    except Invalid as refused:
        return _page(refused=refused)
    db.session.commit()
    desk_name = urlsplit(guard.own_address()).netloc
    read = second_factor.address(seed, login=me.login, desk=desk_name)
    picture = segno.make(read, error="m").svg_data_uri(scale=4, dark="#000", light="#fff")
    return _page(seed=seed, picture=picture, begun=True)


@desk.post("/second-factor/confirm")
@before_second_factor
def confirm_second_factor() -> Response:
    """Let the new seed count; the recovery codes are shown this once."""
    me, at, typed = guard.current(), now(), request.form.get("code", "")
    signing_in.count_code(db.session(), me.login, typed, address=prefix(), at=at)
    db.session.commit()
    try:
        codes = signing_in.enrol(db.session(), me, typed, keyring=guard.keyring(), at=at)
    except Invalid as refused:
        return _page(refused=refused, begun=True)
    db.session.commit()
    return _page(codes=codes)


@desk.post("/second-factor/codes")
@asks_again
def renew_codes() -> Response:
    """Make new recovery codes, shown this once; the old ones count no more."""
    me = guard.current()
    if not me.has_second_factor:
        return make_response(redirect(PATH, 303))
    codes = second_factor.renew(db.session(), me.id)
    db.session.commit()
    return _page(codes=codes)


@desk.post("/second-factor/remove")
@asks_again
def remove_second_factor() -> Response:
    """Be without a second factor, where no role asks for one."""
    if guard.second_factor_needed():
        raise NotYours("Your role asks for a second factor. You can move it to another device.")
    second_factor.remove(db.session(), guard.current().id)
    db.session.commit()
    return done(PATH, "factor")


@desk.post("/confirm")
@before_second_factor
@asks_again
def confirm() -> Response:
    """Go on to the page that wanted to know who is there."""
    return make_response(redirect(guard.safe_next(request.form.get("next", "")), 303))


def _page(
    *, refused: Invalid | None = None, seed: str = "", picture: str = "", begun: bool = False,
    codes: list[str] | None = None,
) -> Response:  # fmt: skip
    me = guard.current()
    return page(
        "desk/second_factor.html", refused=refused, seed=seed, picture=picture, begun=begun, codes=codes,
        left=second_factor.left(db.session(), me.id), needed=guard.second_factor_needed(),
        onwards=guard.HOME if me.has_password else "/desk/account", area="account",
    )  # fmt: skip
