"""Write a comment or a reply by a form; nothing that was typed is ever lost."""

import hashlib
from datetime import datetime

from flask import Response, render_template, request

from comments_service import articles, explaining, hinting, posting, reading, repeating, reporting
from comments_service.accounts import Visitor, known_name
from comments_service.database import db, now
from comments_service.errors import Refused
from comments_service.languages import later
from comments_service.tables import Comment
from comments_service.web import limits, previews, shapes
from comments_service.web.pages import forms, readers
from comments_service.web.pages.addresses import at_article, links, service
from comments_service.web.pages.answers import pages, private
from comments_service.web.pages.thread import page_of
from comments_service.web.problems import STATUS

REASONS = {
    "abuse": later("It attacks or insults somebody"),
    "spam": later("It is advertising or spam"),
    "off-topic": later("It has nothing to do with the article"),
    "personal-data": later("It tells something private about somebody"),
    "illegal": later("I think that it is against the law"),
    "other": later("Something else"),
}
OUTCOMES = {
    "waiting": later("Waiting for a moderator"),
    "kept": later("A moderator looked at it and kept it."),
    "removed": later("A moderator looked at it and took it down."),
    "gone": later("Its author took it back."),
}


@pages.get("/s/<site_key>/t/<article:article_key>/write")
def write(site_key: str, article_key: str) -> Response:
    """The form."""
    visitor = readers.visitor(site_key)
    return _form(visitor, article_key, request.args.get("parent"))


@pages.post("/s/<site_key>/t/<article:article_key>/write")
def send(site_key: str, article_key: str) -> Response:
    """Store what was written, or only show it; a form that arrives twice is stored once."""
    forms.require_own_page()
    if "look" in request.form:
        return _looked_at(site_key, article_key)
    visitor, at = readers.writer(site_key), now()
    parent = request.form.get("parent") or None
    try:
        comment = _stored(visitor, article_key, parent, at)
        limits.admit(visitor)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        visitor = readers.visitor(site_key)
        return _form(visitor, article_key, parent, refused=refused)
    return readers.keep(outcome(visitor, comment), visitor)


@pages.get("/s/<site_key>/t/<article:article_key>/yours")
def yours(site_key: str, article_key: str) -> Response:
    """What this browser has written under an article, in every state."""
    visitor = readers.visitor(site_key)
    site, article, shown = page_of(site_key, article_key)
    mine = reading.mine(db.session(), article, visitor.reader.id) if article and visitor.reader else []
    told = explaining.reasons(db.session(), mine)
    page = render_template(
        "pages/yours.html",
        site=shapes.site(site),
        article=shown,
        comments=[shapes.own(row, told.get(row.id)) for row in mine],
        reports=reporting.outcomes(db.session(), article, visitor.reader.id) if article and visitor.reader else [],
        OUTCOMES=OUTCOMES,
        reasons=REASONS,
        now=now(),
        links=links(site_key),
        service=service(),
    )
    return private(page)


def outcome(visitor: Visitor, comment: Comment, *, edited: bool = False) -> Response:
    """What has become of a comment that was sent."""
    article = reading.article_of(db.session(), comment)
    page = render_template(
        "pages/done.html",
        site=shapes.site(visitor.site),
        article=shapes.article(visitor.site, article, article.key),
        comment=shapes.own(comment, explaining.by_rules(comment)),
        edited=edited,
        place=at_article(article.url, comment.id),
        links=links(visitor.site.key),
        service=service(),
    )
    return private(page, 200 if edited else 201 if comment.status == "published" else 202)


def _looked_at(site_key: str, article_key: str) -> Response:
    """The form again, with what its text will look like; nothing is stored."""
    visitor, parent = readers.visitor(site_key), request.form.get("parent") or None
    try:
        seen = hinting.preview(db.session(), forms.typed("body"), by=visitor, key=article_key, field="body")
    except Refused as refused:
        return _form(visitor, article_key, parent, refused=refused)
    return _form(visitor, article_key, parent, seen=seen)


def _stored(visitor: Visitor, article_key: str, parent: str | None, at: datetime) -> Comment:
    forms.require_empty("website")
    attempt = _attempt(visitor, parent)
    earlier = repeating.claim(db.session(), attempt, at=at)
    if earlier is not None:
        return posting.own(db.session(), earlier["comment"], visitor)[0]
    _, _, shown = page_of(visitor.site.key, article_key, forms.typed("url"))
    forms.spend_token(visitor.site, shown.key, at)
    article = articles.first_sight(db.session(), visitor.site, key=shown.key, url=shown.url, at=at)
    draft = posting.Draft(name=forms.typed("name"), body=forms.typed("body"), parent=parent)
    comment = posting.post(db.session(), draft, article=article, by=visitor, at=at)
    repeating.remember(db.session(), attempt, {"comment": comment.id})
    return comment


def _attempt(visitor: Visitor, parent: str | None) -> repeating.Attempt:
    # A form token is good once and nobody else's: it is what names this attempt.
    token = hashlib.sha256(request.form.get("form_token", "").encode()).hexdigest()
    meaning = {"parent": parent, "name": forms.typed("name"), "body": forms.typed("body")}
    return repeating.attempt(visitor, token, meaning)


def _form(
    visitor: Visitor,
    article_key: str,
    parent: str | None,
    *,
    refused: Refused | None = None,
    seen: hinting.Preview | None = None,
) -> Response:
    at, site_key = now(), visitor.site.key
    site, article, shown = page_of(site_key, article_key, forms.typed("url"))
    answered = reading.public(db.session(), site, parent) if parent and article and _still_there(refused) else None
    page = render_template(
        "pages/write.html",
        site=shapes.site(site),
        article=shown,
        answered=shapes.comment(answered) if answered and article and answered.article_id == article.id else None,
        name=forms.typed("name") if refused or seen else known_name(visitor.reader) or "",
        body=forms.typed("body"),
        signed_in=visitor.signed_in,
        refused=refused,
        seen=previews.preview(seen) if seen else None,
        form_token=forms.token(site_key, shown.key, at, after=refused, unused=seen is not None),
        links=links(site_key),
        service=service(),
    )
    return private(page, STATUS[type(refused)] if refused else 200)


def _still_there(refused: Refused | None) -> bool:
    return refused is None or refused.field != "parent"
