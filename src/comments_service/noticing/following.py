"""Which conversations a reader follows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, exists, func, select
from sqlalchemy.orm import Session

from comments_service import cursors
from comments_service.accounts import GUEST, Visitor, join, writer
from comments_service.database import insert_into, take_turn
from comments_service.errors import Invalid
from comments_service.tables import Article, Follow, Reader

MOST = 500
PAGE = 50


def follow(session: Session, article: Article, *, by: Visitor, at: datetime) -> None:
    """Follow a conversation; a second time changes nothing. Raises NotSignedIn, or Invalid beyond the most of them."""
    take_turn(session)
    reader = writer(session, by) or join(session, by, name=GUEST, at=at)
    # Two at once from one reader: the row is a lock on every database.
    its_row = and_(Reader.site_id == reader.site_id, Reader.id == reader.id)
    session.execute(select(Reader.id).where(its_row).with_for_update(key_share=True))
    if is_following(session, article, reader):
        return
    its = (Follow.site_id == reader.site_id, Follow.reader_id == reader.id)
    if (session.scalar(select(func.count()).select_from(Follow).where(*its)) or 0) >= MOST:
        raise Invalid("You follow {n} conversations, as many as one can. Unfollow one of them first.", n=MOST)
    key = {"site_id": reader.site_id, "article_id": article.id, "reader_id": reader.id}
    session.execute(insert_into(session, Follow).values(**key, at=at).on_conflict_do_nothing())


def unfollow(session: Session, article: Article, *, by: Visitor) -> None:
    """Follow a conversation no more; a second time changes nothing. Raises NotSignedIn."""
    take_turn(session)
    reader = writer(session, by)
    if reader is not None:
        key = {"site_id": reader.site_id, "article_id": article.id, "reader_id": reader.id}
        session.execute(delete(Follow).filter_by(**key))


def is_following(session: Session, article: Article, reader: Reader) -> bool:
    """Whether a reader follows a conversation."""
    its = (Follow.site_id == article.site_id, Follow.article_id == article.id, Follow.reader_id == reader.id)
    return bool(session.scalar(select(exists().where(*its))))


def followed(session: Session, reader: Reader, *, cursor: str | None = None) -> tuple[Sequence[Article], str | None]:
    """The conversations that a reader follows, the newest article first, and the cursor of the next page.

    Raises Invalid for a damaged cursor.
    """
    name = f"follows {reader.id}"
    wanted = (
        select(Article)
        .join(Follow, and_(Follow.site_id == Article.site_id, Follow.article_id == Article.id))
        .where(Follow.site_id == reader.site_id, Follow.reader_id == reader.id)
    )
    if cursor is not None:
        wanted = wanted.where(Follow.article_id < cursors.read(cursor, name)[1])
    rows = session.scalars(wanted.order_by(Follow.article_id.desc()).limit(PAGE + 1)).all()
    more = cursors.make(name, number=0, last=rows[PAGE - 1].id) if len(rows) > PAGE else None
    return rows[:PAGE], more
