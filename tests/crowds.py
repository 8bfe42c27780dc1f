"""Conversations of any size, written past the rules, and what it costs to read them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from comments_service import searching
from comments_service.database import id_at, minute_of, new_id
from comments_service.tables import Article, ArticleAlias, Comment, Reader, Searchable, Site

BEGUN = datetime(2026, 11, 1, tzinfo=UTC)


def article(session: Session, key: str = "big", *, of: str = "daily") -> Article:
    """An article of the Daily, or of another site, that a crowd may talk about."""
    site = session.scalars(select(Site).where(Site.key == of)).one()
    made = Article(site_id=site.id, id=new_id(), key=key, url=f"https://paper.example/{key}", title=key)
    session.add(made)
    session.flush()
    return made


def articles(session: Session, number: int) -> None:
    """Articles of the Daily that nobody talks about, each with an older key."""
    site = session.scalars(select(Site).where(Site.key == "daily")).one()
    rows = [
        {
            "site_id": site.id, "id": new_id(), "key": f"quiet-{n}", "url": f"https://paper.example/quiet-{n}",
            "title": "Quiet", "version": 1,
        }
        for n in range(number)
    ]  # fmt: skip
    session.execute(insert(Article), rows)
    older = [{"site_id": site.id, "key": f"old-{n}", "article_id": row["id"]} for n, row in enumerate(rows)]
    session.execute(insert(ArticleAlias), older)
    session.commit()
    analyze(session)


def chain(session: Session, of: Article, length: int) -> list[str]:
    """A root, an answer to it, an answer to that, and so on; returns their ids."""
    return _write(session, of, length, parent=lambda ids: ids[-1] if ids else None)


def fan(session: Session, of: Article, size: int) -> list[str]:
    """A root and answers to it; returns their ids."""
    return _write(session, of, size, parent=lambda ids: ids[0] if ids else None)


def crowd(session: Session, of: Article, number: int, *, replies: int) -> list[str]:
    """So many comments, of which those that answer nobody have so many replies each; returns their ids."""

    def parent(ids: Sequence[str]) -> str | None:
        since = len(ids) % (replies + 1)
        return ids[-since] if since else None

    return _write(session, of, number, parent=parent)


def roots(session: Session, of: Article, number: int) -> list[str]:
    """Comments that answer nobody; returns their ids."""
    return _write(session, of, number, parent=lambda _: None)


def rows_read(session: Session, read: Callable[[], object]) -> int:
    """How much of the tables the database looks at while `read` runs: rows, or on SQLite steps of its machine."""
    if session.get_bind().dialect.name == "postgresql":
        return _postgresql_rows(session, read)
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    driver: Any = session.connection().connection.driver_connection
    driver.set_progress_handler(step, 1)
    read()
    driver.set_progress_handler(None, 1)
    return steps


@contextmanager
def queries(session: Session) -> Iterator[Callable[[], int]]:
    """How many statements were sent inside the block."""
    with statements(session) as seen:
        yield lambda: len(seen)


@contextmanager
def statements(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that was sent inside the block, and its values."""
    seen: list[tuple[str, Any]] = []

    def see(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        seen.append((statement, values))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", see)


def explained(session: Session, read: Callable[[], object]) -> str:
    """How the database goes about what `read` asks it."""
    with statements(session) as sent:
        read()
    word = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    plans = [session.connection().exec_driver_sql(f"{word} {statement}", values) for statement, values in list(sent)]
    return "\n".join(str(row[-1]) for plan in plans for row in plan)


def _write(session: Session, of: Article, number: int, *, parent: Callable[[Sequence[str]], str | None]) -> list[str]:
    reader = Reader(site_id=of.site_id, id=new_id(), name="Crowd", created=BEGUN)
    session.add(reader)
    session.flush()
    last: str | None = None
    ids: list[str] = []
    depths: dict[str | None, int] = {None: -1}
    roots: dict[str, str] = {}
    rows = []
    for n in range(number):
        answered = parent(ids)
        last = id_at(BEGUN + timedelta(seconds=n), after=last)
        depths[last] = depths[answered] + 1
        roots[last] = roots[answered] if answered else last
        ids.append(last)
        words = f"number {n}"
        rows.append(
            {
                "site_id": of.site_id, "id": last, "article_id": of.id, "root_id": roots[last],
                "parent_id": answered, "reader_id": reader.id, "depth": depths[last], "name": "Crowd",
                "source": words, "tree": [["p", words]], "plain": words, "status": "published", "shown": True,
                "created": BEGUN, "recommends": 0, "version": 1, "best": minute_of(last),
                "lively": minute_of(last), "latest": [],
            }
        )  # fmt: skip
    totals = Counter(roots.values())
    for row in rows:
        row["replies_total"] = totals[str(row["id"])] - 1 if row["parent_id"] is None else 0
    session.execute(insert(Comment), rows)
    of.comments += number
    found = [
        {"site_id": of.site_id, "comment_id": row["id"], "words": searching.indexed(of.id, str(row["plain"]))}
        for row in rows
    ]
    session.execute(insert(Searchable), found)
    session.commit()
    analyze(session)
    return ids


def analyze(session: Session) -> None:
    """Let the planner know what there is."""
    if session.get_bind().dialect.name == "postgresql":
        # As its own worker would do within a minute; without figures the planner reads whole tables.
        session.execute(text("ANALYZE"))
        session.commit()


def _postgresql_rows(session: Session, read: Callable[[], object]) -> int:
    counted = text("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables")
    before = session.scalar(counted)
    read()
    return int(session.scalar(counted) - before)
