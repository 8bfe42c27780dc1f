"""What the links in mails open: a page with one button. Opening it changes nothing, as programs open links too."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Response, render_template, request

from comments_service.database import db, now, take_turn
from comments_service.errors import Conflict, NotYours
from comments_service.mailing import links, mailboxes
from comments_service.mailing.composing import ONE_CLICK
from comments_service.noticing import wishes, wording
from comments_service.tables import Mailbox
from comments_service.web import speaking
from comments_service.web.pages import forms
from comments_service.web.pages.addresses import service, settings
from comments_service.web.pages.answers import pages, private
from comments_service.web.problems import STATUS

Act = Callable[[Mailbox, datetime], None]


def follow(token: str, purpose: str) -> Response:
    """The page of a link, and what its button does."""
    secret, at = settings().secret_key, now()
    sent = request.method == "POST"
    if sent:
        _require_proof(purpose)
    site, mailbox = links.mailbox(db.session(), purpose, token, secret=secret, at=at)
    speaking.speak(mailbox.language or site.language)
    speaking.speak(speaking.asked() or "")
    refused = None
    try:
        if sent:
            ACTS[purpose](mailbox, at)
            db.session.commit()
    except Conflict as conflict:
        db.session.rollback()
        refused = conflict
    page = render_template(
        "pages/mailbox.html",
        site_name=site.name,
        purpose=purpose,
        done=sent and refused is None,
        refused=refused,
        event=_event(request.args),
        alone=_event(request.form),
        EVENTS=wording.EVENTS,
        back=links.address(service(), "resubscribe", mailbox, secret=secret, at=at),
        service=service(),
    )
    return private(page, STATUS[type(refused)] if refused else 200)


def _require_proof(purpose: str) -> None:
    # A mail program presses the button by itself, from no page at all (RFC 8058): its link and these words are enough.
    if purpose != "unsubscribe":
        forms.require_own_page()
        return
    name, value = ONE_CLICK.split("=")
    if request.form.get(name) != value:
        raise NotYours(forms.FORGED)


def _confirm(mailbox: Mailbox, at: datetime) -> None:
    mailboxes.verify(db.session(), mailbox, at=at)


def _unsubscribe(mailbox: Mailbox, at: datetime) -> None:
    # The button of a mail program names no event: it is for all notices, whatever the mail told.
    event = _event(request.form)
    if not event:
        mailboxes.unsubscribe(mailbox, at=at)
        return
    take_turn(db.session())
    wishes.choose(db.session(), mailbox.site_id, mailbox.reader_id, {event: wishes.NEVER}, at=at)


def _event(said: Mapping[str, str]) -> str:
    """The event that an address or a form names, if it is one of ours."""
    found = said.get("event", "")
    return found if found in wording.EVENTS else ""


def _resubscribe(mailbox: Mailbox, _at: datetime) -> None:
    mailboxes.resubscribe(mailbox)


ACTS: dict[str, Act] = {"confirm": _confirm, "unsubscribe": _unsubscribe, "resubscribe": _resubscribe}
for _purpose in ACTS:
    pages.add_url_rule(
        f"/m/<token>/{_purpose}",
        endpoint=_purpose,
        view_func=follow,
        methods=["GET", "POST"],
        defaults={"purpose": _purpose},
    )
