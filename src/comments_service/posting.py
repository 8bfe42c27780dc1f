"""Write, withdraw and restore a comment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from comments_service import badges, text
from comments_service.accounts import ENDED, LOST, Visitor, is_taken, join, name_for, require_writer, stays
from comments_service.badges import Standing
from comments_service.closing import require_open
from comments_service.database import id_at, minute_of, take_turn
from comments_service.errors import Invalid, NotFound, NotSignedIn, NotYours, TooLate
from comments_service.judging import AUTHOR, apply, ask_rules, history, move, said_before
from comments_service.lookalikes import skeleton
from comments_service.tables import Article, Comment, Decision, Reader

COUNTERS = ("recommends", "reports", "replies_total", "answers", "repliers", "upheld")
PLACES = ("best", "lively")
ANSWERED = aliased(Comment)
UNDO_WINDOW = timedelta(seconds=10)
TAKEN = "Somebody with an account here has this name, or one that looks like it. Please choose another one."
REFUSED = {
    "withdrawn": "The comment you answer was withdrawn by its author.",
    "rejected": "The comment you answer was removed by the moderators.",
    "erased": "The comment you answer was erased with its author.",
}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a reader typed; `parent` is the id of the comment that is answered."""

    name: str
    body: str
    parent: str | None = None


def post(session: Session, draft: Draft, *, article: Article, by: Visitor, at: datetime) -> Comment:
    """Store a comment and judge it. Raises Closed, Invalid, NotFound or NotSignedIn."""
    require_open(by.site, article, at=at)
    tree, shown = text.render(draft.body), name_for(by, draft.name)
    plain = text.plain(tree)
    take_turn(session)
    reader = by.reader or join(session, by, name=shown, at=at)
    asked = (said_before(reader, article.id, plain), *badges.facts(reader, article), is_taken(reader, shown))
    parent, root, repeated, name, expert, taken = _answered(session, article, draft.parent, [stays(reader), *asked])
    known = _standing(reader, badges.standing(article, name, expert), taken=taken)
    _go_by(reader, known, shown, by=by)
    comment_id = id_at(at, after=parent.id if parent else None)
    comment = Comment(
        site_id=article.site_id,
        id=comment_id,
        article_id=article.id,
        root_id=parent.root_id if parent else comment_id,
        parent_id=parent.id if parent else None,
        reader_id=reader.id,
        depth=parent.depth + 1 if parent else 0,
        answers_revision=parent.revision if parent else None,
        name=reader.name,
        source=draft.body,
        tree=tree,
        plain=plain,
        status="new",
        judged_by="rules",
        shown=False,
        revision=1,
        badges=known.badges,
        wrote_as=known.wrote_as,
        created=at,
        **dict.fromkeys(PLACES, minute_of(comment_id)),
        **dict.fromkeys(COUNTERS, 0),
    )
    comment.locked_root = root
    verdict = ask_rules(comment, site=by.site, reader=reader, repeated=repeated)
    session.add(comment)
    apply(session, comment, verdict, at=at)
    return comment


def withdraw(session: Session, comment_id: str, *, by: Visitor, at: datetime) -> Comment:
    """Take a comment back; its replies stay. Raises NotYours or TooLate."""
    comment, _ = own(session, comment_id, by)
    if comment.status == "rejected":
        raise TooLate("A moderator has already removed this comment.")
    if comment.status != "withdrawn":
        move(session, comment, "withdrawn", by=AUTHOR, at=at)
    return comment


def restore(session: Session, comment_id: str, *, by: Visitor, at: datetime) -> Comment:
    """Undo a withdrawal within ten seconds, to the status it had. Raises NotYours or TooLate."""
    comment, _ = own(session, comment_id, by)
    last = _withdrawal(session, comment, at)
    if last is None:
        raise TooLate("This comment can no longer be brought back.")
    move(session, comment, last.before, by=AUTHOR, at=at)
    return comment


def is_restorable(session: Session, comment: Comment, *, at: datetime) -> bool:
    """Whether its author may still undo that it was withdrawn."""
    return _withdrawal(session, comment, at) is not None


def own(session: Session, comment_id: str, by: Visitor) -> tuple[Comment, Reader]:
    """The visitor's own comment, which nobody else changes meanwhile. Raises NotSignedIn, NotFound or NotYours."""
    take_turn(session)
    reader = require_writer(session, by)
    its_row, alone = (by.site.id, comment_id), {"key_share": True}
    comment = session.get(Comment, its_row, with_for_update=alone, populate_existing=True)
    if comment is None or (comment.reader_id != reader.id and not comment.is_public):
        raise NotFound("There is no such comment.")
    if comment.reader_id != reader.id:
        raise NotYours("Only its author can do this.")
    return comment, reader


def _withdrawal(session: Session, comment: Comment, at: datetime) -> Decision | None:
    last = next(iter(history(session, comment)), None) if comment.status == "withdrawn" else None
    return last if last and at <= last.at + UNDO_WINDOW else None


def _standing(reader: Reader, known: Standing, *, taken: bool) -> Standing:
    """What a reader is here. Raises Invalid for a guest under a name that somebody is vouched for by."""
    if taken and reader.skeleton is None and not known.name:
        raise Invalid(TAKEN, field="name")
    return known


def _go_by(reader: Reader, known: Standing, shown: str, *, by: Visitor) -> None:
    """Take the name that is shown; who signed in without an account of the paper holds it from now on."""
    reader.name = known.name or shown
    if by.holds_name and not known.name:
        reader.skeleton = reader.skeleton or skeleton(shown)


def _answered(
    session: Session, article: Article, parent_id: str | None, asked: Sequence[ColumnElement[Any]]
) -> tuple[Any, ...]:
    """The comment that is answered, its root, and what is asked besides: a reply costs no query more than a root.

    Asked first is whether the reader stays. Raises NotSignedIn, NotFound or Invalid.
    """
    if parent_id is None:
        return None, None, *_of_who_stays(session.execute(select(*asked)).one())
    # Both rows will change if the reply is published, and what was counted before must not change until then. A row
    # that is both is locked once: PostgreSQL lets others queue between two locks of a row, and all then wait for all.
    its_root = select(ANSWERED.root_id).where(ANSWERED.site_id == article.site_id, ANSWERED.id == parent_id)
    found = session.execute(
        select(Comment, *asked)
        .where(Comment.site_id == article.site_id, Comment.id.in_([parent_id, its_root.scalar_subquery()]))
        .order_by(Comment.id.desc())
        .with_for_update(of=Comment, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    parent: Comment | None = found[0][0] if found else None
    if parent is None or parent.article_id != article.id or not parent.is_public:
        raise NotFound("The comment you answer is not there any more.", field="parent")
    if parent.status != "published":
        raise Invalid(REFUSED[parent.status], field="parent")
    return parent, found[-1][0], *_of_who_stays(found[0][1:])


def _of_who_stays(answers: Sequence[Any]) -> Sequence[Any]:
    if answers[0] is None:
        raise NotSignedIn(ENDED, field=LOST)
    return answers[1:]
