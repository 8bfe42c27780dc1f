"""Which comments a page of a thread holds, and in which order. Every pair of both is read from an index, by key.

But for a reader's own in an order of numbers: they are few, found by their index, and sorted then. Three more indexes
with a row for every comment there is would cost each writer more than that saves one reader.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute

from comments_service import cursors
from comments_service.tables import Article, Comment

# What comes first is what has most of it; newest and oldest go by the id alone, whose order is that of time.
SORTS: Mapping[str, InstrumentedAttribute[int] | None] = {
    "newest": None,
    "oldest": None,
    "recommended": Comment.recommends,
    "best": Comment.best,
    "liveliest": Comment.lively,
}
FILTERS: Mapping[str, Callable[[], ColumnElement[bool]]] = {
    # What is pinned stands above all others, and not among them too.
    "all": lambda: Comment.root() & Comment.listed() & ~Comment.pinned(),
    "staff": Comment.by_staff,
    "featured": Comment.featured,
    "unanswered": Comment.unanswered,
}
# What lists replies too, each by itself: what it answers is told beside it.
FLAT = frozenset({"staff", "featured"})
MINE = "mine"
# What is left of a comment for its author; what was withdrawn or erased is gone for everybody.
KEPT = ("published", "held", "rejected")


def chosen(of: Article, *, sort: str, only: str, cursor: str | None, most: int) -> Select[Comment]:
    """So many comments of a thread that a filter lets through, from the cursor on. Raises Invalid for a damaged one.

    The first page of all of them begins with those that the desk has pinned.
    """
    by = _by(sort, only)
    query = select(Comment).where(Comment.site_id == of.site_id, Comment.article_id == of.id, FILTERS[only]())
    query = _paged(query, sort, by, _place(of, sort, only, cursor)).limit(most)
    return _below_pinned(query, of, _order(sort, by)) if cursor is None and only == "all" else query


def own(of: Article, reader_id: str, *, sort: str, cursor: str | None, most: int) -> Select[Comment]:
    """So many comments of one reader under an article, held and rejected ones too. Raises Invalid for a cursor."""
    its = (Comment.site_id == of.site_id, Comment.reader_id == reader_id, Comment.article_id == of.id)
    query = select(Comment).where(*its, Comment.status.in_(KEPT))
    return _paged(query, sort, SORTS[sort], _place(of, sort, f"{MINE} {reader_id}", cursor)).limit(most)


def cursor(of: Article, last: Comment, *, sort: str, only: str) -> str:
    """Where the next page begins, behind this comment; of a reader's own, where `only` is MINE."""
    by = _by(sort, only)
    number = 0 if by is None else getattr(last, by.key)
    which = f"{MINE} {last.reader_id}" if only == MINE else only
    return cursors.make(_list(of, sort, which), number=number, last=last.id)


def _place(of: Article, sort: str, only: str, cursor: str | None) -> tuple[int, str] | None:
    return None if cursor is None else cursors.read(cursor, _list(of, sort, only))


def _paged(
    query: Select[Comment], sort: str, by: InstrumentedAttribute[int] | None, place: tuple[int, str] | None
) -> Select[Comment]:
    query = query.order_by(*_order(sort, by))
    if place is None:
        return query
    number, last = place
    if by is not None:
        # As a pair, which an index finds at once: with "or" it would be read from its beginning on every page.
        return query.where(tuple_(by, Comment.id) < (number, last))
    return query.where(Comment.id > last if sort == "oldest" else Comment.id < last)


def _below_pinned(query: Select[Comment], of: Article, order: Sequence[Any]) -> Select[Comment]:
    """The same, below what the desk has pinned there, which was pinned last on top."""
    pinned = select(Comment.id).where(Comment.site_id == of.site_id, Comment.article_id == of.id, Comment.pinned())
    # Each part is found by its own index, and only a page of rows is sorted.
    page = union_all(select(query.with_only_columns(Comment.id).subquery().c.id), pinned)
    its_time = case((Comment.pinned(), Comment.pinned_at))
    return (
        select(Comment)
        .where(Comment.site_id == of.site_id, Comment.id.in_(page))
        .order_by(case((Comment.pinned(), 0), else_=1), its_time.desc(), *order)
    )


def _by(sort: str, only: str) -> InstrumentedAttribute[int] | None:
    # Where nothing is answered, nothing is livelier than what is newer.
    return None if (sort, only) == ("liveliest", "unanswered") else SORTS[sort]


def _order(sort: str, by: InstrumentedAttribute[int] | None) -> Sequence[Any]:
    if by is not None:
        return by.desc(), Comment.id.desc()
    return (Comment.id if sort == "oldest" else Comment.id.desc(),)


def _list(of: Article, sort: str, only: str) -> str:
    return f"{sort} {only} {of.id}"
