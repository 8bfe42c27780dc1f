"""An owner starts and stops the service: real processes on a free port."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner

from comments_service.cli import main

SECRET = "0123456789abcdef" * 4
COMMAND = [sys.executable, "-c", "from comments_service.cli import main; main()"]
BODY = b"{}"


@pytest.fixture
def environ(template: Path, tmp_path: Path) -> dict[str, str]:
    file = tmp_path / "comments.sqlite"
    shutil.copy(template, file)
    made = {"SECRET_KEY": SECRET, "DATABASE_URL": f"sqlite:///{file}"}
    told = CliRunner().invoke(main, ["site", "add", "daily", "--origin", "https://paper.example"], env=made)
    assert told.exit_code == 0
    return made


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(happened: Callable[[], object], *, seconds: float = 20) -> Any:
    """Look until it has happened; fails when it has not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        seen = happened()
        if seen:
            return seen
        time.sleep(0.02)
    raise AssertionError("waited in vain")


def wait_for_line(process: subprocess.Popen[bytes], *events: str) -> None:
    """Read the log until it has told of all these events."""
    assert process.stderr is not None
    missing = set(events)
    while missing:
        missing.discard(json.loads(process.stderr.readline() or "0").get("event"))


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def running(
    environ: dict[str, str], *words: str, log: IO[bytes] | int = subprocess.PIPE
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([*COMMAND, *words], env=os.environ | environ, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        if alive_in_group(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        if process.stderr is not None:
            process.stderr.close()


def alive_in_group(group: int) -> list[int]:
    """The processes of a group that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def begin_post(port: int) -> socket.socket:
    """A request that the application is reading: it has asked for the body, of which nothing has come yet."""
    head = (
        "POST /api/v1/sites/daily/comments HTTP/1.1\r\nHost: localhost\r\nOrigin: https://paper.example\r\n"
        f"Authorization: Bearer {'A' * 43}\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n"
        "Expect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(head.encode())
    assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
    return connection


def read_all(connection: socket.socket) -> bytes:
    got = b""
    while chunk := connection.recv(65536):
        got += chunk
    return got


@pytest.mark.parametrize("workers", [1, 2])
def test_a_request_that_has_begun_is_finished_when_the_service_is_stopped(
    environ: dict[str, str], workers: int
) -> None:
    port = free_port()
    with running(environ, "serve", "--port", str(port), "--workers", str(workers)) as process:
        wait_for_line(process, *(f"Started worker-{number}" for number in range(1, workers + 1)))
        wait_for(lambda: ready(port))
        with begin_post(port) as connection:
            process.send_signal(signal.SIGTERM)
            wait_for_line(process, *(f"Stopping worker-{number}" for number in range(1, workers + 1)))
            connection.sendall(BODY)
            answer = read_all(connection)
        assert answer.startswith(b"HTTP/1.1 422 ")
        assert b"application/problem+json" in answer
        assert process.wait(10) == 0
        wait_for(lambda: not alive_in_group(process.pid))


def test_several_workers_without_redis_are_warned_of_by_the_name_of_the_setting(environ: dict[str, str]) -> None:
    port = free_port()
    with running(environ, "serve", "--port", str(port), "--workers", "2") as process:
        assert process.stderr is not None
        line = json.loads(process.stderr.readline())
        assert line["level"] == "warning"
        assert line["event"].startswith("REDIS_URL is not set")
        wait_for(lambda: ready(port))
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_no_process_is_left_when_the_first_one_is_killed(environ: dict[str, str]) -> None:
    port = free_port()
    with running(environ, "serve", "--port", str(port), "--workers", "2", "--no-worker") as process:
        wait_for(lambda: ready(port))
        process.kill()
        wait_for(lambda: not alive_in_group(process.pid))


def test_a_port_that_is_taken_is_one_line(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = CliRunner().invoke(main, ["serve", "--port", str(taken.getsockname()[1])], env=environ)
    assert told.exit_code == 1
    [line] = told.stderr.strip().splitlines()
    assert "--port" in line
    assert "in use" in line


@pytest.mark.parametrize(
    ("more", "says"), [({}, "PUBLIC_URL"), ({"FLASK_DEBUG": "1", "PUBLIC_URL": "https://c.example"}, "FLASK_DEBUG")]
)
def test_what_is_meant_for_one_machine_is_not_shown_to_all(
    environ: dict[str, str], more: dict[str, str], says: str
) -> None:
    told = CliRunner().invoke(main, ["serve", "--host", "0.0.0.0"], env={"PUBLIC_URL": "", **environ, **more})  # noqa: S104 - that it is refused is the test
    assert told.exit_code == 1
    [line] = told.stderr.strip().splitlines()
    assert says in line


def test_the_worker_sends_what_waits_and_stops_when_told(environ: dict[str, str]) -> None:
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    from comments_service.database import now
    from comments_service.tables import Outbox, Site

    engine = create_engine(environ["DATABASE_URL"])
    with Session(engine) as session:
        site = session.query(Site).one()
        session.add(Outbox(site_id=site.id, event="comment.held", payload={"comment": "c1"}, due_at=now()))
        session.commit()

    def sent() -> bool:
        with Session(engine) as session:
            return session.query(Outbox).filter(Outbox.sent_at.is_not(None)).count() == 1

    with running(environ, "worker") as process:
        wait_for(sent)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr is not None
        [line] = [json.loads(line) for line in process.stderr]
    engine.dispose()
    assert (line["event"], line["comment"]) == ("comment.held", "c1")
