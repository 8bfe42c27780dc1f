"""All words of the widget can be read on every page: computed in the browser, for whatever colours came out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from comments_service.demo.exhibitions import PAPERS
from tests.browser.conftest import Daily, OpenPage, thread_of
from tests.browser.conversation import box, comment, reply, visit, write
from tests.browser.looks import talk
from tests.browser.places import World

ENOUGH = 4.5
SCHEMES = ("light", "dark")
# Pages as they are: one that knows only light, one that is dark by a class of its own, one by its colour scheme alone,
# one in brown on cream, and one that follows the system.
PAGES = {
    "light": "html { background: #fff; color: #1b1b1b }",
    "dark by class": "html { background: #10151a; color: #dfe4e8 }",
    "dark by scheme": "html { color-scheme: dark; background: Canvas; color: CanvasText }",
    "sepia": "html { background: #f4ecd8; color: #5b4636 }",
    "of the system": "html { color-scheme: light dark; background: Canvas; color: CanvasText }",
}
# What is drawn under the words, layer by layer, through shadow roots; then WCAG's ratio (2.2, relative luminance).
FIND_WEAK = """enough => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
  const above = element => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host ?? null;
  const ground = element => {
    const layers = [];
    for (let at = element; at; at = above(at)) {
      const found = rgba(getComputedStyle(at).backgroundColor);
      layers.push(found);
      if (found[3] === 1) break;
      if (at.matches("dialog, :popover-open")) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), rgba("Canvas"));
  };
  const light = ([r, g, b]) => [r, g, b]
    .map(value => value / 255)
    .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const opacity = element => {
    let found = 1;
    for (let at = element; at; at = above(at)) found *= Number(getComputedStyle(at).opacity);
    return found;
  };
  const told = [];
  let looked = 0;
  for (const host of document.querySelectorAll("comments-thread, comments-share, comments-count")) {
    for (const element of host.shadowRoot.querySelectorAll("*")) {
      const words = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
      const empty = element.matches("textarea, input") && element.placeholder && !element.value;
      if (!words && !empty) continue;
      const box = element.getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || !element.checkVisibility({ visibilityProperty: true })) continue;
      const style = getComputedStyle(element, empty ? "::placeholder" : null);
      const behind = ground(element);
      const [r, g, b, a] = rgba(style.color);
      const alpha = a * opacity(element) * (empty ? Number(style.opacity) : 1);
      const found = ratio(over([r, g, b, alpha], behind), behind);
      looked += 1;
      if (found < enough) {
        const name = `${element.localName}.${element.className}`;
        told.push(`${found.toFixed(2)} ${name} “${(element.textContent || element.placeholder).slice(0, 30)}”`);
      }
    }
  }
  return { looked, told };
}"""


def legible(page: Page, *, at_least: int) -> None:
    found = page.evaluate(FIND_WEAK, ENOUGH)
    assert found["told"] == []
    assert found["looked"] >= at_least


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("look", PAGES)
def test_all_words_can_be_read_on_any_page_whatever_the_system_says(
    make_site: Callable[..., Daily], ada: Page, look: str, scheme: str
) -> None:
    ada.add_init_script(
        f"const sheet = new CSSStyleSheet(); sheet.replaceSync('{PAGES[look]}'); document.adoptedStyleSheets = [sheet]"
    )
    ada.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    daily = make_site(moderation="post", held_words=["slow"], banned_words=["spamword"])
    talk(daily)
    elements = f'<comments-share></comments-share><comments-thread thread="{daily.thread}"></comments-thread>'
    thread = visit(ada, daily, elements=elements)
    legible(ada, at_least=40)
    for words in ("A slow one", "A spamword"):
        write(thread, words)
        expect(comment(thread, words)).to_be_visible()
    box(thread).fill("x" * 10_050)
    reply(thread, "Answer 1", " ")
    expect(thread.get_by_role("alert")).to_have_text("Write something first.")
    thread.get_by_role("button", name="Search").click()
    expect(thread.get_by_role("textbox", name="Search these comments")).to_be_visible()
    legible(ada, at_least=50)
    ada.locator("comments-share").get_by_role("button", name="More").click()
    expect(ada.locator("comments-share").locator(":popover-open")).to_be_visible()
    legible(ada, at_least=50)
    ada.keyboard.press("Escape")
    comment(thread, "Answer 2").get_by_role("button", name="Report").click()
    expect(thread.get_by_role("dialog")).to_be_visible()
    legible(ada, at_least=50)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", [paper.name for paper in PAPERS])
def test_all_words_can_be_read_in_the_colours_of_five_papers(
    world: World, open_page: OpenPage, accessible: Callable[..., None], *, name: str, scheme: str
) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": 360, "height": 800})
    page.goto(f"{world.paper}/themes/{name}")
    thread = thread_of(page)
    expect(thread.locator("article").first).to_be_visible()
    thread.locator("textarea").first.focus()
    expect(thread.locator("[part~=primary]")).to_be_visible()
    legible(page, at_least=15)
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
