"""Answer requests."""

import json
import multiprocessing
import os
import signal
import socket
import sys
import threading

import click
import structlog
from flask import Flask

from comments_service import logs
from comments_service.app import create_app
from comments_service.commands.running import settings
from comments_service.database import db
from comments_service.mailing import sending
from comments_service.schema import require_migrated
from comments_service.settings import LOCAL_URL, Settings, is_loopback
from comments_service.working import Worker, kinds

log = structlog.get_logger()
ORPHAN_CHECK_SECONDS = 1.0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Threads of each process")
@click.option("--no-worker", is_flag=True, help="Leave the outbox to: comments-service worker")
def serve(*, host: str, port: int, workers: int, threads: int, no_worker: bool) -> None:
    """Answer requests until stopped.

    Example: comments-service serve --host 127.0.0.1 --port 8000 --workers 2
    """
    found = settings()
    _refuse_unsafe(host, environ=dict(os.environ))
    require_migrated(found.database_url)
    _require_free(host, port)
    logs.configure(found.log_level)
    for warning in _warnings(found, workers=workers):
        log.warning(warning)
    options = {
        "target": f"comments_service.commands.serve:{'application' if no_worker else 'application_with_worker'}",
        "host": host,
        "port": port,
        "workers": workers,
        "threads": threads,
        "log_level": found.log_level,
    }
    # In place of this process, which holds the whole application by now: that would be 20 MB for nothing.
    command = [sys.executable, "-P", "-m", "comments_service.supervising", json.dumps(options)]
    os.execv(sys.executable, command)  # noqa: S606 - no shell is wanted


def application() -> Flask:
    """The application of one process of `serve`."""
    app = create_app()
    # Asked of multiprocessing, which knew it before us: a parent killed at once would leave us with getppid() of init.
    parent = multiprocessing.parent_process()
    ppid = parent.pid if parent and parent.pid else os.getppid()
    threading.Thread(name="orphan", target=_end_with_parent, args=(ppid,), daemon=True).start()
    return app


def application_with_worker() -> Flask:
    """The same, with the threads that empty the outbox; any number of processes may do that."""
    app = application()
    with app.app_context():
        found: Settings = app.config["SETTINGS"]
        mail = sending.sinks(db.engine, found)
        Worker(db.engine, kinds(local=found.local), mail=mail, finish=True).start()
    return app


def _refuse_unsafe(host: str, *, environ: dict[str, str]) -> None:
    if is_loopback(host):
        return
    if environ.get("FLASK_DEBUG", "").lower() not in {"", "0", "false", "no"}:
        raise click.ClickException(f"FLASK_DEBUG is set: unset it, or serve this machine only, not {host}.")
    if not environ.get("PUBLIC_URL") and not environ.get("PUBLIC_URL_FILE"):
        raise click.ClickException(f"PUBLIC_URL is not set: {host} is served, but only {LOCAL_URL} would be answered.")


def _require_free(host: str, port: int) -> None:
    # Two servers would share the port without a word, and the kernel would deal the requests out between them.
    try:
        [family, kind, protocol, _, address] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(f"Cannot listen at {host}:{port}: {error.strerror}. Choose with --port.") from None


def _warnings(found: Settings, *, workers: int) -> list[str]:
    told = []
    if workers > 1 and not found.redis_url:
        told.append("REDIS_URL is not set, so each of the workers counts the limits on writing for itself.")
    if not found.secure and not all(map(is_loopback, found.hosts)):
        told.append("PUBLIC_URL is http: what readers and moderators send can be read on the way. Use https.")
    return told


def _end_with_parent(parent: int) -> None:
    never = threading.Event()
    while os.getppid() == parent:
        never.wait(ORPHAN_CHECK_SECONDS)
    # Killed, it could not tell us; we would keep its port.
    os.kill(os.getpid(), signal.SIGTERM)
