"""A moderator features and pins with single keys, takes it back, and calls a reader an expert by a plain form."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Daily
from tests.browser.places import World
from tests.browser.test_desk import OpenDesk, answered, at_desk, held, write

__all__ = ["at_desk", "held"]


def test_a_comment_is_featured_pinned_and_undone_by_keys(world: World, held: Daily, at_desk: OpenDesk) -> None:
    write(world, held.key, "The one to read")
    mia = at_desk("Mia")
    mia.keyboard.press("f")
    expect(mia.get_by_text("Only a public comment can be featured or pinned.")).to_be_visible()
    mia.keyboard.press("a")
    answered(mia)
    mia.goto(f"{world.service}/desk/queue?status=published")
    card = mia.locator(".card")
    card.click()
    mia.keyboard.press("f")
    expect(card.locator("header")).to_contain_text("Featured")
    expect(mia.get_by_role("status").filter(has_text="Featured.")).to_be_visible()
    mia.keyboard.press("p")
    expect(card.locator("header")).to_contain_text("Pinned")
    mia.keyboard.press("z")
    expect(card.locator("header")).not_to_contain_text("Pinned")
    mia.keyboard.press("z")
    expect(card.locator("header")).not_to_contain_text("Featured")


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_is_made_an_expert_by_a_plain_form(
    world: World, held: Daily, at_desk: OpenDesk, script: bool
) -> None:  # fmt: skip
    write(world, held.key, "As I measured")
    mia = at_desk("Mia", java_script_enabled=script)
    card = mia.locator(".card")
    card.get_by_text("Make this reader an expert…").click()
    card.get_by_role("button", name="Under this article").click()
    expect(card.locator("header")).to_contain_text("Expert")
    card.locator("details.expert summary").click()
    card.get_by_role("button", name="End it").click()
    expect(card.locator("header")).not_to_contain_text("Expert")
