"""Everybody can write: each state of the form is within reach, in every colour."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import Past, box, comment, opened, tools, visit, write
from tests.browser.looks import PAGES, paint, usually

Check = Callable[..., None]
SELECT = """(body) => {
  body.dispatchEvent(new Event('selectstart', {bubbles: true}));
  getSelection().setBaseAndExtent(body, 0, body, 1);
}"""


@pytest.mark.parametrize("look", usually(PAGES, "light"))
def test_nothing_that_helps_to_write_is_out_of_reach(
    make_site: Callable[..., Daily], ada: Page, accessible: Check, look: str
) -> None:
    paint(ada, look)
    daily = make_site(guidelines="Be kind.", guidelines_tree=[["p", "Be kind."]])
    Past(daily).say("First")
    thread = visit(ada, daily)
    thread.get_by_text("What we ask of those who write here").click()
    accessible(ada)
    opened(thread)
    ada.keyboard.type("I agree with @")
    expect(thread.get_by_role("option", name="Bob")).to_be_visible()
    accessible(ada)
    ada.keyboard.press("Enter")
    tools(thread).get_by_role("button", name="Preview").click()
    expect(thread.get_by_role("group", name="Preview")).to_have_text("I agree with @Bob")
    accessible(ada)
    tools(thread).get_by_role("button", name="Write").click()
    write(thread, "NOBODY EVER TELLS US WHEN THE TRAM COMES")
    expect(thread.get_by_role("button", name="Post anyway")).to_be_visible()
    accessible(ada)
    comment(thread, "First").locator(".body").evaluate(SELECT)
    comment(thread, "First").get_by_role("button", name="Reply with quote").focus()
    accessible(ada)
    ada.keyboard.press("Enter")
    tools(thread, comment(thread, "First"))
    accessible(ada)


def test_the_tools_are_large_enough_for_a_finger_and_fit_a_small_page(daily: Daily, open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    Past(daily).say("First", name="Bob " * 12)
    thread = visit(page, daily)
    opened(thread)
    page.keyboard.type("@")
    expect(thread.get_by_role("option")).to_be_visible()
    found = [*tools(thread).get_by_role("button").all(), thread.get_by_role("option")]
    boxes = [one.bounding_box() for one in found]
    assert all(one and one["height"] >= 44 and one["width"] >= 44 for one in boxes)
    assert all(one and one["x"] >= 0 and one["x"] + one["width"] <= 320 for one in boxes)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    expect(box(thread)).to_be_focused()
