"""Pages of several colours, and a conversation with all that there is to look at."""

from collections.abc import Iterable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Daily
from tests.browser.conversation import Past, changed, mark

PAGES = {
    "light": "html { background: #fff; color: #111 }",
    "dark": "html { background: #14181c; color: #e6e8ea }",
    "sepia": "html { background: #f4ecd8; color: #5b4636 }",
}

# A host's page has to be dark by itself; what is ours is.
DARKEN = """(rules) => document.addEventListener("DOMContentLoaded", () => {
  if (!document.querySelector("comments-thread") || document.styleSheets.length) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
})"""
# How a page may be looked at; what it says stays the same.
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 800}},
    # A window of 1280 by 1024 at 400 %.
    "zoomed": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
    "forced": {"forced_colors": "active"},
    "still": {"reduced_motion": "reduce"},
    "rtl": {},
}
# From right to left in a language that we do not have, so that English words run that way: as soon as there is a page.
TURN = """
new MutationObserver(() => {
  const root = document.documentElement;
  if (root && root.dir !== "rtl") Object.assign(root, { dir: "rtl", lang: "fa-AF" });
}).observe(document, { childList: true, subtree: true });
"""


def usually(looks: Iterable[str], *always: str) -> list[Any]:
    """The cases of a test that looks in these ways; those that are not named wait for the long run."""
    return [pytest.param(look, marks=() if look in always else pytest.mark.long) for look in looks]


def look_at(page: Page, look: str) -> None:
    """Have every page stand in the light of this look; its context was made with the options of the look."""
    if look == "rtl":
        page.add_init_script(TURN)
    elif look == "dark":
        page.add_init_script(f"({DARKEN})({PAGES['dark']!r})")


def paint(page: Page, look: str) -> None:
    """Give the page colours of its own, which are not those that the system asks for."""
    page.add_init_script(
        f"const sheet = new CSSStyleSheet(); sheet.replaceSync('{PAGES[look]}'); document.adoptedStyleSheets = [sheet]"
    )
    page.emulate_media(color_scheme="light" if look == "dark" else "dark")


def talk(daily: Daily) -> None:
    """A conversation with all that a comment can hold."""
    past = Past(daily)
    past.chain(7)
    root = past.say(
        "Some *words*, some `code`, a [link](https://paper.example)\n\n> a quote\n\n- a list\n\n```\npre\n```"
    )
    for number in range(5):
        past.say(f"Answer {number}", to=root)


def people(daily: Daily) -> None:
    """A conversation with all that a comment can hold and all that one can be."""
    talk(daily)
    past = Past(daily)
    past.say("From the desk", name="Mia")
    past.say("Measured", name="Cleo")
    changed(daily, "From the desk", badges=["staff", "author"])
    changed(daily, "Measured", badges=["expert"], recommends=12)
    mark(daily, "From the desk", "pin")
    mark(daily, "Measured", "feature")
