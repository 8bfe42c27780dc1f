"""A page embeds the elements: each loads when it comes near, follows its attributes, and survives what pages do."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Daily, thread_of

HOSTILE = """
Array.prototype.toJSON = function () { return "broken"; };
Object.prototype.toJSON = undefined;
Object.prototype.extra = function () {};
Object.prototype.each = 1;
Array.prototype.first = function () {};
"""
BLOCKED = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });
"""
SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach((each) => (window.shifts += each.value)))
  .observe({ type: "layout-shift", buffered: true });
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
def test_a_chunk_that_fails_once_is_had_by_way_of_a_fresh_loader(daily: Daily, ada: Page) -> None:
    ada.route("**/a/thread.*.js", lambda route: route.abort(), times=1)
    paths = asked(ada)
    ada.goto(daily.embed())
    expect_form(ada)
    assert paths.count("embed.js") == 2


@pytest.mark.expects("ERR_FAILED", "uncaught")
def test_a_chunk_that_cannot_be_had_is_told(daily: Daily, ada: Page) -> None:
    ada.route("**/a/thread.*", lambda route: route.abort())
    ada.goto(daily.embed())
    expect(thread_of(ada)).to_contain_text("could not be loaded")


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


@pytest.mark.parametrize("trouble", [HOSTILE, BLOCKED])
def test_it_works_among_other_peoples_scripts(daily: Daily, ada: Page, trouble: str) -> None:
    ada.add_init_script(trouble)
    ada.goto(
        daily.embed(f'<comments-share></comments-share><comments-thread thread="{daily.thread}"></comments-thread>')
    )
    expect_form(ada)
    expect(ada.get_by_role("button", name="Copy link")).to_be_visible()


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


def test_the_elements_may_be_defined_twice(daily: Daily, ada: Page) -> None:
    second = f'<script async src="{daily.world.service}/embed.js" data-site="{daily.key}"></script>'
    ada.goto(daily.embed(f'<comments-thread thread="{daily.thread}"></comments-thread>', head=second))
    expect_form(ada)
