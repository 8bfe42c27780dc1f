"""Hold every stored counter against the rows that it counts, and set right what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, case, cast, func, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from comments_service import ranking
from comments_service.badges import STAFF
from comments_service.tables import Article, Comment, Recommendation, Report, ShareCount
from comments_service.tables.comments import GONE


@dataclass(frozen=True)
class Counter:
    """A stored number, or what else follows from other values, and as an expression on its row what it should be."""

    column: InstrumentedAttribute[Any]
    rows: ColumnElement[Any]

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
    wrong = {name: number for name, number in found.items() if number}
    # A place follows from the counters: where one of them is wrong, there is nothing to hold it against.
    places = 0 if wrong else sum(1 for _ in ranking.misplaced(session))
    return wrong | ({"places of comments": places} if places else {})


def recount(session: Session) -> int:
    """Set every counter to what its rows say; how many were wrong. The version of every article concerned moves."""
    wrong = 0
    for counter in _counters().values():
        # A tombstone counts for what it answers once something counts for it: from the leaves on, until all is right.
        while changed := _recount(session, counter):
            wrong += changed
    # Only now: a place follows from the counters.
    misplaced = list(ranking.misplaced(session))
    for site_id, places in groupby(misplaced, key=lambda place: place.site_id):
        ids = [place.id for place in places]
        for at in range(0, len(ids), ranking.AT_ONCE):
            ranking.put_all_right(session, site_id, ids[at : at + ranking.AT_ONCE])
    _move_versions(session, {(place.site_id, place.article_id) for place in misplaced})
    return wrong + len(misplaced)


def recount_above(session: Session, site_id: str, *, parents: set[str], roots: set[str]) -> None:
    """Count anew at comments under which many others have changed at once, and at the roots of their branches.

    For who changes too many for `judging.move`: it costs the same however many they were. Article versions stay.
    """
    counters = _counters()
    while parents:
        of_parents = (Comment.site_id == site_id, Comment.id.in_(parents))
        changed = _set_right(session, counters["answers to comments"], of_parents)
        # A tombstone that has come or gone counts, or counts no more, at what it answers.
        parents = {row.parent_id for row in changed if row.parent_id and row.status in GONE}
    of_roots = (Comment.site_id == site_id, Comment.id.in_(roots))
    for name in ("replies of comments", "repliers of comments", "upheld reports of comments"):
        _set_right(session, counters[name], of_roots)
    ranking.put_all_right(session, site_id, roots)


def _recount(session: Session, counter: Counter) -> int:
    changed = _set_right(session, counter)
    _move_versions(session, {(row.site_id, row.article_id) for row in changed})
    return len(changed)


def _set_right(session: Session, counter: Counter, which: Sequence[ColumnElement[bool]] = ()) -> Sequence[Row[Any]]:
    table = counter.table
    its_article = Article.id.label("article_id") if table is Article else Comment.article_id
    more = () if table is Article else (Comment.parent_id, Comment.status)
    return session.execute(
        update(table)
        .where(counter.column != counter.rows, *which)
        .values({counter.column: counter.rows})
        .returning(table.site_id, its_article, *more)
        .execution_options(synchronize_session=False)
    ).all()


def _move_versions(session: Session, articles: set[tuple[str, str]]) -> None:
    # In their order, as two of us at once must not wait for each other.
    for article in sorted(articles):
        session.execute(
            update(Article).where(tuple_(Article.site_id, Article.id) == article).values(version=Article.version + 1)
        )


def _counters() -> Mapping[str, Counter]:
    reply = aliased(Comment)
    published = select(func.count()).where(
        reply.site_id == Article.site_id, reply.article_id == Article.id, reply.status == "published"
    )
    # In the words of an index: SQLite would else read all that is published on the site, for each root.
    replies = select(func.count()).where(
        reply.site_id == Comment.site_id, reply.root_id == Comment.id, reply.published_reply()
    )
    answers = select(func.count()).where(
        reply.site_id == Comment.site_id, reply.parent_id == Comment.id, reply.listed()
    )
    clicks = select(func.coalesce(func.sum(ShareCount.clicks), 0)).where(
        ShareCount.site_id == Article.site_id, ShareCount.article_id == Article.id
    )
    return {
        "comments of articles": Counter(Article.comments, _of(published, Article)),
        "shares of articles": Counter(Article.shares, _of(clicks, Article)),
        "replies of comments": Counter(Comment.replies_total, _of(replies, Comment)),
        "answers to comments": Counter(Comment.answers, _of(answers, Comment)),
        **_of_branches(),
        "recommendations of comments": Counter(Comment.recommends, _number_of(Recommendation)),
        "reports of comments": Counter(Comment.reports, _number_of(Report, Report.settled_by.is_(None))),
        "staff marks of comments": Counter(Comment.wrote_as, case((_has_badge(STAFF), STAFF), else_="")),
    }


def _of_branches() -> Mapping[str, Counter]:
    reply = aliased(Comment)
    repliers = select(func.count(reply.reader_id.distinct())).where(
        reply.site_id == Comment.site_id,
        reply.root_id == Comment.id,
        reply.published_reply(),
        reply.reader_id != Comment.reader_id,
    )
    upheld = (
        select(func.count())
        .select_from(Report)
        .join(reply, (reply.site_id == Report.site_id) & (reply.id == Report.comment_id))
        .where(
            reply.site_id == Comment.site_id,
            reply.root_id == Comment.id,
            reply.status == "rejected",
            Report.settled_by.is_not(None),
        )
    )
    return {
        "repliers of comments": Counter(Comment.repliers, _of(repliers, Comment)),
        "upheld reports of comments": Counter(Comment.upheld, _of(upheld, Comment)),
    }


def _number_of(table: type[Recommendation] | type[Report], *which: ColumnElement[bool]) -> ColumnElement[int]:
    rows = select(func.count()).where(table.site_id == Comment.site_id, table.comment_id == Comment.id, *which)
    return _of(rows, Comment)


def _has_badge(name: str) -> ColumnElement[bool]:
    # As text, because no condition on JSON reads the same in both databases.
    return cast(Comment.badges, Text).contains(f'"{name}"')


def _of(rows: Any, table: type[Article] | type[Comment]) -> ColumnElement[int]:
    counted: ColumnElement[int] = rows.correlate(table).scalar_subquery()
    return counted
