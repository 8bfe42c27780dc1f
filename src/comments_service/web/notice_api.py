"""What a reader is told, and wants to be told; of the family of `reader_api`."""

from collections.abc import Collection
from typing import Literal

from flask import Response
from pydantic import Field

from comments_service import articles, languages
from comments_service.accounts import Visitor, require_lasting
from comments_service.database import db, now
from comments_service.noticing import feeding, following, listing, subscribing, wishes, wording
from comments_service.noticing.listing import Told
from comments_service.web import incoming, limits, speaking
from comments_service.web.pages.addresses import Links, at_article, service, settings
from comments_service.web.reader_api import answer_with, api, visitor_at
from comments_service.web.shapes import Answer, Moment
from comments_service.web.specification import answers


class Notice(Answer):
    """One notice. `reason` and `appeal` are of a comment that was not published.

    `url` leads to what it is about on the service, and `place` to the same under its article, whose key is `key`.
    """

    id: str
    event: str = Field(json_schema_extra={"enum": list(wishes.CHOICES)})
    text: str
    reason: str
    appeal: str
    url: str | None
    place: str | None
    key: str | None
    comment: str | None
    created: Moment
    read: bool


class Notices(Answer):
    """A page of notices, the newest first; `following` is whether the conversation that was named is followed."""

    notices: list[Notice]
    next: str | None
    unread: int = Field(description="A hundred stands for more.")
    following: bool


class Unread(Answer):
    """How many notices are unread; a hundred stands for more."""

    unread: int


class Choice(Answer):
    """What can be chosen, and what it is called in the language of this answer."""

    value: str
    text: str


class Wish(Choice):
    """An event, and when one can hear of it."""

    times: list[Choice]


class Wishes(Answer):
    """When a reader wants to hear of each event by mail, and whether mail can be sent: to a confirmed address."""

    wishes: dict[str, str]
    choices: list[Wish] = Field(description="All of them in words.")
    mail: Literal["off", "unconfirmed", "confirmed"]
    language: str | None = Field(description="That of the mails, once an address is confirmed.")
    languages: list[Choice]
    feed: bool = Field(description="Whether there is an address of the reader's own feed.")


class Asked(Answer):
    """That a mail was asked for; nothing tells whether the address is known."""

    asked: bool = True


class FeedAddress(Answer):
    """The address of a reader's own feed, shown this once."""

    url: str


class Followed(Answer):
    """Whether a conversation is followed."""

    following: bool


class Conversation(Answer):
    """A conversation that is followed."""

    key: str
    title: str
    url: str


class Conversations(Answer):
    """A page of the conversations that a reader follows."""

    conversations: list[Conversation]
    next: str | None


@api.get("/notices", responses=answers({200: Notices}, 401, 403, 404, 422))
def notices(path: incoming.SitePath, query: incoming.NoticesQuery) -> Response:
    """What this browser's reader was told, page by page."""
    visitor = visitor_at(path.site_key)
    require_lasting(visitor)
    speaking.speak(query.lang)
    reader, session = visitor.reader, db.session()
    found = listing.page(session, reader, cursor=query.cursor) if reader else listing.Page()
    article = articles.find(session, visitor.site, query.key) if query.key and reader else None
    return answer_with(
        Notices(
            notices=[shown(visitor, told) for told in found.notices],
            next=found.next,
            unread=listing.unread(session, reader) if reader else 0,
            following=bool(reader and article and following.is_following(session, article, reader)),
        )
    )


@api.get("/notices/unread", responses=answers({200: Unread}, 401, 403, 404, 422))
def unread(path: incoming.SitePath) -> Response:
    """How many of them are unread."""
    return answer_with(_unread(visitor_at(path.site_key)))


@api.post("/notices/read", responses=answers({200: Unread}, 401, 403, 404, 413, 422, 429))
def read_notices(path: incoming.SitePath, body: incoming.ReadNotices) -> Response:
    """Note that one of them, or every one, was read."""
    visitor = visitor_at(path.site_key)
    listing.mark_read(db.session(), body.notice, by=visitor, at=now())
    db.session.commit()
    return answer_with(_unread(visitor))


@api.get("/notices/settings", responses=answers({200: Wishes}, 401, 403, 404, 422))
def notice_settings(path: incoming.SitePath, query: incoming.LanguageQuery) -> Response:
    """What this browser's reader wants to hear of by mail."""
    visitor = visitor_at(path.site_key)
    speaking.speak(query.lang)
    require_lasting(visitor)
    return answer_with(_wishes(visitor))


@api.put("/notices/settings", responses=answers({200: Wishes}, 401, 403, 404, 413, 422, 429))
def set_notices(path: incoming.SitePath, body: incoming.NoticeWishes) -> Response:
    """Change that for some events, or the language of the mails."""
    visitor = visitor_at(path.site_key)
    subscribing.choose(db.session(), body.wishes, by=visitor, at=now())
    if body.language:
        subscribing.speak(db.session(), body.language, by=visitor)
    db.session.commit()
    return answer_with(_wishes(visitor))


