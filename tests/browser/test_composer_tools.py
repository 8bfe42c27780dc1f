"""What helps a reader to write: marks by button and key, plain paste, and the preview."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import comment, has_focus, opened, texts, tools, visit

SELECTED = "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"


@pytest.mark.parametrize(
    ("name", "key", "made"),
    [
        ("Bold", "b", "**on time**"),
        ("Italic", "i", "*on time*"),
        ("Link", "k", "[on time](https://)"),
        ("Quote", "", "> on time"),
        ("List", "", "- on time"),
    ],
)
def test_a_mark_is_one_step_that_can_be_taken_back(daily: Daily, ada: Page, *, name: str, key: str, made: str) -> None:
    thread = visit(ada, daily)
    field = opened(thread, "on time")
    tools(thread).get_by_role("button", name=name).click()
    expect(field).to_have_value(made)
    has_focus(thread, field)
    ada.keyboard.press("Control+z")
    expect(field).to_have_value("on time")
    if key:
        field.select_text()
        ada.keyboard.press(f"Control+{key}")
        expect(field).to_have_value(made)
        ada.keyboard.press("Control+z")
        expect(field).to_have_value("on time")


def test_a_mark_leaves_selected_what_is_typed_next(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    field = opened(thread, "the plan")
    ada.keyboard.press("Control+k")
    assert field.evaluate(SELECTED) == "https://"
    ada.keyboard.type("https://example.org/")
    expect(field).to_have_value("[the plan](https://example.org/)")


def test_where_a_browser_cannot_type_for_us_the_words_are_put_in(daily: Daily, ada: Page) -> None:
    ada.add_init_script("Document.prototype.execCommand = () => false")
    thread = visit(ada, daily)
    field = opened(thread, "on time")
    ada.keyboard.press("Control+b")
    expect(field).to_have_value("**on time**")
    assert field.evaluate(SELECTED) == "on time"
    ada.keyboard.press("Control+b")
    expect(field).to_have_value("on time")


def test_the_toolbar_is_one_stop_of_the_tab_key_and_the_arrows_go_on(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    opened(thread)
    ada.keyboard.press("Tab")
    has_focus(thread, tools(thread).get_by_role("button", name="Bold"))
    for key, name in [("ArrowRight", "Italic"), ("End", "Preview"), ("ArrowRight", "Bold"), ("ArrowLeft", "Preview")]:
        ada.keyboard.press(key)
        has_focus(thread, tools(thread).get_by_role("button", name=name))
    ada.keyboard.press("Tab")
    has_focus(thread, thread.get_by_role("textbox", name="Name", exact=True))
    ada.keyboard.press("Shift+Tab")
    has_focus(thread, tools(thread).get_by_role("button", name="Preview"))


def test_no_key_acts_while_an_input_method_composes(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    field = opened(thread, "こん")
    for key in ("b", "i", "k", "Enter"):
        event = f"new KeyboardEvent('keydown', {{key: '{key}', ctrlKey: true, isComposing: true, bubbles: true}})"
        field.evaluate(f"(field) => field.dispatchEvent({event})")
    expect(field).to_have_value("こん")
    assert texts(thread) == []


def test_a_pasted_text_is_plain(daily: Daily, open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    thread = visit(page, daily)
    field = opened(thread)
    page.evaluate(
        "navigator.clipboard.write([new ClipboardItem({"
        "'text/html': new Blob(['<b>Late</b>'], {type: 'text/html'}),"
        "'text/plain': new Blob(['Late'], {type: 'text/plain'})})])"
    )
    page.keyboard.press("Control+v")
    expect(field).to_have_value("Late")


def test_the_preview_shows_what_would_be_posted(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    field = opened(thread, "It was **late**, see https://example.org/x.\n\n- <img src=x onerror=alert(1)>")
    tools(thread).get_by_role("button", name="Preview").click()
    panel = thread.get_by_role("group", name="Preview")
    expect(panel.locator("strong")).to_have_text("late")
    expect(panel.get_by_role("link")).to_have_attribute("href", "https://example.org/x")
    expect(panel.get_by_role("listitem")).to_have_text("<img src=x onerror=alert(1)>")
    expect(thread.get_by_role("status")).to_contain_text("The preview is shown.")
    expect(field).to_be_hidden()
    expect(tools(thread).get_by_role("button", name="Bold")).to_have_attribute("aria-disabled", "true")
    has_focus(thread, tools(thread).get_by_role("button", name="Write"))
    ada.keyboard.press("Enter")
    has_focus(thread, field)
    expect(panel).to_have_count(0)
    expect(field).to_have_value("It was **late**, see https://example.org/x.\n\n- <img src=x onerror=alert(1)>")


def test_a_text_is_posted_from_its_preview(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    opened(thread, "It was **late**.")
    thread.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    tools(thread).get_by_role("button", name="Preview").click()
    expect(thread.get_by_role("group", name="Preview").locator("strong")).to_be_visible()
    thread.get_by_role("button", name="Post comment").click()
    expect(comment(thread, "It was late.")).to_be_visible()
    expect(thread.get_by_role("group", name="Preview")).to_have_count(0)


@pytest.mark.expects("status of 503")
def test_a_preview_that_failed_keeps_the_text(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    field = opened(thread, "It was late.")
    ada.route("**/preview", lambda route: route.fulfill(status=503))
    tools(thread).get_by_role("button", name="Preview").click()
    expect(thread.get_by_role("alert")).to_contain_text("The preview could not be loaded.")
    expect(field).to_be_visible()
    expect(field).to_have_value("It was late.")
    ada.unroute("**/preview")
    tools(thread).get_by_role("button", name="Preview").click()
    expect(thread.get_by_role("group", name="Preview")).to_have_text("It was late.")


def test_an_empty_preview_says_so_and_asks_nothing(daily: Daily, ada: Page) -> None:
    asked: list[str] = []
    ada.on("request", lambda request: asked.append(request.url))
    thread = visit(ada, daily)
    opened(thread, "  ")
    tools(thread).get_by_role("button", name="Preview").click()
    expect(thread.get_by_role("group", name="Preview")).to_have_text("There is nothing to show yet.")
    assert not [url for url in asked if url.endswith("/preview")]
