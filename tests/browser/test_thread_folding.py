"""A reader puts a branch away, and it stays away for the visit, unless they go there."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import Past, comment, has_focus, ready, reply, visit
from tests.browser.following import Watched

BLOCKED = """
Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });
"""


def in_sight(thread: Locator) -> list[str]:
    """The words of the comments that are not put away."""
    return thread.locator("article:visible .body").all_text_contents()


def branch(past: Past) -> list[str]:
    """A root, two answers to it, and one to the first of them; their ids."""
    root = past.say("Root")
    first = past.say("Answer 1", to=root)
    return [root, first, past.say("Answer 2", to=root), past.say("Answer to the first", to=first)]


def test_a_branch_is_put_away_in_place_and_for_the_visit(daily: Daily, ada: Page, open_page: OpenPage) -> None:
    past = Past(daily)
    branch(past)
    past.say("Another")
    thread = visit(ada, daily)
    hide = thread.get_by_role("button", name="Hide 3 replies")
    expect(hide).to_have_attribute("aria-expanded", "true")
    hide.focus()
    ada.keyboard.press("Enter")
    show = thread.get_by_role("button", name="Show 3 replies")
    has_focus(thread, show)
    expect(show).to_have_attribute("aria-expanded", "false")
    assert in_sight(thread) == ["Another", "Root"]
    ada.reload()
    thread = ready(ada)
    expect(show).to_be_visible()
    assert in_sight(thread) == ["Another", "Root"]
    ada.keyboard.press("Tab")
    show.click()
    has_focus(thread, thread.get_by_role("button", name="Hide 3 replies"))
    assert in_sight(thread) == ["Another", "Root", "Answer 1", "Answer to the first", "Answer 2"]
    other = visit(open_page(), daily)
    assert len(in_sight(other)) == 5


def test_the_count_is_of_all_that_is_put_away_loaded_or_not(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    root = past.say("Root")
    for number in range(12):
        past.say(f"Answer {number}", to=root)
    thread = visit(ada, daily)
    thread.get_by_role("button", name="Hide 12 replies").click()
    expect(thread.get_by_role("button", name="Show 12 replies")).to_be_focused()
    expect(thread.get_by_role("button", name="more repl")).to_have_count(0)
    assert in_sight(thread) == ["Root"]


def test_a_link_into_it_brings_a_branch_back(daily: Daily, ada: Page) -> None:
    ids = branch(Past(daily))
    thread = visit(ada, daily)
    thread.get_by_role("button", name="Hide 3 replies").click()
    ada.evaluate("(id) => { location.hash = `comment-${id}` }", ids[3])
    has_focus(thread, comment(thread, "Answer to the first"))
    expect(thread.get_by_role("button", name="Hide 3 replies")).to_be_visible()


def test_an_answer_of_ones_own_brings_a_branch_back(daily: Daily, ada: Page) -> None:
    branch(Past(daily))
    thread = visit(ada, daily)
    thread.get_by_role("button", name="Hide 3 replies").click()
    reply(thread, "Root", "Mine")
    expect(comment(thread, "Mine")).to_be_visible()
    expect(thread.get_by_role("button", name="Hide 4 replies")).to_be_visible()


def test_what_is_new_in_it_is_counted_on_its_button_alone(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    root = branch(past)[0]
    seen = Watched(ada, daily)
    seen.thread.get_by_role("button", name="Hide 3 replies").click()
    past.say("Answer 3", to=root)
    seen.passes(13)
    expect(seen.thread.get_by_role("button", name="Show 4 replies")).to_be_visible()
    expect(seen.pill).to_be_hidden()


def test_without_storage_it_is_put_away_as_long_as_the_page_lives(daily: Daily, ada: Page) -> None:
    branch(Past(daily))
    ada.add_init_script(BLOCKED)
    thread = visit(ada, daily)
    thread.get_by_role("button", name="Hide 3 replies").click()
    ada.evaluate("document.querySelector('comments-thread').reload()")
    expect(thread.get_by_role("button", name="Show 3 replies")).to_be_visible()
