"""A page embeds the elements: each loads when it comes near, follows its attributes, and survives what pages do."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Daily, thread_of
from tests.browser.conversation import Past
from tests.browser.watching import until

SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach((each) => (window.shifts += each.value)))
  .observe({ type: "layout-shift", buffered: true });
"""


NOTE_ERRORS = """
window.failed = [];
document.addEventListener("comments:error", (event) => window.failed.push([event.target.nodeName, event.detail]));
"""


def asked(page: Page) -> list[str]:
    """The paths that the page asks the service for, from now on."""
    paths: list[str] = []

    def note(request: Request) -> None:
        paths.append(request.url.split("/", 3)[3])

    page.on("request", note)
    return paths


def expect_form(page: Page) -> None:
    expect(thread_of(page).get_by_role("textbox").first).to_be_visible()


def test_nothing_but_the_loader_is_fetched_before_the_thread_comes_near(daily: Daily, ada: Page) -> None:
    paths = asked(ada)
    space = '<svg width="10" height="5000"></svg>'
    ada.goto(daily.embed(f'{space}<comments-thread thread="{daily.thread}"></comments-thread>'))
    ada.wait_for_load_state("networkidle")
    assert [path for path in paths if not path.startswith(daily.key)] in (["embed.js"], ["embed.js", "favicon.ico"])
    thread_of(ada).scroll_into_view_if_needed()
    expect_form(ada)


def test_a_link_to_the_comments_loads_them_at_once(daily: Daily, ada: Page) -> None:
    space = '<svg width="10" height="5000"></svg>'
    page = daily.embed(f'{space}<comments-thread thread="{daily.thread}"></comments-thread>')
    ada.goto(f"{page}#comments")
    expect_form(ada)
    expect(thread_of(ada)).to_be_in_viewport()


@pytest.mark.expects("ERR_FAILED")
def test_a_thread_shows_its_own_content_until_it_can_show_more(daily: Daily, ada: Page) -> None:
    ada.route("**/embed.js", lambda route: route.abort())
    ada.goto(daily.embed("<comments-thread thread='x'>Eleven readers have answered.</comments-thread>", headers={}))
    expect(ada.get_by_text("Eleven readers")).to_be_visible()


@pytest.mark.expects("ERR_FAILED")
def test_a_chunk_that_fails_once_is_asked_for_again(daily: Daily, ada: Page) -> None:
    ada.route("**/a/thread.*.js", lambda route: route.abort(), times=1)
    paths = asked(ada)
    ada.goto(daily.embed())
    expect_form(ada)
    assert [path.partition("?")[1] for path in paths if path.startswith("a/thread.")] == ["", "?"]


@pytest.mark.expects("ERR_FAILED", "console: TypeError: Failed to fetch dynamically")
def test_a_chunk_that_cannot_be_had_is_told_to_reader_and_page(daily: Daily, ada: Page) -> None:
    Past(daily).say("Said before")
    ada.route("**/a/thread.*", lambda route: route.abort())
    ada.add_init_script(NOTE_ERRORS)
    ada.goto(daily.embed())
    expect(thread_of(ada)).to_contain_text("The comments could not be loaded.")
    assert ada.evaluate("window.failed") == [["COMMENTS-THREAD", {"status": 0}]]
    # The page of the service, on which they can be read and written without any script.
    thread_of(ada).get_by_role("link", name="Open their own page").click()
    expect(ada.get_by_text("Said before")).to_be_visible()


@pytest.mark.expects("ERR_FAILED", "console: TypeError: Failed to fetch dynamically")
def test_what_an_element_holds_stays_when_its_chunk_cannot_be_had(daily: Daily, ada: Page) -> None:
    ada.route("**/a/*", lambda route: route.abort())
    ada.add_init_script(NOTE_ERRORS)
    elements = "<comments-share>Share it.</comments-share><comments-thread>Eleven have answered.</comments-thread>"
    ada.goto(daily.embed(elements))
    until(ada, "window.failed.length === 2")
    assert sorted(element for element, _ in ada.evaluate("window.failed")) == ["COMMENTS-SHARE", "COMMENTS-THREAD"]
    expect(ada.get_by_text("Share it.")).to_be_visible()
    expect(ada.get_by_text("Eleven have answered.")).to_be_visible()


