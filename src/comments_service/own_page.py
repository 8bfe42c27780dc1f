"""What readers see of themselves on a whole site, and the name that they go by."""

from collections.abc import Sequence

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from comments_service import cursors, reader_sessions
from comments_service.accounts import SSO, Visitor, clean_name, is_taken
from comments_service.errors import Conflict, Invalid
from comments_service.lookalikes import skeleton
from comments_service.posting import TAKEN
from comments_service.quoting import QUOTED
from comments_service.tables import Article, Comment, Identity, Reader

PAGE = 20
VOUCHED = "Your name comes with your account and is changed there. It is taken over when you next sign in."


def comments(
    session: Session, reader: Reader, *, cursor: str | None
) -> tuple[Sequence[tuple[Comment, Article]], str | None]:
    """A page of all that a reader has written on the site, newest first, and the cursor of the next one.

    Raises Invalid for a damaged cursor.
    """
    of = f"own {reader.id}"
    query = (
        select(Comment, Article)
        .join(Article, and_(Article.site_id == Comment.site_id, Article.id == Comment.article_id))
        .where(Comment.site_id == reader.site_id, Comment.reader_id == reader.id, Comment.status != "erased")
        .options(QUOTED)
        .order_by(Comment.id.desc())
        .limit(PAGE + 1)
    )
    if cursor is not None:
        query = query.where(Comment.id < cursors.read(cursor, of)[1])
    found = [(comment, article) for comment, article in session.execute(query)]
    more = len(found) > PAGE
    return found[:PAGE], cursors.make(of, number=0, last=found[PAGE - 1][0].id) if more else None


def is_vouched_for(session: Session, reader: Reader) -> bool:
    """Whether a reader's name is that of an account at the paper, and changed there."""
    of_paper = (Identity.reader_id == reader.id, Identity.source == SSO)
    its = exists().where(Identity.site_id == reader.site_id, *of_paper)
    return reader.skeleton is not None and bool(session.scalar(select(its)))


def rename(session: Session, by: Visitor, typed: str) -> str:
    """Go by another name from now on; what was said under the old one keeps it.

    Raises Conflict for whom an account vouches, Invalid or NotSignedIn.
    """
    name = clean_name(typed)
    reader, _ = reader_sessions.alone(session, by)
    if is_vouched_for(session, reader):
        raise Conflict(VOUCHED, field="name")
    if session.scalar(select(is_taken(reader, name))):
        raise Invalid(TAKEN, field="name")
    reader.name = name
    if by.holds_name:
        reader.skeleton = skeleton(name)
    session.flush()
    return name
