"""Sign in with an account elsewhere: to the provider, back from it, and on to where somebody wanted to write.

One window of a browser does all of it, at the service's own address. The one who began on these pages gets a cookie of
them; for the page of a paper there is a code, which the window gives to that page's origin alone.
"""

from urllib.parse import urlencode

from flask import Response, render_template, request

from comments_service import identity, reader_sessions, reading
from comments_service.accounts import OIDC, end_family
from comments_service.database import db, now
from comments_service.errors import Invalid, NotSignedIn, NotYours, Refused, UnknownOrigin
from comments_service.mail_sign_in import MAX_PAGE
from comments_service.oidc import attempts, exchanging, handing_over, providers, signing_in
from comments_service.oidc.attempts import Attempt
from comments_service.oidc.exchanging import Answer, World
from comments_service.sealing import Keyring
from comments_service.tables import Provider, Reader, Site
from comments_service.web import limits, speaking
from comments_service.web.pages import readers
from comments_service.web.pages.addresses import links, service, settings
from comments_service.web.pages.answers import onward, pages, private
from comments_service.web.problems import STATUS

PATH = "/s/<site_key>/sign-in/oidc/<provider_key>"
FRAGMENT = "comments-code="
# What a provider sends back, of which nothing else is read.
BROUGHT = ("state", "code", "iss", "error")


@pages.get(PATH)
def sign_in_elsewhere(site_key: str, provider_key: str) -> Response:
    """To the provider; nothing is stored but a cookie of this browser."""
    _require_window()
    site, provider = _place(site_key, provider_key)
    attempt, at = _attempt(site, provider), now()
    db.session.rollback()  # the provider may take its time, and nothing waits for it here
    answer = onward(exchanging.address(provider, attempt, world(), at=at))
    state, kept = attempt.state(settings().secret_key), attempts.written(attempt, settings().secret_key)
    answer.set_cookie(
        _cookie(state), kept, max_age=attempts.LIFE, secure=settings().secure, httponly=True, samesite="Lax", path="/"
    )
    return answer


@pages.get(f"{PATH}/callback")
def come_back(site_key: str, provider_key: str) -> Response:
    """Back from the provider, in the browser that went there."""
    _require_window()
    site, provider = _place(site_key, provider_key)
    state = request.args.get("state", "")
    attempt = attempts.read(
        request.cookies.get(_cookie(state), ""), state, secret=settings().secret_key, at=now()
    )
    if attempt is None or (attempt.site_key, attempt.provider) != (site.key, provider.key):
        return _failed(site, NotSignedIn(exchanging.NOT_HERE))
    try:
        answer = _signed_in(site, provider, attempt)
    except Refused as refused:
        db.session.rollback()
        answer = _failed(site, refused, attempt)
    answer.delete_cookie(_cookie(state), secure=settings().secure, httponly=True, samesite="Lax", path="/")
    return answer


@pages.post(f"{PATH}/callback")
def posted_back(site_key: str, provider_key: str) -> Response:
    """Back from one that answers by a form of its own, with which a browser sends no cookie: once more, from here."""
    site, _ = _place(site_key, provider_key)
    brought = {name: request.form[name] for name in BROUGHT if name in request.form}
    target = f"{request.path}?{urlencode(brought)}"
    return private(render_template("pages/elsewhere.html", site_name=site.name, target=target, service=service()))


def world() -> World:
    """What the settings say to whoever speaks with providers."""
    own = settings()
    keyring = Keyring(own.sealing_keys)
    return World(secret=own.secret_key, service=own.public_url, keyring=keyring, local=own.local)


def _require_window() -> None:
    # Nobody signs in inside of a page of somebody else.
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":
        raise NotYours("This opens in a window of its own alone.")


def _place(site_key: str, provider_key: str) -> tuple[Site, Provider]:
    site = reading.site(db.session(), site_key)
    speaking.speak_for(site)
    provider = providers.offered(db.session(), site, provider_key)
    # It outlives the transaction: while a provider is spoken with, there is none.
    db.session.expunge(provider)
    return site, provider


def _attempt(site: Site, provider: Provider) -> Attempt:
    asked = request.args
    page, challenge = asked.get("page"), asked.get("challenge", "")
    if page is None:
        return attempts.begin(site.key, provider.key, page=_own_page(site), origin=service(), at=now())
    bare = page.partition("#")[0]
    origin = identity.origin(bare)
    if origin not in site.origins:
        raise UnknownOrigin("This page is not on the site's list of origins.")
    if len(bare) > MAX_PAGE or not handing_over.VERIFIER.fullmatch(challenge):
        raise Invalid("This is no page of the site.", field="page")
    return attempts.begin(site.key, provider.key, page=bare, origin=origin, challenge=challenge, at=now())


def _own_page(site: Site) -> str:
    """The form for a comment under the article that was named, else a reader's own page."""
    to, key = links(site.key), request.args.get("thread")
    form = to.thread(key, "write", url=request.args.get("url")) if key else ""
    return form if 1 <= len(form) <= MAX_PAGE else to.me()


def _signed_in(site: Site, provider: Provider, attempt: Attempt) -> Response:
    at, own = now(), world()
    signing_in.spend(db.session(), site, attempt.state(own.secret), at=at)
    db.session.commit()  # it counts once, whatever the provider says to it, and nothing waits for that here
    said = request.args
    brought = Answer(code=said.get("code", ""), issuer=said.get("iss", ""), error=said.get("error", ""))
    person = exchanging.person(provider, attempt, brought, world=own, at=at)
    visitor = readers.stranger(site.key) if attempt.challenge else readers.visitor(site.key)
    reader = signing_in.account(db.session(), person, by=visitor, at=at)
    limits.admit(visitor)
    if attempt.challenge:
        return _handed_over(site, attempt, reader)
    if visitor.session is not None and visitor.signed_in:
        # This browser will hold another secret; nobody would ever end what the one before opens.
        end_family(db.session(), visitor.session, at=at)
    secret = reader_sessions.start(
        db.session(), reader, opened_by=OIDC, origin=service(), at=at, device=visitor.device
    )
    db.session.commit()
    return readers.sign_in(onward(attempt.page), site.key, secret)


def _handed_over(site: Site, attempt: Attempt, reader: Reader) -> Response:
    code = handing_over.code(attempt, reader, secret=settings().secret_key, at=now())
    db.session.commit()
    page = render_template(
        "pages/elsewhere.html", site_name=site.name, code=code, origin=attempt.origin,
        onward=f"{attempt.page}#{FRAGMENT}{code}", service=service(),
    )  # fmt: skip
    return private(page)


def _failed(site: Site, refused: Refused, attempt: Attempt | None = None) -> Response:
    back = attempt.page if attempt else links(site.key).me()
    page = render_template("pages/elsewhere.html", site_name=site.name, refused=refused, onward=back, service=service())
    return private(page, STATUS[type(refused)])


def _cookie(state: str) -> str:
    name = f"oidc-{state[:16]}"
    return f"__Host-{name}" if settings().secure else name
