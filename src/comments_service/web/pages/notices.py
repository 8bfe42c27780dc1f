"""What one browser was told, as a page with forms, and as a feed at a secret address."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Response, render_template, request

from comments_service import articles, reading
from comments_service.accounts import Visitor
from comments_service.database import db, now
from comments_service.errors import Invalid, Refused
from comments_service.noticing import feeding, following, listing, subscribing, wishes, wording
from comments_service.tables import Reader, Site
from comments_service.web import limits, notice_api, shapes, speaking
from comments_service.web.pages import forms, readers
from comments_service.web.pages.addresses import at_article, links, service
from comments_service.web.pages.answers import pages, private
from comments_service.web.pages.feeds import ATOM, NO_XML, Entry, Feed
from comments_service.web.pages.thread import page_of
from comments_service.web.problems import STATUS

# In the place of an article's key, where none is like it: a token of this page is good for no comment.
PLACE = "\nnotices"
Act = Callable[[Visitor, datetime], Any]


@pages.get("/s/<site_key>/notices")
def notices(site_key: str) -> Response:
    """The list, what is followed, and what shall come by mail."""
    return _page(readers.visitor(site_key))


@pages.post("/s/<site_key>/notices")
def act_on_notices(site_key: str) -> Response:
    """What one of its forms says."""
    return _act(site_key, ACTS)


@pages.post("/s/<site_key>/notices/address")
def ask_for_address(site_key: str) -> Response:
    """The form that has a mail sent, to whom it may not please: it has an address and a pace of its own."""
    return _act(site_key, {"address": _give_address})


def _act(site_key: str, acts: Mapping[str, Act]) -> Response:
    forms.require_own_page()
    visitor, at = readers.writer(site_key), now()
    try:
        forms.spend_token(visitor.site, PLACE, at, at_once=True)
        made = _asked_for(acts)(visitor, at)
        limits.admit(visitor)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _page(readers.visitor(site_key), refused=refused)
    return readers.keep(_page(visitor, done=forms.typed("act"), feed=made), visitor)


@pages.get("/s/<site_key>/notices/<token>.atom")
def own_feed(site_key: str, token: str) -> Response:
    """The newest notices of whoever made this address."""
    site = reading.site(db.session(), site_key)
    reader = feeding.reader_of(db.session(), site, token)
    speaking.speak_for(site)
    written = NO_XML.sub("\ufffd", render_template("pages/feed.xml", feed=_feed(site, reader, token)))
    answer = private(written)
    answer.mimetype = ATOM
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _page(
    visitor: Visitor, *, refused: Refused | None = None, done: str = "", feed: str | None = None
) -> Response:
    site, reader, key = visitor.site, visitor.reader, request.args.get("thread") or forms.typed("thread")
    found = listing.page(db.session(), reader, cursor=request.args.get("cursor")) if reader else listing.Page()
    followed, more = following.followed(db.session(), reader) if reader else ([], None)
    article = page_of(site.key, key)[2] if key else None
    standing = subscribing.standing(db.session(), reader)
    page = render_template(
        "pages/notices.html",
        site=shapes.site(site),
        notices=[notice_api.shown(visitor, told) for told in found.notices],
        next=found.next,
        first="cursor" not in request.args,
        article=article if article and article.version else None,
        following=article is not None and any(row.key == article.key for row in followed),
        followed=[{"key": row.key, "url": row.url, "title": wording.headline(row)} for row in followed],
        more=more is not None,
        standing=standing,
        mail=notice_api.mail_state(standing),
        address=forms.typed("address") if refused else "",
        CHOICES=wishes.CHOICES,
        EVENTS=wording.EVENTS,
        TIMES=wording.TIMES,
        refused=refused,
        done=done,
        feed=links(site.key).own_feed(feed) if feed else None,
        form_token=forms.new_token(site.key, PLACE, now()),
        links=links(site.key),
        service=service(),
    )
    return private(page, STATUS[type(refused)] if refused else 200)


def _asked_for(acts: Mapping[str, Act]) -> Act:
    found = acts.get(forms.typed("act"))
    if found is None:
        raise Invalid("Press one of the buttons of the page.", field="act")
    return found


def _read(visitor: Visitor, at: datetime) -> None:
    listing.mark_read(db.session(), None, by=visitor, at=at)


def _follow(visitor: Visitor, at: datetime) -> None:
    article = articles.get(db.session(), visitor.site, forms.typed("thread"))
    following.follow(db.session(), article, by=visitor, at=at)


def _unfollow(visitor: Visitor, _at: datetime) -> None:
    article = articles.get(db.session(), visitor.site, forms.typed("thread"))
    following.unfollow(db.session(), article, by=visitor)


def _choose(visitor: Visitor, at: datetime) -> None:
    chosen = {event: forms.typed(f"wish-{event}") for event in wishes.CHOICES if f"wish-{event}" in request.form}
    subscribing.choose(db.session(), chosen, by=visitor, at=at)


def _give_address(visitor: Visitor, at: datetime) -> None:
    language = speaking.language()
    subscribing.give_address(db.session(), forms.typed("address"), by=visitor, language=language, at=at)


def _renew(visitor: Visitor, _at: datetime) -> str:
    return feeding.renew(db.session(), visitor)


def _close(visitor: Visitor, _at: datetime) -> None:
    feeding.close(db.session(), visitor)


ACTS: dict[str, Act] = {
    "read": _read, "follow": _follow, "unfollow": _unfollow, "wishes": _choose, "feed": _renew, "close": _close,
}  # fmt: skip


def _feed(site: Site, reader: Reader, secret: str) -> Feed:
    lang, to = speaking.language(), links(site.key)
    entries = [
        Entry(
            id=f"urn:notice:{told.notice.id}",
            title=wording.sentence(lang, site, told),
            url=at_article(told.article.url, told.comment.id) if told.article and told.comment else to.notices(),
            author=told.comment.name if told.comment and told.comment.name else site.name,
            html="",
            published=shapes.timestamp(told.notice.created),
            updated=shapes.timestamp(told.notice.created),
            answers="",
            tags=[told.notice.event],
        )
        for told in listing.page(db.session(), reader).notices
    ]
    title = speaking.say("Notices of {site}", site=site.name)
    return Feed(title=title, own=to.own_feed(secret), home=to.notices(), entries=entries)
