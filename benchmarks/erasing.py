"""Print how long it takes to erase a reader of many comments, without the rewriting of the index of words afterwards.

usage: .venv/bin/python benchmarks/erasing.py [--comments 10000] [--repeats 3] [--database URL]

`--database` is an empty database of PostgreSQL; without it, all is on SQLite in a temporary folder. Each repeat erases
a reader of its own, in the same conversations: what the others said is in the way, as it would be.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, create_engine, func, insert, select
from sqlalchemy.orm import Session

from comments_service import erasing, recounting, searching
from comments_service.database import Model, engine_options, id_at, new_id
from comments_service.migrating import upgrade
from comments_service.tables import (
    Article,
    Comment,
    Decision,
    DecisionEvidence,
    Outbox,
    Reader,
    Recommendation,
    Revision,
    Searchable,
    Site,
)

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
ARTICLES = 100
AIM = 5.0
WORDS = "What people write under an article is about so long, and says that it may well rain tomorrow after all."
Row = dict[str, Any]


def main() -> None:
    """Print the seconds of each repeat, and the median."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name, usual in (("--comments", 10_000), ("--repeats", 3)):
        parser.add_argument(name, type=_number, default=usual)
    parser.add_argument("--database")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{folder}/comments.sqlite"
        upgrade(url)
        engine = create_engine(url, **engine_options(url))
        site_id, readers = fill(engine, readers=asked.repeats, comments=asked.comments)
        taken = [erase(engine, site_id, reader) for reader in readers]
        with Session(engine) as session:
            wrong = recounting.differences(session)
        engine.dispose()
    words, processor = ([one[at] for one in taken] for at in (0, 1))
    print(f"{engine.dialect.name}: {asked.comments:,} comments erased, index optimize apart")
    print(f"each               {', '.join(f'{one:.2f}' for one in words)} s")
    print(f"median             {statistics.median(words):.2f} s   ≤ {AIM:.0f} s")
    print(f"of that, our own   {statistics.median(processor):.2f} s of the processor")
    print(f"wrong counters     {sum(wrong.values())}   0")


def _number(typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or int(typed) < 1:
        raise argparse.ArgumentTypeError("must be a number from 1 on")
    return int(typed)


def fill(engine: Engine, *, readers: int, comments: int) -> tuple[str, list[str]]:
    """A site with conversations in which each reader wrote so much; the ids of the site and of them."""
    with Session(engine) as session:
        site = Site(key="daily", name="The Daily", origins=["https://paper.example"], banned_words=[], held_words=[])
        session.add(site)
        session.flush()
        key = {"site_id": site.id}
        url = "https://paper.example"
        articles = [Article(**key, id=new_id(), key=f"{n}", url=f"{url}/{n}", title="A") for n in range(ARTICLES)]
        session.add_all(articles)
        people = [Reader(**key, id=new_id(), name="Somebody", created=BEGUN) for _ in range(readers + 1)]
        session.add_all(people)
        session.flush()
        crowd, *others = [person.id for person in people]
        roots = [_comment(key, crowd, articles[n % ARTICLES].id, at=n) for n in range(1000)]
        said = [row for n, who in enumerate(others) for row in _said(key, who, roots, comments, after=2000 * (n + 1))]
        answers = [_comment(key, crowd, one["article_id"], at=9_000_000 + n, to=one) for n, one in enumerate(said[::8])]
        for some in _pieces([*roots, *said, *answers]):
            session.execute(insert(Comment), some)
        beside(session, key, said)
        liked = [key | {"comment_id": one["id"], "reader_id": who, "at": BEGUN} for who in others for one in roots]
        session.execute(insert(Recommendation), liked)
        recounting.recount(session)
        session.commit()
        if engine.dialect.name == "postgresql":
            session.connection().exec_driver_sql("ANALYZE")
            session.commit()
        return site.id, others


def _comment(key: Row, reader: str, article: str, *, at: int, to: Row | None = None) -> Row:
    made = id_at(BEGUN + timedelta(seconds=at))
    return key | {
        "id": made, "article_id": article, "root_id": to["root_id"] if to else made, "reader_id": reader,
        "parent_id": to["id"] if to else None, "depth": to["depth"] + 1 if to else 0, "name": "Somebody",
        "source": WORDS, "tree": [["p", WORDS]], "plain": WORDS, "status": "published", "shown": True, "reasons": [],
        "badges": [], "latest": [], "created": BEGUN,
    }  # fmt: skip


def _said(key: Row, who: str, roots: Sequence[Row], comments: int, *, after: int) -> Iterator[Row]:
    """Half of them begin something, and half answer what others have begun."""
    for number in range(comments):
        root = roots[number % len(roots)]
        to = root if number % 2 else None
        yield _comment(key, who, root["article_id"], at=after + number, to=to)


def beside(session: Session, key: Row, said: Sequence[Row]) -> None:
    """What is kept besides each comment: words, decisions, a text before, and what was sent of it."""
    decided = [key | {"id": one["id"], "comment_id": one["id"], "by": "rules", "before": "new", "after": "published",
                      "at": BEGUN} for one in said]  # fmt: skip
    words = [key | {"comment_id": one["id"], "words": searching.indexed(one["article_id"], WORDS)} for one in said]
    edited = [key | {"comment_id": one["id"], "revision": 1, "source": WORDS, "tree": [], "until": BEGUN}
              for one in said[::10]]  # fmt: skip
    evidence = [key | {"decision_id": one["id"], "objections": [{"rule": "links"}]} for one in decided]
    sent = [key | {"id": new_id(), "event": "comment.published", "payload": {"comment": one["id"]}, "due_at": BEGUN,
                   "sent_at": BEGUN} for one in said[::5]]  # fmt: skip
    rows: tuple[tuple[type[Model], Sequence[Row]], ...] = (
        (Decision, decided), (DecisionEvidence, evidence), (Searchable, words), (Revision, edited), (Outbox, sent),
    )  # fmt: skip
    for table, of_table in rows:
        for some in _pieces(of_table):
            session.execute(insert(table), some)


def _pieces(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[at : at + 2000] for at in range(0, len(rows), 2000))


def erase(engine: Engine, site_id: str, reader_id: str) -> tuple[float, float]:
    """Erase a reader, piece by piece as the worker does; the seconds by the clock, and of this process."""
    begun, worked = time.perf_counter(), time.process_time()
    with Session(engine) as session:
        erasing.begin(session, session.get_one(Reader, (site_id, reader_id)), at=datetime.now(UTC))
        session.commit()
    number = 1
    while number:
        with Session(engine) as session:
            number = erasing.erase_some(session, site_id, reader_id, at=datetime.now(UTC))
            session.commit()
    taken = time.perf_counter() - begun, time.process_time() - worked
    with Session(engine) as session:
        its = (Comment.site_id == site_id, Comment.reader_id == reader_id, Comment.status != "erased")
        left = session.scalar(select(func.count()).select_from(Comment).where(*its))
    if left:
        raise SystemExit(f"{left} comments are left")
    return taken


if __name__ == "__main__":
    main()
