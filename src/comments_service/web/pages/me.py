"""A reader's own page: what was written, where one is known, the name, the data, and leaving; all by forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Response, render_template, request

from comments_service import leaving, own_page, reader_sessions
from comments_service.accounts import Visitor
from comments_service.database import db, now
from comments_service.errors import Invalid, Refused
from comments_service.languages import later
from comments_service.web import own_api, shapes, speaking
from comments_service.web.pages import forms, readers
from comments_service.web.pages.addresses import links, service
from comments_service.web.pages.answers import pages, private
from comments_service.web.problems import STATUS

# What the token of its forms is made for, in place of an article.
KEY = "\nme"


@dataclass(frozen=True)
class Act:
    """What a form does, and what is said when it is done."""

    carry_out: Callable[[Visitor, datetime], object]
    done: str


@pages.route("/s/<site_key>/me", methods=["GET", "POST"])
def me(site_key: str) -> Response:
    """The page, and what its forms do."""
    if request.method == "GET":
        return _page(readers.visitor(site_key))
    forms.require_own_page()
    visitor, at = readers.visitor(site_key), now()
    try:
        act = ACTS.get(forms.typed("act"))
        if act is None:
            raise Invalid(forms.FORGED)
        forms.spend_token(visitor.site, KEY, at, at_once=True)
        act.carry_out(visitor, at)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _page(readers.visitor(site_key), refused=refused)
    done = speaking.say(act.done) if act.done else ""
    if forms.typed("act") == "sign_out":
        return readers.sign_out(_page(readers.stranger(site_key), done=done), site_key)
    return _page(readers.visitor(site_key), done=done)


@pages.get("/s/<site_key>/me/data")
def own_data(site_key: str) -> Response:
    """Everything that is kept of this browser's reader, as a file."""
    kind = "csv" if request.args.get("format") == "csv" else "json"
    return own_api.data_of(readers.visitor(site_key), kind)


def _page(visitor: Visitor, *, refused: Refused | None = None, done: str = "") -> Response:
    reader, site_key = visitor.reader, visitor.site.key
    page = render_template(
        "pages/me.html",
        site=shapes.site(visitor.site),
        profile=own_api.profile_of(visitor, reader) if reader else None,
        page=own_api.comments_of(reader, request.args.get("cursor")) if reader else None,
        sessions=own_api.sessions_of(visitor).sessions,
        typed_name=forms.typed("name") if refused else "",
        refused=refused,
        done=done,
        form_token=forms.new_token(site_key, KEY, now()),
        now=now(),
        links=links(site_key),
        service=service(),
    )
    return private(page, STATUS[type(refused)] if refused else 200)


ACTS: Mapping[str, Act] = {
    "rename": Act(
        lambda by, _at: own_page.rename(db.session(), by, forms.typed("name")), later("Your name is changed.")
    ),
    "end": Act(
        lambda by, at: reader_sessions.end_one(db.session(), by, forms.typed("session"), at=at),
        later("You are signed out there."),
    ),
    "sign_out": Act(lambda by, at: reader_sessions.end(db.session(), by, at=at), later("You are signed out.")),
    "end_others": Act(
        lambda by, at: reader_sessions.end_others(db.session(), by, at=at), later("You are signed out everywhere else.")
    ),
    # The page itself says until when that can be taken back.
    "leave": Act(lambda by, at: leaving.ask(db.session(), by, way=forms.typed("way"), at=at), ""),
    "stay": Act(lambda by, _at: leaving.take_back(db.session(), by), later("You stay, and nothing is erased.")),
}
