"""The widget speaks the language of its page, in the direction of that language, and the owner may put it otherwise."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import sentences
from tests.browser import measuring
from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import Past, box, comment, visit
from tests.browser.desks import sign_in


def own(words: object, lang: str = "en") -> str:
    """A thread in which the owner has put some words otherwise."""
    text = words if isinstance(words, str) else json.dumps(words)
    return f'<comments-thread lang="{lang}"><script type="application/json">{text}</script></comments-thread>'


def test_an_owner_puts_single_words_otherwise(daily: Daily, ada: Page) -> None:
    thread_says = {"placeholder": "Say it kindly.", "empty": "Nobody yet."}
    words = {"thread": thread_says, "composer": {"comment": "Off it goes"}}
    thread = visit(ada, daily, elements=own(words))
    expect(thread.get_by_text("Nobody yet.")).to_be_visible()
    expect(box(thread)).to_have_attribute("placeholder", "Say it kindly.")
    box(thread).focus()
    expect(thread.get_by_role("button", name="Off it goes")).to_be_visible()


def test_an_owner_may_bring_a_language_that_we_do_not_have(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    for text in ("En", "Två"):
        past.say(text)
    words = {"thread": {"heading": {"one": "{n} kommentar", "other": "{n} kommentarer"}}}
    elements = own(words, lang="sv").replace("<comments-thread", f'<comments-thread thread="{daily.thread}"')
    thread = visit(ada, daily, elements=elements)
    expect(thread.get_by_role("heading", name="2 kommentarer")).to_be_visible()
    expect(thread.locator("section.thread")).to_have_attribute("lang", "sv")
    expect(thread.locator("time").first).to_have_text("nu")


@pytest.mark.expects("JSON")
def test_words_that_are_no_json_harm_nothing(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily, elements=own("{not json"))
    expect(thread.get_by_text("Be the first to say something.")).to_be_visible()


def test_a_page_in_a_language_that_nobody_has_is_english_throughout(daily: Daily, ada: Page) -> None:
    Past(daily).say("Hei")
    thread = visit(ada, daily, lang="fi")
    expect(thread.locator("section.thread")).to_have_attribute("lang", "en")
    expect(thread.locator("time").first).to_have_text("now")


def talk(daily: Daily) -> Past:
    past = Past(daily)
    first = past.say("Ein erster Gedanke", name="Uwe")
    past.say("Eine Antwort", name="سارة", to=first)
    return past


@pytest.mark.expects("status of 422")
def test_a_german_page_has_a_german_conversation(daily: Daily, ada: Page) -> None:
    talk(daily)
    thread = visit(ada, daily, lang="de-AT")
    expect(thread.get_by_role("heading", name="2 Kommentare")).to_be_visible()
    expect(thread.locator("section.thread")).to_have_attribute("lang", "de-AT")
    expect(thread.locator("time").first).to_have_text("jetzt")
    field = thread.get_by_role("textbox", name="Ihr Kommentar")
    field.fill("Hallo")
    thread.get_by_role("textbox", name="Name", exact=True).fill("\u200b")
    thread.get_by_role("button", name="Kommentar senden").click()
    expect(thread.get_by_role("alert")).to_contain_text("Geben Sie einen Namen mit 1 bis 60 Zeichen an.")


def test_a_language_is_one_more_file_and_english_none(daily: Daily, ada: Page, bob: Page) -> None:
    loaded: list[str] = []
    for page, lang in ((ada, "en-GB"), (bob, "fr-CA")):
        page.on("request", lambda request: loaded.append(request.url.rpartition("/")[2]))
        visit(page, daily, lang=lang)
    languages = [name for name in loaded if len(name.partition(".")[0]) == 2]
    assert [name.partition(".")[0] for name in languages] == ["fr"]


def test_another_language_is_taken_up_where_the_thread_stands(daily: Daily, ada: Page) -> None:
    talk(daily)
    thread = visit(ada, daily)
    for lang, words in (("de", "2 Kommentare"), ("fr", "2 commentaires"), ("en", "2 comments")):
        thread.evaluate("(element, lang) => element.setAttribute('lang', lang)", lang)
        expect(thread.get_by_role("heading", name=words)).to_be_visible()


@pytest.mark.expects("ERR_FAILED")
def test_without_its_words_a_conversation_is_english(daily: Daily, ada: Page) -> None:
    talk(daily)
    ada.route("**/a/de.*.js*", lambda route: route.abort())
    thread = visit(ada, daily, lang="de")
    expect(thread.get_by_role("heading", name="2 comments")).to_be_visible()


def test_words_that_do_not_come_keep_nobody_waiting(daily: Daily, ada: Page) -> None:
    talk(daily)
    ada.route("**/a/de.*.js*", lambda route: None)
    thread = visit(ada, daily, lang="de")
    expect(thread.get_by_role("heading", name="2 comments")).to_be_visible()


def test_counts_and_the_share_row_speak_too(daily: Daily, ada: Page) -> None:
    talk(daily)
    elements = f'<comments-share></comments-share><comments-count thread="{daily.thread}">?</comments-count>'
    ada.goto(daily.embed(elements, lang="ar"))
    expect(ada.get_by_text("تعليقان", exact=True)).to_be_visible()
    row = ada.get_by_role("group", name="مشاركة هذا المقال")
    expect(row.get_by_role("button", name="نسخ الرابط")).to_be_visible()
    expect(row).to_have_css("direction", "rtl")


@pytest.mark.parametrize("lang", ["ar", "he"])
def test_from_right_to_left_all_is_the_other_way_round(
    daily: Daily, ada: Page, lang: str, accessible: Callable[..., None]
) -> None:
    """On a page from left to right, so that nothing but the language turns it."""
    talk(daily)
    thread = visit(ada, daily, lang=lang)
    expect(thread.locator("section.thread")).to_have_css("direction", "rtl")
    outer, inner = (comment(thread, text).bounding_box() for text in ("Ein erster Gedanke", "Eine Antwort"))
    assert outer
    assert inner
    assert outer["x"] + outer["width"] > inner["x"] + inner["width"]
    expect(comment(thread, "Eine Antwort").locator("p").first).to_have_css("direction", "ltr")
    accessible(ada)
    comment(thread, "Eine Antwort").locator('[data-act="flag"]').click()
    expect(thread.locator("dialog")).to_have_css("direction", "rtl")
    expect(thread.locator("dialog")).to_have_attribute("lang", lang)
    accessible(ada)


WIDER = """root => {
  const shadows = [root, ...[...root.querySelectorAll("*")].flatMap((one) => one.shadowRoot ? [one.shadowRoot] : [])];
  const wide = (one) => {
    const box = one.getBoundingClientRect();
    const seen = box.width > 1 && box.height > 1 && getComputedStyle(one).visibility !== "hidden";
    return seen && (box.right > innerWidth + 1 || box.left < -1);
  };
  const found = shadows.flatMap((shadow) => [...shadow.querySelectorAll("*")]).filter(wide);
  return [document.documentElement.scrollWidth > innerWidth, found.map((one) => one.outerHTML.slice(0, 120))];
}"""


def pseudo(text: Any) -> Any:
    """English with four tenths more, in longer words too."""
    if isinstance(text, dict):
        return {name: pseudo(form) for name, form in text.items()}
    words = [f"{word}{'ö' * (len(word) * 2 // 5)}" if "{" not in word else word for word in text.split(" ")]
    return " ".join([*words, *["öö"] * (len(text) // 20)])


def fits(page: Page) -> None:
    """Nothing stands out of the page, to whichever side."""
    assert page.evaluate(WIDER, page.locator("html").element_handle()) == [False, []]


def test_words_longer_by_four_tenths_stand_out_of_nothing(daily: Daily, open_page: OpenPage) -> None:
    words = "".join(f"export const {part} = {json.dumps(pseudo(said))};" for part, said in sentences.widget().items())
    headers = {"access-control-allow-origin": "*"}
    page = open_page(viewport={"width": 320, "height": 700}, has_touch=True, is_mobile=True)
    page.route(
        re.compile(r"/a/de(more)?\.\w+\.js$"),
        lambda route: route.fulfill(content_type="text/javascript", body=words, headers=headers),
    )
    past = talk(daily)
    past.say("Mehr " * 60, name="Ein Name von fast sechzig Zeichen, der gerade hineinpasst")
    elements = f'<comments-share></comments-share><comments-thread thread="{daily.thread}"></comments-thread>'
    thread = visit(page, daily, elements=elements, lang="de")
    expect(thread.get_by_role("heading").first).to_contain_text("öö")
    fits(page)
    thread.locator("textarea").first.fill("x" * 9_900)
    expect(thread.locator("button.primary").first).to_be_visible()
    fits(page)
    comment(thread, "Eine Antwort").locator('[data-act="reply"]').click()
    expect(thread.locator("form.reply")).to_be_visible()
    fits(page)
    comment(thread, "Eine Antwort").locator('[data-act="flag"]').click()
    expect(thread.locator("dialog")).to_contain_text("öö")
    fits(page)
    page.keyboard.press("Escape")
    thread.locator(".sort > button").click()
    expect(thread.get_by_role("search")).to_be_visible()
    fits(page)
    share = page.locator("comments-share")
    share.locator("[part~=more]").click()
    expect(share.locator(":popover-open")).to_be_visible()
    fits(page)
    share.locator(":popover-open [part~=mastodon]").click()
    expect(share.get_by_role("dialog")).to_be_visible()
    fits(page)


LONGER = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.parentElement.closest("pre, code, textarea, .comments-body, .said")) continue;
    node.data = node.data.replace(/[A-Za-z]{3,}/g, (word) => word + "ö".repeat(Math.ceil(word.length * 0.4)));
  }
}"""


