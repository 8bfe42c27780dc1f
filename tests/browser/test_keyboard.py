"""One visit without a mouse: read, sort, answer, fail, try again, edit, withdraw, report, mute and share.

No element is ever given the focus by the test; after each step it is where a person expects it, and it can be seen.
"""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import Past, comment, has_focus, visit
from tests.browser.rounds import LATER, both
from tests.browser.watching import until

MOST_STEPS = 90
# The element with the focus through open shadow roots, and whether it, or the box that it fills, is outlined.
SEEN = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return "nothing has the focus";
  const lined = (one) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  return lined(at) || lined(at.parentElement) ? "" : `the focus on ${at.outerHTML.slice(0, 120)} cannot be seen`;
}"""
IS_FOCUSED = "(element) => element.getRootNode().activeElement === element"


class Keys:
    """Somebody at the keyboard of a page."""

    def __init__(self, page: Page, thread: Locator) -> None:
        self._page = page
        self._thread = thread

    def to(self, wanted: Locator, key: str = "Tab") -> None:
        """Go there, step by step; on the way nothing keeps the focus."""
        for _ in range(MOST_STEPS):
            if wanted.evaluate(IS_FOCUSED):
                self.seen()
                return
            self._page.keyboard.press(key)
        pytest.fail(f"{key} does not lead to {wanted}")

    def press(self, *keys: str, then: Locator) -> None:
        """Press these; the focus is then there."""
        for key in keys:
            self._page.keyboard.press(key)
        expect(then).to_be_focused()
        self.seen()

    def seen(self) -> None:
        assert self._page.evaluate(SEEN) == ""


@pytest.mark.expects("status of 503")
def test_a_whole_visit_is_made_by_keyboard(daily: Daily, open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    past = Past(daily)
    past.say("First")
    past.say("Second", name="Cleo")
    thread = visit(page, daily, elements=both(daily))
    keys = Keys(page, thread)
    _share(page, keys)
    _sort(thread, keys)
    _answer_that_fails_first(page, thread, keys)
    _change_and_take_back(page, thread, keys)
    _report_and_mute(thread, keys)


def _share(page: Page, keys: Keys) -> None:
    row = page.locator("comments-share")
    copy = row.get_by_role("button", name="Copy link")
    keys.to(copy)
    keys.press("Enter", then=copy)
    # What the row says of it is gone after three seconds.
    until(page, "navigator.clipboard.readText().then((text) => text === location.href)")
    more = row.get_by_role("button", name="More")
    keys.to(more)
    keys.press("Enter", then=more)
    expect(row.locator(":popover-open")).to_be_visible()
    keys.press("Tab", then=row.locator(":popover-open").get_by_role("link").first)
    keys.press("Escape", then=more)
    keys.to(copy, "Shift+Tab")


def _sort(thread: Locator, keys: Keys) -> None:
    sort = thread.get_by_role("combobox", name="Sort by")
    keys.to(sort)
    keys.press("ArrowDown", then=sort)
    expect(thread.get_by_role("status").first).to_have_text("Sorted by: Oldest")
    expect(thread.locator("article .body").first).to_have_text("First")
    keys.seen()


def _answer_that_fails_first(page: Page, thread: Locator, keys: Keys) -> None:
    first = comment(thread, "First")
    keys.to(first.get_by_role("button", name="Reply", exact=True))
    field = first.get_by_role("textbox", name="Your reply to Bob")
    keys.press("Enter", then=field)
    expect(first.get_by_role("button", name="Post reply")).to_be_visible()
    page.keyboard.type("By hand")
    keys.to(first.get_by_role("textbox", name="Name", exact=True))
    page.keyboard.type("Ada")
    page.route("**/comments", lambda route: route.fulfill(**LATER), times=1)
    keys.to(first.get_by_role("button", name="Post reply"))
    keys.press("Enter", then=field)
    expect(field).to_have_value("By hand")
    keys.to(first.get_by_role("button", name="Try again"))
    keys.press("Enter", then=comment(thread, "By hand"))


def _change_and_take_back(page: Page, thread: Locator, keys: Keys) -> None:
    mine = comment(thread, "By hand")
    keys.to(mine.get_by_role("button", name="Edit"))
    keys.press("Enter", then=thread.get_by_role("textbox", name="Edit your comment"))
    expect(thread.get_by_role("button", name="Save")).to_be_visible()
    keys.to(thread.get_by_role("button", name="Cancel"))
    keys.press("Enter", then=mine.get_by_role("button", name="Edit"))
    keys.press("Enter", then=thread.get_by_role("textbox", name="Edit your comment"))
    # Nobody's fingers are faster than the rest of the form.
    expect(thread.get_by_role("button", name="Save")).to_be_visible()
    page.keyboard.press("End")
    page.keyboard.type(" alone")
    mine = comment(thread, "By hand alone")
    keys.press("Control+Enter", then=mine.get_by_role("button", name="Edit"))
    keys.to(mine.get_by_role("button", name="Withdraw"))
    keys.press("Space", then=thread.get_by_role("button", name="Undo"))
    keys.press("Enter", then=mine)


def _report_and_mute(thread: Locator, keys: Keys) -> None:
    other = comment(thread, "Second")
    report = other.get_by_role("button", name="Report")
    keys.to(report)
    dialog = thread.get_by_role("dialog", name="Report this comment")
    keys.press("Enter", then=dialog.get_by_role("radio").first)
    keys.press("Escape", then=report)
    keys.press("Enter", then=dialog.get_by_role("radio").first)
    keys.press("Space", "ArrowDown", then=dialog.get_by_role("radio").nth(1))
    keys.to(dialog.get_by_role("button", name="Send report"))
    keys.press("Enter", then=other.get_by_role("button", name="Reported"))
    keys.to(other.get_by_role("button", name="Mute"))
    keys.press("Enter", then=thread.get_by_role("button", name="Unmute"))
    keys.press("Enter", then=other)
    has_focus(thread, other)


def test_single_keys_count_in_a_comment_alone_and_leave_the_page_its_own(daily: Daily, open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("window.heard = ''; document.addEventListener('keydown', ({ key }) => (heard += key));")
    past = Past(daily)
    first = past.say("First")
    past.say("An answer", to=first)
    past.say("Second")
    thread = visit(page, daily)
    page.keyboard.press("j")
    with page.expect_response("**/a/keys.*"):
        comment(thread, "Second").get_by_role("button", name="Reply").focus()
    line = comment(thread, "Second").get_by_text("Keys in a comment: J for the next one")
    expect(line).to_be_visible()
    page.keyboard.press("Control+j")
    until(page, "heard === 'jControlj'")
    keys = Keys(page, thread)
    keys.press("j", then=comment(thread, "First"))
    keys.press("j", "j", "j", then=comment(thread, "An answer"))
    keys.press("k", then=comment(thread, "First"))
    assert page.evaluate("heard") == "jControlj"
    keys.press("r", then=thread.get_by_role("textbox", name="Your reply to Bob"))
    page.keyboard.type("jkr")
    expect(thread.get_by_role("textbox", name="Your reply to Bob")).to_have_value("jkr")
