"""A link to one comment leads to it: on any page, at any depth, and as far as it may be seen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests import crowds
from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import Past, comment, has_focus, ready, reply, texts, visit, write

TOP = "element => element.getBoundingClientRect().top"


def card(thread: Locator, comment_id: str) -> Locator:
    """A comment by its id."""
    return thread.locator(f'article[aria-labelledby="by-{comment_id}"]')


@pytest.fixture
def calm(open_page: OpenPage) -> Page:
    return open_page(reduced_motion="reduce")


def test_comment_333_of_400_comes_with_its_neighbours_under_a_sticky_header(daily: Daily, ada: Page) -> None:
    shown = Past(daily).crowd(crowds.roots, 400)[::-1]
    asked: list[str] = []
    ada.on("request", lambda request: asked.append(request.url))
    head = "<style>comments-thread { --comments-sticky-offset: 120px }</style>"
    ada.goto(daily.embed(head=head, headers={}, script='data-loading="eager"') + f"#comment-{shown[332]}")
    thread = ready(ada)
    has_focus(thread, card(thread, shown[332]))
    assert len([url for url in asked if "/focus" in url]) == 1
    assert 120 <= card(thread, shown[332]).evaluate(TOP) < 200
    assert texts(thread) == [f"number {399 - place}" for place in range(322, 343)]
    older = thread.get_by_role("button", name="Older comments")
    older.click()
    has_focus(thread, card(thread, shown[343]))
    for _ in range(2):
        expect(older).to_be_enabled()
        older.click()
    has_focus(thread, card(thread, shown[383]))
    thread.get_by_role("button", name="Newer comments").click()
    has_focus(thread, card(thread, shown[321]))
    assert texts(thread) == [f"number {399 - place}" for place in range(302, 400)]
    thread.get_by_role("button", name="Show the whole conversation").click()
    has_focus(thread, thread.get_by_role("heading", name=re.compile("comment")))
    assert texts(thread)[0] == "The first of all"
    expect(thread.get_by_role("button", name=re.compile("Older|Newer"))).to_have_count(0)


def test_a_comment_deep_in_a_chain_comes_with_its_root_and_what_it_answers(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    chain = past.crowd(crowds.chain, 300)
    for number in range(25):
        past.say(f"Later {number}")
    thread = visit(ada, daily, to=chain[200])
    has_focus(thread, card(thread, chain[200]))
    assert texts(thread) == ["number 0", *(f"number {n}" for n in range(150, 202))]
    expect(card(thread, chain[150])).to_contain_text("in reply to an earlier comment")
    expect(card(thread, chain[151])).to_contain_text("Crowd")


def test_a_fan_of_ten_thousand_opens_at_the_one_that_was_asked_for(daily: Daily, ada: Page) -> None:
    _, *answers = Past(daily).crowd(crowds.fan, 10_000)
    thread = visit(ada, daily, to=answers[5_000])
    has_focus(thread, card(thread, answers[5_000]))
    assert thread.locator("article").count() < 30


def test_what_a_cache_kept_for_too_long_takes_nothing_back(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    root = past.say("Root")
    answers = [past.say(f"Answer {number}", to=root) for number in range(9)]
    kept: list[dict[str, object]] = []

    def older(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        kept.append(body)
        stale = {**body["ancestors"][0], "tree": [["p", "An older text"]]}
        route.fulfill(response=answer, json={"comment": body["comment"], "ancestors": [stale]})

    ada.route("**/focus", older)
    thread = visit(ada, daily, to=answers[8])
    has_focus(thread, comment(thread, "Answer 8"))
    assert texts(thread) == ["Root", "Answer 0", "Answer 1", "Answer 2", "Answer 8"]
    assert kept


def test_an_own_comment_that_waits_is_found_by_its_author_alone(
    make_site: Callable[..., Daily], ada: Page, bob: Page
) -> None:
    daily = make_site(moderation="pre")
    thread = visit(ada, daily)
    write(thread, "Not yet")
    mine = thread.locator("h3").evaluate("(heading) => heading.id").removeprefix("by-")
    again = visit(ada, daily, to=mine)
    has_focus(again, comment(again, "Not yet"))


def test_a_reply_shows_what_it_answered_as_it_was_then(daily: Daily, ada: Page, bob: Page) -> None:
    thread = visit(ada, daily)
    write(thread, "The first text")
    expect(comment(thread, "The first text")).to_be_visible()
    theirs = visit(bob, daily)
    reply(theirs, "The first text", "An answer", name="Bob")
    expect(comment(theirs, "An answer")).to_be_visible()
    expect(theirs.locator("details.was")).to_have_count(0)
    mine = comment(thread, "The first text")
    mine.get_by_role("button", name="Edit").click()
    thread.get_by_role("textbox", name="Edit your comment").fill("The first text, edited")
    thread.get_by_role("button", name="Save").click()
    expect(comment(thread, "text, edited")).to_be_visible()
    again = visit(bob, daily)
    quote = comment(again, "An answer").locator("details.was")
    expect(quote.locator("blockquote")).to_be_hidden()
    quote.get_by_text("What this answers was edited since").click()
    expect(quote.locator("blockquote")).to_have_text("The first text")
    with ada.expect_response(lambda answer: answer.request.method == "DELETE"):
        comment(thread, "text, edited").get_by_role("button", name="Withdraw").click()
    again = visit(bob, daily)
    expect(comment(again, "An answer")).to_be_visible()
    expect(again.locator("details.was")).to_have_count(0)


def test_who_wants_no_motion_sees_the_light_without_its_fading(daily: Daily, calm: Page) -> None:
    past = Past(daily)
    first = past.say("First")
    thread = visit(calm, daily, to=first)
    expect(comment(thread, "First")).to_have_attribute("data-lit", "")
    assert comment(thread, "First").evaluate("card => getComputedStyle(card).animationName") == "none"


def test_a_link_opens_a_comment_on_a_far_page_with_what_it_answers(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    deep = past.chain(8)[-1]
    for number in range(30):
        past.say(f"Later {number}")
    thread = visit(ada, daily, to=deep)
    target = comment(thread, "Step 7")
    has_focus(thread, target)
    expect(target).to_be_in_viewport()
    expect(target).to_have_attribute("data-lit", "")
    assert texts(thread) == [f"Step {step}" for step in range(8)]
    thread.get_by_role("button", name="Show the whole conversation").click()
    has_focus(thread, thread.get_by_role("heading", name="38 comments"))
    assert texts(thread)[0] == "Later 29"
    expect(thread.get_by_role("button", name="More comments")).to_be_visible()


def test_a_link_to_an_answer_that_is_not_loaded_yet_opens_it_in_its_place(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    root = past.say("Root")
    ids = [past.say(f"Answer {number:02}", to=root) for number in range(40)]
    past.say("Another")
    thread = visit(ada, daily, to=ids[20])
    has_focus(thread, comment(thread, "Answer 20"))
    around = [0, 1, 2, *range(10, 31)]
    assert texts(thread) == ["Another", "Root", *(f"Answer {number:02}" for number in around)]
    expect(thread.get_by_role("button", name="Show the whole conversation")).to_have_count(0)
    thread.get_by_role("button", name="Earlier replies").click()
    has_focus(thread, comment(thread, "Answer 09"))
    thread.get_by_role("button", name="Later replies").click()
    has_focus(thread, comment(thread, "Answer 31"))
    assert texts(thread)[2:] == [f"Answer {number:02}" for number in range(40)]
    expect(thread.get_by_role("button", name=re.compile("more repl|(Earlier|Later) repl"))).to_have_count(0)


@pytest.mark.expects("status of 404")
def test_a_link_to_nothing_says_so_and_the_conversation_is_there(daily: Daily, ada: Page) -> None:
    Past(daily).say("Still here")
    thread = visit(ada, daily, to="0nothing")
    expect(thread.get_by_role("alert")).to_have_text("The comment you followed a link to is not here, or not any more.")
    assert texts(thread) == ["Still here"]


@pytest.mark.expects("status of 404")
def test_a_link_to_what_waits_for_a_moderator_equals_one_to_nothing(
    make_site: Callable[..., Daily], outsider: Page
) -> None:
    daily = make_site(moderation="pre")
    hidden = Past(daily).say("Not yet")
    thread = visit(outsider, daily, to=hidden)
    expect(thread.get_by_role("alert")).to_contain_text("is not here")
    assert texts(thread) == []


def test_a_link_followed_on_the_page_itself_is_followed_too(daily: Daily, ada: Page) -> None:
    past = Past(daily)
    first = past.say("First")
    for number in range(25):
        past.say(f"Later {number}")
    thread = visit(ada, daily)
    ada.evaluate("(id) => { location.hash = `comment-${id}` }", first)
    has_focus(thread, comment(thread, "First"))
    ada.evaluate("location.hash = 'comment-<img src=x onerror=alert(1)>'")
    ada.evaluate("(id) => document.querySelector('comments-thread').focusComment(id)", first)
    has_focus(thread, comment(thread, "First"))
