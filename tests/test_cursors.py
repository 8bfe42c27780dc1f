"""A cursor leads back to exactly where its page ended, and a damaged one is refused in words."""

import base64
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments_service import cursors
from comments_service.database import db, id_text
from comments_service.errors import Invalid
from tests import crowds
from tests.conftest import Browser

ids = st.binary(min_size=16, max_size=16).map(id_text)
numbers = st.integers(-(2**31), 2**31 - 1)
lists = st.text(max_size=40)
URL_SAFE = string.ascii_letters + string.digits + "-_"


def refused(cursor: str, of: str) -> bool:
    with pytest.raises(Invalid, match="start again from the first page") as caught:
        cursors.read(cursor, of)
    return caught.value.field == "cursor"


@given(of=lists, number=numbers, last=ids)
def test_a_cursor_leads_back_to_its_place(of: str, number: int, last: str) -> None:
    made = cursors.make(of, number=number, last=last)
    assert set(made) <= set(URL_SAFE)
    assert cursors.read(made, of) == (number, last)


@given(of=lists, other=lists, number=numbers, last=ids)
def test_a_cursor_of_one_list_is_no_cursor_of_another(of: str, other: str, number: int, last: str) -> None:
    if of != other:
        assert refused(cursors.make(of, number=number, last=last), other)


@given(last=ids, place=st.integers(0, 100), character=st.sampled_from(URL_SAFE))
def test_one_wrong_character_is_noticed(last: str, place: int, character: str) -> None:
    made = cursors.make("list", number=7, last=last)
    place %= len(made)
    damaged = made[:place] + character + made[place + 1 :]
    if damaged != made:
        assert refused(damaged, "list")


@given(cursor=st.text(max_size=80) | st.text(URL_SAFE + "=", max_size=80) | st.binary(max_size=40).map(repr))
def test_anything_else_is_refused_in_the_same_words(cursor: str) -> None:
    assert refused(cursor, "list")


def test_a_cursor_of_a_later_version_is_refused() -> None:
    raw = bytearray(base64.urlsafe_b64decode(cursors.make("list", number=0, last=id_text(bytes(16))) + "=="))
    raw[0] += 1
    assert refused(base64.urlsafe_b64encode(raw).decode().rstrip("="), "list")


# The page does not change between the examples, so one of it is enough.
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cursor=st.text(min_size=1, max_size=60))
def test_no_cursor_of_a_stranger_breaks_a_page(served: tuple[Browser, str], cursor: str) -> None:
    ada, root = served
    for path, name in (("thread", "cursor"), (f"comments/{root}/replies", "after")):
        answer = ada.client.get(f"/api/v1/sites/daily/{path}", query_string={"key": "big", name: cursor})
        assert (answer.status_code, (answer.json or {}).get("field")) == (422, name)


@pytest.fixture
def served(ada: Browser) -> tuple[Browser, str]:
    return ada, crowds.fan(db.session(), crowds.article(db.session()), 5)[0]
