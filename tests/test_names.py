"""A name is one short visible line, whatever it is made of."""

import pytest

from comments_service.accounts import MAX_NAME, clean_name
from comments_service.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Ada \n Lovelace ", "Ada Lovelace"),
        ("A\u200bd\u2060a", "Ada"),
        ("Ａｄａ", "Ada"),
        ("x" + "\u0336" * 58, "x" + "\u0336" * 3),
        ("e\u0301\u0328", "\u0119\u0301"),
        ("مُحَمَّد", "مُحَمَّد"),
    ],
)
def test_a_name_is_shown_on_one_line_without_what_cannot_be_seen(typed: str, shown: str) -> None:
    assert clean_name(typed) == shown


@pytest.mark.parametrize(
    "typed",
    ["", " \u00a0 ", "\u3164", "\u2800", "\u115f\u1160", "\ufe0f", "\u0301", "\u200b", "x" * (MAX_NAME + 1), "a\x07"],
)
def test_a_name_that_nobody_can_see_or_read_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        clean_name(typed)
