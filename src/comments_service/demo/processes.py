"""The demo's two servers: started, waited for, watched, and stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

START_SECONDS = 60.0
STOP_SECONDS = 4.0
LOOK_SECONDS = 0.1


class Died(Exception):
    """A server ended by itself."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """One running server: what it is called, where it listens, and a path that it answers."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]


def service(port: int, *, environ: Mapping[str, str], log: Path) -> Server:
    """The service, started as its owner would start it."""
    serve = ["-c", "from comments_service.cli import main; main()", "serve", "--port", str(port)]
    return Server(name="service", port=port, path="/healthz", process=_start(serve, environ, log))


def newspaper(port: int, *, environ: Mapping[str, str], log: Path) -> Server:
    """The newspaper, on a server of its own."""
    application = "comments_service.demo.newspaper:from_environment"
    granian = ["-m", "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1"]
    serve = [*granian, "--port", str(port), application]
    return Server(name="newspaper", port=port, path="/", process=_start(serve, environ, log))


def wait_for(servers: Sequence[Server]) -> None:
    """Return when all answer. Raises Died, also for one that does not come up in time."""
    until = time.monotonic() + START_SECONDS
    for server in servers:
        while not _answers(server):
            check(servers)
            if time.monotonic() > until:
                raise Died(f"The {server.name} does not answer on port {server.port}.")
            time.sleep(LOOK_SECONDS)


def watch(servers: Sequence[Server]) -> None:
    """Return never. Raises Died as soon as one has ended."""
    while True:
        check(servers)
        time.sleep(LOOK_SECONDS)


def check(servers: Sequence[Server]) -> None:
    """Raises Died when one has ended."""
    for server in servers:
        code = server.process.poll()
        if code is not None:
            raise Died(f"The {server.name} has stopped (exit code {code}).")


def stop(servers: Sequence[Server]) -> None:
    """End all of them, with their children; who does not go in time is killed."""
    for server in servers:
        if server.process.poll() is None:
            server.process.terminate()
    until = time.monotonic() + STOP_SECONDS
    for server in servers:
        with suppress(subprocess.TimeoutExpired):
            server.process.wait(max(0.0, until - time.monotonic()))
        # Its workers share its group: none of them may outlive it, whatever ended it.
        _kill_group(server.process)
        server.process.wait()


def _start(arguments: list[str], environ: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - this very Python, with arguments of our own
            [sys.executable, "-P", *arguments],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # A group of its own: Ctrl-C reaches only the demo, which then stops its servers in order.
            start_new_session=True,
        )


def _answers(server: Server) -> bool:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=2)
    try:
        connection.request("GET", server.path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
