"""A thread asks for news only while somebody looks, the more rarely the less happens, and believes no old answer."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Daily
from tests.browser.conversation import Past, comment, texts, write
from tests.browser.following import POLL, Watched

HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""

# What the page sees come and go is told to it at its next frame; one more observer is told last.
OBSERVED = """() => new Promise((told) => {
  new IntersectionObserver((_, observer) => { observer.disconnect(); told(true); })
    .observe(document.querySelector("comments-thread"));
})"""


def test_asking_becomes_rarer_and_often_again_with_a_change(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("First")
    seen = Watched(ada, daily)
    seen.passes(9)
    assert len(seen.polls) == 0
    seen.passes(4)
    assert len(seen.polls) == 1
    seen.passes(200)
    before = len(seen.polls)
    seen.passes(540)
    assert 9 <= len(seen.polls) - before <= 12
    past.say("Second")
    seen.passes(56)
    expect(seen.pill).to_have_text("1 new comment")
    before = len(seen.polls)
    seen.passes(60)
    assert len(seen.polls) - before >= 2


def test_a_hidden_tab_and_a_thread_out_of_sight_ask_nothing(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    tall = f'<comments-thread thread="{daily.thread}"></comments-thread><p class="tall"></p>'
    head = '<link rel="stylesheet" href="data:text/css,.tall%7Bheight:5000px%7D">'
    seen = Watched(ada, daily, elements=tall, head=head, headers={})
    ada.evaluate(HIDE, True)
    seen.passes(130)
    assert seen.polls == []
    ada.evaluate(HIDE, False)
    seen.passes(1)
    assert len(seen.polls) == 1
    ada.evaluate("scrollTo(0, document.body.scrollHeight)")
    ada.evaluate(OBSERVED)
    seen.passes(130)
    assert len(seen.polls) == 1
    ada.evaluate("scrollTo(0, 0)")
    ada.evaluate(OBSERVED)
    seen.passes(1)
    assert len(seen.polls) == 2


def test_an_ended_thread_leaves_nothing_that_asks(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    seen = Watched(ada, daily)
    seen.passes(13)
    ada.evaluate("document.querySelector('comments-thread').remove()")
    seen.passes(130)
    ada.evaluate("window.dispatchEvent(new Event('online'))")
    ada.evaluate(HIDE, False)
    seen.passes(130)
    assert len(seen.polls) == 1


@pytest.mark.expects("status of 503")
def test_a_failing_service_is_asked_as_late_as_it_says(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("First")
    seen = Watched(ada, daily)
    headers = {"access-control-allow-origin": "*", "access-control-expose-headers": "retry-after", "retry-after": "400"}
    ada.route(POLL, lambda route: route.fulfill(status=503, headers=headers))
    seen.passes(13)
    assert len(seen.polls) == 1
    seen.passes(390)
    assert len(seen.polls) == 1
    ada.unroute(POLL)
    past.say("Second")
    seen.passes(100)
    assert len(seen.polls) >= 2
    expect(seen.pill).to_have_text("1 new comment")


@pytest.mark.expects("ERR_INTERNET_DISCONNECTED")
def test_whoever_is_back_online_is_told_at_once(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("First")
    seen = Watched(ada, daily)
    ada.context.set_offline(True)
    seen.passes(13)
    past.say("Second")
    ada.context.set_offline(False)
    seen.passes(1)
    expect(seen.pill).to_have_text("1 new comment")


def test_an_answer_that_a_cache_has_kept_changes_nothing(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("First")
    seen = Watched(ada, daily)
    old = ada.request.get(next(url for url in seen.asked if "/thread?" in url)).text()
    past.edit("First", "First of all")
    headers = {"access-control-allow-origin": "*", "content-type": "application/json"}
    ada.route("**/thread?**", lambda route: route.fulfill(body=old, headers=headers))
    write(seen.thread, "Mine")
    expect(comment(seen.thread, "Mine")).to_be_visible()
    seen.passes(13)
    expect(seen.thread.get_by_role("heading", name="2 comments")).to_be_visible()
    assert texts(seen.thread) == ["Mine", "First"]
    ada.unroute("**/thread?**")
    seen.passes(13)
    expect(comment(seen.thread, "First of all")).to_be_visible()


def test_an_answer_from_before_another_order_was_chosen_is_dropped(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("First")
    past.say("Second")
    seen = Watched(ada, daily)
    waiting: list[Route] = []
    ada.route("**/thread?*sort=newest*version=*", lambda route: waiting.append(route))  # noqa: PLW0108 - playwright wants a function of ours
    past.say("Third")
    ada.clock.run_for(13_000)
    while not waiting:
        # Lets Playwright hear of the request.
        ada.evaluate("0")
    seen.thread.get_by_role("combobox", name="Sort by").select_option("Oldest")
    expect(seen.thread.get_by_role("status")).to_have_text("Sorted by: Oldest")
    waiting[0].continue_()
    seen.passes(1)
    expect(seen.pill).to_be_hidden()
    assert texts(seen.thread) == ["First", "Second", "Third"]
