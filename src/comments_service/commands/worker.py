"""The work that no request waits for, in a process of its own."""

import signal
import threading

import click

from comments_service import logs
from comments_service.commands.running import open_app, settings
from comments_service.database import db
from comments_service.mailing import sending
from comments_service.working import Worker, kinds

STOP_SECONDS = 10.0


@click.command()
def worker() -> None:
    """Send what waits in the outbox and do the long jobs, until stopped.

    Any number may run, beside servers started with --no-worker.

    Example: comments-service worker
    """
    asked = threading.Event()
    with open_app():
        found = settings()
        logs.take_over(found.log_level)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: asked.set())
        work = Worker(db.engine, kinds(local=found.local), mail=sending.sinks(db.engine, found))
        work.start()
        asked.wait()
        if not work.stop(within=STOP_SECONDS):
            raise click.ClickException("Work was cut off; it will be done again.")
