"""Hostile texts go through every verb, in the long run all of them, and wherever a browser shows one it does not act.

No policy saves the page here: the browser passes over them all. That the trap works is the first test.
"""

import json
import secrets
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from playwright.sync_api import Browser, Dialog, Page, expect

from comments_service import reading, signing_in, staff, text
from comments_service.accounts import MAX_NAME
from comments_service.database import now
from comments_service.web.pages.feeds import NO_XML
from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import Past, opened, reply, tools, visit, write
from tests.browser.corpus import BETTER, Corpus, allowed, batches, made, trap, wrong_in, wrong_on
from tests.browser.places import World
from tests.browser.watching import Watch
from tests.hostile import ACTS, FORMS, PAYLOADS, SAMPLE
from tests.test_pages_hostile import ATTRIBUTES, OURS

pytestmark = pytest.mark.gate
SCHEMA = Path(__file__).parents[1] / "schemas" / "json_feed.json"
ATOM = "{http://www.w3.org/2005/Atom}"
ANSWERS = "{http://purl.org/syndication/thread/1.0}"
THREADS_OF_A_PAGE = 6
HOST = {"html", "head", "body", "script", "comments-thread"}
HOST_ATTRIBUTES = {"src", "data-site", "data-tone", "thread", "loading"}
WIDGET = {
    "section", "div", "h2", "h3", "button", "label", "select", "option", "form", "textarea", "p", "ol", "ul", "li",
    "article", "header", "span", "bdi", "a", "time", "svg", "path", "br", "blockquote", "code", "pre", "strong", "em",
}  # fmt: skip
WIDGET_ATTRIBUTES = {
    "class", "part", "lang", "dir", "id", "tabindex", "type", "value", "novalidate", "for", "rows", "placeholder",
    "role", "style", "href", "datetime", "title", "data-act", "viewBox", "d", "hidden", "rel", "aria-labelledby",
    "aria-describedby", "aria-hidden", "aria-pressed",
}  # fmt: skip
COMPOSER = HOST | WIDGET | {
    "title", "meta", "main", "h1", "input", "details", "summary", "dialog", "fieldset", "legend",
}  # fmt: skip
COMPOSER_ATTRIBUTES = HOST_ATTRIBUTES | WIDGET_ATTRIBUTES | {
    "charset", "name", "content", "async", "data-loading", "maxlength", "autocomplete", "aria-label", "aria-expanded",
    "aria-controls", "aria-haspopup", "aria-disabled", "aria-keyshortcuts", "aria-invalid", "aria-busy", "open",
    "aria-autocomplete", "aria-activedescendant", "inputmode", "enterkeyhint", "data-lit", "spellcheck", "disabled",
    "checked", "required",
}  # fmt: skip
# What a text makes at most, wherever it is shown as HTML.
WRITTEN = {"p", "strong", "em", "blockquote", "code", "pre", "ul", "ol", "li", "br", "a"}
# Everything that the texts do, so that a trap which hears less of it is found out.
HEARD = {
    "alert", "confirm", "prompt", "print", "pwned", "open", "setTimeout", "Function", "fetch", "sendBeacon",
    "XMLHttpRequest", "WebSocket", "hash", "document.title", "document.cookie",
}  # fmt: skip
SEEN = {"something was stored", "words outside of everything: pwned", "element: <iframe", "attribute onerror: <img"}
DESK = OURS | {
    "b", "dd", "dialog", "dl", "dt", "kbd", "mark", "option", "q", "script", "select", "table", "tbody", "td", "th",
    "tr",
}  # fmt: skip
DESK_ATTRIBUTES = ATTRIBUTES | {
    "aria-live", "autocapitalize", "data-count", "data-csrf", "data-do", "data-empty", "data-help", "data-id",
    "data-line", "data-list", "data-mark", "data-name", "data-next", "data-number", "data-pages", "data-plain",
    "data-reports", "data-site", "data-status", "data-version", "defer", "hidden", "maxlength", "scope", "selected",
    "spellcheck", "src", "target", "viewBox",
}  # fmt: skip


