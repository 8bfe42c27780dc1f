"""Everybody can use a thread: by keyboard, by ear, on a narrow screen, in the dark, from right to left."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Daily, OpenPage, thread_of
from tests.browser.conversation import Past, box, comment, has_focus, reply, visit, write
from tests.browser.looks import PAGES, paint, talk, usually

Check = Callable[..., None]
BROKEN = {"status": 503, "headers": {"access-control-allow-origin": "*"}}


@pytest.mark.parametrize("look", usually(PAGES, "light"))
def test_nothing_in_a_conversation_is_out_of_reach(daily: Daily, ada: Page, accessible: Check, look: str) -> None:
    paint(ada, look)
    talk(daily)
    thread = visit(ada, daily)
    accessible(ada)
    box(thread).fill("x" * 9_900)
    reply(thread, "Answer 1", " ")
    expect(thread.get_by_role("alert")).to_have_text("Write something first.")
    accessible(ada)
    comment(thread, "Answer 2").get_by_role("button", name="Report").click()
    expect(thread.get_by_role("dialog")).to_be_visible()
    accessible(ada)


@pytest.mark.parametrize("look", usually(PAGES, "light"))
def test_nothing_of_ones_own_is_out_of_reach(
    make_site: Callable[..., Daily], ada: Page, accessible: Check, look: str
) -> None:
    paint(ada, look)
    daily = make_site(moderation="pre", banned_words=["spamword"])
    thread = visit(ada, daily)
    accessible(ada)
    write(thread, "To be read first")
    expect(comment(thread, "To be read first")).to_be_visible()
    write(thread, "A spamword")
    expect(comment(thread, "A spamword")).to_be_visible()
    accessible(ada)
    comment(thread, "To be read first").get_by_role("button", name="Edit").click()
    accessible(ada)
    thread.get_by_role("button", name="Cancel").click()
    comment(thread, "To be read first").get_by_role("button", name="Withdraw").click()
    expect(thread.get_by_role("button", name="Undo")).to_be_visible()
    accessible(ada)


@pytest.mark.expects("status of 503", "status of 404")
@pytest.mark.parametrize("look", usually(PAGES, "light"))
def test_no_other_state_is_out_of_reach(daily: Daily, ada: Page, accessible: Check, look: str) -> None:
    paint(ada, look)
    past = Past(daily)
    far = past.chain(2)[-1]
    for number in range(21):
        past.say(f"Later {number}")
    visit(ada, daily, to=far)
    expect(thread_of(ada)).to_contain_text("You followed a link to one conversation.")
    accessible(ada)
    past.close()
    visit(ada, daily, to="0nothing")
    expect(thread_of(ada)).to_contain_text("is not here")
    accessible(ada)
    ada.route("**/thread?**", lambda route: None)
    ada.goto(daily.embed(script='data-loading="eager"'))
    expect(thread_of(ada).locator(".skeleton")).to_be_visible()
    accessible(ada)
    ada.unroute_all()
    ada.route("**/thread?**", lambda route: route.fulfill(**BROKEN))
    ada.goto(daily.embed(script='data-loading="eager"'))
    expect(thread_of(ada).get_by_role("button", name="Try again")).to_be_visible()
    accessible(ada)


@pytest.mark.parametrize("theme", ["light", "dark", "os"])
def test_a_chosen_theme_brings_both_of_its_colours(daily: Daily, ada: Page, accessible: Check, theme: str) -> None:
    ada.emulate_media(color_scheme="dark")
    talk(daily)
    thread = visit(ada, daily, elements=f'<comments-thread thread="{daily.thread}" theme="{theme}"></comments-thread>')
    expect(comment(thread, "Answer 0")).to_be_visible()
    accessible(ada)
    dark = thread.evaluate("(host) => host.dataset.tone")
    assert dark == ("light" if theme == "light" else "dark")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus."""
    for _ in range(60):
        if wanted.evaluate("(element) => element.getRootNode().activeElement === element"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {wanted}")


def test_a_comment_is_written_changed_and_taken_back_by_keyboard(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    thread = visit(ada, daily)
    tab_to(ada, box(thread))
    ada.keyboard.type("By hand")
    tab_to(ada, thread.get_by_role("textbox", name="Name", exact=True))
    ada.keyboard.type("Ada")
    tab_to(ada, thread.get_by_role("button", name="Post comment"))
    ada.keyboard.press("Enter")
    mine = comment(thread, "By hand")
    has_focus(thread, mine)
    tab_to(ada, mine.get_by_role("button", name="Edit"))
    ada.keyboard.press("Enter")
    field = thread.get_by_role("textbox", name="Edit your comment")
    has_focus(thread, field)
    ada.keyboard.press("End")
    ada.keyboard.type(" and by key")
    ada.keyboard.press("Control+Enter")
    mine = comment(thread, "By hand and by key")
    has_focus(thread, mine.get_by_role("button", name="Edit"))
    tab_to(ada, mine.get_by_role("button", name="Withdraw"))
    ada.keyboard.press("Space")
    has_focus(thread, thread.get_by_role("button", name="Undo"))
    ada.keyboard.press("Enter")
    has_focus(thread, mine)


def test_what_others_wrote_is_answered_and_judged_by_keyboard(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    thread = visit(ada, daily)
    first = comment(thread, "First")
    tab_to(ada, first.get_by_role("button", name="Recommend"))
    ada.keyboard.press("Enter")
    expect(first.get_by_role("button", name="Recommend 1")).to_be_focused()
    tab_to(ada, first.get_by_role("button", name="Reply"))
    ada.keyboard.press("Enter")
    has_focus(thread, first.get_by_role("textbox", name="Your reply to Bob"))
    expect(first.get_by_role("button", name="Cancel")).to_be_visible()
    ada.keyboard.press("Escape")
    has_focus(thread, first)
    tab_to(ada, first.get_by_role("button", name="Report"))
    ada.keyboard.press("Enter")
    dialog = thread.get_by_role("dialog")
    expect(dialog).to_be_visible()
    tab_to(ada, dialog.get_by_role("radio").first)
    ada.keyboard.press("Space")
    tab_to(ada, dialog.get_by_role("button", name="Send report"))
    ada.keyboard.press("Enter")
    has_focus(thread, first.get_by_role("button", name="Reported"))


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_makes_a_page_scroll_sideways(daily: Daily, open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 800}, has_touch=width < 700)
    past = Past(daily)
    past.say("x" * 300, name="W" * 60)
    past.say("https://paper.example/" + "long" * 60)
    past.say("```\n" + "wide " * 80 + "\n```")
    past.chain(7, name="A reader with a name of some length")
    thread = visit(page, daily)
    thread.get_by_role("button", name="more repl").click()
    expect(comment(thread, "Step 6")).to_be_visible()
    reply(thread, "Step 6", " ")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_pressed_is_large_enough_for_a_finger(daily: Daily, open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True)
    talk(daily)
    thread = visit(page, daily)
    boxes = [button.bounding_box() for button in thread.get_by_role("button").all() if button.is_visible()]
    sizes = [(found["width"], found["height"]) for found in boxes if found]
    assert len(sizes) > 20
    assert min(min(size) for size in sizes) >= 44


def test_a_page_from_right_to_left_has_its_thread_from_right_to_left(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.chain(2, name="سارة")
    past.say("English in between", to=past.say("مرحبا"))
    elements = f'<div dir="rtl"><comments-thread thread="{daily.thread}"></comments-thread></div>'
    thread = visit(ada, daily, elements=elements, lang="ar")
    outer, inner = (comment(thread, text).bounding_box() for text in ("Step 0", "Step 1"))
    assert outer
    assert inner
    assert outer["x"] + outer["width"] > inner["x"] + inner["width"]
    expect(comment(thread, "English in between").locator("p").first).to_have_css("direction", "ltr")
    expect(comment(thread, "مرحبا").locator("p").first).to_have_css("direction", "rtl")


def test_who_wants_no_motion_gets_none(daily: Daily, ada: Page) -> None:
    ada.emulate_media(reduced_motion="reduce")
    linked = Past(daily).say("Here")
    thread = visit(ada, daily, to=linked)
    target = comment(thread, "Here")
    expect(target).to_have_attribute("data-lit", "")
    expect(target).to_have_css("animation-name", "none")


def test_a_heading_level_is_the_pages_choice(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    elements = f'<comments-thread thread="{daily.thread}" heading-level="4"></comments-thread>'
    thread = visit(ada, daily, elements=elements)
    expect(thread.get_by_role("heading", level=4)).to_have_text("1 comment")
    expect(thread.get_by_role("heading", level=5)).to_have_text("Bob")


def test_the_parts_and_properties_are_those_that_are_promised(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    thread = visit(ada, daily)
    write(thread, "Second")
    expect(comment(thread, "Second")).to_be_visible()
    parts = "thread composer comment author body actions badge button primary field"
    found = set(" ".join(thread.locator("[part]").evaluate_all("(all) => all.map((one) => one.part.value)")).split())
    assert found >= set(parts.split())
    names = "accent accent-text text muted border danger surface field font radius space sticky-offset"
    sheets = thread.evaluate(
        "(host) => host.shadowRoot.adoptedStyleSheets.flatMap((one) => [...one.cssRules].map((rule) => rule.cssText))"
    )
    used = "\n".join(sheets)
    assert [name for name in names.split() if f"var(--comments-{name}" not in used] == []
