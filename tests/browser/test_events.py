"""A thread tells its page what happens: each event that is documented, with ids and numbers, never a reader's words."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Daily
from tests.browser.conversation import Past, comment, failing_once, reply, visit, write
from tests.browser.watching import until
from tests.test_embed_docs import DOC

READING = {"ready", "loaded", "count", "sorted", "voted", "reported", "muted", "shared", "error"}
WRITING = {"before-post", "posted", "login", "edited", "deleted", "post-failed", "logout"}
HEAR = f"""
window.heard = [];
for (const name of {sorted(READING | WRITING)})
  addEventListener(`comments:${{name}}`, (event) => heard.push([name, event.detail, event.bubbles && event.composed]));
"""
HARMLESS = re.compile(r"[0-9a-z]{20,40}|published|held|rejected|email|whatsapp|facebook|x")


def heard(page: Page, name: str) -> Any:
    """The detail of the last event of this name, when it has come; that of one with none is empty."""
    until(page, "(name) => heard.some(([each]) => each === name)", name)
    return page.evaluate("(name) => heard.findLast(([each]) => each === name)[1]", name)


def told(page: Page) -> set[str]:
    """The names of all events; each reached the window and held nothing but ids, numbers and names of ours."""
    events = page.evaluate("heard")
    for name, detail, reached in events:
        assert reached, name
        for value in (detail or {}).values():
            assert value is None or isinstance(value, int) or HARMLESS.fullmatch(value), (name, detail)
    return {name for name, _, _ in events}


def test_each_documented_event_is_among_those_that_are_heard_here() -> None:
    assert set(re.findall(r"`comments:([a-z-]+)`", DOC)) == READING | WRITING


@pytest.mark.expects("status of 503")
def test_what_a_reader_does_who_does_not_write(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    first, _ = past.say("Here before"), past.say("And another", name="Cy")
    ada.add_init_script(HEAR)
    row = '<comments-share></comments-share><comments-count thread="t"></comments-count>'
    thread = visit(ada, daily, elements=f'{row}<comments-thread thread="{daily.thread}"></comments-thread>')
    assert heard(ada, "loaded") == {"total": 2}
    assert not heard(ada, "ready")
    assert heard(ada, "count") == {"total": 0}
    thread.get_by_role("combobox", name="Sort by").select_option("oldest")
    assert not heard(ada, "sorted")
    comment(thread, "Here before").get_by_role("button", name="Recommend").click()
    assert heard(ada, "voted") == {"id": first, "on": True, "recommends": 1}
    comment(thread, "Here before").get_by_role("button", name="Report").click()
    ada.get_by_role("radio").first.check()
    ada.get_by_role("dialog").get_by_role("button", name="Report").click()
    assert heard(ada, "reported") == {"id": first}
    comment(thread, "And another").get_by_role("button", name="Mute").click()
    assert heard(ada, "muted") == {"people": 1}
    ada.evaluate(
        "document.querySelector('comments-share').addEventListener('click', (event) => event.preventDefault())"
    )
    ada.locator("comments-share").get_by_role("link").first.click()
    assert set(heard(ada, "shared")) == {"network"}
    ada.route("**/thread?**", lambda route: route.fulfill(status=503, headers={"access-control-allow-origin": "*"}))
    ada.evaluate("document.querySelector('comments-thread').reload()")
    assert heard(ada, "error") == {"status": 503}
    assert told(ada) == READING | {"login"}


@pytest.mark.expects("status of 503")
def test_what_a_reader_does_who_writes(daily: Daily, ada: Page) -> None:
    second = Past(daily).say("And another")
    ada.add_init_script(HEAR)
    thread = visit(ada, daily)
    write(thread, "Secret words", name="Ada")
    posted = heard(ada, "posted")
    assert (posted["state"], heard(ada, "before-post")) == ("published", {"parent": None})
    assert not heard(ada, "login")
    reply(thread, "And another", "Secret answer")
    expect(comment(thread, "Secret answer").first).to_be_visible()
    assert heard(ada, "before-post") == {"parent": second}
    mine = comment(thread, "Secret words")
    mine.get_by_role("button", name="Edit").click()
    mine.get_by_role("textbox").fill("Secret edit")
    mine.get_by_role("button", name="Save").click()
    assert heard(ada, "edited") == {"id": posted["id"]}
    comment(thread, "Secret edit").get_by_role("button", name="Withdraw").click()
    assert heard(ada, "deleted") == {"id": posted["id"]}
    ada.route("**/comments", failing_once(503, detail="Secret sentence"))
    write(thread, "Secret third")
    assert heard(ada, "post-failed") == {"code": 503}
    ada.evaluate("document.querySelector('comments-thread').logout()")
    assert not heard(ada, "logout")
    assert told(ada) == WRITING | {"loaded", "ready"}
