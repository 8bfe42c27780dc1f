"""Keep where comments stand in the orders `best` and `liveliest`: the one place that moves the numbers behind them.

Each function first locks the row that it changes. On PostgreSQL a statement sees what was committed before it began, so
whatever the new numbers rest on is read behind that lock: then no other process can change it any more. On SQLite there
is one writer at a time.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, exists, func, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from comments_service import ordering
from comments_service.database import minute_of
from comments_service.tables import Comment, Report

AT_ONCE = 500
ANOTHER = aliased(Comment)


@dataclass(frozen=True)
class Place:
    """Where a comment should stand."""

    site_id: str
    article_id: str
    id: str
    best: int
    latest: list[int]

    @property
    def lively(self) -> int:
        """Its number in the order `liveliest`."""
        return ordering.liveliest(minute_of(self.id), self.latest)


def recommended(session: Session, comment: Comment, *, by: int) -> int:
    """A comment has so many recommendations more; its new total."""
    found = _locked(session, comment.site_id, comment.id)
    total = found.recommends + by
    _store(session, found, recommends=total, best=_best(found, recommends=total))
    return total


def replied(session: Session, reply: Comment, *, by: int, answers: int) -> None:
    """A branch has one published reply more, or with -1 one less, and its root so many answers with a place."""
    root = reply.locked_root or _locked(session, reply.site_id, reply.root_id)
    latest = root.latest
    if by > 0:
        latest = ordering.with_another(latest, minute_of(reply.id))
    elif by < 0:
        latest = _latest(session, root.site_id, [root.id]).get(root.id, [])
    repliers, best = _with_replier(root, reply, by=by)
    _store(
        session, root,
        replies_total=root.replies_total + by,
        answers=root.answers + answers,
        repliers=repliers,
        best=best,
        latest=latest,
        lively=ordering.liveliest(minute_of(root.id), latest),
    )  # fmt: skip


def reported(session: Session, comment: Comment, *, by: int) -> None:
    """So many reports more about a comment were right."""
    if not by:
        return
    root = _locked(session, comment.site_id, comment.root_id)
    _store(session, root, upheld=root.upheld + by, best=_best(root, upheld=root.upheld + by))


def settled_with(session: Session, comment: Comment, *, before: str) -> int:
    """How many reports more are right by a change of status: those settled are, as long as a comment is taken down."""
    change = (comment.status == "rejected") - (before == "rejected")
    if not change or before == "new":
        return 0
    of_this = (Report.site_id == comment.site_id, Report.comment_id == comment.id, Report.settled_by.is_not(None))
    return change * (session.scalar(select(func.count()).select_from(Report).where(*of_this)) or 0)


def misplaced(session: Session) -> Iterator[Place]:
    """Every comment that does not stand where its own counters and its latest answers put it."""
    after = ("", "")
    while True:
        behind = tuple_(Comment.site_id, Comment.id) > after
        some = session.scalars(
            select(Comment).where(behind).order_by(Comment.site_id, Comment.id).limit(AT_ONCE)
        ).all()
        if not some:
            return
        yield from _misplaced(session, some)
        after = some[-1].site_id, some[-1].id


def put_all_right(session: Session, site_id: str, ids: Collection[str]) -> None:
    """Give these comments of one site their places, by what is known of them behind their locks."""
    found = _all_locked(session, site_id, ids)
    wrong = list(_misplaced(session, found.values()))
    numbers = ("best", "latest", "lively")
    rows = [{"of": right.id} | {f"new_{name}": getattr(right, name) for name in numbers} for right in wrong]
    _store_all(session, site_id, rows, *numbers)
    for right in wrong:
        session.expire(found[right.id], numbers)


def unrecommended(session: Session, site_id: str, ids: Collection[str]) -> set[str]:
    """These comments of one site have one recommendation less each; the ids of their articles."""
    found = _all_locked(session, site_id, ids)
    if not found:
        return set()
    rows = [
        {"of": one.id, "new_recommends": one.recommends - 1, "new_best": _best(one, recommends=one.recommends - 1)}
        for one in found.values()
    ]
    _store_all(session, site_id, rows, "recommends", "best")
    return {one.article_id for one in found.values()}


def _all_locked(session: Session, site_id: str, ids: Collection[str]) -> dict[str, Comment]:
    # The newest first: a comment before what it answers, here as everywhere.
    of_these = (Comment.site_id == site_id) & Comment.id.in_(ids)
    ordered = select(Comment).where(of_these).order_by(Comment.id.desc()).with_for_update(key_share=True)
    return {one.id: one for one in session.scalars(ordered.execution_options(populate_existing=True))}


def _locked(session: Session, site_id: str, comment_id: str) -> Comment:
    return session.get_one(Comment, (site_id, comment_id), with_for_update={"key_share": True}, populate_existing=True)


def _store(session: Session, comment: Comment, **numbers: Any) -> None:
    # Past the row in hand, whose version is that of what a moderator saw of it.
    its_row = (Comment.site_id == comment.site_id) & (Comment.id == comment.id)
    session.execute(update(Comment).where(its_row).values(**numbers))


def _store_all(session: Session, site_id: str, rows: Sequence[Mapping[str, Any]], *names: str) -> None:
    """The same for many, of each its id `of` and what it shall have, in one statement that is sent for all of them.

    The ORM would compare every row in hand with each of these statements.
    """
    if rows:
        its_row = (Comment.site_id == site_id) & (Comment.id == bindparam("of"))
        stored = update(Comment).where(its_row).values({name: bindparam(f"new_{name}") for name in names})
        session.connection().execute(stored, [dict(row) for row in rows])


def _best(comment: Comment, **other: int) -> int:
    counted = {"recommends": comment.recommends, "repliers": comment.repliers, "upheld": comment.upheld}
    return ordering.best(minute_of(comment.id), **counted | other)


def _with_replier(root: Comment, reply: Comment, *, by: int) -> tuple[Any, Any]:
    """How many others have answered in a branch now, and its place by that; the database looks whether this one had."""
    if not by or reply.reader_id == root.reader_id:
        return root.repliers, _best(root)
    others: ColumnElement[bool] = exists().where(
        ANOTHER.site_id == reply.site_id,
        ANOTHER.root_id == reply.root_id,
        ANOTHER.reader_id == reply.reader_id,
        ANOTHER.id != reply.id,
        ANOTHER.published_reply(),
    )
    changed = root.repliers + by
    best = case((others, _best(root)), else_=_best(root, repliers=changed))
    return case((others, root.repliers), else_=changed), best


def _misplaced(session: Session, some: Iterable[Comment]) -> Iterator[Place]:
    for site_id, of_site in groupby(some, key=lambda comment: comment.site_id):
        comments = list(of_site)
        latest = _latest(session, site_id, [comment.id for comment in comments if comment.depth == 0])
        for comment in comments:
            place = Place(site_id, comment.article_id, comment.id, _best(comment), latest.get(comment.id, []))
            if (place.best, place.latest, place.lively) != (comment.best, comment.latest, comment.lively):
                yield place


def _latest(session: Session, site_id: str, roots: Sequence[str]) -> dict[str, list[int]]:
    """The minutes of the latest answers in each of these branches."""
    counted = func.row_number().over(partition_by=Comment.root_id, order_by=Comment.id.desc())
    of_these = (Comment.site_id == site_id) & Comment.root_id.in_(roots) & Comment.published_reply()
    ordered = select(Comment.root_id, Comment.id, counted.label("place")).where(of_these).subquery()
    newest = select(ordered).where(ordered.c.place <= ordering.LATEST).order_by(ordered.c.place.desc())
    found: dict[str, list[int]] = {}
    for root_id, reply_id, _ in session.execute(newest):
        found.setdefault(root_id, []).append(minute_of(reply_id))
    return found
