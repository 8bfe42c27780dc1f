"""No guest is taken for somebody whose name is vouched for, whatever letters the name is made of."""

from collections.abc import Iterator

import pytest
from confusable_homoglyphs import confusables
from flask import Flask

from comments_service.database import db
from comments_service.lookalikes import UNSEEN, skeleton
from tests.conftest import Browser
from tests.desk import make_moderator
from tests.signing import signer
from tests.test_sso import sign_in

SAME = [
    ("Ann Archer", "Аnn Аrcher"), ("Ann Archer", "Ann Arсher"), ("Ann Archer", "ANN  archer"),
    ("Ann Archer", "Ann_Archer ✓"), ("Ann Archer", "𝐀nn Archer"), ("Ann Archer", "Αnn Archer"),
    ("Ann Archer", "Ⓐnn Archer"), ("Marnie", "Mamie"), ("Corn", "Com"), ("Ian", "lan"), ("Ian", "1an"),
    ("Ian", "ıan"), ("Nora", "Νora"), ("Oleg", "0leg"), ("Mia", "МІА"), ("Robin", "R0bin"),
    ("Archie", "ARCHlE"), ("Robin", "Ꭱobin"), ("Zoë", "Zoe\u0308"),
    ("Nora Reed", "Nora\u034f Reed"), ("Nora Reed", "Nora\ufe0f Reed"), ("Greta Staff", "Greta\u3164Staff"),
]  # fmt: skip
APART = [
    ("Zoë", "Zoe"), ("Ann", "Anne"), ("Jürgen", "Jurgen"), ("vera", "nera"), ("Uli", "Yli"), ("李", "王"),
    ("محمد", "محمود"), ("Bob", "Rob"), ("Иван", "Иона"), ("David", "Davis"), ("✓", "★"),
]  # fmt: skip


def test_what_nobody_sees_makes_no_other_name() -> None:
    unseen = [chr(code) for code in range(0x110000) if UNSEEN.match(chr(code))]
    assert len(unseen) > 4000
    assert {skeleton(f"Nora{one} Reed") for one in unseen} == {skeleton("Nora Reed")}


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_look_the_same_are_one(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_names_that_people_tell_apart_are_two(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def letters() -> Iterator[tuple[str, str]]:
    """Single letters and what each of them can be taken for, as Unicode lists them."""
    for one, others in confusables.confusables_data.items():
        yield from ((one, other["c"]) for other in others if one.isalpha() and len(one) == 1 and other["c"].isalpha())


def test_nearly_all_pairs_of_letters_that_unicode_knows_are_one() -> None:
    pairs = list(letters())
    assert len(pairs) > 5000
    missed = [pair for pair in pairs if skeleton(pair[0]) != skeleton(pair[1])]
    # What is taken apart before it is looked up, as NFKC wants, may be listed under another letter.
    assert len(missed) < len(pairs) / 50, missed[:20]


@pytest.fixture
def nora(app: Flask) -> None:
    sign_in(Browser(app.test_client()), signer(db.session()).token(name="Nora Reed"))


@pytest.mark.parametrize("name", ["Nora Reed", "nora reed", "Νora Reed", "Nora_Reed ✓", "Nora Rееd"])
def test_a_guest_cannot_take_the_name_of_a_reader_with_an_account(nora: None, bob: Browser, name: str) -> None:
    refused = bob.post("It is me", name=name)
    assert (refused.status_code, refused.json["field"]) == (422, "name")
    assert "Please choose another one" in refused.json["detail"]
    assert bob.post("It is me", name="Nora R.").status_code == 202


@pytest.mark.parametrize("name", ["Mia Mill", "Мia Mill", "MIA MILL", "Mia Mi11"])
def test_nor_that_of_the_staff_of_this_site(bob: Browser, outsider: Browser, name: str) -> None:
    make_moderator("mia", "Mia Mill", daily="moderator")
    assert bob.post("I decide here", name=name).json["field"] == "name"
    assert outsider.post("There is no Mia here", name=name).status_code == 202


def test_who_took_the_name_before_keeps_it_no_longer(app: Flask, bob: Browser) -> None:
    assert bob.post("first", name="Nora Reed").status_code == 202
    sign_in(Browser(app.test_client()), signer(db.session()).token(name="Nora Reed"))
    assert bob.post("second", name="Nora Reed").json["field"] == "name"


def test_two_readers_with_accounts_may_have_one_name(app: Flask, ada: Browser, bob: Browser) -> None:
    paper = signer(db.session())
    for who, subject in ((ada, "1"), (bob, "2")):
        sign_in(who, paper.token(sub=subject, name="Nora Reed"))
        assert who.post("Hello", name="Nora Reed").status_code == 202


def test_a_name_in_use_elsewhere_is_free_here(nora: None, outsider: Browser) -> None:
    assert outsider.post("Hello", name="Nora Reed").status_code == 202
