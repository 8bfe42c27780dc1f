"""Recommend a comment, take that back, and report one."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from comments_service.accounts import GUEST, Visitor, join, require_reader
from comments_service.database import insert_into, take_turn
from comments_service.errors import Invalid
from comments_service.reading import public
from comments_service.tables import Article, Comment, Recommendation, Report
from comments_service.text import unprintable

REPORT_REASONS = ("abuse", "spam", "off-topic", "personal-data", "illegal", "other")
MAX_NOTE = 500


def recommend(session: Session, comment_id: str, *, by: Visitor, at: datetime) -> int:
    """Recommend once; a second time changes nothing. Returns the new total. Raises NotFound or Invalid."""
    take_turn(session)
    comment = public(session, by.site, comment_id)
    reader = by.reader or join(session, by, name=GUEST, at=at)
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
    """Take a recommendation back. Returns the new total. Raises NotFound or NotSignedIn."""
    take_turn(session)
    comment = public(session, by.site, comment_id)
    reader = require_reader(by)
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


def report(
    session: Session, comment_id: str, *, reason: str, note: str, by: Visitor, at: datetime
) -> bool:
    """Tell the moderators about a comment, once a reader; whether it was news. Raises NotFound or Invalid."""
    if reason not in REPORT_REASONS:
        raise Invalid("Choose a reason from the list.", field="reason")
    if len(note) > MAX_NOTE or any(unprintable(character) for character in note):
        raise Invalid(f"A note has at most {MAX_NOTE} characters.", field="note")
    take_turn(session)
    comment = public(session, by.site, comment_id)
    reader = by.reader or join(session, by, name=GUEST, at=at)
    if comment.reader_id == reader.id:
        raise Invalid("You cannot report your own comment; you can withdraw it.")
    added = session.execute(
        insert_into(session, Report)
        .values(
            site_id=by.site.id, comment_id=comment.id, reader_id=reader.id, reason=reason, note=note.strip(), at=at
        )
        .on_conflict_do_nothing()
        .returning(Report.reader_id)
    ).all()
    if added:
        session.execute(
            update(Comment)
            .where(Comment.site_id == by.site.id, Comment.id == comment.id)
            .values(reports=Comment.reports + 1)
        )
    return bool(added)


def has_recommended(session: Session, comment: Comment, *, by: Visitor) -> bool:
    """Whether this browser's reader, if it has one, recommends a comment."""
    if by.reader is None:
        return False
    return session.get(Recommendation, (comment.site_id, comment.id, by.reader.id)) is not None


def recommended(session: Session, of: Article, reader_id: str) -> list[str]:
    """The comments under one article that a reader has recommended."""
    return _chosen(session, Recommendation, of, reader_id)


def reported(session: Session, of: Article, reader_id: str) -> list[str]:
    """The comments under one article that a reader has reported."""
    return _chosen(session, Report, of, reader_id)


def _chosen(
    session: Session, table: type[Recommendation] | type[Report], of: Article, reader_id: str
) -> list[str]:
    return list(
        session.scalars(
            select(table.comment_id)
            .join(Comment, (Comment.site_id == table.site_id) & (Comment.id == table.comment_id))
            .where(table.site_id == of.site_id, table.reader_id == reader_id, Comment.article_id == of.id)
            .order_by(table.comment_id)
        )
    )


def _count(session: Session, comment: Comment, change: int) -> int:
    its_row = (Comment.site_id == comment.site_id) & (Comment.id == comment.id)
    if not change:
        return int(session.scalar(select(Comment.recommends).where(its_row)) or 0)
    total = session.execute(
        update(Comment).where(its_row).values(recommends=Comment.recommends + change).returning(Comment.recommends)
    ).scalar_one()
    session.execute(
        update(Article)
        .where(Article.site_id == comment.site_id, Article.id == comment.article_id)
        .values(version=Article.version + 1)
    )
    return int(total)
