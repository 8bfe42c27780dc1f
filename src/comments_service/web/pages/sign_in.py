"""Sign in by mail without JavaScript: an address, then the code; and what the link of such a mail opens."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from flask import Response, render_template, request

from comments_service import mail_sign_in
from comments_service.accounts import Visitor, known_name
from comments_service.database import db, now
from comments_service.errors import Invalid, NotFound, Refused
from comments_service.mailing import codes
from comments_service.mailing import links as mail_links
from comments_service.tables import MailSignIn
from comments_service.web import limits, shapes, speaking
from comments_service.web.pages import cookies, forms, readers
from comments_service.web.pages.addresses import links, service, settings
from comments_service.web.pages.answers import onward, pages, private
from comments_service.web.problems import STATUS

FRAGMENT = "comments-mail-"
# What the token of its forms is made for, in place of an article.
KEY = "\nsign-in"
PLACE = ("thread", "url")


@pages.get("/s/<site_key>/sign-in")
def sign_in(site_key: str) -> Response:
    """A form for the address; for the code, in a browser that has asked for one; or who is signed in here."""
    return _page(readers.visitor(site_key), _pending(site_key) if "again" not in request.args else None)


@pages.post("/s/<site_key>/sign-in")
def ask_for_code(site_key: str) -> Response:
    """Send a code, which counts in this browser alone."""

    def ask(by: Visitor, at: datetime) -> Response:
        wish = mail_sign_in.Wish(email=forms.typed("email"), page=_here(site_key), language=speaking.language())
        attempt = mail_sign_in.ask(db.session(), wish, by=by, settings=settings(), at=at)
        answer = onward(_here(site_key))
        cookies.give(answer, cookies.ATTEMPT, site_key, secret=attempt, kept=mail_sign_in.LIFE)
        return answer

    return _sent(site_key, ask)


@pages.post("/s/<site_key>/sign-in/code")
def take_code(site_key: str) -> Response:
    """Sign in whoever typed the code, or pressed the button of the page that the link has opened."""

    def finish(by: Visitor, at: datetime) -> Response:
        attempt = cookies.known(cookies.ATTEMPT, site_key) or ""
        found = mail_sign_in.finish(db.session(), attempt, forms.typed("code"), by=by, settings=settings(), at=at)
        if found is None:
            db.session.commit()  # the try counts
            raise Invalid(mail_sign_in.WRONG, field="code")
        limits.admit(by)
        answer = onward(_next(site_key))
        cookies.take(answer, cookies.ATTEMPT, site_key)
        return readers.sign_in(answer, site_key, found[1])

    return _sent(site_key, finish)


@pages.get("/m/<token>/sign-in")
def mailed_sign_in(token: str) -> Response:
    """The way back to where somebody asked, with the proof that only the browser that asked can use."""
    secret, at = settings().secret_key, now()
    site_id, asked_id = mail_links.read("sign-in", token, secret=secret, at=at)
    site, asked = mail_sign_in.find(db.session(), site_id, asked_id, at=at)
    speaking.speak(asked.language or site.language)
    speaking.speak(speaking.asked() or "")
    proof, ours = codes.proof(secret, site.id, asked.id), asked.origin == service()
    page = render_template(
        "pages/sign_in_link.html", site_name=site.name, service=service(),
        code=codes.code(secret, site.id, asked.id),
        onward=f"{asked.page}#{FRAGMENT}{proof}" if asked.page else "",
        form=links(site.key).sign_in("code", **_place_of(asked)) if ours else None,
        proof=proof, form_token=forms.new_token(site.key, KEY, at),
    )  # fmt: skip
    return private(page)


def _sent(site_key: str, act: Callable[[Visitor, datetime], Response]) -> Response:
    """What one of the forms does, or the page again with what is wrong."""
    forms.require_own_page()
    by, at = readers.visitor(site_key), now()
    try:
        forms.spend_token(by.site, KEY, at, at_once=True)
        answer = act(by, at)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _page(readers.visitor(site_key), _pending(site_key), refused=refused)
    return answer


def _page(by: Visitor, pending: MailSignIn | None, *, refused: Refused | None = None) -> Response:
    site = by.site
    if not by.signed_in and not mail_sign_in.is_on(site, settings()):
        raise NotFound(mail_sign_in.OFF)
    page = render_template(
        "pages/sign_in.html", site=shapes.site(site), signed_in=by.signed_in, name=known_name(by.reader),
        address=pending.address if pending else "", email=forms.typed("email"), refused=refused, place=_place(),
        form_token=forms.new_token(site.key, KEY, now()), links=links(site.key), service=service(),
    )  # fmt: skip
    return private(page, STATUS[type(refused)] if refused else 200)


def _pending(site_key: str) -> MailSignIn | None:
    """What this browser has asked for, and can still be told the code of."""
    attempt = cookies.known(cookies.ATTEMPT, site_key)
    return mail_sign_in.pending(db.session(), readers.visitor(site_key), attempt, at=now()) if attempt else None


def _here(site_key: str) -> str:
    return links(site_key).sign_in(**_place())


def _next(site_key: str) -> str:
    """Where to go on: to write under the article that one came from."""
    place = _place()
    thread = place.pop("thread", None)
    return links(site_key).thread(thread, "write", **place) if thread else links(site_key).me()


def _place() -> dict[str, str]:
    """The article that one came from: its key, and its address while nobody has written there."""
    return {name: request.args[name] for name in PLACE if request.args.get(name)}


def _place_of(asked: MailSignIn) -> dict[str, str]:
    return {name: value for name, value in parse_qsl(urlsplit(asked.page).query) if name in PLACE}
