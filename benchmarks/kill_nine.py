"""Kill the whole service with SIGKILL while readers post, again and again, and count what is lost or doubled.

usage: .venv/bin/python benchmarks/kill_nine.py [--rounds 20] [--writers 8] [--database postgresql://…/postgres]

It starts a service of its own on a free port of this machine and a fresh SQLite file, or, with --database, a fresh
database beside the one named. Both are gone afterwards. The exit code is 1 when anything was lost, doubled or
miscounted.
"""

import argparse
import http.client
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from comments_service import form_tokens, recounting
from comments_service.database import engine_options, now
from comments_service.tables import Article, Comment, Recommendation, Site

ORIGIN = "https://paper.example"
COMMAND = [sys.executable, "-c", "from comments_service.cli import main; main()"]
ARTICLES = 4
READY_SECONDS = 60
PATIENCE_SECONDS = 60
BREATH_SECONDS = 0.02


@dataclass
class Service:
    """The service under attack: its processes, and how long it took to be ready each time."""

    environ: dict[str, str]
    port: int
    processes: int
    starts: list[float] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it would take requests."""
        began = time.monotonic()
        words = ["serve", "--port", str(self.port), "--workers", str(self.processes)]
        self.process = subprocess.Popen([*COMMAND, *words], env=self.environ, start_new_session=True)
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() - began > READY_SECONDS:
                sys.exit("The service did not start.")
            time.sleep(BREATH_SECONDS)
        self.starts.append(time.monotonic() - began)

    def end(self, how: signal.Signals) -> None:
        """Send a signal to every process of ours, and wait until the first one is gone."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)
            self.process.wait(30)

    def _ready(self) -> bool:
        try:
            return ask(self.port, "GET", "/readyz", headers={}).status == 200
        except (OSError, http.client.HTTPException):
            return False


@dataclass
class Seen:
    """What the writers were told."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    recommended: set[str] = field(default_factory=set)
    unanswered: list[str] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    broken: int = 0


@dataclass(frozen=True)
class Answer:
    """The answer to one request."""

    status: int
    body: bytes


def main() -> int:
    """Run, tell the figures, and return the exit code."""
    options = _options()
    with _database(options.database) as url:
        service = _prepare(url, options.processes)
        seen, done = Seen(), threading.Event()
        writers = [
            threading.Thread(target=_write, args=(service, seen, done, number)) for number in range(options.writers)
        ]
        began = time.monotonic()
        try:
            service.start()
            for writer in writers:
                writer.start()
            _attack(service, options.rounds)
        finally:
            done.set()
            for writer in filter(threading.Thread.is_alive, writers):
                writer.join(PATIENCE_SECONDS)
            service.end(signal.SIGTERM)
        return _tell(url, seen, service, seconds=time.monotonic() - began)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20, help="how often it is killed")
    parser.add_argument("--writers", type=int, default=8, help="how many post at once")
    parser.add_argument("--processes", type=int, default=2, help="processes of the service")
    parser.add_argument("--database", help="a PostgreSQL server; a database of its own is made there")
    return parser.parse_args()


@contextmanager
def _database(server: str | None) -> Iterator[str]:
    if server is None:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/comments.sqlite"
        return
    server = server.replace("postgresql://", "postgresql+psycopg://")
    name = f"comments_kill_nine_{secrets.token_hex(4)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def _prepare(url: str, processes: int) -> Service:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environ = os.environ | {
        "SECRET_KEY": secrets.token_hex(32), "DATABASE_URL": url, "TRUSTED_PROXIES": "127.0.0.1", "LOG_LEVEL": "error",
        "PUBLIC_URL": f"http://localhost:{port}",
    }  # fmt: skip
    for words in (["migrate"], ["site", "add", "daily", "--origin", ORIGIN]):
        subprocess.run([*COMMAND, *words], env=environ, check=True, stdout=subprocess.DEVNULL)
    with _session(url) as session:
        session.scalars(select(Site)).one().moderation = "post"
        session.commit()
    return Service(environ, port, processes)


def _attack(service: Service, rounds: int) -> None:
    for number in range(1, rounds + 1):
        time.sleep(random.uniform(0.2, 1.5))
        service.end(signal.SIGKILL)
        service.start()
        print(f"\rkilled {number} of {rounds} times", end="", file=sys.stderr, flush=True)
    time.sleep(1)
    print(file=sys.stderr)


def _write(service: Service, seen: Seen, done: threading.Event, writer: int) -> None:
    number = 0
    while not done.is_set():
        number += 1
        draft, headers = _draft(service, seen, f"Writer {writer}, comment {number}")
        answer = _insist(service, seen, "POST", "comments", body=draft, headers=headers)
        if answer is None:
            seen.unanswered.append(draft["body"])
        elif answer.status in {201, 202}:
            comment = json.loads(answer.body)["comment"]["id"]
            seen.acknowledged[comment] = draft["body"]
            if number % 4 == 0:
                _recommend(service, seen, comment)
        else:
            seen.refused[answer.status] += 1


def _draft(service: Service, seen: Seen, body: str) -> tuple[dict[str, str], dict[str, str]]:
    key = f"article-{random.randrange(ARTICLES)}"
    at = now() - timedelta(minutes=1)
    token = form_tokens.issue("daily", key, secret=service.environ["SECRET_KEY"], at=at)
    draft = {"key": key, "url": f"{ORIGIN}/{key}", "name": "Ada", "body": body, "form_token": token}
    return draft, _reader() | {"Idempotency-Key": secrets.token_urlsafe(16)}


def _reader() -> dict[str, str]:
    # Every comment comes from a reader and an address of its own, so that no limit is met.
    address = ".".join(str(part) for part in (10, *random.randbytes(3)))
    return {"Origin": ORIGIN, "Authorization": f"Bearer {secrets.token_urlsafe(32)}", "X-Forwarded-For": address}


def _recommend(service: Service, seen: Seen, comment: str) -> None:
    answer = _insist(service, seen, "PUT", f"comments/{comment}/recommendation", headers=_reader())
    if answer is not None and answer.status == 200:
        seen.recommended.add(comment)
    else:
        seen.refused[answer.status if answer else 0] += 1


def _insist(service: Service, seen: Seen, method: str, path: str, **what: Any) -> Answer | None:
    """Send it until it is answered by more than "later", as the widget does: with the same key and the same text."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            answer = ask(service.port, method, f"/api/v1/sites/daily/{path}", **what)
        except (OSError, http.client.HTTPException):
            seen.broken += 1
            time.sleep(BREATH_SECONDS)
            continue
        if answer.status < 500:
            return answer
        seen.refused[answer.status] += 1
        time.sleep(BREATH_SECONDS)
    return None


