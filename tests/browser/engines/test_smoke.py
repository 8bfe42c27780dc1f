"""The journey that must work everywhere, in three engines: Chromium, Firefox and WebKitGTK."""

import signal
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import Daily
from tests.browser.conversation import Past
from tests.browser.engines.reader import Reader
from tests.browser.engines.starting import ENGINES, Engine, Outside, running
from tests.browser.places import World

pytestmark = pytest.mark.engines
ARTICLE = "harbour/night-ferry"
TRAP = """
window.errors = [];
addEventListener("error", (event) => errors.push(`uncaught: ${event.message}`));
addEventListener("unhandledrejection", (event) => errors.push(`rejected: ${event.reason}`));
addEventListener("securitypolicyviolation", (event) => errors.push(`policy: ${event.violatedDirective}`));
console.error = (...words) => errors.push(`said: ${words.join(" ")}`);
"""
# Relative luminance and contrast: WCAG 2.2, "relative luminance" and "contrast ratio".
CONTRAST = """
const numbers = (colour) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
};
const light = (colour) => {
  const [r, g, b] = numbers(colour).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const both = [getComputedStyle(arguments[0]).color, getComputedStyle(document.body).backgroundColor].map(light);
return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
"""


Started = tuple[Reader, Outside]


@pytest.fixture(scope="module", autouse=True)
def ended_in_order() -> Iterator[None]:
    """Who ends the tests ends the browsers too, which would live on in groups of their own."""
    before = signal.signal(signal.SIGTERM, lambda *_: pytest.exit("ended from outside", 128 + signal.SIGTERM))
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="module", params=[pytest.param(engine, id=engine.name) for engine in ENGINES])
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    engine: Engine = request.param
    folder = tmp_path_factory.mktemp(engine.name)
    with running(engine, folder) as (driver, outside):
        driver.set_window_rect(width=1280, height=1000)
        yield Reader(driver), outside


@pytest.fixture
def reader(started: Started, world: World) -> Iterator[Reader]:
    """Somebody whose pages throw nothing and ask no stranger for anything."""
    one, outside = started
    before = len(outside.strangers())
    yield one
    assert one.errors() == []
    assert one.asked() <= world.origins
    assert outside.strangers()[before:] == []


def test_a_reader_reads_sorts_writes_answers_and_takes_back(reader: Reader, world: World) -> None:
    reader.open(f"{world.paper}/{ARTICLE}")
    reader.see("button", "Copy link")
    _come_to_the_thread(reader)
    reader.see("h2", "comments")
    reader.see("ol article .body")
    first = reader.texts("ol article .body")[0]
    reader.focus("select", "Newest")
    reader.press(Keys.ARROW_DOWN)
    reader.wait(lambda: reader.texts("ol article .body")[:1] not in ([], [first]), "another order")
    _write(reader)
    _answer_and_react(reader)
    _change_and_withdraw(reader)


def _come_to_the_thread(reader: Reader) -> None:
    """It is loaded when it is near; whether a reload comes back to where one was is up to the browser."""
    reader.run("document.querySelector('comments-thread').scrollIntoView()")


def _write(reader: Reader) -> None:
    """A draft that survives a reload, and then is sent by keys."""
    reader.focus("textarea", "Your comment")
    reader.press("The ferry was late.")
    reader.wait(lambda: reader.run("return JSON.stringify(localStorage).includes('The ferry was late.')"), "a draft")
    reader.reload()
    _come_to_the_thread(reader)
    field = reader.see("textarea", "Your comment")
    reader.wait(lambda: reader.value(field) == "The ferry was late.", "the draft in its field")
    reader.run("arguments[0].focus()", field)
    reader.run("arguments[0].focus()", field)
    reader.focus("input", "Name")
    reader.press("Ada")
    reader.run("arguments[0].focus()", field)
    reader.chord(Keys.ENTER)
    mine = reader.see("article", "The ferry was late.")
    assert "Only you can see this" in reader.text(mine)
    reader.wait(lambda: reader.focused() == mine, "the focus on the new comment")


