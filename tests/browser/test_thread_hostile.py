"""What is hostile in a comment is words on the page, and nothing of it acts."""

from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.conftest import Daily
from tests.browser.conversation import Past, texts, visit


def alarms_of(page: Page) -> list[str]:
    """What the page's dialogs will say: a payload that acts opens one."""
    alarms: list[str] = []

    def note(dialog: Dialog) -> None:
        alarms.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    return alarms


HOSTILE = [
    ["script", "alert(1)"],
    ["img", {"src": "x", "onerror": "alert(1)"}, "img"],
    ["svg", {"onload": "alert(1)"}, ["script", "alert(1)"]],
    ["a", {"href": "javascript:alert(1)"}, "javascript"],
    ["a", {"href": " java\nscript:alert(1)"}, "broken javascript"],
    ["a", {"href": "data:text/html,<script>alert(1)</script>"}, "data"],
    ["a", {"href": "https://paper.example", "onclick": "alert(1)", "style": "position:fixed"}, "fine"],
    ["a", "no attributes"],
    ["iframe", {"srcdoc": "<script>alert(1)</script>"}],
    ["style", "* { display: none }"],
    ["p", {"onclick": "alert(1)", "id": "heading"}, "<img src=x onerror=alert(1)>"],
    [["p"], "a tag that is a list"], [None], [], 7, None, {"tag": "script"}, ["__proto__", "x"], ["p", ["p", ["p", 3]]],
]  # fmt: skip


def test_a_tree_that_is_not_ours_is_words_and_nothing_else(daily: Daily, ada: Page) -> None:
    Past(daily).say("Replaced", name="<img src=x onerror=alert(1)>")
    alarms = alarms_of(ada)

    def poisoned(route: Route) -> None:
        answer = route.fetch()
        page = answer.json()
        page["comments"][0]["tree"] = HOSTILE
        route.fulfill(response=answer, json=page)

    ada.route("**/thread?**", poisoned)
    thread = visit(ada, daily)
    body = thread.locator("article .body")
    expect(body).to_contain_text("fine")
    tags = set(body.evaluate("(body) => [...body.querySelectorAll('*')].map((one) => one.localName)"))
    assert tags <= {"span", "a", "p"}
    attributes = body.evaluate("(body) => [...body.querySelectorAll('*')].flatMap((one) => one.getAttributeNames())")
    assert sorted(attributes) == ["href", "rel"]
    expect(body.locator("a")).to_have_attribute("href", "https://paper.example")
    expect(body.locator("a")).to_have_attribute("rel", "nofollow ugc noopener")
    expect(thread.get_by_role("heading", name="<img src=x onerror=alert(1)>")).to_be_visible()
    assert alarms == []


def test_what_readers_type_never_acts(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    payloads = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
        "[x](<javascript:alert(1)>)", "![x](https://evil.example/x.png)", "<javascript:alert(1)>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)", "`<b onmouseover=alert(1)>`", "[x]: javascript:alert(1)\n\n[x]",
        "<svg/onload=alert(1)>", "{{constructor.constructor('alert(1)')()}}", "${alert(1)}",
    ]  # fmt: skip
    for payload in payloads:
        past.say(payload, name=payload[:60])
    alarms = alarms_of(ada)
    thread = visit(ada, daily)
    expect(thread.locator("article")).to_have_count(len(payloads))
    assert thread.locator("article :is(script, img, iframe, object, embed, form:not(.composer))").count() == 0
    assert len(texts(thread)) == len(payloads)
    assert alarms == []
