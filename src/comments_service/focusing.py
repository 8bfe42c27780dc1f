"""One comment with what is around it: what it answers, what stands beside it, and the first answers to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, literal, select, union_all
from sqlalchemy.orm import Session

from comments_service import cursors
from comments_service.quoting import QUOTED
from comments_service.tables import Comment

ANCESTORS = 50
BESIDE = 10
REPLIES = 10
PAGE = 20


@dataclass(frozen=True)
class Focus:
    """What is around a comment, each list in the order in which a thread shows it; cursors where there is more."""

    ancestors: Sequence[Comment]
    siblings: Sequence[Comment]
    prev: str | None
    next: str | None
    replies: Sequence[Comment]


def focus(session: Session, of: Comment) -> Focus:
    """All that is around a comment, in two queries: of a chain of ten thousand, and in a fan of as many."""
    prev, following = _beside(of, of.id, forward=False, most=BESIDE), _beside(of, of.id, forward=True, most=BESIDE)
    replies = (
        select(Comment.id)
        .where(Comment.site_id == of.site_id, Comment.parent_id == of.id, Comment.listed())
        .order_by(Comment.id)
        .limit(REPLIES)
    )
    found = _read(session, of, prev, following, replies)
    beside = [row for row in found if row.parent_id != of.id]
    before = [row for row in beside if (row.id < of.id) is _rising(of)]
    after = [row for row in beside if row not in before]
    return Focus(
        ancestors=ancestors(session, of),
        siblings=[*before[-BESIDE:], *after[:BESIDE]],
        prev=_cursor(of, before[-BESIDE], forward=False) if len(before) > BESIDE else None,
        next=_cursor(of, after[BESIDE - 1], forward=True) if len(after) > BESIDE else None,
        replies=sorted((row for row in found if row.parent_id == of.id), key=lambda row: row.id),
    )


def beside(session: Session, of: Comment, *, cursor: str) -> tuple[Sequence[Comment], str | None]:
    """Twenty further siblings from a cursor of `focus` or of the page before, and the cursor of what is behind them.

    Raises Invalid for a damaged cursor.
    """
    way, last = cursors.read(cursor, _name(of))
    forward = bool(way)
    found = _read(session, of, _beside(of, last, forward=forward, most=PAGE))
    shown = found[:PAGE] if forward else found[-PAGE:]
    if len(found) <= PAGE:
        return shown, None
    return shown, _cursor(of, shown[-1] if forward else shown[0], forward=forward)


def ancestors(session: Session, of: Comment) -> Sequence[Comment]:
    """The nearest fifty public ancestors of a comment, and its root, which comes first."""
    step = select(Comment.parent_id, Comment.depth).where(Comment.site_id == of.site_id, Comment.id == of.id)
    chain = step.cte("chain", recursive=True)
    chain = chain.union_all(
        select(Comment.parent_id, Comment.depth)
        .join(chain, Comment.id == chain.c.parent_id)
        .where(Comment.site_id == of.site_id, Comment.depth > of.depth - ANCESTORS)
    )
    wanted = select(chain.c.parent_id).union_all(select(literal(of.root_id, Comment.root_id.type)))
    return session.scalars(
        select(Comment)
        .options(QUOTED)
        .where(Comment.site_id == of.site_id, Comment.id.in_(wanted), Comment.id != of.id, Comment.public())
        .order_by(Comment.depth)
    ).all()


def _rising(of: Comment) -> bool:
    # Roots stand newest first, replies in the order in which they were said.
    return of.parent_id is not None


def _beside(of: Comment, last: str, *, forward: bool, most: int) -> Select[str]:
    up = forward is _rising(of)
    among = (
        and_(Comment.article_id == of.article_id, Comment.depth == 0)
        if of.parent_id is None
        else Comment.parent_id == of.parent_id
    )
    return (
        select(Comment.id)
        .where(Comment.site_id == of.site_id, among, Comment.listed(), Comment.id > last if up else Comment.id < last)
        .order_by(Comment.id if up else Comment.id.desc())
        .limit(most + 1)
    )


def _read(session: Session, of: Comment, *wanted: Select[str]) -> list[Comment]:
    """Comments by the ids that some queries find, siblings in the order of their list."""
    ids = union_all(*(select(one.subquery().c.id) for one in wanted))
    rows = session.scalars(
        select(Comment).options(QUOTED).where(Comment.site_id == of.site_id, Comment.id.in_(ids)).order_by(Comment.id)
    ).all()
    return [*rows] if _rising(of) else [*reversed(rows)]


def _name(of: Comment) -> str:
    return f"beside {of.parent_id or of.article_id}"


def _cursor(of: Comment, last: Comment, *, forward: bool) -> str:
    return cursors.make(_name(of), number=int(forward), last=last.id)
