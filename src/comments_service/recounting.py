"""Hold every stored counter against the rows that it counts, and set right what differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from comments_service.tables import Article, Comment, Recommendation, Report, ShareCount


@dataclass(frozen=True)
class Counter:
    """A stored number and, as an expression on its row, what it should be."""

    column: InstrumentedAttribute[int]
    rows: ColumnElement[int]

    @property
    def table(self) -> type[Article] | type[Comment]:
        """The table that holds the number."""
        return Article if self.column.class_ is Article else Comment


def differences(session: Session) -> dict[str, int]:
    """How many rows of each counter are wrong, by its name; only those that are."""
    found = {
        name: session.scalar(select(func.count()).select_from(counter.table).where(counter.column != counter.rows)) or 0
        for name, counter in _counters().items()
    }
    return {name: number for name, number in found.items() if number}


def recount(session: Session) -> int:
    """Set every counter to what its rows say; how many were wrong. The version of every article concerned moves."""
    return sum(_recount(session, counter) for counter in _counters().values())


def _recount(session: Session, counter: Counter) -> int:
    table = counter.table
    changed = session.execute(
        update(table)
        .where(counter.column != counter.rows)
        .values({counter.column: counter.rows})
        .returning(table.site_id, Article.id if table is Article else Comment.article_id)
        .execution_options(synchronize_session=False)
    ).all()
    for site_id, article_id in {tuple(row) for row in changed}:
        session.execute(
            update(Article)
            .where(tuple_(Article.site_id, Article.id) == (site_id, article_id))
            .values(version=Article.version + 1)
        )
    return len(changed)


def _counters() -> Mapping[str, Counter]:
    reply = aliased(Comment)
    published = select(func.count()).where(
        reply.site_id == Article.site_id, reply.article_id == Article.id, reply.status == "published"
    )
    replies = select(func.count()).where(
        reply.site_id == Comment.site_id,
        reply.root_id == Comment.id,
        reply.parent_id.is_not(None),
        reply.status == "published",
    )
    clicks = select(func.coalesce(func.sum(ShareCount.clicks), 0)).where(
        ShareCount.site_id == Article.site_id, ShareCount.article_id == Article.id
    )
    return {
        "comments of articles": Counter(Article.comments, _of(published, Article)),
        "shares of articles": Counter(Article.shares, _of(clicks, Article)),
        "replies of comments": Counter(Comment.replies_total, _of(replies, Comment)),
        "recommendations of comments": Counter(Comment.recommends, _number_of(Recommendation)),
        "reports of comments": Counter(Comment.reports, _number_of(Report, Report.settled_by.is_(None))),
    }


def _number_of(table: type[Recommendation] | type[Report], *which: ColumnElement[bool]) -> ColumnElement[int]:
    rows = select(func.count()).where(table.site_id == Comment.site_id, table.comment_id == Comment.id, *which)
    return _of(rows, Comment)


def _of(rows: Any, table: type[Article] | type[Comment]) -> ColumnElement[int]:
    counted: ColumnElement[int] = rows.correlate(table).scalar_subquery()
    return counted
