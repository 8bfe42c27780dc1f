"""With JavaScript switched off a reader reads, writes, waits, answers, reports and takes back; in a real browser."""

import json
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from comments_service import moderating
from comments_service.database import now
from comments_service.judging import Actor
from comments_service.tables import Comment, Site
from tests.browser.conftest import Daily, OpenPage
from tests.browser.places import World
from tests.hostile import PAYLOADS

PERSON_MS = 3_000
STATES = (
    {"color_scheme": "light", "viewport": {"width": 320, "height": 700}},
    {"color_scheme": "dark", "viewport": {"width": 320, "height": 700}},
    {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
)


@pytest.fixture
def daily(make_site: Callable[..., Daily]) -> Daily:
    return make_site(moderation="first")


def address(daily: Daily, part: str = "") -> str:
    url = quote(f"{daily.world.host.origin}/trams", safe="")
    return f"{daily.world.service}/s/{daily.key}/t/{daily.thread}{part}?url={url}"


def send(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def write(page: Page, body: str, *, name: str, button: str = "Send the comment") -> None:
    page.get_by_role("textbox", name=re.compile("^Your (comment|answer)")).fill(body)
    # As fast as people write: what comes faster is taken for a script.
    page.get_by_label("Your name").press_sequentially(name, delay=PERSON_MS / len(name))
    send(page, button)


def approve(daily: Daily, words: str) -> None:
    with daily.world.sessions.begin() as session:
        site = session.scalars(select(Site).where(Site.key == daily.key)).one()
        one = session.scalars(select(Comment).where(Comment.site_id == site.id, Comment.plain.contains(words))).one()
        mia = Actor(kind="moderator", name="Mia")
        moderating.decide(session, site, one.id, verdict="published", version=one.version, by=mia, at=now())


def test_the_whole_conversation_works_without_javascript(daily: Daily, open_page: OpenPage) -> None:
    ada, bob = (open_page(java_script_enabled=False) for _ in range(2))
    ada.goto(address(daily))
    ada.get_by_role("link", name="Write the first comment").click()
    write(ada, "The trams are **late** again", name="Ada")
    expect(ada.get_by_role("status")).to_contain_text("waiting for a moderator")
    bob.goto(address(daily))
    expect(bob.get_by_text("The trams are")).to_have_count(0)
    approve(daily, "The trams are late")
    bob.goto(address(daily))
    expect(bob.get_by_role("article", name="Ada").locator("strong")).to_have_text("late")

    bob.get_by_role("link", name="Reply").click()
    expect(bob.get_by_text("The trams are")).to_be_visible()
    write(bob, "Mine came early", name="Bob", button="Send the answer")
    expect(bob.get_by_role("status")).to_contain_text("waiting for a moderator")
    approve(daily, "Mine came early")
    ada.goto(address(daily))
    reply = ada.get_by_role("article", name="Bob")
    expect(ada.locator("li li").get_by_role("article", name="Bob")).to_contain_text("Mine came early")
    _recommend_and_report(daily, ada, reply)
    _change_and_withdraw(daily, ada)
    bob.goto(address(daily))
    expect(bob.get_by_text("This comment was withdrawn by its author.")).to_be_visible()
    expect(bob.get_by_text("Mine came early")).to_be_visible()


def _recommend_and_report(daily: Daily, ada: Page, reply: Locator) -> None:
    reply.get_by_role("link", name="Recommend").click()
    send(ada, "Recommend")
    expect(ada.get_by_role("status")).to_contain_text("You recommend this comment")
    ada.goto(address(daily))
    reply.get_by_role("link", name="Report").click()
    ada.get_by_label("It attacks or insults somebody").check()
    send(ada, "Send the report")
    expect(ada.get_by_role("status")).to_contain_text("Thank you")


def _change_and_withdraw(daily: Daily, ada: Page) -> None:
    ada.goto(address(daily))
    ada.get_by_role("link", name="Your comments here").click()
    ada.get_by_role("link", name="Change").click()
    ada.get_by_role("textbox", name="Your comment").fill("The trams are late")
    send(ada, "Save")
    ada.get_by_role("link", name="Your comments here").click()
    ada.get_by_role("link", name="Withdraw").click()
    send(ada, "Withdraw it")
    expect(ada.get_by_role("status")).to_contain_text("withdrawn")


def test_an_article_of_the_newspaper_reads_without_javascript(world: World, open_page: OpenPage) -> None:
    reader = open_page(java_script_enabled=False)
    reader.goto(f"{world.paper}/town/market-street")
    comments = reader.locator("comments-thread article")
    expect(comments.first).to_be_visible()
    first = comments.first.get_attribute("id")
    reader.goto(f"{world.service}/s/demo/c/{(first or '').removeprefix('comment-')}")
    reader.wait_for_url(f"{world.paper}/town/market-street#{first}")
    expect(reader.locator(f"#{first}")).to_be_in_viewport()


def test_what_the_server_put_in_stays_until_the_widget_has_more(world: World, ada: Page) -> None:
    held: list[Callable[[], None]] = []
    ada.route("**/api/v1/sites/demo/thread?*", lambda route: held.append(route.continue_))
    static = ada.locator("comments-thread > .comments-static")
    # A quick browser asks for the thread before the page counts as loaded: the wait begins before the visit.
    with ada.expect_request("**/api/v1/sites/demo/thread?*"):
        ada.goto(f"{world.paper}/town/market-street#comments")
    expect(static.get_by_role("article").first).to_be_visible()
    while held:
        held.pop()()
    expect(static).to_have_count(0)
    expect(ada.locator("comments-thread").get_by_role("article").first).to_be_visible()


@pytest.mark.parametrize(
    "state", [STATES[0], *(pytest.param(state, marks=pytest.mark.long) for state in STATES[1:])],
    ids=["light", "dark", "wide"],
)  # fmt: skip
def test_every_page_is_accessible(
    world: World, open_page: OpenPage, accessible: Callable[..., None], state: dict[str, object]
) -> None:
    page = open_page(**state)
    thread = f"{world.service}/s/demo/t/market-street"
    page.goto(thread)
    one = (page.locator("article").first.get_attribute("id") or "").removeprefix("comment-")
    url = quote(f"{world.paper}/town/nothing-yet", safe="")
    comment = f"{world.service}/s/demo/c/{one}"
    for place in (
        thread, f"{thread}/write", f"{thread}/write?parent={one}", f"{thread}/yours", f"{comment}/report",
        f"{comment}/recommend", f"{world.service}/s/demo/t/nothing-yet?url={url}", f"{world.service}/s/demo/sign-in",
    ):  # fmt: skip
        page.goto(place)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place


@pytest.mark.expects("404")
def test_a_missing_page_is_accessible(world: World, ada: Page, accessible: Callable[..., None]) -> None:
    ada.goto(f"{world.service}/s/demo/c/nothing")
    accessible(ada)


def test_hostile_texts_do_nothing_in_a_browser_that_runs_scripts(daily: Daily, ada: Page) -> None:
    ada.goto(address(daily, "/write"))
    write(ada, "First", name="Ada")
    approve(daily, "First")
    text = "\n\n".join(PAYLOADS[::83])[:9_000]
    for body in (text, text[::-1]):
        ada.goto(address(daily, "/write"))
        write(ada, body, name="<img src=x onerror=alert(1)>")
    troubles: list[str] = []
    ada.on("dialog", lambda dialog: troubles.append(dialog.message))
    ada.goto(address(daily))
    assert ada.locator("script, img, svg, iframe, object, embed, style, form, [onerror], [onload]").count() == 0
    addresses = json.loads(ada.evaluate("JSON.stringify([...document.links].map((link) => link.protocol))"))
    assert set(addresses) <= {"http:", "https:", "mailto:"}
    assert troubles == []
