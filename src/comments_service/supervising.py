"""The first process of `serve`: it starts the others, and is small because it never loads the application."""

import json
import os
import signal
import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from comments_service import logs

# In-flight requests have so long to finish; systemd and Docker give at least as much.
STOP_SECONDS = 10


def serve(target: str, host: str, port: int, *, workers: int, threads: int, log_level: str) -> None:
    """Answer requests by `target`, a factory named as module:function, until stopped."""
    os.register_at_fork(after_in_child=_listen_for_stops)
    Server(
        target,
        host,
        port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
        log_level=LogLevels(log_level),
        log_dictconfig=logs.stdlib_config(log_level),
        factory=True,
    ).serve()


def _listen_for_stops() -> None:
    # Until a worker has its own handler, ours, which it was forked with, would swallow a stop.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


if __name__ == "__main__":
    serve(**json.loads(sys.argv[1]))
