"""Recommend, report, edit or withdraw one comment by a form on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, render_template, request

from comments_service import explaining, posting, reacting, reading
from comments_service.accounts import Visitor
from comments_service.database import db, now
from comments_service.errors import Refused
from comments_service.tables import Article, Comment
from comments_service.web import shapes
from comments_service.web.pages import forms, readers
from comments_service.web.pages.addresses import at_article, links, service
from comments_service.web.pages.answers import pages, private
from comments_service.web.pages.thread import about
from comments_service.web.pages.writing import outcome
from comments_service.web.problems import STATUS

REASONS = {
    "abuse": "It attacks or insults somebody",
    "spam": "It is advertising or spam",
    "off-topic": "It has nothing to do with the article",
    "personal-data": "It tells something private about somebody",
    "illegal": "I think that it is against the law",
    "other": "Something else",
}


@dataclass(frozen=True)
class Act:
    """One thing to do with a comment: who may see the form, and what sending it does."""

    subject: Callable[[Visitor, str], Comment]
    carry_out: Callable[[Visitor, str, datetime], Comment]


def act(site_key: str, comment_id: str, name: str) -> Response:
    """The form of one act, and what it does when it is sent."""
    sent = request.method == "POST"
    if sent:
        forms.require_own_page()
    secret = readers.known() or (readers.made_for(request.form.get("form_token", "")) if sent else None)
    visitor, at = readers.visitor(site_key, secret), now()
    comment = ACTS[name].subject(visitor, comment_id)
    article = reading.article_of(db.session(), comment)
    if not sent:
        return _form(visitor, article, comment, name=name)
    try:
        forms.spend_token(visitor.site, article.key, at, at_once=True)
        changed = ACTS[name].carry_out(visitor, comment_id, at)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _form(readers.visitor(site_key, readers.known()), article, comment, name=name, refused=refused)
    if name == "edit":
        return readers.keep(outcome(visitor, changed, edited=True), secret or "")
    return readers.keep(_form(visitor, article, changed, name=name, done=True), secret or "")


def _form(visitor: Visitor, article: Article, comment: Comment, *, name: str, **state: Any) -> Response:
    refused: Refused | None = state.get("refused")
    own = name in {"edit", "withdraw"}
    page = render_template(
        f"pages/{name}.html",
        site=shapes.site(visitor.site),
        article=about(article),
        comment=shapes.own(comment, explaining.by_rules(comment)) if own else shapes.comment(comment),
        recommended=name == "recommend" and reacting.has_recommended(db.session(), comment, by=visitor),
        reasons=REASONS,
        sent={field: forms.typed(field) for field in ("body", "reason", "note")},
        refused=refused,
        done=state.get("done", False),
        form_token=forms.token(visitor.site.key, article.key, now(), after=refused),
        place=at_article(article.url, comment.id),
        links=links(visitor.site.key),
        service=service(),
    )
    return private(page, STATUS[type(refused)] if refused else 200)


def _public(visitor: Visitor, comment_id: str) -> Comment:
    return reading.public(db.session(), visitor.site, comment_id)


def _own(visitor: Visitor, comment_id: str) -> Comment:
    return posting.own(db.session(), comment_id, visitor)[0]


def _recommend(visitor: Visitor, comment_id: str, at: datetime) -> Comment:
    if request.form.get("take_back"):
        reacting.unrecommend(db.session(), comment_id, by=visitor)
    else:
        reacting.recommend(db.session(), comment_id, by=visitor, at=at)
    return _public(visitor, comment_id)


def _report(visitor: Visitor, comment_id: str, at: datetime) -> Comment:
    reacting.report(db.session(), comment_id, reason=forms.typed("reason"), note=forms.typed("note"), by=visitor, at=at)
    return _public(visitor, comment_id)


def _edit(visitor: Visitor, comment_id: str, at: datetime) -> Comment:
    return posting.edit(db.session(), comment_id, forms.typed("body"), by=visitor, at=at)


def _withdraw(visitor: Visitor, comment_id: str, at: datetime) -> Comment:
    return posting.withdraw(db.session(), comment_id, by=visitor, at=at)


ACTS = {
    "recommend": Act(_public, _recommend),
    "report": Act(_public, _report),
    "edit": Act(_own, _edit),
    "withdraw": Act(_own, _withdraw),
}
for _name in ACTS:
    pages.add_url_rule(
        f"/s/<site_key>/c/<comment_id>/{_name}",
        endpoint=_name,
        view_func=act,
        methods=["GET", "POST"],
        defaults={"name": _name},
    )
