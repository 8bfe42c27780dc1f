"""WCAG 2.2 AA at every stop of the rounds: axe, the size of targets, text that is spaced out, a page at 400 %."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import measuring
from tests.browser.conftest import Daily, OpenPage
from tests.browser.looks import LOOKS, look_at
from tests.browser.rounds import ROUNDS, going, stops

Check = Callable[..., None]
MakeSite = Callable[..., Daily]
FINGERS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
    "tablet": {"viewport": {"width": 1024, "height": 768}, "has_touch": True, "is_mobile": True},
}
# The rest is looked at when the long run asks for all; a narrow page also where its text is spaced out.
ALWAYS = {"light"}
# Axe's rules that rest, and why.
AT_REST = {
    # It computes with the declared colours; the words stand in those of the reader.
    "forced": {"color-contrast"},
    # It is put in a frame on a page that has its own heading.
    "quote": {"page-has-heading-one"},
}


def cases(looks: dict[str, dict[str, Any]], *, always: set[str]) -> list[Any]:
    return list(_cases(looks, always))


def _cases(looks: dict[str, dict[str, Any]], always: set[str]) -> Iterator[Any]:
    for look in looks:
        for name in ROUNDS:
            # The page for programs is English alone.
            if (name, look) != ("api", "rtl"):
                yield going(name, look, marks=() if look in always else (pytest.mark.long,))


@pytest.mark.parametrize(("name", "look"), cases(LOOKS, always=ALWAYS))
def test_every_stop_is_within_everybodys_reach(
    make_site: MakeSite, open_page: OpenPage, *, accessible: Check, name: str, look: str
) -> None:
    page = open_page(**LOOKS[look])
    look_at(page, look)
    for stop in stops(name, make_site, page):
        accessible(page, without=AT_REST.get(look, set()) | AT_REST.get(stop, set()))
        found = measuring.small_targets(page)
        assert (stop, found.wrong) == (stop, [])
        assert measuring.fits(page), stop


@pytest.mark.parametrize(("name", "device"), cases(FINGERS, always={"phone"}))
def test_every_target_is_large_enough_for_a_finger(
    make_site: MakeSite, open_page: OpenPage, *, name: str, device: str
) -> None:
    page = open_page(**FINGERS[device])
    looked = 0
    for stop in stops(name, make_site, page):
        assert page.evaluate("matchMedia('(pointer: coarse)').matches")
        found = measuring.small_targets(page, measuring.FOR_FINGERS, spacing=False)
        assert (stop, found.wrong) == (stop, [])
        looked += found.looked
    assert looked > 5


@pytest.mark.parametrize(("name", "look"), cases({"light": {}, "zoomed": {}}, always={"zoomed"}))
def test_text_that_is_spaced_out_is_cut_off_nowhere(
    make_site: MakeSite, open_page: OpenPage, *, name: str, look: str
) -> None:
    page = open_page(**LOOKS[look])
    looked = 0
    for stop in stops(name, make_site, page):
        measuring.space_out(page)
        found = measuring.cut_words(page)
        assert (stop, found.wrong) == (stop, [])
        assert measuring.fits(page), stop
        looked += found.looked
    assert looked > 5


PAIR = '<button style="all: unset; width: 20px; height: 20px; display: inline-block">{name}</button>'


def flawed(page: Page, body: str) -> None:
    page.set_content(f'<!doctype html><html lang="en"><title>Flaws</title><body>{body}</body></html>')


def test_the_measures_find_what_is_wrong(ada: Page) -> None:
    flawed(ada, PAIR.format(name="a") + PAIR.format(name="b"))
    assert len(measuring.small_targets(ada).wrong) == 2
    flawed(ada, PAIR.format(name="a"))
    assert measuring.small_targets(ada) == measuring.Found(1, [])
    assert len(measuring.small_targets(ada, spacing=False).wrong) == 1
    flawed(ada, '<p>In a <a href="#">line</a> of text</p>')
    assert measuring.small_targets(ada, measuring.FOR_FINGERS, spacing=False) == measuring.Found(0, [])
    box = '<p style="width: 8em; height: 1.2em; overflow: hidden">Some words that fit</p>'
    flawed(ada, box)
    before = measuring.cut_words(ada)
    measuring.space_out(ada)
    assert (before.wrong, len(measuring.cut_words(ada).wrong)) == ([], 1)
    flawed(ada, '<p style="width: 2000px">Wide</p>')
    assert not measuring.fits(ada)
