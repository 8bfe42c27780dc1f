"""What the tests of the outbox and of the jobs share."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from sqlalchemy import select

from comments_service.database import db, new_id
from comments_service.tables import Outbox

NOON = datetime.fromisoformat("2026-03-01T12:00:00+00:00")


def put(site_id: str, number: int = 1, *, due_at: datetime = NOON, event: str = "comment.held") -> None:
    for _ in range(number):
        db.session.add(Outbox(site_id=site_id, event=event, payload={"comment": new_id()}, due_at=due_at))
    db.session.commit()


def rows(table: type[Any] = Outbox) -> list[Any]:
    """What other transactions have left, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(table).order_by(table.due_at)))


def at_once(count: int, act: Callable[[], object]) -> list[object]:
    """Do the same in so many threads that all begin together."""
    together = threading.Barrier(count)

    def one() -> object:
        together.wait(10)
        return act()

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(one) for _ in range(count)]]
