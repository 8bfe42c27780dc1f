"""Print how fast one posts while a popular conversation has its followers told, and how fast when nothing is told.

usage: .venv/bin/python benchmarks/noticing.py [--followers 10000] [--posts 100] [--rounds 3] [--database URL]

The rounds alternate, so that both see the same machine. `--database` is an empty database of PostgreSQL; without it,
all is on SQLite in a temporary folder. A worker of its own tells, gathers and mails, into a folder.
"""

import argparse
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, func, insert, select
from sqlalchemy.orm import Session

from comments_service import form_tokens
from comments_service.app import create_app
from comments_service.database import new_id
from comments_service.migrating import upgrade
from comments_service.settings import Settings
from comments_service.tables import Article, Follow, Mailbox, Notice, NoticeSettings, Outbox, Reader, Site
from comments_service.web.limits import limiter

SECRET = "0123456789abcdef" * 4
ORIGIN = "https://paper.example"
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
PATIENCE = 600.0
MOST_POSTS = 1000
# Twenty posts a second are more than a paper sees in its busiest minute.
PAUSE = 0.05


def main() -> None:
    """Print the figures of both, side by side."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name, usual in (("--followers", 10_000), ("--posts", 100), ("--rounds", 3)):
        parser.add_argument(name, type=int, default=usual)
    parser.add_argument("--database")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{folder}/comments.sqlite"
        upgrade(url)
        engine = create_engine(url)
        fill(engine, asked.followers)
        worker = begin_worker(url, Path(folder))
        try:
            compare(engine, url, asked)
            caps(engine, Path(folder))
        finally:
            worker.terminate()
            worker.wait()
        engine.dispose()


def fill(engine: Engine, followers: int) -> None:
    """A site with two articles, and a crowd that follows one of them and wants each comment by mail at once."""
    with Session(engine) as session:
        site = Site(key="daily", name="The Daily", origins=[ORIGIN], banned_words=[], held_words=[], moderation="post")
        session.add(site)
        session.flush()
        for key in ("quiet", "popular"):
            session.add(Article(site_id=site.id, key=key, url=f"{ORIGIN}/{key}", title=key, source="api"))
        session.flush()
        popular = session.scalars(select(Article.id).where(Article.key == "popular")).one()
        its, ids = {"site_id": site.id}, [new_id() for _ in range(followers)]
        session.execute(insert(Reader), [its | {"id": one, "name": "Follower", "created": BEGUN} for one in ids])
        session.execute(
            insert(Follow), [its | {"article_id": popular, "reader_id": one, "at": BEGUN} for one in ids]
        )
        session.execute(insert(NoticeSettings), [its | {"reader_id": one, "chosen": {"thread": "now"}} for one in ids])
        session.execute(
            insert(Mailbox),
            [
                its | {"reader_id": one, "address": f"{one}@mail.example", "language": "en", "created": BEGUN,
                       "verified_at": BEGUN}
                for one in ids
            ],
        )  # fmt: skip
        session.commit()


def begin_worker(url: str, folder: Path) -> subprocess.Popen[bytes]:
    """The service's own worker, in a process of its own."""
    own = {
        "DATABASE_URL": url, "SECRET_KEY": SECRET, "PUBLIC_URL": "http://localhost:8000",
        "MAIL_URL": f"file://{folder}/mail", "MAIL_FROM": "comments@paper.example",
    }  # fmt: skip
    (folder / "mail").mkdir()
    command = [str(Path(sys.executable).with_name("comments-service")), "worker"]
    return subprocess.Popen(command, env=os.environ | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def compare(engine: Engine, url: str, asked: argparse.Namespace) -> None:
    """Post in turn with and without a crowd that is being told."""
    app = create_app(Settings(secret_key=SECRET, database_url=url, public_url="http://localhost:8000"))
    # One browser posts faster than any person; what is written of each request is not what is measured.
    limiter.enabled = False
    logging.disable()
    client, without, told = app.test_client(), list[float](), list[float]()
    post(client, "quiet")  # what is made once
    for number in range(asked.rounds):
        until_idle(engine)
        without += [post(client, "quiet") for _ in range(asked.posts)]
        until_idle(engine)
        post(client, "popular")
        begun, some = time.perf_counter(), list[float]()
        while len(some) < MOST_POSTS and (told_of(engine) < asked.followers * (number + 1) or len(some) < asked.posts):
            some += [post(client, "quiet") for _ in range(10)]
        told += some
        seconds = time.perf_counter() - begun
        print(f"round {number + 1}: {len(some)} posts in {seconds:.1f} s, {told_of(engine):,} notices", flush=True)
    for what, share in (("median", 0.5), ("p95", 0.95)):
        one, other = quantile(without, share), quantile(told, share)
        print(f"{what:<8} without {one:7.1f} ms   with {other:7.1f} ms   ratio {other / one:.2f}")


def caps(engine: Engine, folder: Path) -> None:
    """How many were told, and how many mails left within the hour."""
    with Session(engine) as session:
        notices = session.scalar(select(func.count()).select_from(Notice))
        letters = session.scalar(select(func.count()).where(Outbox.event == "mail.notices"))
    mails = len(list((folder / "mail").iterdir()))
    print(f"notices {notices:,}   letters {letters:,}   mails that left {mails:,}")


def post(client: FlaskClient, key: str) -> float:
    """Post a comment; the milliseconds that it took."""
    token = form_tokens.issue("daily", key, secret=SECRET, at=datetime.now(UTC) - timedelta(minutes=1))
    draft = {"key": key, "url": f"{ORIGIN}/{key}", "name": "Ada", "body": f"Comment {new_id()}", "form_token": token}
    headers = {"Origin": ORIGIN, "Authorization": "Bearer " + "A" * 43}
    begun = time.perf_counter()
    answer = client.post("/api/v1/sites/daily/comments", json=draft, headers=headers)
    taken = (time.perf_counter() - begun) * 1000
    time.sleep(PAUSE)
    if answer.status_code != 201:
        raise SystemExit(f"a post was answered {answer.status_code}: {answer.text}")
    return taken


def told_of(engine: Engine) -> int:
    """How many notices there are."""
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Notice)) or 0


def until_idle(engine: Engine) -> None:
    """Wait until everything is told and every letter is sent or waits for room."""
    end = time.monotonic() + PATIENCE
    now_due = (Outbox.sent_at.is_(None), Outbox.cancelled_at.is_(None), Outbox.dead_at.is_(None))
    while time.monotonic() < end:
        with Session(engine) as session:
            due = session.scalar(select(Outbox.id).where(*now_due, Outbox.due_at <= datetime.now(UTC)).limit(1))
        if due is None:
            return
        time.sleep(0.2)
    raise SystemExit("the worker does not come to an end")


def quantile(taken: list[float], share: float) -> float:
    """The time that so many of the posts stayed below."""
    return statistics.quantiles(taken, n=100)[round(share * 100) - 1]


if __name__ == "__main__":
    main()
