"""What others do meanwhile comes by itself, and never moves what a reader reads, writes or has the focus on."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Daily
from tests.browser.conversation import Past, comment, has_focus, reply, texts, visit, write
from tests.browser.following import Watched


def top_of(card: Locator) -> float:
    """Where on the screen it begins."""
    return float(card.evaluate("(card) => card.getBoundingClientRect().top"))


def test_new_comments_wait_until_they_are_asked_for(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    root = past.say("First")
    past.say("Second")
    seen = Watched(ada, daily)
    past.say("Third")
    past.say("An answer", to=root)
    seen.passes(13)
    expect(seen.pill).to_have_text("2 new comments")
    expect(seen.thread.get_by_role("heading", name="4 comments")).to_be_visible()
    expect(seen.thread.get_by_role("status")).to_have_text("2 new comments")
    assert texts(seen.thread) == ["Second", "First"]
    seen.pill.focus()
    seen.page.keyboard.press("Enter")
    has_focus(seen.thread, comment(seen.thread, "Third"))
    expect(seen.pill).to_be_hidden()
    assert texts(seen.thread) == ["Third", "Second", "First", "An answer"]


def test_neither_the_place_nor_the_focus_of_a_reader_moves(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    ids = [past.say(f"Number {number:02}") for number in range(20)]
    past.say("To be changed", to=ids[15])
    seen = Watched(ada, daily)
    read = comment(seen.thread, "Number 05")
    read.get_by_role("button", name="Report").focus()
    read.scroll_into_view_if_needed()
    before = top_of(read)
    past.edit("To be changed", "Changed\n\n" + "and\n\n" * 20 + "longer")
    past.decide("rejected", "Number 17")
    past.say("New")
    seen.passes(13)
    expect(comment(seen.thread, "Changed")).to_be_attached()
    expect(comment(seen.thread, "Number 17")).to_have_count(0)
    expect(seen.pill).to_have_text("1 new comment")
    expect(read.get_by_role("button", name="Report")).to_be_focused()
    assert abs(top_of(read) - before) < 2


def test_what_is_in_view_is_mended_in_place(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    root = past.say("Root")
    ids = [past.say(f"Answer {number}", to=root) for number in range(6)]
    seen = Watched(ada, daily)
    seen.thread.get_by_role("button", name="Show 3 more replies").click()
    expect(comment(seen.thread, "Answer 5")).to_be_visible()
    past.edit("Answer 4", "Answer four")
    past.recommend(ids[5], times=3)
    past.decide("rejected", "Answer 1")
    seen.passes(13)
    expect(comment(seen.thread, "Answer four")).to_contain_text("edited")
    expect(comment(seen.thread, "Answer 5").get_by_role("button", name="Recommend 3")).to_be_visible()
    expect(comment(seen.thread, "Answer 1")).to_have_count(0)
    expect(seen.pill).to_be_hidden()


def test_the_number_of_further_replies_rises_in_place(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    root = past.say("Root")
    for number in range(5):
        past.say(f"Answer {number}", to=root)
    seen = Watched(ada, daily)
    more = seen.thread.get_by_role("button", name="more repl")
    expect(more).to_have_text("Show 2 more replies")
    past.say("Answer 5", to=root)
    seen.passes(13)
    expect(more).to_have_text("Show 3 more replies")
    expect(seen.pill).to_be_hidden()
    more.click()
    expect(comment(seen.thread, "Answer 5")).to_be_attached()
    assert texts(seen.thread)[-1] == "Answer 5"
    past.say("Answer 6", to=root)
    seen.passes(13)
    expect(seen.pill).to_have_text("1 new comment")
    expect(more).to_have_count(0)
    seen.pill.click()
    has_focus(seen.thread, comment(seen.thread, "Answer 6"))


def test_ones_own_comments_are_not_news(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("First")
    seen = Watched(ada, daily)
    write(seen.thread, "Mine")
    expect(comment(seen.thread, "Mine")).to_be_visible()
    seen.passes(13)
    expect(seen.pill).to_be_hidden()
    # The same person in another tab.
    other = visit(ada.context.new_page(), daily)
    reply(other, "First", "Mine, from elsewhere")
    expect(comment(other, "Mine, from elsewhere")).to_be_visible()
    seen.passes(13)
    expect(comment(seen.thread, "Mine, from elsewhere")).to_be_attached()
    expect(seen.pill).to_be_hidden()


def test_what_a_moderator_lets_through_is_told_to_its_author(make_site: Callable[..., Daily], ada: Page) -> None:
    daily = make_site(moderation="pre")
    seen = Watched(ada, daily)
    write(seen.thread, "Please print this")
    mine = comment(seen.thread, "Please print this")
    expect(mine).to_contain_text("Only you can see this")
    Past(daily).decide("published", "Please print this")
    seen.passes(13)
    expect(mine).not_to_contain_text("Only you can see this")
    expect(mine).to_have_class("own published")


def test_new_comments_are_spoken_of_every_half_minute_at_most(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("First")
    seen = Watched(ada, daily)
    status = seen.thread.get_by_role("status")
    past.say("Second")
    seen.passes(13)
    expect(status).to_have_text("1 new comment")
    past.say("Third")
    seen.passes(13)
    expect(seen.pill).to_have_text("2 new comments")
    expect(status).to_have_text("1 new comment")
    seen.passes(13)
    seen.passes(13)
    expect(status).to_have_text("2 new comments")


def test_after_more_than_a_page_the_newest_are_loaded_anew(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    past.say("First")
    for number in range(21):
        past.say(f"Old {number}")
    seen = Watched(ada, daily)
    for number in range(25):
        past.say(f"New {number:02}")
    seen.passes(13)
    expect(seen.pill).to_have_text("More than 20 new comments")
    seen.pill.click()
    has_focus(seen.thread, comment(seen.thread, "New 24"))
    expect(seen.pill).to_be_hidden()
    assert texts(seen.thread) == [f"New {number:02}" for number in range(24, 4, -1)]


def test_what_is_new_at_the_end_of_the_oldest_stands_at_the_end(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    for number in range(19):
        past.say(f"Number {number:02}")
    seen = Watched(ada, daily, script='data-loading="eager" data-sort="oldest"')
    for number in range(19, 23):
        past.say(f"Number {number:02}")
    seen.passes(13)
    expect(seen.pill).to_have_text("1 new comment")
    seen.pill.click()
    has_focus(seen.thread, comment(seen.thread, "Number 19"))
    seen.thread.get_by_role("button", name="More comments").click()
    expect(comment(seen.thread, "Number 22")).to_be_visible()
    assert texts(seen.thread) == [f"Number {number:02}" for number in range(23)]
