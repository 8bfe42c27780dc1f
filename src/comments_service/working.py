"""The work that no request waits for: one thread empties the outbox and keeps house, others send mail and do jobs."""

import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from comments_service import articles, closing, fetching, jobs, leaving, notifying, sweeping
from comments_service.database import now
from comments_service.noticing import gathering, telling
from comments_service.notifying import Sink
from comments_service.tables import Site

log = structlog.get_logger()
PAUSE = 1.0
PAUSE_AFTER_FAILURE = 5.0

Sinks = Mapping[str, Sequence[Sink]]
Step = Callable[[Engine], bool]


def kinds(*, local: bool) -> dict[str, jobs.Run]:
    """The long jobs that there are; `local` is whether the service, and so perhaps its paper, is on this machine."""

    def read(url: str, site: Site) -> str:
        return fetching.fetch(url, origins=site.origins, local=local)

    def look_at_page(session: Session, site_id: str, payload: dict[str, Any]) -> None:
        articles.look_at_page(session, site_id, payload["article"], at=now(), read=read)

    def erase(session: Session, site_id: str, payload: dict[str, Any]) -> None:
        leaving.carry_out(session, site_id, payload, at=now())

    def rewrite(session: Session, site_id: str, payload: dict[str, Any]) -> None:
        leaving.rewrite_index(session, site_id, payload, at=now())

    return {
        articles.LOOK_AT_PAGE: look_at_page,
        telling.FOLLOWERS: telling.followers,
        leaving.ERASE: erase,
        leaving.REWRITE: rewrite,
        leaving.EMPTY: leaving.empty_log,
    }


class Worker:
    """Threads that work until they are stopped, or until the main thread has ended.

    `mail` are the sinks of letters: they have a thread of their own, as a mail server may take its time. Where nobody
    will be there to stop them, `finish` has the process wait for the work at hand.
    """

    def __init__(self, engine: Engine, kinds: Mapping[str, jobs.Run], *, mail: Sinks, finish: bool = False) -> None:
        self._engine = engine
        self._stop = threading.Event()
        holder = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._threads = [
            threading.Thread(name=name, target=self._work, args=(step,), daemon=not finish)
            for name, step in (("outbox", _errands(holder)), ("mail", _letters(mail)), ("jobs", _jobs(kinds)))
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, *, within: float) -> bool:
        """Let the work at hand come to its end, for so many seconds; whether it did.

        What is cut off is done again by whoever runs when its lease has ended.
        """
        self._stop.set()
        for thread in self._threads:
            thread.join(within)
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, step: Step) -> None:
        while not self._stop.is_set() and threading.main_thread().is_alive():
            try:
                pause = 0.0 if step(self._engine) else PAUSE
            except Exception as error:  # The database may be away for a while; the thread outlives it.
                log.error("worker failed", exc_info=error)
                pause = PAUSE_AFTER_FAILURE
            self._stop.wait(pause)


def _errands(holder: str) -> Step:
    def step(engine: Engine) -> bool:
        sweeping.sweep_if_due(engine, holder=holder, at=now())
        closing.close_if_due(engine, holder=holder, at=now())
        return notifying.send_due(engine, at=now(), sinks=telling.sinks(engine, notifying.SINKS))

    return step


def _letters(sinks: Sinks) -> Step:
    gathered_at = datetime.min.replace(tzinfo=UTC)

    def step(engine: Engine) -> bool:
        nonlocal gathered_at
        at = now()
        if at - gathered_at >= timedelta(seconds=PAUSE):
            gathered_at = at
            gathering.gather(engine, at=at)
        return notifying.send_due(engine, at=now(), sinks=sinks)

    return step


def _jobs(kinds: Mapping[str, jobs.Run]) -> Step:
    return lambda engine: jobs.run_due(engine, at=now(), kinds=kinds)
