"""A reader finds what was said: all of it, in order, at any depth and behind any link."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from comments_service.database import now
from tests.browser.conftest import Daily, thread_of
from tests.browser.conversation import Past, comment, has_focus, ready, texts, visit


def test_the_rest_of_a_long_conversation_comes_when_it_is_asked_for(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    for number in range(45):
        past.say(f"Number {number:02}")
    thread = visit(ada, daily)
    expect(thread.get_by_role("heading", name="45 comments")).to_be_visible()
    assert texts(thread) == [f"Number {number:02}" for number in range(44, 24, -1)]
    thread.get_by_role("button", name="More comments").click()
    has_focus(thread, comment(thread, "Number 24"))
    expect(thread.get_by_role("status")).to_have_text("20 more comments are here.")
    thread.get_by_role("button", name="More comments").click()
    has_focus(thread, comment(thread, "Number 04"))
    assert texts(thread) == [f"Number {number:02}" for number in range(44, -1, -1)]
    expect(thread.get_by_role("button", name="More comments")).to_have_count(0)


def test_further_answers_come_in_place_and_batch_by_batch(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    root = past.say("Root")
    second = past.say("Answer 1", to=root)
    for number in range(2, 130):
        past.say(f"Answer {number}", to=root)
    past.say("Answer to the first", to=second)
    thread = visit(ada, daily)
    assert texts(thread) == ["Root", "Answer 1", "Answer 2", "Answer 3"]
    thread.get_by_role("button", name="Show 127 more replies").click()
    has_focus(thread, comment(thread, "Answer 4").first)
    expect(thread.locator("article")).to_have_count(104)
    thread.get_by_role("button", name="Show 27 more replies").click()
    expect(thread.locator("article")).to_have_count(131)
    assert texts(thread)[:4] == ["Root", "Answer 1", "Answer to the first", "Answer 2"]
    expect(thread.get_by_role("button", name="more repl")).to_have_count(0)


def test_answers_are_indented_four_times_and_then_say_whom_they_answer(daily: Daily, ada: Page) -> None:
    Past(daily).chain(8)
    thread = visit(ada, daily)
    thread.get_by_role("button", name="Show 4 more replies").click()
    expect(thread.locator("article")).to_have_count(8)
    lefts = [card.bounding_box() for card in thread.locator("article").all()]
    indents = [box["x"] for box in lefts if box]
    assert indents[:5] == sorted(set(indents[:5]))
    assert indents[5:] == [indents[4]] * 3
    deep = comment(thread, "Step 6")
    deep.get_by_role("link", name="in reply to Bob 5").click()
    has_focus(thread, comment(thread, "Step 5"))


def test_the_order_is_the_readers_choice(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    first = past.say("First")
    past.say("Second")
    past.recommend(past.say("Third"))
    past.recommend(first, times=2)
    thread = visit(ada, daily)
    order = thread.get_by_role("combobox", name="Sort by")
    assert texts(thread) == ["Third", "Second", "First"]
    order.select_option("Oldest")
    expect(thread.get_by_role("status")).to_have_text("Sorted by: Oldest")
    assert texts(thread) == ["First", "Second", "Third"]
    order.select_option("Most recommended")
    expect(thread.get_by_role("status")).to_have_text("Sorted by: Most recommended")
    assert texts(thread) == ["First", "Third", "Second"]


def test_times_are_told_in_words_and_after_a_week_as_a_date(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    old = now() - timedelta(days=30)
    past.say("Old", at=old)
    past.say("New", at=now() - timedelta(minutes=12))
    thread = visit(ada, daily)
    expect(comment(thread, "New").get_by_role("link", name="12 minutes ago")).to_be_visible()
    expect(comment(thread, "Old").locator("time")).to_have_text(f"{old:%B} {old.day}, {old.year}")


def test_a_withdrawn_comment_keeps_its_place_while_answers_hang_on_it(daily: Daily, ada: Page, bob: Page) -> None:
    thread = visit(ada, daily)
    thread.get_by_role("textbox", name="Your comment").fill("Mine")
    thread.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    thread.get_by_role("button", name="Post comment").click()
    expect(comment(thread, "Mine")).to_be_visible()
    root = thread.locator("h3").evaluate("(heading) => heading.id").removeprefix("by-")
    Past(daily).say("An answer", to=root)
    comment(thread, "Mine").get_by_role("button", name="Withdraw").click()
    expect(thread.get_by_role("button", name="Undo")).to_be_visible()
    thread = visit(bob, daily)
    expect(thread).to_contain_text("This comment was withdrawn by its author.")
    expect(thread).not_to_contain_text("Ada")
    expect(comment(thread, "An answer")).to_be_visible()


def test_a_closed_conversation_can_be_read_and_not_written_in(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("The last word")
    past.close()
    thread = visit(ada, daily)
    expect(thread).to_contain_text("This conversation is closed. You can still read it.")
    expect(thread.get_by_role("textbox")).to_have_count(0)
    expect(thread.get_by_role("button", name="Reply")).to_have_count(0)
    expect(comment(thread, "The last word")).to_be_visible()


def test_where_guests_may_not_write_nobody_is_asked_to(make_site: Callable[..., Daily], ada: Page) -> None:
    thread = visit(ada, make_site(guests=False))
    expect(thread).to_contain_text("Only readers with an account of The Daily can write here.")
    expect(thread.get_by_role("textbox")).to_have_count(0)


@pytest.mark.expects("status of 503")
def test_what_could_not_be_loaded_is_loaded_by_trying_again(daily: Daily, ada: Page) -> None:
    Past(daily).say("Here after all")
    ada.route("**/thread?**", lambda route: route.fulfill(status=503, headers={"access-control-allow-origin": "*"}))
    ada.goto(daily.embed(script='data-loading="eager"'))
    thread = thread_of(ada)
    expect(thread).to_contain_text("The comments could not be loaded. Something went wrong on our side.")
    ada.unroute("**/thread?**")
    thread.get_by_role("button", name="Try again").click()
    expect(comment(thread, "Here after all")).to_be_visible()
    has_focus(thread, thread.get_by_role("heading", name="1 comment"))


@pytest.mark.expects("status of 429")
def test_who_asks_too_often_is_told_so(daily: Daily, ada: Page) -> None:
    headers = {"access-control-allow-origin": "*", "access-control-expose-headers": "retry-after", "retry-after": "9"}
    limited = {"detail": "That was a lot in a short time."}
    ada.route("**/thread?**", lambda route: route.fulfill(status=429, json=limited, headers=headers))
    ada.goto(daily.embed(script='data-loading="eager"'))
    expect(thread_of(ada)).to_contain_text("The comments could not be loaded. That was a lot in a short time.")


@pytest.mark.expects("ERR_INTERNET_DISCONNECTED")
def test_offline_the_conversation_comes_by_itself_when_the_reader_is_back(daily: Daily, ada: Page) -> None:
    Past(daily).say("Welcome back")
    ada.goto(daily.embed())
    expect(thread_of(ada).locator("section")).to_be_visible()
    ada.context.set_offline(True)
    ada.evaluate("document.querySelector('comments-thread').setAttribute('sort', 'oldest')")
    expect(thread_of(ada)).to_contain_text("The comments could not be loaded. You are offline.")
    ada.context.set_offline(False)
    expect(comment(thread_of(ada), "Welcome back")).to_be_visible()


def test_a_slow_service_shows_where_the_comments_will_be(daily: Daily, ada: Page) -> None:
    Past(daily).say("Slow")
    waiting: list[Route] = []

    def wait(route: Route) -> None:
        waiting.append(route)

    ada.route("**/thread?**", wait)
    ada.goto(daily.embed(script='data-loading="eager"'))
    thread = thread_of(ada)
    expect(thread.locator(".skeleton")).to_be_visible()
    expect(thread.locator("section")).to_have_attribute("aria-busy", "true")
    waiting[0].continue_()
    expect(comment(thread, "Slow")).to_be_visible()
    expect(thread.locator(".skeleton")).to_have_count(0)


def test_another_article_in_the_same_element_is_another_conversation(daily: Daily, ada: Page) -> None:
    Past(daily).say("Of this article")
    thread = visit(ada, daily)
    expect(comment(thread, "Of this article")).to_be_visible()
    ada.evaluate("document.querySelector('comments-thread').setAttribute('thread', 'another')")
    expect(thread).to_contain_text("Be the first to say something.")
    assert texts(thread) == []


def test_what_the_pages_own_server_put_in_gives_way_to_the_living_conversation(daily: Daily, ada: Page) -> None:
    Past(daily).say("Living")
    inside = f'<comments-thread thread="{daily.thread}"><p>Printed</p></comments-thread>'
    ada.goto(daily.embed(inside, script='data-loading="eager"'))
    expect(comment(ready(ada), "Living")).to_be_visible()
    expect(ada.get_by_text("Printed")).to_be_hidden()
