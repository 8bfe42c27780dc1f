"""Who only reads leaves nothing in the browser; whoever does something, what docs/privacy.md says and no more."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import Past, box, comment, visit
from tests.browser.watching import until

MAP = Path(__file__).parents[2] / "docs/privacy.md"
STORED = """async () => ({
  local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookie: document.cookie,
  databases: (await indexedDB.databases()).map((one) => one.name), caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING: dict[str, Any] = {"local": [], "session": [], "cookie": "", "databases": [], "caches": [], "workers": 0}


def stored(page: Page) -> dict[str, Any]:
    """All that a page's origin keeps in its browser."""
    found: dict[str, Any] = page.evaluate(STORED)
    return found


def test_reading_stores_nothing_and_each_act_what_the_data_map_says(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    root = past.say("Root")
    for number in range(6):
        past.say(f"Answer {number}", to=root)
    for number in range(25):
        past.say(f"Number {number:02}")
    thread = visit(ada, daily)
    thread.get_by_role("button", name="More comments").click()
    thread.get_by_role("button", name="more replies").click()
    expect(comment(thread, "Answer 5").first).to_be_visible()
    ada.mouse.wheel(0, 10_000)
    comment(thread, "Number 20").first.scroll_into_view_if_needed()
    assert stored(ada) == NOTHING
    assert ada.context.cookies() == []

    thread.get_by_role("button", name=re.compile("Hide . replies")).click()
    until(ada, "() => sessionStorage.length > 0")
    folded = {"session": [f"comments.folded.{daily.key}.{daily.thread}"]}
    assert stored(ada) == NOTHING | folded
    thread.get_by_role("combobox", name="Sort by").select_option("Oldest")
    until(ada, "() => localStorage.length > 0")
    assert stored(ada) == NOTHING | folded | {"local": [f"comments.list.{daily.key}"]}
    box(thread).fill("What I begin")
    until(ada, "() => localStorage.length > 1")
    now = stored(ada)
    assert sorted(now["local"]) == [f"comments.drafts.{daily.key}", f"comments.list.{daily.key}"]
    assert ada.context.cookies() == []
    told = MAP.read_text(encoding="utf-8")
    for key in (*now["local"], *now["session"]):
        assert key.replace(daily.key, "SITE").replace(daily.thread, "ARTICLE") in told


def test_reading_without_javascript_sets_no_cookie(daily: Daily, open_page: OpenPage) -> None:
    past = Past(daily)
    root = past.say("Root")
    past.say("Answer", to=root)
    page = open_page(java_script_enabled=False)
    service = daily.world.service
    for path in (f"/s/{daily.key}/t/{daily.thread}", f"/s/{daily.key}/t/{daily.thread}?sort=oldest"):
        answer = page.goto(service + path)
        assert answer is not None
        assert answer.status == 200
        # The browser keeps what is about cookies out of `headers`.
        assert "set-cookie" not in answer.all_headers()
    # With the cookies of this browser, but not shown: its page leads on to the article by itself.
    alone = page.request.get(f"{service}/c/{root}")
    assert alone.status == 200
    assert "set-cookie" not in alone.headers
    assert page.context.cookies() == []
