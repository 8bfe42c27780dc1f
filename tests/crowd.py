"""Many people at once: real processes of the service, and threads that ask them over real connections."""

import http.client
import json
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, TypeVar

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from comments_service import form_tokens, recounting
from comments_service.database import engine_options, now
from comments_service.migrating import upgrade
from comments_service.tables import Site
from tests.conftest import PAPER, SEALING_KEY
from tests.ports import free_port
from tests.test_serving import SECRET, ready, running, wait_for

T = TypeVar("T")
AT_ONCE = 16
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own with a random name is made in it


@dataclass(frozen=True)
class Answer:
    """What one request got."""

    status: int
    json: Any


@dataclass
class Crowd:
    """A running service with several processes, its database, and the people who use it at the same time."""

    port: int
    engine: Engine
    log: IO[bytes]
    idle: list[http.client.HTTPConnection] = field(default_factory=list)

    def ask(
        self, method: str, path: str, body: Any = None, *, reader: int, key: str | None = None, secret: str = ""
    ) -> Answer:
        """One request of one reader, each of whom has an address of its own; `secret` is one that we gave it."""
        headers = {
            "Host": "localhost",
            "Origin": PAPER,
            "Authorization": f"Bearer {secret or self.secret(reader)}",
            "X-Forwarded-For": f"10.{reader >> 16 & 255}.{reader >> 8 & 255}.{reader & 255}",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        connection = self._connection()
        connection.request(method, f"/api/v1/sites/daily/{path}", json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        said = answer.read()
        self.idle.append(connection)
        return Answer(answer.status, json.loads(said) if said else None)

    def post(self, article: str, body: str, *, reader: int, key: str | None = None, **more: str) -> Answer:
        """A comment from a form that was opened a minute ago."""
        token = form_tokens.issue("daily", article, secret=SECRET, at=now() - timedelta(minutes=1))
        draft = {"key": article, "url": f"{PAPER}/{article}", "name": f"Reader {reader}", "body": body}
        return self.ask("POST", "comments", draft | {"form_token": token} | more, reader=reader, key=key)

    def secret(self, reader: int) -> str:
        """What this reader's browser made up."""
        return f"{reader:0>43}"

    def at_once(self, do: Callable[[int], T], number: int, *, threads: int = AT_ONCE) -> list[T]:
        """Do something so many times, as many at the same moment as there are threads."""
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(do, range(number)))

    def together(self, *deeds: Callable[[], T]) -> list[T]:
        """Do these things at the same moment."""
        barrier = threading.Barrier(len(deeds))

        def one(deed: Callable[[], T]) -> T:
            barrier.wait(10)
            return deed()

        with ThreadPoolExecutor(len(deeds)) as pool:
            return list(pool.map(one, deeds))

    def rows(self, query: Any) -> Sequence[Any]:
        """What the database holds now."""
        with Session(self.engine) as session:
            return session.scalars(query).all()

    def moderation(self, policy: str) -> None:
        """Let the site judge comments that way from now on."""
        with Session(self.engine) as session:
            session.scalars(select(Site)).one().moderation = policy
            session.commit()

    def miscounted(self) -> dict[str, int]:
        """Every counter that is not what its rows say."""
        with Session(self.engine) as session:
            return recounting.differences(session)

    def faults(self) -> list[str]:
        """What the service has logged since this was asked last of requests that nobody expected to fail."""
        return [line.decode() for line in self.log if b'"request failed"' in line]

    def _connection(self) -> http.client.HTTPConnection:
        try:
            return self.idle.pop()
        except IndexError:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)


@contextmanager
def crowd(url: str) -> Iterator[Crowd]:
    """The service in two processes on a fresh database, with one site."""
    upgrade(url)
    engine = create_engine(url, **engine_options(url), pool_size=AT_ONCE)
    with Session(engine) as session:
        session.add(Site(key="daily", name="The Daily", origins=[PAPER], banned_words=[], held_words=[], mail=True))
        session.commit()
    port = free_port()
    environ = {
        "SECRET_KEY": SECRET, "DATABASE_URL": url, "TRUSTED_PROXIES": "127.0.0.1", "LOG_LEVEL": "warning",
        "SEALING_KEYS": SEALING_KEY, "MAIL_URL": "smtp://127.0.0.1:9", "MAIL_FROM": "comments@paper.example",
    }  # fmt: skip
    words = ("serve", "--port", str(port), "--workers", "2", "--no-worker")
    # Written in one place and read in another: a file that is opened twice has two positions.
    with (
        tempfile.NamedTemporaryFile() as written, Path(written.name).open("rb") as log,
        running(environ, *words, log=written) as process,
    ):  # fmt: skip
        wait_for(lambda: ready(port))
        people = Crowd(port, engine, log)
        yield people
        for connection in people.idle:
            connection.close()
        process.send_signal(signal.SIGTERM)
        process.wait(10)
    engine.dispose()


@contextmanager
def sqlite_database(template: Path) -> Iterator[str]:
    """A fresh SQLite database; in memory where the machine has such a folder, as disks are measured elsewhere."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        file = Path(folder) / "crowd.sqlite"
        shutil.copy(template, file)
        yield f"sqlite:///{file}"