@api.post("/notices/address", responses=answers({202: Asked}, 401, 403, 404, 413, 422, 429))
def give_address(path: incoming.SitePath, body: incoming.MailAddress) -> tuple[Response, int]:
    """Have a mail sent by which an address is confirmed."""
    visitor = visitor_at(path.site_key)
    speaking.speak(body.lang)
    subscribing.give_address(db.session(), body.address, by=visitor, language=speaking.language(), at=now())
    limits.admit(visitor)
    db.session.commit()
    return answer_with(Asked()), 202


@api.post("/notices/feed", responses=answers({200: FeedAddress}, 401, 403, 404, 422, 429))
def renew_feed(path: incoming.SitePath) -> Response:
    """Make a new secret address for the reader's own feed; the one before is not good any more."""
    secret = feeding.renew(db.session(), visitor_at(path.site_key))
    db.session.commit()
    return answer_with(FeedAddress(url=Links(service(), path.site_key).own_feed(secret)))


@api.delete("/notices/feed", responses=answers({204: None}, 401, 403, 404, 422, 429))
def close_feed(path: incoming.SitePath) -> tuple[str, int]:
    """Have no such feed."""
    feeding.close(db.session(), visitor_at(path.site_key))
    db.session.commit()
    return "", 204


@api.get("/following", responses=answers({200: Conversations}, 401, 403, 404, 422))
def followed(path: incoming.SitePath, query: incoming.PageQuery) -> Response:
    """The conversations that this browser's reader follows."""
    visitor = visitor_at(path.site_key)
    require_lasting(visitor)
    rows, more = following.followed(db.session(), visitor.reader, cursor=query.cursor) if visitor.reader else ([], None)
    shown_rows = [Conversation(key=row.key, title=wording.headline(row), url=row.url) for row in rows]
    return answer_with(Conversations(conversations=shown_rows, next=more))


@api.put("/following", responses=answers({200: Followed}, 401, 403, 404, 413, 422, 429))
def follow(path: incoming.SitePath, body: incoming.WhatToFollow) -> Response:
    """Follow a conversation."""
    visitor, at = visitor_at(path.site_key), now()
    article = articles.first_sight(
        db.session(), visitor.site, key=body.key, url=body.url, token=body.article_token, at=at
    )
    following.follow(db.session(), article, by=visitor, at=at)
    limits.admit(visitor)
    db.session.commit()
    return answer_with(Followed(following=True))


@api.delete("/following", responses=answers({200: Followed}, 401, 403, 404, 422, 429))
def unfollow(path: incoming.SitePath, query: incoming.ArticleQuery) -> Response:
    """Follow it no more."""
    visitor = visitor_at(path.site_key)
    require_lasting(visitor)
    article = articles.find(db.session(), visitor.site, query.key)
    if article:
        following.unfollow(db.session(), article, by=visitor)
    db.session.commit()
    return answer_with(Followed(following=False))


def shown(visitor: Visitor, told: Told) -> Notice:
    """A notice as its reader sees it, in the language of this answer."""
    lang, row = speaking.language(), told.notice
    refused = row.event == "rejected"
    links = Links(service(), visitor.site.key)
    linked = told.comment if wording.has_link(told) else None
    return Notice(
        id=row.id,
        event=row.event,
        text=wording.sentence(lang, visitor.site, told),
        reason=wording.reason(lang, told),
        appeal=wording.appeal(lang, visitor.site, settings().mail_reply_to) if refused else "",
        url=links.comment(linked.id) if linked else None,
        place=at_article(told.article.url, linked.id) if linked and told.article else None,
        key=told.article.key if linked and told.article else None,
        comment=linked.id if linked else None,
        created=row.created,
        read=row.read_at is not None,
    )


def _unread(visitor: Visitor) -> Unread:
    require_lasting(visitor)
    return Unread(unread=listing.unread(db.session(), visitor.reader) if visitor.reader else 0)


def _wishes(visitor: Visitor) -> Wishes:
    found = subscribing.standing(db.session(), visitor.reader)
    return Wishes(
        wishes=dict(found.wishes),
        choices=[
            Wish(value=event, text=speaking.say(wording.EVENTS[event]), times=_times(choices))
            for event, choices in wishes.CHOICES.items()
        ],
        mail=mail_state(found),
        language=found.language,
        languages=[Choice(value=code, text=languages.own_name(code)) for code in languages.OFFERED],
        feed=found.feed,
    )


def _times(choices: Collection[str]) -> list[Choice]:
    """Some times in words, soon ones first."""
    return [Choice(value=time, text=speaking.say(words)) for time, words in wording.TIMES.items() if time in choices]


def mail_state(found: subscribing.Standing) -> Literal["off", "unconfirmed", "confirmed"]:
    """Whether notices can be mailed to a reader."""
    if settings().mail_url is None:
        return "off"
    return "confirmed" if found.confirmed else "unconfirmed"
