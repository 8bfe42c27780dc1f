"""An id has one spelling, so that nothing that is counted or cached by it can be had twice."""

import pytest

from comments_service import reading
from comments_service.database import db, id_bytes, id_text, new_id
from comments_service.errors import NotFound
from tests.conftest import Browser
from tests.test_conversation import published

DIGITS = "0123456789abcdefghijklmnopqrstuv"


def others(known: str) -> list[str]:
    """What a lenient reader would take for the same bytes."""
    ends = {DIGITS[DIGITS.index(known[-1]) & ~3 | low] for low in range(4)} - {known[-1]}
    return [known.upper(), *(known[:-1] + end for end in sorted(ends)), known + "=", f" {known}"]


def test_the_bytes_behind_an_id_are_found_by_its_one_spelling() -> None:
    known = new_id()
    assert id_text(id_bytes(known)) == known
    for other in others(known):
        with pytest.raises(ValueError, match=r".*"):
            id_bytes(other)


def test_a_comment_answers_to_its_own_id_alone(ada: Browser) -> None:
    known = published(ada, "Hello")
    assert reading.around(db.session(), "daily", known)[2].id == known
    for other in others(known):
        with pytest.raises(NotFound):
            reading.around(db.session(), "daily", other)
