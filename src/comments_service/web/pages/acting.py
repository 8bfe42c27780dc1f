"""Recommend, report, edit, withdraw or bring back one comment by a form on a page of its own."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, render_template, request

from comments_service import editing, explaining, posting, reacting, reading, reporting
from comments_service.accounts import Visitor
from comments_service.database import db, now
from comments_service.errors import Refused, TooLate
from comments_service.tables import Article, Comment
from comments_service.web import limits, shapes
from comments_service.web.pages import forms, readers
from comments_service.web.pages.addresses import at_article, links, service, settings
from comments_service.web.pages.answers import pages, private
from comments_service.web.pages.thread import about
from comments_service.web.pages.writing import REASONS, outcome
from comments_service.web.problems import STATUS

# What a form that was refused shows again.
SENT = ("body", "reason", "note", "law", "name", "email", "child_abuse", "good_faith")


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
    visitor, at = (readers.writer if sent else readers.visitor)(site_key), now()
    comment = ACTS[name].subject(visitor, comment_id)
    article = reading.article_of(db.session(), comment)
    if not sent:
        return _form(visitor, article, comment, name=name)
    try:
        forms.spend_token(visitor.site, article.key, at, at_once=True)
        changed = ACTS[name].carry_out(visitor, comment_id, at)
        limits.admit(visitor)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _form(readers.visitor(site_key), article, comment, name=name, refused=refused)
    if name in {"edit", "restore"}:
        return readers.keep(outcome(visitor, changed, edited=name == "edit"), visitor)
    return readers.keep(_form(visitor, article, changed, name=name, done=True), visitor)


def _form(visitor: Visitor, article: Article, comment: Comment, *, name: str, **state: Any) -> Response:
    refused: Refused | None = state.get("refused")
    own, done, at = name in {"edit", "withdraw", "restore"}, state.get("done", False), now()
    place = (visitor.site.key, article.key, at)
    page = render_template(
        "pages/withdraw.html" if name == "restore" else f"pages/{name}.html",
        site=shapes.site(visitor.site),
        article=about(visitor.site, article),
        comment=shapes.own(comment, explaining.by_rules(comment)) if own else shapes.comment(comment),
        recommended=name == "recommend" and reacting.has_recommended(db.session(), comment, by=visitor),
        reasons=REASONS,
        sent={field: forms.typed(field) for field in SENT},
        refused=refused,
        done=done,
        restorable=own and posting.is_restorable(db.session(), comment, at=at),
        form_token=forms.new_token(*place) if done else forms.token(*place, after=refused),
        edit_token=_edit_token(visitor, comment, at) if name == "edit" else "",
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
    said = reporting.Complaint(
        reason=forms.typed("reason"), note=forms.typed("note"), law=forms.typed("law"), name=forms.typed("name"),
        email=forms.typed("email"), child_abuse="child_abuse" in request.form, good_faith="good_faith" in request.form,
    )  # fmt: skip
    reporting.report(db.session(), comment_id, said, by=visitor, at=at)
    return _public(visitor, comment_id)


def _edit(visitor: Visitor, comment_id: str, at: datetime) -> Comment:
    change = editing.Change(body=forms.typed("body"), token=forms.typed("edit_token"))
    return editing.edit(db.session(), comment_id, change, by=visitor, secret=settings().secret_key, at=at)


def _edit_token(visitor: Visitor, comment: Comment, at: datetime) -> str:
    """What says that this form was opened in time; after a refusal the one that it had."""
    with suppress(TooLate):
        return forms.typed("edit_token") or editing.begin(
            db.session(), comment.id, by=visitor, secret=settings().secret_key, at=at
        )
    return ""


def _restore(visitor: Visitor, comment_id: str, at: datetime) -> Comment:
    return posting.restore(db.session(), comment_id, by=visitor, at=at)


def _withdraw(visitor: Visitor, comment_id: str, at: datetime) -> Comment:
    return posting.withdraw(db.session(), comment_id, by=visitor, at=at)


ACTS = {
    "recommend": Act(_public, _recommend),
    "report": Act(_public, _report),
    "edit": Act(_own, _edit),
    "withdraw": Act(_own, _withdraw),
    "restore": Act(_own, _restore),
}
for _name in ACTS:
    pages.add_url_rule(
        f"/s/<site_key>/c/<comment_id>/{_name}",
        endpoint=_name,
        view_func=act,
        methods=["GET", "POST"],
        defaults={"name": _name},
    )
