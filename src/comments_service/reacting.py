"""Recommend a comment, and take that back."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from comments_service.accounts import Visitor, find_reader, join, require_reader
from comments_service.errors import Invalid
from comments_service.reading import public
from comments_service.tables import Article, Comment, Recommendation


def recommend(session: Session, comment_id: str, *, by: Visitor, at: datetime) -> int:
    """Recommend once; a second time changes nothing. Returns the new total. Raises NotFound or Invalid."""
    comment = public(session, by.site, comment_id)
    reader = find_reader(session, by) or join(session, by, name="Guest", at=at)
    if comment.reader_id == reader.id:
        raise Invalid("You cannot recommend your own comment.")
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    added = session.execute(
        insert(Recommendation)
        .values(site_id=by.site.id, comment_id=comment.id, reader_id=reader.id, at=at)
        .on_conflict_do_nothing()
        .returning(Recommendation.reader_id)
    ).all()
    return _count(session, comment, len(added))


def unrecommend(session: Session, comment_id: str, *, by: Visitor) -> int:
    """Take a recommendation back. Returns the new total. Raises NotFound or NotSignedIn."""
    comment = public(session, by.site, comment_id)
    reader = require_reader(session, by)
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


def recommended(session: Session, of: Article, reader_id: str) -> list[str]:
    """The comments under one article that a reader has recommended."""
    return list(
        session.scalars(
            select(Recommendation.comment_id)
            .join(Comment, (Comment.site_id == Recommendation.site_id) & (Comment.id == Recommendation.comment_id))
            .where(
                Recommendation.site_id == of.site_id,
                Recommendation.reader_id == reader_id,
                Comment.article_id == of.id,
            )
        )
    )


def _count(session: Session, comment: Comment, change: int) -> int:
    if change:
        session.execute(
            update(Comment)
            .where(Comment.site_id == comment.site_id, Comment.id == comment.id)
            .values(recommends=Comment.recommends + change)
        )
        session.execute(
            update(Article)
            .where(Article.site_id == comment.site_id, Article.id == comment.article_id)
            .values(version=Article.version + 1)
        )
    total = session.scalar(
        select(func.max(Comment.recommends)).where(Comment.site_id == comment.site_id, Comment.id == comment.id)
    )
    return int(total or 0)