def ask(port: int, method: str, path: str, *, headers: dict[str, str], body: Any = None) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        sent = None if body is None else json.dumps(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, path, sent, headers | kind | {"Host": "localhost"})
        answer = connection.getresponse()
        return Answer(answer.status, answer.read())
    finally:
        connection.close()


@contextmanager
def _session(url: str) -> Iterator[Session]:
    engine = create_engine(url, **engine_options(url))
    with Session(engine) as session:
        yield session
    engine.dispose()


def _tell(url: str, seen: Seen, service: Service, *, seconds: float) -> int:
    with _session(url) as session:
        stored = dict(session.execute(select(Comment.id, Comment.source)).tuples().all())
        articles = session.scalar(select(func.count()).select_from(Article)) or 0
        votes = set(session.scalars(select(Recommendation.comment_id)))
        differences = recounting.differences(session)
        sound = url.startswith("postgresql") or session.scalar(text("PRAGMA integrity_check")) == "ok"
    texts = Counter(stored.values())
    bad = {
        "lost": len(seen.acknowledged.keys() - stored.keys()),
        "lost recommendations": len(seen.recommended - votes),
        "ghosts": sum(body not in seen.unanswered for body in set(texts) - set(seen.acknowledged.values())),
        "twice": sum(number - 1 for number in texts.values()),
        "articles too many": max(0, articles - ARTICLES),
        "counter differences": sum(differences.values()),
        "damaged files": 0 if sound else 1,
    }
    told: dict[str, object] = {
        "database": url.partition(":")[0],
        "kills": len(service.starts) - 1,
        "seconds": round(seconds, 1),
        "ready again after, median and most": f"{_middle(service.starts):.1f} s, {max(service.starts):.1f} s",
        "connections broken": seen.broken,
        "acknowledged comments": len(seen.acknowledged),
        "acknowledged recommendations": len(seen.recommended),
        "without an answer": len(seen.unanswered),
        "other answers": dict(seen.refused) or "none",
        **bad,
    }
    for name, value in told.items():
        print(f"{name:<36}{value}")
    return 1 if any(bad.values()) or not seen.acknowledged else 0


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    sys.exit(main())
