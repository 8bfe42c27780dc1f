"""Who may do what at the desk. Every route here needs somebody who is signed in, unless it is marked `public`.

A view of one site asks `site_for`, and gets the site only when this person may see it. One that is marked `asks_again`
is reached by nobody who has not proved of late who that is, and one that is not marked `before_second_factor` by
nobody who needs a second factor and has none.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote, unquote, urlsplit

from flask import Blueprint, Response, abort, current_app, g, make_response, redirect, render_template, request

from comments_service import desk_sessions, reading, signing_in
from comments_service.database import db, now
from comments_service.errors import Invalid, NotFound, NotSignedIn, NotYours
from comments_service.sealing import Keyring
from comments_service.settings import Settings, is_loopback
from comments_service.staff import Staff
from comments_service.tables import Site
from comments_service.web import speaking
from comments_service.web.desk import cookies
from comments_service.web.desk.forms import NOTICES, page
from comments_service.web.limits import prefix

desk = Blueprint("desk", __name__, url_prefix="/desk")

HOME = "/desk/queue"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
FORGED = "This request did not come from a page of the desk. Open the desk again and repeat it."
OLD_PAGE = "This page was opened before you signed in. Load it again and repeat what you did."
SET_UP_FIRST = "Your role asks for a second factor. Set it up first."
PROVE_FIRST = "Open this page anew and prove that it is still you."
# So long a proof of who somebody is stands for what can do the most harm.
PROOF_LASTS = timedelta(minutes=10)
NO_FIELDS = {"csrf_token", "code"}
T = TypeVar("T", bound=Callable[..., Any])
_public: set[Callable[..., Any]] = set()
_asks_again: set[Callable[..., Any]] = set()
_before_second_factor: set[Callable[..., Any]] = set()


def public(view: T) -> T:
    """Mark a view that answers people who are not signed in."""
    _public.add(view)
    return view


def is_public(view: Callable[..., Any] | None) -> bool:
    """Whether a view answers people who are not signed in."""
    return view in _public


def asks_again(view: T) -> T:
    """Mark a view that wants to know who is there, by a code or a password of the last minutes."""
    _asks_again.add(view)
    return view


def before_second_factor(view: T) -> T:
    """Mark a view that also answers somebody who has to set up a second factor."""
    _before_second_factor.add(view)
    return view


def current() -> Staff:
    """Who is signed in, with the roles that the database knows in this request.

    Sends a page to the sign-in. Raises NotSignedIn for a fetch.
    """
    staff = find_staff()
    if staff is None:
        _turn_away()
    return staff


def find_staff() -> Staff | None:
    """Who is signed in, if anybody."""
    if "staff" not in g:
        g.staff = desk_sessions.find(db.session(), request.cookies.get(cookies.name(), ""), at=now())
        if db.session.dirty:
            db.session.commit()  # when somebody was last seen is kept whatever becomes of the request
    staff: Staff | None = g.staff
    if staff:
        speaking.speak(staff.language)
    return staff


def site_for(key: str, *, role: str = "moderator") -> Site:
    """The site of a key, for somebody who has a role there.

    Raises NotFound for a site of somebody else, and NotYours when only its owners may do this.
    """
    mine = current().on(key)
    if mine is None:
        raise NotFound("There is no such site, or you have no role on it.")
    if role == "owner" and mine.role != "owner":
        raise NotYours("Only an owner of this site may do this.")
    return reading.site(db.session(), key)


def role_on(site: Site) -> str:
    """What whoever is signed in is on a site that they may see."""
    mine = current().on(site.key)
    return mine.role if mine else ""


def csrf_token() -> str:
    """What every form of a signed-in page carries; it counts for this session alone."""
    key = _settings().secret_key.encode()
    return hmac.new(key, f"desk form {current().session_id}".encode(), hashlib.sha256).hexdigest()


def safe_next(target: str) -> str:
    """A page of the desk to go on to; anything else is its first page."""
    # Parsers take leading spaces, tabs and backslashes off, or turn them around; browsers do too.
    if not target.startswith("/desk") or not target.isascii() or not target.isprintable() or "\\" in target:
        return HOME
    parts = urlsplit(target)
    inside = parts.path == "/desk" or parts.path.startswith("/desk/")
    # Browsers take %2e%2e for the folder above, too.
    if parts.scheme or parts.netloc or not inside or ".." in unquote(parts.path) or "//" in parts.path:
        return HOME
    return target


def sign_in_path() -> str:
    """The sign-in that leads back to where somebody wanted to go."""
    if request.method != "GET" or request.path in {"/desk", HOME}:
        return "/desk/sign-in"
    return f"/desk/sign-in?next={quote(request.full_path.rstrip('?'), safe='/')}"


def own_address() -> str:
    """Scheme and host of the desk, as a browser's Origin header says it."""
    return _settings().desk


