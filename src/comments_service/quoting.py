"""What a reply answered, as it was then: the text of its parent that an edit has replaced since."""

from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased, with_expression

from comments_service.tables import Comment, Revision


def _as_answered() -> ColumnElement[Any]:
    # There is such a revision only once an edit has replaced the text that was answered; and what its author or the
    # desk has taken down is quoted nowhere.
    parent = aliased(Comment)
    return (
        select(Revision.tree)
        .join(parent, and_(parent.site_id == Revision.site_id, parent.id == Revision.comment_id))
        .where(
            Revision.site_id == Comment.site_id,
            Revision.comment_id == Comment.parent_id,
            Revision.revision == Comment.answers_revision,
            parent.status == "published",
        )
        .scalar_subquery()
    )


# Reads what a reply answered along with it, in the same query; see `Comment.answered`.
QUOTED = with_expression(Comment.answered, _as_answered())


def quoted(session: Session, comment: Comment) -> Comment:
    """A comment that was written just now, as it is stored, with what it answered."""
    its_key = (comment.site_id, comment.id)
    return session.get_one(Comment, its_key, options=[QUOTED], populate_existing=True)
