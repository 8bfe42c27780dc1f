"""What a reader's query asks for, and where in a text it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments_service.matching import LONGEST, Term, places, terms, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café CAFÉ cafe\u0301", ["cafe"] * 3),
        ("Straße, STRASSE", ["strasse", "strasse"]),
        ("Łódź Øre İstanbul", ["lodz", "ore", "istanbul"]),
        ("ﬁne Ｗｉｄｅ soft\u00adhyphen", ["fine", "wide", "softhyphen"]),
        ("снег ёлка Ёлка", ["снег", "елка", "елка"]),
        ("مُحَمَّد محمد", ["محمد", "محمد"]),
        ("東京タワー 2026", ["東", "京", "タ", "ワ", "ー", "2026"]),
        ("snake_case, 10:30 -- %", ["snake", "case", "10", "30"]),
        ("x" * 100, ["x" * LONGEST]),
        ("  \n\t \0 ", []),
    ],
)
def test_letters_that_readers_take_for_the_same_are_the_same(text: str, folded: list[str]) -> None:
    assert words(text) == folded


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("tram", [Term(("tram",), begins=True)]),
        ("tram ", [Term(("tram",))]),
        ("tr", [Term(("tr",))]),
        ("the tram the", [Term(("the",)), Term(("tram",)), Term(("the",), begins=True)]),
        ('"last night" tram', [Term(("last", "night")), Term(("tram",), begins=True)]),
        ("„last night“", [Term(("last", "night"))]),
        ('"never closed', [Term(("never",)), Term(("closed",), begins=True)]),
        ('a"b"c', [Term(("a",)), Term(("b",)), Term(("c",))]),
        ("e-mail 10:30", [Term(("e", "mail")), Term(("10", "30"))]),
        ("title:tram -bus NEAR(tram, 2)", [
            Term(("title", "tram")), Term(("bus",)), Term(("near", "tram")), Term(("2",)),
        ]),
        ("tra* OR", [Term(("tra",)), Term(("or",))]),
        ("東京", [Term(("東", "京"))]),
        ("% * \" ' ; -- ( )", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_query_is_words_and_phrases_and_no_other_sign_means_anything(query: str, asked: list[Term]) -> None:
    assert terms(query) == asked


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("The Café, and a cafe\u0301!", "cafe ", ["Café", "cafe\u0301"]),
        ("Trams and trampolines", "tram", ["Trams", "trampolines"]),
        ("Last, night. Night last", '"last night"', ["Last, night"]),
        ("a b a b a", '"a b a"', ["a b a b a"]),
        ("Straßenbahn", "strass", ["Straßenbahn"]),
        ("in 東京タワー today", "京タ", ["京タ"]),
        ("nothing here", "elsewhere", []),
    ],
)
def test_what_is_marked_is_what_was_typed(text: str, query: str, marked: list[str]) -> None:
    assert [text[begin:end] for begin, end in places(text, terms(query))] == marked


@given(st.text(max_size=200), st.text(max_size=60))
def test_places_are_in_order_and_inside_of_the_text(text: str, query: str) -> None:
    found = places(text, terms(query))
    ends = [0, *(place for pair in found for place in pair), len(text)]
    assert ends == sorted(ends)
    assert all(begin < end for begin, end in found)


@given(st.text(max_size=200))
def test_every_word_of_a_text_stands_in_it(text: str) -> None:
    for word in set(words(text)):
        assert places(text, [Term((word,))])
    assert words(" ".join(words(text))) == words(text)
