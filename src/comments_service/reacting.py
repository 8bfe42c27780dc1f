"""Recommend a comment, and take that back."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from comments_service import ranking
from comments_service.accounts import GUEST, Visitor, join, require_writer, writer
from comments_service.closing import require_writing
from comments_service.database import insert_into, take_turn
from comments_service.errors import Invalid
from comments_service.reading import public
from comments_service.tables import Article, Comment, Recommendation


def recommend(session: Session, comment_id: str, *, by: Visitor, at: datetime) -> int:
    """Recommend once; a second time changes nothing. Returns the new total. Raises Closed, NotFound or Invalid."""
    require_writing(by.site)
    take_turn(session)
    comment = still_there(session, by, comment_id)
    reader = writer(session, by) or join(session, by, name=GUEST, at=at)
    if comment.reader_id == reader.id:
        raise Invalid("You cannot recommend your own comment.")
    added = session.execute(
        insert_into(session, Recommendation)
        .values(site_id=by.site.id, comment_id=comment.id, reader_id=reader.id, at=at)
        .on_conflict_do_nothing()
        .returning(Recommendation.reader_id)
    ).all()
    return _count(session, comment, len(added))


def unrecommend(session: Session, comment_id: str, *, by: Visitor) -> int:
    """Take a recommendation back. Returns the new total. Raises Closed, NotFound or NotSignedIn."""
    require_writing(by.site)
    take_turn(session)
    comment = public(session, by.site, comment_id)
    reader = require_writer(session, by)
    removed = session.execute(
        delete(Recommendation)
        .where(
            Recommendation.site_id == by.site.id,
            Recommendation.comment_id == comment.id,
            Recommendation.reader_id == reader.id,
        )
        .returning(Recommendation.reader_id)
    ).all()
    return _count(session, comment, -len(removed))


def has_recommended(session: Session, comment: Comment, *, by: Visitor) -> bool:
    """Whether this browser's reader, if it has one, recommends a comment."""
    if by.reader is None:
        return False
    return session.get(Recommendation, (comment.site_id, comment.id, by.reader.id)) is not None


def recommended(session: Session, of: Article, reader_id: str) -> list[str]:
    """The comments under one article that a reader has recommended."""
    return list(
        session.scalars(
            select(Recommendation.comment_id)
            .join(Comment, (Comment.site_id == Recommendation.site_id) & (Comment.id == Recommendation.comment_id))
            .where(
                Recommendation.site_id == of.site_id, Recommendation.reader_id == reader_id,
                Comment.article_id == of.id,
            )
            .order_by(Recommendation.comment_id)
        )
    )  # fmt: skip


def still_there(session: Session, by: Visitor, comment_id: str) -> Comment:
    """A comment that readers see, and not only its place. Raises NotFound or Invalid."""
    comment = public(session, by.site, comment_id)
    if comment.status != "published":
        raise Invalid("This comment is gone; only its place is left.")
    return comment


def _count(session: Session, comment: Comment, change: int) -> int:
    its_row = (Comment.site_id == comment.site_id) & (Comment.id == comment.id)
    if not change:
        return int(session.scalar(select(Comment.recommends).where(its_row)) or 0)
    total = ranking.recommended(session, comment, by=change)
    session.execute(
        update(Article)
        .where(Article.site_id == comment.site_id, Article.id == comment.article_id)
        .values(version=Article.version + 1)
    )
    return total
