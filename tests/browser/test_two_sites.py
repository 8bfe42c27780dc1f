"""The ground that the browser tests stand on: two sites, a strict policy, and a watch that misses nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import World

EMPTY = '<!doctype html><html lang="en"><title>Trams</title><body><main><h1>Trams</h1>{}</main></body></html>'


def visit(page: Page, world: World, body: str = "", headers: dict[str, str] | None = None) -> None:
    page.goto(world.host.put("/trams", EMPTY.format(body), headers or {}))


@pytest.mark.expects(r"ERR_BLOCKED_BY_RESPONSE\.NotSameSite")
def test_the_newspaper_and_the_service_are_two_sites(world: World, ada: Page) -> None:
    visit(ada, world)
    # This answer says that only its own site may have it: the browser itself tells that the two are not one.
    ada.evaluate("(url) => fetch(url, {mode: 'no-cors'}).catch(() => null)", f"{world.service}/healthz")


def test_the_newspaper_is_there(world: World, ada: Page) -> None:
    ada.route("**/embed.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    ada.goto(world.paper)
    expect(ada.get_by_role("link", name="Lantern").first).to_be_visible()


@pytest.mark.expects(r"foreign request: https://tracker\.invalid/pixel", r"tracker\.invalid")
def test_a_request_to_a_stranger_is_seen(world: World, ada: Page) -> None:
    visit(ada, world)
    ada.evaluate("fetch('https://tracker.invalid/pixel').catch(() => null)")


@pytest.mark.expects("policy broken: require-trusted-types-for", "TrustedHTML")
def test_a_broken_policy_is_seen(world: World, ada: Page) -> None:
    visit(ada, world, headers=world.strict)
    ada.evaluate("try { document.body.innerHTML = '<b>x</b>' } catch {}")


@pytest.mark.expects("uncaught: .*lost")
def test_an_error_that_nobody_caught_is_seen(world: World, ada: Page) -> None:
    visit(ada, world)
    ada.evaluate("setTimeout(() => { throw new Error('lost') })")


def test_axe_finds_what_a_screen_reader_would_miss(world: World, ada: Page, accessible: Callable[..., None]) -> None:
    visit(ada, world)
    accessible(ada)
    visit(ada, world, "<button></button>")
    with pytest.raises(AssertionError, match="button-name"):
        accessible(ada)