def public_address() -> str:
    """Scheme and host at which readers reach the service."""
    return _settings().public_url


def is_local() -> bool:
    """Whether the service runs on this machine alone, where no owner is asked for a code."""
    return _settings().local


def keyring() -> Keyring:
    """What opens the secrets in the database."""
    return Keyring(_settings().sealing_keys)


def second_factor_needed() -> bool:
    """Whether a role of whoever is signed in asks for a second factor."""
    return current().needs_second_factor(local=is_local())


def wants_page() -> bool:
    """Whether a person's navigation asks, and not a script of the page."""
    return request.headers.get("Sec-Fetch-Dest", "document") != "empty"


@desk.before_request
def deny_by_default() -> None:
    """Refuse forgeries first, then whoever is not signed in."""
    g.pop("staff", None)  # an application context may live longer than one request
    _require_private_line()
    unsafe = request.method not in SAFE_METHODS
    if unsafe:
        _require_own_page()
    view = current_app.view_functions.get(request.endpoint or "")
    if is_public(view):
        return
    current()
    if unsafe:
        _require_form_token()
    if view not in _before_second_factor:
        _require_second_factor()
    if view in _asks_again:
        _require_proof(at=now())


@desk.context_processor
def words() -> dict[str, Any]:
    """What every template may ask for."""
    notice = speaking.say(NOTICES.get(request.args.get("done", ""), ""))
    return {"staff": g.get("staff"), "csrf_token": csrf_token, "notice": notice}


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _require_private_line() -> None:
    own = urlsplit(own_address())
    if own.scheme != "https" and not is_loopback(own.hostname or ""):
        raise NotYours("The desk opens by https only, because passwords travel to it. Its DESK_URL has to say so.")


def _require_own_page() -> None:
    site = request.headers.get("Sec-Fetch-Site")
    own = site == "same-origin" if site is not None else request.headers.get("Origin") == own_address()
    # A form of text/plain is what a page elsewhere sends without asking; a body without a type is nobody's form.
    if not own or request.mimetype not in FORMS:
        raise NotYours(FORGED)


def _require_form_token() -> None:
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not hmac.compare_digest(given.encode(), csrf_token().encode()):
        raise NotYours(OLD_PAGE)


def _require_second_factor() -> None:
    if current().has_second_factor or not second_factor_needed():
        return
    if not wants_page():
        raise NotYours(SET_UP_FIRST)
    abort(redirect("/desk/second-factor", 303))


def _require_proof(*, at: datetime) -> None:
    staff = current()
    if at - staff.proved_at < PROOF_LASTS:
        return
    if not wants_page():
        raise NotYours(PROVE_FIRST)
    typed = request.form.get("code", "")
    refused = _prove(staff, typed, at=at) if typed else None
    if typed and not refused:
        return
    again = request.method not in SAFE_METHODS
    # What was sent is sent again with the proof, so that nothing typed is lost; a page is opened again.
    sent = [pair for pair in request.form.items(multi=True) if pair[0] not in NO_FIELDS]
    whole = request.full_path.rstrip("?")
    fields, action = (sent, whole) if again else ([("next", whole)], "/desk/confirm")
    asked = page("desk/confirm.html", refused=refused, action=action, fields=fields)
    asked.status_code = 403
    abort(asked)


def _prove(staff: Staff, typed: str, *, at: datetime) -> Invalid | None:
    if staff.has_second_factor:
        signing_in.count_code(db.session(), staff.login, typed, address=prefix(), at=at)
    else:
        signing_in.count_try(db.session(), staff.login, address=prefix(), at=at)
    db.session.commit()
    try:
        signing_in.prove_again(db.session(), staff, typed, keyring=keyring(), at=at)
    except Invalid as refused:
        return refused
    # The code is spent, whatever becomes of the request.
    db.session.commit()
    return None


def _turn_away() -> NoReturn:
    if not wants_page():
        raise NotSignedIn("You are not signed in any more. Sign in again, then repeat this.")
    abort(_came_from_elsewhere() or redirect(sign_in_path(), 303))


def _came_from_elsewhere() -> Response | None:
    # A strict cookie is not sent along a link from a mail or another site. The page below asks again, from here.
    if request.method != "GET" or request.headers.get("Sec-Fetch-Site") not in {"cross-site", "same-site"}:
        return None
    return make_response(render_template("desk/bounce.html", target=request.full_path.rstrip("?")))