@pytest.fixture(scope="module")
def corpus(world: World, request: pytest.FixtureRequest) -> Corpus:
    """All of the texts when the long run asks for them, else a fifth of them, with everything that they are made of."""
    return made(world, PAYLOADS if request.config.getoption("--long") else SAMPLE)


@pytest.fixture
def bare(open_page: OpenPage, world: World) -> Page:
    """A page on which no policy holds, with the trap in every frame."""
    return trapped(open_page(bypass_csp=True), world)


def trapped(page: Page, world: World) -> Page:
    """The same page, which says aloud when something acts in it."""
    page.add_init_script(trap(world))
    return page


def on_service(page: Page, world: World) -> None:
    """Go to an empty page of the service's own origin."""
    page.route("**/empty", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto(f"{world.service}/empty")


def shown_names(page: Page) -> Counter[str]:
    """The names on all cards, as they can be read."""
    return Counter(page.locator("article bdi").all_text_contents())


def heard_by(watch: Watch) -> set[str]:
    """What has acted, as far as the trap has said so."""
    return {one.split(": ")[2].split(" ")[0] for one in watch.troubles if "acted: " in one}


def test_the_trap_hears_all_that_the_texts_do(browser: Browser, world: World) -> None:
    """A page that puts texts into itself as they are, as no page should."""
    context = browser.new_context(bypass_csp=True)
    watch = Watch(context, own=world.origins)
    page = trapped(context.new_page(), world)
    on_service(page, world)
    what = allowed(world, HOST | WRITTEN | {"div"}, WIDGET_ATTRIBUTES)
    texts = [f"<script>{act}</script>" for act in ACTS] + list(PAYLOADS[: 5 * len(FORMS) : 4])
    # Some of them never end to load.
    wrong = wrong_in(page, texts, what, patience_ms=500)
    end = time.monotonic() + 15
    while not (heard := heard_by(watch)) >= HEARD and time.monotonic() < end:
        page.wait_for_timeout(100)
    context.close()
    assert heard >= HEARD
    assert {sign for sign in SEEN if any(one.startswith(sign) for one in wrong)} == SEEN
    assert any("foreign request" in trouble for trouble in watch.troubles)
    assert len(wrong) > len(texts)


def test_a_dialog_that_no_trap_holds_up_is_noticed(browser: Browser) -> None:
    page = browser.new_page()
    said: list[str] = []

    def note(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.set_content("<svg onload=alert(1)>")
    page.close()
    assert said == ["1"]


def test_nothing_acts_in_the_widget(corpus: Corpus, bare: Page) -> None:
    world, names = corpus.world, Counter[str]()
    what = allowed(world, COMPOSER, COMPOSER_ATTRIBUTES)
    tag = f'<script src="{world.service}/embed.js" data-site="{corpus.key}"></script>'
    for number, some in enumerate(batches(corpus.threads, THREADS_OF_A_PAGE)):
        threads = "".join(f'<comments-thread thread="{one}" loading="eager"></comments-thread>' for one in some)
        bare.goto(world.host.put(f"/{corpus.key}/widget-{number}", f"<!doctype html><body>{threads}{tag}</body>", {}))
        expect(bare.locator("comments-thread section:not([aria-busy]) form")).to_have_count(len(some))
        assert wrong_on(bare, what) == []
        names += shown_names(bare)
    assert set(corpus.names) <= set(names)
    assert names.total() == 2 * len(corpus.names)


def test_nothing_acts_that_is_typed_into_the_widget(daily: Daily, bare: Page) -> None:
    """A few of each kind, by hand: written, looked at before it is sent, edited, answered and reported."""
    Past(daily).say("Here before")
    thread = visit(bare, daily)
    what = allowed(daily.world, COMPOSER, COMPOSER_ATTRIBUTES)
    for number, payload in enumerate(PAYLOADS[::450], start=1):
        opened(thread, payload)
        thread.get_by_role("button", name="Preview").click()
        expect(thread.locator(".preview:not([aria-busy]), .preview[aria-busy=false]")).to_be_visible()
        assert wrong_on(bare, what) == []
        # It is called otherwise now.
        tools(thread).get_by_role("button").last.click()
        write(thread, payload, name=payload[:MAX_NAME])
        expect(thread.locator("article")).to_have_count(number + 1)
        mine = thread.locator("article").first
        mine.get_by_role("button", name="Edit").click()
        mine.get_by_role("textbox").fill(payload + BETTER)
        mine.get_by_role("button", name="Save").click()
        expect(mine).to_contain_text("Said better.")
        assert wrong_on(bare, what) == []
    reply(thread, "Here before", PAYLOADS[0], name=PAYLOADS[1][:MAX_NAME])
    thread.get_by_role("button", name="Report").last.click()
    thread.get_by_role("radio", name="Something else").check()
    thread.get_by_role("dialog").get_by_role("textbox").first.fill(PAYLOADS[0])
    assert wrong_on(bare, what) == []
    thread.get_by_role("button", name="Send report").click()
    expect(thread.get_by_role("button", name="Reported")).to_be_visible()


def test_nothing_acts_on_the_pages_without_javascript(corpus: Corpus, bare: Page) -> None:
    names, what = Counter[str](), allowed(corpus.world, OURS | {"script"}, ATTRIBUTES)
    for thread in corpus.threads:
        bare.goto(f"{corpus.world.service}/s/{corpus.key}/t/{thread}")
        assert wrong_on(bare, what) == []
        names += shown_names(bare)
    assert names.total() == 2 * len(corpus.names)
    assert set(names) >= set(corpus.names)


def test_nothing_acts_in_a_page_that_includes_the_conversation(corpus: Corpus, bare: Page) -> None:
    names, what = Counter[str](), allowed(corpus.world, OURS | HOST, ATTRIBUTES | HOST_ATTRIBUTES)
    for number, some in enumerate(batches(corpus.threads, THREADS_OF_A_PAGE)):
        base = f"{corpus.world.service}/s/{corpus.key}/t/"
        parts = [bare.request.get(f"{base}{one}/fragment.html").text() for one in some]
        described = [bare.request.get(f"{base}{one}/jsonld").text() for one in some]
        data = "".join(f'<script type="application/ld+json">{one}</script>' for one in described)
        inside = "".join(f"<comments-thread>{part}</comments-thread>" for part in parts)
        page = f"<!doctype html><body>{inside}{data}</body>"
        bare.goto(corpus.world.host.put(f"/{corpus.key}/fragment-{number}", page, {}))
        read = bare.locator("script").evaluate_all("all => all.map((one) => (one.replaceWith(), one.textContent))")
        assert read == described
        assert all(json.loads(one)["comment"] for one in read)
        assert wrong_on(bare, what) == []
        names += shown_names(bare)
    assert names.total() == 2 * len(corpus.names)


def test_nothing_acts_in_feeds_nor_in_who_reads_them(corpus: Corpus, bare: Page) -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    what, world = allowed(corpus.world, HOST | WRITTEN | {"div"}, {"href", "rel", "data-written"}), corpus.world
    entries: list[str] = []
    for thread in corpus.threads:
        base = f"{world.service}/s/{corpus.key}/t/{thread}/feed"
        feed, atom = bare.request.get(f"{base}.json").json(), bare.request.get(f"{base}.atom").text()
        validator.validate(feed)
        root = ET.fromstring(atom)  # noqa: S314 - our own answer
        assert {one.tag.partition("}")[0] + "}" for one in root.iter()} == {ATOM, ANSWERS}
        html = [item["content_html"] for item in feed["items"]]
        # XML has no room for a few characters.
        assert [one.findtext(f"{ATOM}content") for one in root.findall(f"{ATOM}entry")] == [
            NO_XML.sub("\ufffd", one) for one in html
        ]
        entries += html
    assert len(entries) == 2 * len(corpus.names)
    on_service(bare, world)
    # As a reader of feeds shows it that trusts its feeds, several on a page.
    pages = ["".join(f"<div data-written>{one}</div>" for one in some) for some in batches(entries, 50)]
    assert wrong_in(bare, pages, what) == []
    for thread in corpus.threads[::20]:
        for kind in ("atom", "json"):
            bare.goto(f"{world.service}/s/{corpus.key}/t/{thread}/feed.{kind}")


def test_nothing_acts_on_the_page_and_in_the_quote_of_a_comment(corpus: Corpus, bare: Page) -> None:
    on_service(bare, corpus.world)
    what = allowed(corpus.world, OURS | {"base", "figure", "figcaption"}, ATTRIBUTES | {"target", "cite"})
    # A third of them for each: every form, with several of its acts.
    addresses = [f"/c/{one}" for one in corpus.replies[::3]] + [f"/c/{one}/quote.html" for one in corpus.roots[::3]]
    get = "(all) => Promise.all(all.map(async (one) => (await fetch(one)).text()))"
    for some in batches(addresses, 40):
        assert wrong_in(bare, bare.evaluate(get, some), what) == []


@pytest.fixture
def desk(corpus: Corpus, bare: Page) -> Page:
    """The owner of the site, signed in."""
    login = f"ann-{secrets.token_hex(4)}"
    with corpus.world.sessions.begin() as session:
        staff.add(session, reading.site(session, corpus.key), login=login, name="Ann", role="owner", at=now())
        token = signing_in.make_link(session, staff.by_login(session, login), at=now())
    bare.goto(f"{corpus.world.service}/desk/once/{token}")
    bare.get_by_role("button", name="Sign in").click()
    expect(bare.get_by_role("button", name="Sign out")).to_be_visible()
    return bare


def test_nothing_acts_in_the_queue_of_what_was_reported(corpus: Corpus, desk: Page) -> None:
    what, path, notes = allowed(corpus.world, DESK, DESK_ATTRIBUTES), "/desk/queue?status=reported", Counter[str]()
    names = Counter[str]()
    while path:
        desk.goto(f"{corpus.world.service}{path}")
        assert wrong_on(desk, what) == []
        names += Counter(desk.locator(".card").evaluate_all("all => all.map((one) => one.dataset.name)"))
        notes += Counter(desk.locator(".card").all_text_contents())
        following = desk.locator("a[rel=next]")
        path = following.get_attribute("href") or "" if following.count() else ""
    assert names == Counter(corpus.names)
    # Each card holds its text and, as what its reporter wrote, the same again.
    assert notes.total() == len(corpus.names)


def test_nothing_acts_in_the_record_of_a_comment_and_on_the_page_of_its_site(corpus: Corpus, desk: Page) -> None:
    what, world = allowed(corpus.world, DESK, DESK_ATTRIBUTES), corpus.world
    for one in [*corpus.roots[::150], *corpus.replies[1::150]]:
        desk.goto(f"{world.service}/desk/comments/{corpus.key}/{one}")
        assert wrong_on(desk, what) == []
        expect(desk.locator(".card")).to_have_count(1)
    for payload in PAYLOADS[::200]:
        with world.sessions.begin() as session:
            site = reading.site(session, corpus.key)
            site.name, site.held_words, site.hint_words = payload[:200], [payload[:60]], [payload[:60]]
            site.guidelines, site.guidelines_tree = payload, text.render(payload)
        desk.goto(f"{world.service}/desk/sites/{corpus.key}")
        expect(desk.get_by_role("heading", level=1)).to_have_text(" ".join(payload[:200].split()))
        assert wrong_on(desk, what) == []