def _answer_and_react(reader: Reader) -> None:
    other = reader.run("return arguments[0].closest('article')", reader.see("button", "Report"))
    reader.click("button", "Reply", within=other)
    reader.wait(lambda: reader.run("return arguments[0]?.localName", reader.focused()) == "textarea", "a field")
    reader.press("I was on it.")
    reader.chord(Keys.ENTER)
    reader.see("article", "I was on it.")
    reader.click("button", "Recommend", within=other)
    reader.wait(lambda: reader.all("button[aria-pressed=true]", within=other), "the recommendation")
    reader.click("button", "Report", within=other)
    dialog = reader.see("dialog[open]", "Report this comment")
    reader.click("label", "It attacks or insults somebody", within=dialog)
    reader.click("button", "Send report", within=dialog)
    reader.see("button", "Reported")


def _change_and_withdraw(reader: Reader) -> None:
    mine = reader.see("article", "The ferry was late.")
    reader.click("button", "Edit", within=mine)
    field = reader.see("textarea", "Edit your comment")
    reader.wait(lambda: reader.value(field), "the text to be edited")
    reader.chord("a")
    reader.press("The ferry was early.")
    reader.click("button", "Save")
    mine = reader.see("article", "The ferry was early.")
    reader.click("button", "Withdraw", within=mine)
    reader.see("button", "Undo")
    reader.reload()
    _come_to_the_thread(reader)
    reader.see("article", "I was on it.")
    reader.gone("article", "The ferry was early.")


@pytest.mark.parametrize("colours", ["background: #14181c; color: #e6e8ea", "background: #fff; color: #111"])
def test_a_page_of_any_colour_and_direction_is_drawn(reader: Reader, daily: Daily, colours: str) -> None:
    Past(daily).say("Some **words** and a [link](https://paper.example)\n\n> a quote")
    for lang, words in (("en", "Reply"), ("ar", "رد")):
        address = f"/{daily.key}/{lang}"
        text = (
            f'<!doctype html><html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"><meta charset="utf-8">'
            f"<title>Trams</title><style>body {{ {colours} }}</style><script>{TRAP}</script>"
            f'<script async src="{daily.world.service}/embed.js" data-site="{daily.key}" data-loading="eager"></script>'
            f'<comments-share></comments-share><comments-thread thread="{daily.thread}"></comments-thread>'
        )
        reader.open(daily.world.host.put(address, text, {}))
        body = reader.see("article .body", "Some words")
        reader.see("button", words)
        for part in (body, *reader.all("h2, h3 bdi, [data-act] span")):
            assert reader.run(CONTRAST, part) >= 4.5
        assert reader.run("return getComputedStyle(arguments[0]).direction", body) == "ltr"
        assert reader.run("return document.documentElement.scrollWidth <= innerWidth")
        assert reader.errors() == []


def test_the_strictest_page_breaks_no_policy(reader: Reader, daily: Daily) -> None:
    Past(daily).say("Here before")
    reader.open(daily.embed(script='data-loading="eager"'))
    reader.see("article .body", "Here before")
    reader.focus("textarea", "Your comment")
    reader.see("button", "Post comment")


def test_the_page_without_a_script_shows_the_conversation_and_takes_a_comment(reader: Reader, daily: Daily) -> None:
    Past(daily).say("Here before")
    url = quote(f"{daily.world.host.origin}/trams", safe="")
    reader.open(f"{daily.world.service}/s/{daily.key}/t/{daily.thread}?url={url}")
    assert reader.run("return document.scripts.length") == 0
    reader.see("article", "Here before")
    reader.click("a", "Write a comment")
    reader.focus("textarea", "Your comment")
    reader.press("Without a script.")
    reader.focus("input", "Your name")
    reader.press("Ada")
    reader.click("button", "Send the comment")
    reader.see("[role=status]", "Your comment is published.")
    reader.open(f"{daily.world.service}/s/{daily.key}/t/{daily.thread}?url={url}")
    reader.see("article", "Without a script.")


def test_a_stranger_would_be_noticed(started: Started, daily: Daily) -> None:
    reader, outside = started
    text = "<!doctype html><img src='http://stranger.example/x.png'><script>window.errors = []; x()</script>"
    reader.open(daily.world.host.put(f"/{daily.key}/stranger", text, {}))
    reader.wait(lambda: any("stranger.example" in one for one in outside.strangers()), "the stranger")
