"""A reader answers what others said: their words are quoted, and their names are offered after an @."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Daily
from tests.browser.conversation import Past, comment, has_focus, opened, tools, visit

COMPOSING = """(field, typed) => {
  field.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}));
  field.value = typed;
  field.dispatchEvent(new InputEvent('input', {isComposing: true, bubbles: true}));
}"""
SELECT_WORDS = """(body, [from, to]) => {
  const text = document.createTreeWalker(body, NodeFilter.SHOW_TEXT).nextNode();
  body.dispatchEvent(new Event('selectstart', {bubbles: true}));
  getSelection().setBaseAndExtent(text, from, text, to);
}"""


def test_the_selected_words_of_a_comment_are_quoted_in_the_reply(daily: Daily, ada: Page) -> None:
    Past(daily).say("The trams are back, and late.")
    thread = visit(ada, daily)
    card = comment(thread, "The trams are back")
    card.locator(".body").evaluate(SELECT_WORDS, [4, 18])
    card.get_by_role("button", name="Reply with quote").click()
    field = card.get_by_role("textbox", name="Your reply to Bob")
    expect(field).to_have_value("> trams are back\n\n")
    has_focus(thread, field)
    ada.keyboard.type("At last.")
    expect(field).to_have_value("> trams are back\n\nAt last.")
    expect(card.get_by_role("button", name="Reply with quote")).to_have_count(0)


def test_who_selects_words_and_goes_to_reply_by_keyboard_quotes_them(daily: Daily, ada: Page) -> None:
    Past(daily).say("The trams are back, and late.")
    Past(daily).say("Nobody minds.")
    thread = visit(ada, daily)
    card = comment(thread, "The trams are back")
    card.locator(".body").evaluate(SELECT_WORDS, [0, 9])
    expect(card.get_by_role("button", name="Reply with quote")).to_be_visible()
    card.get_by_role("button", name="Reply", exact=True).press("Enter")
    expect(card.get_by_role("textbox", name="Your reply")).to_have_value("> The trams\n\n")
    other = comment(thread, "Nobody minds.")
    other.get_by_role("button", name="Reply", exact=True).press("Enter")
    expect(other.get_by_role("textbox", name="Your reply")).to_have_value("")


def test_a_selection_over_several_comments_or_none_offers_nothing(daily: Daily, ada: Page) -> None:
    Past(daily).say("First.")
    Past(daily).say("Second.")
    thread = visit(ada, daily)
    thread.evaluate(
        """(thread) => {
          const [last, first] = thread.shadowRoot.querySelectorAll('article .body');
          last.dispatchEvent(new Event('selectstart', {bubbles: true}));
          getSelection().setBaseAndExtent(last, 0, last, 1);
        }"""
    )
    expect(thread.get_by_role("button", name="Reply with quote")).to_be_visible()
    ada.keyboard.press("Escape")
    ada.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    expect(thread.get_by_role("button", name="Reply with quote")).to_have_count(0)


def test_a_whole_comment_is_quoted_short_and_without_what_it_quotes_itself(daily: Daily, ada: Page) -> None:
    Past(daily).say("> Are they?\n\nThe trams are back.\n\nThey are " + "very " * 80 + "late.")
    thread = visit(ada, daily)
    card = comment(thread, "The trams are back.")
    card.get_by_role("button", name="Reply", exact=True).click()
    field = card.get_by_role("textbox", name="Your reply")
    tools(thread, card)
    field.fill("I wonder")
    card.get_by_role("button", name="Quote this comment").click()
    value = field.input_value()
    assert value.startswith("I wonder\n\n> The trams are back.\n>\n> They are very ")
    assert value.endswith("very …\n\n")
    assert len(value) < 330
    ada.keyboard.press("Control+z")
    expect(field).to_have_value("I wonder")


def test_the_people_of_a_thread_are_offered_after_an_at_sign(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("First", name="Bob Moor")
    past.say("Second", name="Émile Bo")
    past.say("Third", name="<b>Cleo</b>")
    asked: list[str] = []
    thread = visit(ada, daily)
    field = opened(thread)
    ada.keyboard.type("I agree with @")
    names = thread.get_by_role("listbox", name="People in this conversation")
    expect(names.get_by_role("option")).to_have_text(["<b>Cleo</b>", "Émile Bo", "Bob Moor"])
    ada.on("request", lambda request: asked.append(request.url))
    ada.keyboard.type("bo")
    expect(names.get_by_role("option")).to_have_text(["Bob Moor", "Émile Bo"])
    expect(thread.get_by_role("status")).to_contain_text("2 names.")
    ada.keyboard.press("ArrowDown")
    chosen = names.get_by_role("option", name="Émile Bo")
    expect(chosen).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    has_focus(thread, field)
    ada.keyboard.press("Enter")
    expect(field).to_have_value("I agree with @Émile Bo ")
    expect(names).to_have_count(0)
    assert asked == []
    ada.keyboard.press("Control+z")
    expect(field).to_have_value("I agree with @bo")


def test_a_list_of_names_is_closed_and_left_alone(daily: Daily, ada: Page) -> None:
    Past(daily).say("First", name="Bob")
    thread = visit(ada, daily)
    field = opened(thread)
    names = thread.get_by_role("listbox")
    ada.keyboard.type("mail ada@b")
    expect(names).to_have_count(0)
    ada.keyboard.type(" or @b")
    expect(names).to_be_visible()
    ada.keyboard.press("Escape")
    expect(names).to_have_count(0)
    ada.keyboard.type("o")
    expect(names).to_have_count(0)
    ada.keyboard.type(" and @")
    expect(names).to_be_visible()
    ada.keyboard.press("Tab")
    expect(field).to_have_value("mail ada@b or @bo and @Bob ")
    has_focus(thread, field)
    ada.keyboard.type("@")
    names.get_by_role("option", name="Bob").click()
    expect(field).to_have_value("mail ada@b or @bo and @Bob @Bob ")


def test_no_name_is_taken_while_an_input_method_composes(daily: Daily, ada: Page) -> None:
    Past(daily).say("First", name="こんにちは")
    thread = visit(ada, daily)
    field = opened(thread)
    ada.keyboard.type("@")
    expect(thread.get_by_role("listbox")).to_be_visible()
    field.evaluate(COMPOSING, "@こ")
    expect(thread.get_by_role("listbox")).to_have_count(0)
    field.evaluate("(field) => field.dispatchEvent(new InputEvent('input', {bubbles: true}))")
    expect(thread.get_by_role("listbox")).to_be_visible()
    event = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})"
    assert field.evaluate(f"(field) => field.dispatchEvent({event})")
    expect(field).to_have_value("@こ")
