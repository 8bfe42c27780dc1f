"""Write, edit, withdraw and restore a comment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from comments_service import text
from comments_service.accounts import Visitor, reader_for, require_reader
from comments_service.database import id_at, take_turn
from comments_service.errors import Closed, Invalid, NotFound, NotYours, TooLate
from comments_service.judging import AUTHOR, apply, ask_rules, history, move, said_before, touch
from comments_service.tables import Article, Comment, Reader, Revision

EDIT_WINDOW = timedelta(minutes=15)
UNDO_WINDOW = timedelta(seconds=10)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a reader typed; `parent` is the id of the comment that is answered."""

    name: str
    body: str
    parent: str | None = None


def post(session: Session, draft: Draft, *, article: Article, by: Visitor, at: datetime) -> Comment:
    """Store a comment and judge it. Raises Closed, Invalid, NotFound or NotSignedIn."""
    if article.closed_at is not None and article.closed_at <= at:
        raise Closed("This conversation is closed.")
    tree = text.render(draft.body)
    plain = text.plain(tree)
    take_turn(session)
    reader = reader_for(session, by, name=draft.name, at=at)
    parent, repeated = _answered(session, article, draft.parent, said_before(reader, article.id, plain))
    comment_id = id_at(at, after=parent.id if parent else None)
    comment = Comment(
        site_id=article.site_id,
        id=comment_id,
        article_id=article.id,
        root_id=parent.root_id if parent else comment_id,
        parent_id=parent.id if parent else None,
        reader_id=reader.id,
        depth=parent.depth + 1 if parent else 0,
        name=reader.name,
        source=draft.body,
        tree=tree,
        plain=plain,
        status="new",
        judged_by="rules",
        shown=False,
        revision=1,
        recommends=0,
        reports=0,
        replies_total=0,
        created=at,
    )
    verdict = ask_rules(comment, site=by.site, reader=reader, repeated=repeated)
    session.add(comment)
    apply(session, comment, verdict, at=at)
    return comment


def edit(session: Session, comment_id: str, body: str, *, by: Visitor, at: datetime) -> Comment:
    """Replace the text, keep the old one, and judge again. Raises NotYours, TooLate, Invalid."""
    comment, reader = own(session, comment_id, by)
    if comment.status not in {"published", "held"} or at > comment.created + EDIT_WINDOW:
        raise TooLate("This comment can no longer be edited.")
    tree = text.render(body)
    session.add(
        Revision(
            site_id=comment.site_id, comment_id=comment.id, revision=comment.revision, source=comment.source,
            tree=comment.tree, until=at,
        )
    )  # fmt: skip
    comment.source, comment.tree, comment.plain, comment.edited = body, tree, text.plain(tree), at
    comment.revision += 1
    before = comment.status
    repeated = session.scalar(select(said_before(reader, comment.article_id, comment.plain, but=comment.id)))
    apply(session, comment, ask_rules(comment, site=by.site, reader=reader, repeated=bool(repeated)), at=at)
    session.flush()
    if before == comment.status == "published":
        touch(session, comment, by=0)
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
    last = next(iter(history(session, comment)), None)
    if comment.status != "withdrawn" or last is None or at > last.at + UNDO_WINDOW:
        raise TooLate("This comment can no longer be brought back.")
    move(session, comment, last.before, by=AUTHOR, at=at)
    return comment


def own(session: Session, comment_id: str, by: Visitor) -> tuple[Comment, Reader]:
    """The visitor's own comment, which nobody else changes meanwhile. Raises NotSignedIn, NotFound or NotYours."""
    reader = require_reader(by)
    take_turn(session)
    comment = session.get(Comment, (by.site.id, comment_id), with_for_update=True, populate_existing=True)
    if comment is None or (comment.reader_id != reader.id and not comment.is_public):
        raise NotFound("There is no such comment.")
    if comment.reader_id != reader.id:
        raise NotYours("Only its author can do this.")
    return comment, reader


def _answered(
    session: Session, article: Article, parent_id: str | None, repeated: ColumnElement[bool]
) -> tuple[Comment | None, bool]:
    """The comment that is answered, if one is, and what is asked besides: a reply costs no query more than a root."""
    if parent_id is None:
        return None, bool(session.scalar(select(repeated)))
    its_id = (Comment.site_id == article.site_id) & (Comment.id == parent_id)
    parent, said = session.execute(select(Comment, repeated).where(its_id)).one_or_none() or (None, False)
    if parent is None or parent.article_id != article.id or not parent.is_public:
        raise NotFound("The comment you answer is not there any more.", field="parent")
    if parent.status == "withdrawn":
        raise Invalid("The comment you answer was withdrawn by its author.", field="parent")
    return parent, bool(said)