@pytest.mark.parametrize("part", ["", "/write", "/yours", "/search?q=gedanke"])
def test_pages_without_javascript_take_longer_words(daily: Daily, open_page: OpenPage, part: str) -> None:
    talk(daily)
    page = open_page(viewport={"width": 320, "height": 700})
    page.goto(f"{daily.world.service}/s/{daily.key}/t/{daily.thread}{part}")
    fits(page)
    page.evaluate(LONGER)
    fits(page)


def test_the_desk_takes_longer_words(make_site: Callable[..., Daily], open_page: OpenPage) -> None:
    daily = make_site(moderation="pre")
    for text in ("Ein erster Gedanke", "Mehr " * 60):
        Past(daily).say(text)
    page = sign_in(open_page(viewport={"width": 320, "height": 700}), daily, "Ann", role="owner")
    for path in ("queue", "second-factor", f"sites/{daily.key}", f"sites/{daily.key}/people"):
        page.goto(f"{daily.world.service}/desk/{path}")
        page.evaluate(LONGER)
        assert measuring.fits(page), path
        assert measuring.cut_words(page).wrong == []


@pytest.mark.parametrize("lang", ["de", "fr", "ar", "he"])
def test_pages_without_javascript_speak_every_language(
    daily: Daily, open_page: OpenPage, lang: str, accessible: Callable[..., None]
) -> None:
    talk(daily)
    page = open_page(viewport={"width": 320, "height": 700})
    page.goto(f"{daily.world.service}/s/{daily.key}/t/{daily.thread}?lang={lang}")
    direction = "rtl" if lang in {"ar", "he"} else "ltr"
    expect(page.locator("html")).to_have_css("direction", direction)
    fits(page)
    accessible(page)
