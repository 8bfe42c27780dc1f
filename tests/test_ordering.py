"""The formulas of `best` and `liveliest`: what raises and lowers a comment, and that time alone changes no order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments_service import ordering

HOUR = 60
NOON = 29_925_720  # 24 November 2026, 12:00 UTC, in minutes
minutes = st.integers(0, 70_000_000)
spans = st.integers(0, 600_000)
few = st.integers(0, 10_000)


def counted(recommends: int = 0, repliers: int = 0, upheld: int = 0) -> int:
    return ordering.best(NOON, recommends=recommends, repliers=repliers, upheld=upheld)


def test_twice_as_much_in_its_favour_is_worth_half_a_day() -> None:
    assert counted() == NOON
    assert counted(recommends=1) == NOON + 12 * HOUR
    assert counted(recommends=3) == NOON + 24 * HOUR
    assert counted(recommends=7) == ordering.best(NOON + 36 * HOUR)


@pytest.mark.parametrize(
    ("recommends", "repliers", "upheld", "as_with"),
    [(0, 1, 0, 2), (1, 1, 0, 3), (4, 0, 1, 0), (6, 3, 2, 4)],
)
def test_an_answer_counts_more_than_a_click_and_a_report_that_was_right_takes_back(
    recommends: int, repliers: int, upheld: int, as_with: int
) -> None:
    assert counted(recommends, repliers, upheld) == counted(as_with)


def test_what_was_reported_rightly_stands_as_if_it_were_older() -> None:
    assert counted(upheld=1) < counted() < counted(recommends=1)
    assert counted() - counted(upheld=1) == counted(recommends=4) - counted()


@given(at=minutes, recommends=few, repliers=few, upheld=few)
def test_more_of_the_good_never_lowers_and_more_of_the_bad_never_raises(
    at: int, recommends: int, repliers: int, upheld: int
) -> None:
    here = ordering.best(at, recommends=recommends, repliers=repliers, upheld=upheld)
    assert ordering.best(at, recommends=recommends + 1, repliers=repliers, upheld=upheld) >= here
    assert ordering.best(at, recommends=recommends, repliers=repliers + 1, upheld=upheld) >= here
    assert ordering.best(at, recommends=recommends, repliers=repliers, upheld=upheld + 1) <= here


@given(at=minutes, later=spans, recommends=few, upheld=few)
def test_the_distance_of_two_comments_does_not_depend_on_when_it_is(
    at: int, later: int, recommends: int, upheld: int
) -> None:
    def apart(minute: int) -> int:
        return ordering.best(minute, recommends=recommends) - ordering.best(minute, upheld=upheld)

    assert apart(at) == apart(at + later)


@given(at=minutes, later=spans, waits=st.lists(spans, max_size=20))
def test_of_two_that_are_alike_the_younger_stands_higher_by_what_it_is_younger(
    at: int, later: int, waits: list[int]
) -> None:
    assert ordering.best(at + later, recommends=5) == ordering.best(at, recommends=5) + later
    then, now = ([begun + wait for wait in waits] for begun in (at, at + later))
    assert ordering.liveliest(at + later, now) == ordering.liveliest(at, then) + later


def test_without_answers_a_comment_is_as_lively_as_it_is_young() -> None:
    assert ordering.liveliest(NOON) == NOON
    assert ordering.liveliest(NOON, [NOON]) == NOON + 2 * HOUR
    assert ordering.liveliest(NOON, [NOON, NOON, NOON]) == NOON + 4 * HOUR
    assert ordering.liveliest(NOON, [NOON + 48 * HOUR]) == NOON + 48 * HOUR


@given(at=minutes, waits=st.lists(spans, max_size=40), wait=spans)
def test_a_new_answer_never_makes_a_branch_less_lively(at: int, waits: list[int], wait: int) -> None:
    latest: list[int] = []
    for answer in sorted(at + one for one in waits):
        latest = ordering.with_another(latest, answer)
    newest = max([at, *latest]) + wait
    assert ordering.liveliest(at, latest) >= max([at, *latest])
    assert ordering.liveliest(at, ordering.with_another(latest, newest)) >= ordering.liveliest(at, latest)


@given(answers=st.lists(minutes, max_size=40))
def test_the_latest_answers_are_the_same_in_whatever_order_they_came(answers: list[int]) -> None:
    latest: list[int] = []
    for answer in answers:
        latest = ordering.with_another(latest, answer)
    assert latest == sorted(answers)[-ordering.LATEST :]


@given(at=minutes, recommends=st.integers(0, 10**7), repliers=st.integers(0, 10**7), upheld=st.integers(0, 10**7))
def test_every_number_fits_where_it_is_stored(at: int, recommends: int, repliers: int, upheld: int) -> None:
    number = ordering.best(at, recommends=recommends, repliers=repliers, upheld=upheld)
    assert -(2**31) < number < 2**31
    assert -(2**31) < ordering.liveliest(at, [at] * 20) < 2**31
