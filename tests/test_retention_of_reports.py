"""What a report says is kept for half a year after it was settled, as so long one can complain; and not for ever."""

from datetime import timedelta

from sqlalchemy import Engine

from comments_service import sweeping
from comments_service.database import db, id_at
from tests.test_retention import NOON, World, inspect_key, stands, worlds

__all__ = ["worlds"]


def test_a_report_is_kept_for_its_term_from_when_it_was_settled(engine: Engine, worlds: tuple[World, World]) -> None:
    daily, other = worlds
    at = NOON - timedelta(days=2000)
    late, left = daily.report(at, notice=True), other.report(at, notice=True, settled=False)
    late[1].settled_by = id_at(NOON - timedelta(days=182))
    # Nobody at the desk settles that any more.
    other.comment.status = "withdrawn"
    for row in [*late, *left]:
        db.session.add(row)
        db.session.flush()
    keys = [(inspect_key(row), columns) for of in (late, left) for row, columns in ((of[1], ("note",)), (of[2], ()))]
    db.session.commit()
    for days, standing in ((0, [True, True, False, False]), (2, [True, False, False, False]), (184, [False] * 4)):
        sweeping.sweep(engine, at=NOON + timedelta(days=days))
        db.session.expire_all()
        assert [stands(key, columns) for key, columns in keys] == standing
        db.session.commit()
