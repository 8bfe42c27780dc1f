"""One browser and one running world a session; a site, an article and browser contexts of its own for each test.

`ada`, `bob` and `outsider` are pages in browser contexts of their own: three people at three machines. Whatever their
pages complain about, ask of strangers or break of a policy fails the test, unless
`@pytest.mark.expects("regular expression", ...)` names it, and then it has to happen.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Locator, Page, expect, sync_playwright

from comments_service.tables import Site
from tests import needs
from tests.browser.places import World, running
from tests.browser.watching import Watch, judge

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE_MS = 10_000
OpenPage = Callable[..., Page]

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs in a browser, so that `-m "not browser"` leaves it out."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


def chromium() -> str:
    """Where the browser is."""
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        needs.missing(needs.CHROMIUM)
    return executable


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def world(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    database = Path(shutil.copy(template, folder / "comments.sqlite"))
    with running(folder, database) as found:
        yield found


@pytest.fixture
def open_page(request: pytest.FixtureRequest, browser: Browser, world: World) -> Iterator[OpenPage]:
    """A new page in a browser context of its own; keywords are those of Playwright's `new_context`."""
    watches = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        runs_scripts = options.get("java_script_enabled", True)
        watches.append((context, Watch(context, own=world.origins), runs_scripts))
        return context.new_page()

    yield opened
    for context, _, runs_scripts in watches:
        for page in context.pages if runs_scripts else ():
            # What is on its way is heard too; a page that is just leaving has nothing more to say. Without JavaScript
            # no timer ever ends.
            with suppress(Error):
                page.evaluate("new Promise((done) => setTimeout(done))")
        context.close()
    expected = [pattern for marker in request.node.iter_markers("expects") for pattern in marker.args]
    wrong = judge([trouble for _, watch, _ in watches for trouble in watch.troubles], expected=expected)
    assert not wrong, "In the browser:\n" + "\n".join(wrong)


@pytest.fixture
def ada(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def bob(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def outsider(open_page: OpenPage) -> Page:
    return open_page()


@dataclass(frozen=True, kw_only=True)
class Daily:
    """A site of this test alone, with pages of its own on the host."""

    key: str
    world: World
    thread: str = field(default_factory=lambda: f"article-{secrets.token_hex(4)}")

    def embed(self, elements: str | None = None, *, script: str = "", head: str = "", **page: Any) -> str:
        """The address of a strict page with the script tag and these elements: one thread, when left out.

        `script` are further attributes of the tag; `headers` replaces the strict ones, `lang` the page's language.
        """
        thread = f'<comments-thread thread="{escape(self.thread)}"></comments-thread>' if elements is None else elements
        text = (
            f'<!doctype html><html lang="{page.get("lang", "en")}"><head><meta charset="utf-8"><title>Trams</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'{head}<script async src="{self.world.service}/embed.js" data-site="{self.key}" {script}></script></head>'
            f"<body><main><h1>The trams are back</h1>{thread}</main></body></html>"
        )
        headers = self.world.strict if page.get("headers") is None else page["headers"]
        return self.world.host.put(f"/{self.key}/{secrets.token_hex(4)}", text, headers)


@pytest.fixture
def make_site(world: World) -> Callable[..., Daily]:
    """A new site whose only origin is the host's; keywords are columns of Site, such as moderation="pre"."""

    def made(**columns: Any) -> Daily:
        key = f"daily-{secrets.token_hex(4)}"
        usual = {"key": key, "name": "The Daily", "origins": [world.host.origin], "moderation": "post"}
        with world.sessions.begin() as session:
            session.add(Site(**usual | columns))
        return Daily(key=key, world=world)

    return made


@pytest.fixture
def daily(make_site: Callable[..., Daily]) -> Daily:
    return make_site()


@pytest.fixture
def accessible() -> Callable[..., None]:
    """Call it with a page, or a selector on it, in each state that it should be accessible in.

    Every rule of the standards runs, but for those that are named with a reason by whoever calls.
    """
    axe = Axe()

    def check(page: Page, within: str | None = None, *, without: Collection[str] = ()) -> None:
        rules = {name: {"enabled": False} for name in without}
        options = {"runOnly": {"type": "tag", "values": STANDARDS}, "rules": rules}
        results = axe.run(page, context=within, options=options)
        # Axe's own report cannot name what stands in a shadow root.
        found = [(one["id"], [node["target"] for node in one["nodes"]]) for one in results.response["violations"]]
        assert found == []

    return check


def thread_of(page: Page) -> Locator:
    """The widget's thread on a page; Playwright's locators reach into its shadow root."""
    return page.locator("comments-thread")
