"""Whatever happens to Redis, limits hold: smaller ones meanwhile, never none, and never an error."""

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from comments_service.app import create_app
from comments_service.database import db
from comments_service.settings import Settings
from comments_service.web import limit_storage, limits
from comments_service.web.limits import limiter
from tests import needs
from tests.test_limits import recommend, secret, statuses
from tests.test_serving import free_port, wait_for

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def limited(app: Flask) -> Iterator[None]:
    limiter.enabled = True
    yield
    # The limiter is one for all applications of this process: whoever comes next must not ask a Redis that is gone.
    limits.register(app, redis_url=None)


class OwnRedis:
    """A server of this test alone, which it may stop."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("redis-server") is None:
            needs.missing(needs.REDIS)
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )
        wait_for(self._answers)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
        except OSError:
            return False


@contextmanager
def own_redis(folder: Path) -> Iterator[OwnRedis]:
    redis = OwnRedis(folder)
    try:
        yield redis
    finally:
        redis.process.send_signal(signal.SIGCONT)
        redis.stop()


@pytest.fixture
def redis(app: Flask, tmp_path: Path) -> Iterator[OwnRedis]:
    """The app's limits counted in a Redis of its own."""
    with own_redis(tmp_path) as server:
        limits.register(app, redis_url=server.url)
        yield server


def storage() -> limit_storage.SteadyStorage:
    found = limiter.storage
    assert isinstance(found, limit_storage.SteadyStorage)
    return found


def test_while_redis_is_gone_limits_are_smaller_and_nothing_fails(app: Flask, redis: OwnRedis) -> None:
    for address in ("203.0.113.1", "203.0.113.2"):
        assert statuses(recommend(app, n, address=address) for n in range(240)) == {404}
        assert recommend(app, 0, address=address).status_code == 429
    redis.stop()
    assert statuses(recommend(app, n, address="203.0.113.3") for n in range(120)) == {404}
    refused = recommend(app, 0, address="203.0.113.3")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    redis.start()
    wait_for(lambda: recommend(app, 0, address="203.0.113.4") and not storage().away)
    assert recommend(app, 0, address="203.0.113.3").status_code == 404


def test_a_redis_that_hangs_is_asked_once_and_not_by_every_request(
    app: Flask, redis: OwnRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = storage().redis.incr

    def counted(key: str, expiry: int, amount: int = 1) -> int:
        asked.append(key)
        return ask(key, expiry, amount)

    monkeypatch.setattr(storage().redis, "incr", counted)
    redis.process.send_signal(signal.SIGSTOP)
    answers = [recommend(app, n, address="203.0.113.3") for n in range(121)]
    assert (statuses(iter(answers[:120])), answers[120].status_code) == ({404}, 429)
    assert len(asked) == 1
    redis.process.send_signal(signal.SIGCONT)
    wait_for(lambda: recommend(app, 0, address="203.0.113.4") and not storage().away)


def test_neither_an_address_nor_a_secret_is_kept_in_redis(app: Flask, redis: OwnRedis) -> None:
    recommend(app, 7, address="203.0.113.7")
    kept = [key.decode() for key in storage().redis.storage.keys("*")]
    assert len(kept) == 5
    assert not [key for key in kept if "203.0.113" in key or secret(7) in key]


def test_two_processes_count_together_in_redis_and_forget_when_it_is_flushed(
    app: Flask, redis: OwnRedis, template: Path
) -> None:
    for n in range(240):
        recommend(app, n, address="203.0.113.7")
    other = create_app(
        Settings(secret_key="x" * 32, database_url=f"sqlite:///{template}", public_url="http://localhost:8000")
    )
    limits.register(other, redis_url=redis.url)
    with other.app_context():
        assert recommend(other, 0, address="203.0.113.7").status_code == 429
        storage().redis.storage.flushall()
        assert recommend(other, 0, address="203.0.113.7").status_code == 404
        db.engine.dispose()


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "unix:///nowhere/redis.sock", "redis://nowhere.invalid:6379"])
def test_a_redis_that_never_was_is_no_reason_to_fail(app: Flask, url: str) -> None:
    limits.register(app, redis_url=url)
    answers = [recommend(app, n, address="203.0.113.3") for n in range(121)]
    assert (statuses(iter(answers[:120])), answers[120].status_code) == ({404}, 429)