@pytest.mark.parametrize("taken", ["comments-thread", "comments-share", "comments-count"])
def test_a_name_that_the_page_has_taken_costs_that_element_alone(daily: Daily, ada: Page, taken: str) -> None:
    Past(daily).say("Said before")
    ada.add_init_script(f"customElements.define('{taken}', class extends HTMLElement {{}})")
    key = f'thread="{daily.thread}"'
    ada.goto(
        daily.embed(
            f"<p><comments-share {key}></comments-share><comments-count {key}>Some</comments-count></p>"
            f"<comments-thread {key}></comments-thread>"
        )
    )
    here = {
        "comments-thread": ada.get_by_text("Said before"),
        "comments-share": ada.get_by_role("button", name="Copy link"),
        "comments-count": ada.locator("comments-count", has_text="1 comment"),
    }
    gone = here.pop(taken)
    for element in here.values():
        expect(element).to_be_visible()
    expect(gone).to_have_count(0)


def test_another_key_shows_another_thread(daily: Daily, ada: Page) -> None:
    ada.goto(daily.embed("<comments-thread></comments-thread>"))
    expect_form(ada)
    with ada.expect_request(f"**/thread?key={daily.thread}&*"):
        thread_of(ada).evaluate("(thread, key) => thread.setAttribute('thread', key)", daily.thread)


def test_a_page_that_changes_its_address_shows_the_thread_of_the_new_one(daily: Daily, ada: Page) -> None:
    ada.goto(daily.embed("<comments-thread></comments-thread>", head='<link rel="canonical" href="/a/1">'))
    expect_form(ada)
    with ada.expect_request(lambda request: "/thread?key=" in request.url and "%2Fa%2F2" in request.url):
        ada.evaluate("document.querySelector('link[rel=canonical]').href = '/a/2'")


def test_an_element_that_was_removed_comes_back_whole(daily: Daily, ada: Page) -> None:
    ada.goto(daily.embed())
    expect_form(ada)
    ada.evaluate("window.thread = document.querySelector('comments-thread'); window.thread.remove()")
    assert ada.evaluate("window.thread.shadowRoot.querySelector('form')") is None
    ada.evaluate("document.querySelector('main').append(window.thread)")
    expect_form(ada)


def test_two_threads_live_on_one_page(daily: Daily, ada: Page) -> None:
    ada.goto(
        daily.embed('<comments-thread thread="a"></comments-thread><comments-thread thread="b"></comments-thread>')
    )
    for number in (0, 1):
        expect(thread_of(ada).nth(number).get_by_role("textbox").first).to_be_visible()


def test_a_base_address_does_not_mislead_it(daily: Daily, ada: Page) -> None:
    with ada.expect_request(lambda request: "/thread?key=" in request.url) as found:
        ada.goto(daily.embed("<comments-thread></comments-thread>", head='<base href="/else/where/">', headers={}))
    assert "else" not in found.value.url
    expect_form(ada)


def test_what_stands_below_does_not_jump(daily: Daily, ada: Page) -> None:
    ada.add_init_script(SHIFTS)
    room = "display: inline-flex; vertical-align: middle; min-height: 2.25rem"
    reserved = f"<style>comments-share:not(:defined) {{ {room} }}</style>"
    row = "<p><comments-share></comments-share></p><p>Below the row.</p>"
    ada.goto(daily.embed(row, head=reserved, headers={}))
    expect(ada.get_by_role("button", name="Copy link")).to_be_visible()
    assert ada.evaluate("window.shifts") == 0
