"""A reader's notices, the newest first: what is not public any more is not among them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session

from comments_service import cursors
from comments_service.accounts import Visitor, require_writer
from comments_service.database import take_turn
from comments_service.errors import NotFound
from comments_service.tables import Article, Comment, Follow, Mute, Notice, Reader

PAGE = 20
# Beyond so many unread ones nobody counts.
MOST_COUNTED = 100
Wanted = Select[Notice, Comment, Article]
OF_OTHERS = ("reply", "staff_reply", "thread")
OF_PUBLIC = ("reply", "staff_reply", "thread", "approved")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice, with the comment that it is about and the article of that."""

    notice: Notice
    comment: Comment | None
    article: Article | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of notices, and the cursor of the next."""

    notices: Sequence[Told] = field(default_factory=list)
    next: str | None = None


def page(session: Session, reader: Reader, *, cursor: str | None = None) -> Page:
    """One page of a reader's notices. Raises Invalid for a damaged cursor."""
    name = f"notices {reader.id}"
    wanted = _of(reader)
    if cursor is not None:
        wanted = wanted.where(Notice.id < cursors.read(cursor, name)[1])
    rows = told(session, wanted.order_by(Notice.id.desc()).limit(PAGE + 1))
    more = cursors.make(name, number=0, last=rows[PAGE - 1].notice.id) if len(rows) > PAGE else None
    return Page(notices=rows[:PAGE], next=more)


def unread(session: Session, reader: Reader) -> int:
    """How many notices a reader has not read, a hundred at most."""
    return session.scalar(_unread(reader)) or 0


def glance(session: Session, reader: Reader, article: Article | None) -> tuple[int, bool]:
    """How many notices a reader has not read, and whether they follow an article's conversation, in one query."""
    its = (Follow.site_id == reader.site_id, Follow.reader_id == reader.id)
    followed = exists().where(*its, Follow.article_id == article.id) if article else literal(False)
    number, following = session.execute(select(_unread(reader).scalar_subquery(), followed)).one()
    return number, bool(following)


def mark_read(session: Session, notice_id: str | None, *, by: Visitor, at: datetime) -> None:
    """Note that a reader has read one notice, or with None all of them.

    Raises NotSignedIn, or NotFound for one of somebody else.
    """
    take_turn(session)
    reader = require_writer(session, by)
    its = [Notice.site_id == reader.site_id, Notice.reader_id == reader.id]
    if notice_id is not None:
        its.append(Notice.id == notice_id)
        if session.scalar(select(Notice.id).where(*its)) is None:
            raise NotFound("There is no such notice.")
    session.execute(
        update(Notice)
        .where(*its, Notice.read_at.is_(None))
        .values(read_at=at)
        .execution_options(synchronize_session=False)
    )


def told(session: Session, wanted: Wanted) -> list[Told]:
    """The notices of a query that begins with `joined`."""
    rows = session.execute(wanted).all()
    return [Told(notice=notice, comment=comment, article=article) for notice, comment, article in rows]


def joined() -> Wanted:
    """Notices that may still be told, with what they are about."""
    its_comment = and_(Comment.site_id == Notice.site_id, Comment.id == Notice.comment_id)
    its_article = and_(Article.site_id == Comment.site_id, Article.id == Comment.article_id)
    wanted = select(Notice, Comment, Article).outerjoin(Comment, its_comment).outerjoin(Article, its_article)
    return wanted.where(_current(), ~and_(Notice.event.in_(OF_OTHERS), _muted()))


def _unread(reader: Reader) -> Select[int]:
    some = _of(reader).with_only_columns(Notice.id).where(Notice.read_at.is_(None)).limit(MOST_COUNTED)
    return select(func.count()).select_from(some.subquery())


def _of(reader: Reader) -> Wanted:
    return joined().where(Notice.site_id == reader.site_id, Notice.reader_id == reader.id)


def _muted() -> ColumnElement[bool]:
    """Whether whoever is told has muted who wrote the comment."""
    its = (Mute.site_id == Notice.site_id, Mute.reader_id == Notice.reader_id)
    return exists().where(*its, Mute.muted_id == Comment.reader_id)


def _current() -> ColumnElement[bool]:
    """Whether what a notice says is still so."""
    return or_(
        and_(Notice.event.in_(OF_PUBLIC), Comment.status == "published"),
        and_(Notice.event == "featured", Comment.featured()),
        and_(Notice.event == "rejected", Comment.status == "rejected"),
        and_(Notice.event == "report", Comment.status != "erased"),
        Notice.event == "weekly",
    )
