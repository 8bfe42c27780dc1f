"""The queue and the decisions of moderators."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comments_service.errors import Conflict, Invalid, NotFound
from comments_service.posting import move
from comments_service.tables import Comment, Decision, Reader, Site

VERDICTS = ("published", "rejected", "held")
PAGE = 30


def queue(session: Session, site: Site, *, status: str = "held", after: str | None = None) -> Sequence[Comment]:
    """The oldest comments of one status, thirty at a time."""
    query = select(Comment).where(Comment.site_id == site.id, Comment.status == status)
    if after:
        query = query.where(Comment.id > after)
    return session.scalars(query.order_by(Comment.id).limit(PAGE)).all()


def decide(
    session: Session, site: Site, comment_id: str, *, verdict: str, version: int, by: str, reason: str, at: datetime
) -> Comment:
    """Move a comment. Raises NotFound, Invalid, or Conflict when another decision came first."""
    if verdict not in VERDICTS:
        raise Invalid("Choose to approve, reject or hold.", field="verdict")
    comment = session.scalars(
        select(Comment).where(Comment.site_id == site.id, Comment.id == comment_id).with_for_update()
    ).first()
    if comment is None:
        raise NotFound("There is no such comment.")
    if comment.status == verdict:
        return comment
    claimed = session.execute(
        update(Comment)
        .where(Comment.site_id == site.id, Comment.id == comment.id, Comment.version == version)
        .values(version=Comment.version + 1)
        .returning(Comment.id)
    ).first()
    if claimed is None or comment.status == "withdrawn":
        raise Conflict(_who_was_first(session, comment))
    session.refresh(comment)
    _record(session, comment, verdict)
    move(session, comment, verdict, by=by, reason=reason, at=at)
    return comment


def _record(session: Session, comment: Comment, verdict: str) -> None:
    approved = (verdict == "published") - (comment.status == "published")
    rejected = (verdict == "rejected") - (comment.status == "rejected")
    session.execute(
        update(Reader)
        .where(Reader.site_id == comment.site_id, Reader.id == comment.reader_id)
        .values(approved=Reader.approved + approved, rejected=Reader.rejected + rejected)
    )


def _who_was_first(session: Session, comment: Comment) -> str:
    last = session.scalars(
        select(Decision)
        .where(Decision.site_id == comment.site_id, Decision.comment_id == comment.id)
        .order_by(Decision.id.desc())
    ).first()
    return f"{last.by} has already set it to {last.after}." if last else "It has changed since you saw it."
