"""Whatever networks and servers do, a text that was written is kept, told why, and stored once."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from comments_service.demo.faulty import Fault, Faulty
from tests.browser.conftest import Daily, OpenPage
from tests.browser.conversation import Past, box, comment, has_focus, reply, take_time, texts, visit, write
from tests.browser.places import World
from tests.test_serving import wait_for

POSTS = "/comments$"


def refused(status: int, sentence: str = "", **headers: str) -> Fault:
    """A service that refuses a comment with this sentence; without one, something before it that speaks HTML."""
    body = json.dumps({"detail": sentence}) if sentence else "<h1>Bad gateway</h1>"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(kind="answer", where=POSTS, status=status, body=body, headers=named)


@pytest.fixture
def proxy(world: World) -> Iterator[Faulty]:
    with Faulty(world.service) as started:
        yield started


@pytest.fixture
def eve(open_page: OpenPage, proxy: Faulty) -> Page:
    """A page in a browser for which everything goes through the proxy."""
    return open_page(proxy={"server": proxy.origin, "bypass": "<-loopback>"})


def kept(thread: Locator, text: str, sentence: str) -> None:
    """The text stands in its field, which has the focus, and the reader is told why."""
    expect(thread.get_by_role("alert")).to_contain_text(sentence)
    expect(box(thread)).to_have_value(text)
    expect(box(thread)).not_to_have_attribute("readonly", "")
    has_focus(thread, box(thread))
    expect(thread.get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        pytest.param("drop", "could not be reached", marks=pytest.mark.expects("ERR_EMPTY_RESPONSE")),
        pytest.param("lose", "could not be reached", marks=pytest.mark.expects("ERR_EMPTY_RESPONSE")),
        pytest.param("cut", "could not be reached", marks=pytest.mark.expects("ERR_CONTENT_LENGTH_MISMATCH")),
        ("garble", "went wrong on our side"),
    ],
)
def test_an_answer_that_does_not_arrive_costs_no_text_and_makes_no_second_comment(
    daily: Daily, eve: Page, proxy: Faulty, *, kind: Any, sentence: str
) -> None:
    thread = visit(eve, daily)
    proxy.add(Fault(kind=kind, where=POSTS))
    write(thread, "Said once.")
    kept(thread, "Said once.", sentence)
    expect(thread.get_by_role("alert")).to_contain_text("it will not be posted twice")
    # Only what was dropped never reached the service.
    assert Past(daily).happened() == (kind != "drop")
    thread.get_by_role("button", name="Try again").click()
    expect(comment(thread, "Said once.")).to_be_visible()
    expect(box(thread)).to_have_value("")
    assert Past(daily).stored() == ["Said once."]


def test_a_request_that_arrives_twice_is_one_comment(daily: Daily, eve: Page, proxy: Faulty) -> None:
    thread = visit(eve, daily)
    proxy.add(Fault(kind="double", where=POSTS))
    write(thread, "Said once.")
    expect(comment(thread, "Said once.")).to_be_visible()
    assert Past(daily).stored() == ["Said once."]


def test_an_answer_that_is_late_is_waited_for_and_then_given_up(daily: Daily, eve: Page, proxy: Faulty) -> None:
    thread = visit(eve, daily)
    proxy.add(Fault(kind="late", where=POSTS, seconds=30))
    take_time(thread, "Said once.")
    thread.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    eve.clock.install()
    thread.get_by_role("button", name="Post comment").click()
    # The service has it before the reader gives up: what is late is the answer to this request, and not to the next.
    wait_for(Past(daily).happened)
    expect(thread.get_by_role("button", name="Posting …")).to_have_attribute("aria-disabled", "true")
    eve.clock.run_for(15_500)
    kept(thread, "Said once.", "No answer came in time.")
    thread.get_by_role("button", name="Try again").click()
    eve.clock.run_for(3_000)
    expect(comment(thread, "Said once.")).to_be_visible()
    assert Past(daily).stored() == ["Said once."]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        pytest.param(refused(401, "Sign in again."), "Sign in again.", marks=pytest.mark.expects("401")),
        pytest.param(refused(403, "You may not write."), "You may not write.", marks=pytest.mark.expects("403")),
        pytest.param(refused(409, "This is closed."), "This is closed.", marks=pytest.mark.expects("409")),
        pytest.param(refused(413, "Too large."), "Too large.", marks=pytest.mark.expects("413")),
        pytest.param(refused(500, "Secret trace"), "went wrong on our side", marks=pytest.mark.expects("500")),
        pytest.param(refused(502), "went wrong on our side", marks=pytest.mark.expects("502")),
    ],
)
def test_a_refusal_says_why_and_keeps_the_text(
    daily: Daily, eve: Page, proxy: Faulty, *, fault: Fault, sentence: str
) -> None:
    thread = visit(eve, daily)
    proxy.add(fault)
    write(thread, "Said once.")
    kept(thread, "Said once.", sentence)
    expect(thread.get_by_role("alert")).to_contain_text("Your text is kept.")
    expect(thread.get_by_role("alert")).not_to_contain_text("Secret trace")


@pytest.mark.expects("429")
def test_too_many_at_once_are_counted_down_on_the_button(daily: Daily, eve: Page, proxy: Faulty) -> None:
    thread = visit(eve, daily)
    proxy.add(refused(429, "Slowly.", retry_after="130"))
    eve.clock.install()
    write(thread, "Too quick.")
    eve.clock.run_for(1_000)
    expect(thread.get_by_role("alert")).to_contain_text("Slowly. Your text is kept.")
    expect(thread.get_by_role("button", name="Try again in 3 minutes")).to_have_attribute("aria-disabled", "true")
    eve.clock.run_for(20_000)
    expect(thread.get_by_role("button", name="Try again in 1")).to_contain_text("seconds")
    box(thread).press("Control+Enter")
    eve.clock.run_for(130_000)
    again = thread.get_by_role("button", name="Try again", exact=True)
    expect(again).not_to_have_attribute("aria-disabled", "true")
    expect(thread.get_by_role("status")).to_contain_text("You can try again now.")
    again.click()
    eve.clock.run_for(1_000)
    expect(comment(thread, "Too quick.")).to_be_visible()
    assert Past(daily).stored() == ["Too quick."]


@pytest.mark.expects("ERR_INTERNET_DISCONNECTED")
def test_what_was_written_offline_goes_by_itself_once_and_moves_nobody(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    thread = visit(ada, daily)
    with ada.expect_response("**/form-token?**"):
        box(thread).focus()
    ada.context.set_offline(True)
    write(thread, "From the tunnel.")
    expect(thread.get_by_role("alert")).to_contain_text("You are offline. Your text is kept, and will be posted when")
    link = comment(thread, "First").get_by_role("button", name="Link")
    link.focus()
    ada.context.set_offline(False)
    expect(comment(thread, "From the tunnel.")).to_be_visible()
    expect(thread.get_by_role("status")).to_contain_text("Your comment is posted.")
    has_focus(thread, link)
    assert Past(daily).stored() == ["First", "From the tunnel."]


@pytest.mark.expects("ERR_INTERNET_DISCONNECTED", "503")
def test_only_the_text_as_it_was_goes_by_itself_and_only_once(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    box(thread).focus()
    expect(thread.get_by_role("toolbar")).to_be_visible()
    ada.context.set_offline(True)
    write(thread, "From the tunnel.")
    expect(thread.get_by_role("alert")).to_contain_text("will be posted when you are back online")
    box(thread).fill("Still writing this")
    sent: list[str] = []
    ada.on("request", lambda request: sent.append(request.method) if request.url.endswith("/comments") else None)
    ada.context.set_offline(False)
    ada.evaluate("new Promise((done) => setTimeout(done, 500))")
    assert sent == []
    ada.context.set_offline(True)
    thread.get_by_role("button", name="Try again").click()
    expect(thread.get_by_role("alert")).to_contain_text("will be posted when you are back online")
    sent.clear()
    ada.route("**/comments", lambda route: route.fulfill(status=503))
    ada.context.set_offline(False)
    expect(thread.get_by_role("alert")).to_contain_text("went wrong on our side")
    ada.evaluate("dispatchEvent(new Event('online'))")
    ada.evaluate("new Promise((done) => setTimeout(done, 500))")
    assert sent == ["POST"]
    expect(box(thread)).to_have_value("Still writing this")


@pytest.mark.expects("ERR_INTERNET_DISCONNECTED")
def test_an_answer_written_offline_goes_by_itself_too(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    thread = visit(ada, daily)
    with ada.expect_response("**/form-token?**"):
        comment(thread, "First").get_by_role("button", name="Reply", exact=True).click()
    ada.context.set_offline(True)
    reply_form = comment(thread, "First")
    reply_form.get_by_role("textbox", name="Your reply").fill("Second")
    reply_form.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    reply_form.get_by_role("button", name="Post reply").click()
    expect(thread.get_by_role("alert")).to_contain_text("will be posted when you are back online")
    ada.context.set_offline(False)
    expect(comment(thread, "Second")).to_be_visible()
    assert texts(thread) == ["First", "Second"]


@pytest.mark.expects("503")
def test_an_answer_and_an_edit_are_kept_as_well(daily: Daily, eve: Page, proxy: Faulty) -> None:
    Past(daily).say("First")
    thread = visit(eve, daily)
    proxy.add(Fault(kind="answer", where=POSTS))
    reply(thread, "First", "Second")
    field = thread.get_by_role("textbox", name="Your reply")
    expect(thread.get_by_role("alert")).to_contain_text("Your text is kept.")
    expect(field).to_have_value("Second")
    thread.get_by_role("button", name="Try again").click()
    mine = comment(thread, "Second")
    mine.get_by_role("button", name="Edit").click()
    proxy.add(Fault(kind="garble", where="/comments/", method="PATCH"))
    edited = thread.get_by_role("textbox", name="Edit your comment")
    edited.fill("Second thoughts")
    thread.get_by_role("button", name="Save").click()
    expect(thread.get_by_role("alert")).to_contain_text("went wrong on our side")
    expect(edited).to_have_value("Second thoughts")
    thread.get_by_role("button", name="Try again").click()
    expect(comment(thread, "Second thoughts")).to_be_visible()


@pytest.mark.expects("ERR_FAILED")
def test_a_part_that_sends_and_did_not_come_is_asked_for_again(daily: Daily, ada: Page) -> None:
    ada.route("**/a/posting.*", lambda route: route.abort())
    thread = visit(ada, daily)
    write(thread, "Patience.")
    expect(thread.get_by_role("alert")).to_contain_text("could not be loaded. Your text is kept.")
    ada.unroute("**/a/posting.*")
    thread.get_by_role("button", name="Post comment").click()
    expect(comment(thread, "Patience.")).to_be_visible()


@pytest.mark.expects("429")
def test_a_token_that_was_refused_says_when_to_come_back(daily: Daily, eve: Page, proxy: Faulty) -> None:
    proxy.add(Fault(kind="answer", where="/form-token", status=429, headers={"Retry-After": "7"}, times=None))
    thread = visit(eve, daily)
    box(thread).focus()
    expect(thread.get_by_role("toolbar")).to_be_visible()
    write(thread, "Patience.")
    expect(thread.get_by_role("button", name="Try again in")).to_be_visible()
    expect(box(thread)).to_have_value("Patience.")
