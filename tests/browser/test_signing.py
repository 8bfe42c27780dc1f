"""A reader signs in with the paper's account, on a page of another site: nothing typed is lost, and every tab knows."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select, update

from comments_service.database import now
from comments_service.tables import Identity, Session, Site
from tests.browser.conftest import Daily, thread_of
from tests.browser.conversation import Past, box, comment, ready, take_time, visit, write
from tests.browser.test_session import HEARD, beside, kept
from tests.browser.watching import until
from tests.signing import PUBLIC, Signer, signer

MakeSite = Callable[..., Daily]


def paper_of(daily: Daily) -> Signer:
    with daily.world.sessions() as session:
        return signer(session, daily.key, public_key=PUBLIC)


@pytest.fixture
def paper(daily: Daily) -> Signer:
    return paper_of(daily)


def set_token(page: Page, token: str) -> None:
    """What the page's own script does."""
    page.evaluate("(token) => document.querySelector('comments-thread').setToken(token)", token)


def hands_out(page: Page, *tokens: str) -> None:
    """Have the page know how to get a token: these one after the other, and then none."""
    page.add_init_script(
        f"sessionStorage.tokens ??= {json.dumps(json.dumps(tokens))};"
        """window.Comments = { q: [{ getToken: async () => {
            const [next = null, ...others] = JSON.parse(sessionStorage.tokens);
            sessionStorage.tokens = JSON.stringify(others);
            return next;
        } }] };"""
    )


def left(page: Page) -> int:
    """How many tokens the page has not been asked for."""
    return int(page.evaluate("JSON.parse(sessionStorage.tokens).length"))


def known(thread: Locator) -> Locator:
    return thread.get_by_text("Signed in as Nora Reed")


def sessions(daily: Daily) -> list[Session]:
    """Of this site, the ended ones too."""
    with daily.world.sessions() as session:
        of_site = select(Session).join(Site, Site.id == Session.site_id).where(Site.key == daily.key)
        return list(session.scalars(of_site.order_by(Session.id)))


def kept_secret(page: Page, daily: Daily) -> str:
    return str(page.evaluate(f"localStorage['comments.secret.{daily.key}']"))


def end_all(daily: Daily) -> None:
    with daily.world.sessions.begin() as session:
        ids = [row.id for row in sessions(daily)]
        session.execute(update(Session).where(Session.id.in_(ids)).values(revoked_at=now()))


def test_signing_in_keeps_what_is_typed_and_where_one_is(daily: Daily, paper: Signer, ada: Page) -> None:
    ada.add_init_script(HEARD)
    thread = visit(ada, daily)
    take_time(thread, "Half a thought")
    set_token(ada, paper.token())
    expect(known(thread)).to_be_visible()
    expect(box(thread)).to_have_value("Half a thought")
    expect(thread.get_by_role("textbox", name="Name", exact=True)).to_be_hidden()
    expect(thread.get_by_role("button", name="Change")).to_have_count(0)
    thread.get_by_role("button", name="Post comment").click()
    expect(comment(thread, "Half a thought").get_by_role("heading", name="Nora Reed")).to_be_visible()
    assert ada.evaluate("heard.map(([name]) => name)") == ["login", "before-post", "posted"]
    thread = visit(ada, daily)
    expect(comment(thread, "Half a thought").get_by_role("button", name="Withdraw")).to_be_visible()
    assert [row.opened_by for row in sessions(daily)] == ["sso"]


def test_other_tabs_hear_of_it_and_signing_out_ends_it_everywhere(daily: Daily, paper: Signer, ada: Page) -> None:
    ada.add_init_script(HEARD)
    thread = visit(ada, daily)
    other = beside(ada, daily)
    other.evaluate(HEARD)
    there = ready(other)
    box(there).fill("A draft")
    set_token(ada, paper.token())
    expect(known(there)).to_be_visible()
    box(thread).focus()
    with ada.expect_response("**/session") as ended:
        thread.get_by_role("button", name="Sign out").click()
    assert ended.value.status == 204
    expect(thread.get_by_role("status")).to_have_text("You are signed out.")
    for place in (thread, there):
        expect(known(place)).to_have_count(0)
        expect(place.get_by_role("textbox", name="Name", exact=True)).to_be_visible()
    expect(box(there)).to_have_value("A draft")
    assert other.evaluate("heard.map(([name]) => name)") == ["login", "logout"]
    assert [row.revoked_at is None for row in sessions(daily)] == [False]
    assert set(kept(ada, daily)) <= {"comments.drafts"}, "the other tab keeps its own"


def test_the_page_is_asked_for_a_token_when_nobody_is_signed_in(daily: Daily, paper: Signer, ada: Page) -> None:
    hands_out(ada, paper.token(), paper.token())
    asked: list[str] = []
    ada.on("request", lambda request: asked.extend(re.findall(r"/thread\?", request.url)))
    thread = visit(ada, daily)
    box(thread).focus()
    expect(known(thread)).to_be_visible()
    until(ada, "performance.getEntriesByType('resource').some(({ name }) => name.includes('/me?'))")
    # Once for everybody, without waiting for the page's server, and once as whoever is signed in then.
    assert len(asked) == 2
    visit(ada, daily)
    assert left(ada) == 1, "who is signed in needs no further token"


@pytest.mark.expects("401")
def test_a_session_that_has_ended_is_renewed_once_without_a_word(daily: Daily, paper: Signer, ada: Page) -> None:
    hands_out(ada, paper.token(), paper.token(), paper.token())
    ada.add_init_script(HEARD)
    thread = visit(ada, daily)
    take_time(thread, "Still here")
    expect(known(thread)).to_be_visible()
    end_all(daily)
    thread.get_by_role("button", name="Post comment").click()
    expect(comment(thread, "Still here")).to_have_count(1)
    expect(box(thread)).to_have_value("")
    assert left(ada) == 1
    assert "post-failed" not in ada.evaluate("heard.map(([name]) => name)")
    assert [row.revoked_at is None for row in sessions(daily)] == [False, True]


@pytest.mark.expects("401")
def test_without_a_new_token_the_reader_is_signed_out_and_keeps_the_text(
    daily: Daily, paper: Signer, ada: Page
) -> None:
    thread = visit(ada, daily)
    set_token(ada, paper.token())
    take_time(thread, "Not lost")
    expect(known(thread)).to_be_visible()
    end_all(daily)
    thread.get_by_role("button", name="Post comment").click()
    expect(thread.get_by_text("You are not signed in any more. Please sign in again.").first).to_be_visible()
    expect(box(thread)).to_have_value("Not lost")
    expect(known(thread)).to_have_count(0)
    set_token(ada, paper.token())
    expect(known(thread)).to_be_visible()
    expect(box(thread)).to_have_value("Not lost")


@pytest.mark.expects("401")
def test_a_guest_whose_session_has_ended_begins_anew_with_the_next_press(daily: Daily, ada: Page) -> None:
    thread = visit(ada, daily)
    write(thread, "Before")
    expect(comment(thread, "Before").get_by_role("button", name="Withdraw")).to_be_visible()
    before = kept_secret(ada, daily)
    take_time(thread, "Not lost either")
    end_all(daily)
    thread.get_by_role("button", name="Post comment").click()
    expect(thread.get_by_text("Try again, and you begin anew. Your text is kept.").first).to_be_visible()
    expect(box(thread)).to_have_value("Not lost either")
    expect(comment(thread, "Before").get_by_role("button", name="Withdraw")).to_have_count(0)
    thread.get_by_role("button", name="Try again").click()
    expect(comment(thread, "Not lost either").get_by_role("heading", name="Ada")).to_be_visible()
    assert kept_secret(ada, daily) not in {"", before}
    assert [row.revoked_at is None for row in sessions(daily)] == [False, True]


@pytest.mark.parametrize("told", ["7", "[null, { get getToken() { throw Error('no'); } }]", "[{ onBeforePost: 7 }]"])
def test_a_page_that_tells_nonsense_harms_nothing(daily: Daily, ada: Page, told: str) -> None:
    ada.add_init_script(f"window.Comments = {{ q: {told} }};")
    thread = visit(ada, daily)
    write(thread, "All the same")
    expect(comment(thread, "All the same")).to_be_visible()
    # Half a character in a key, as a page's script may cut one in two, is written as what stands for it.
    ada.evaluate("document.querySelector('comments-thread').setAttribute('thread', 'cut \\ud800')")
    expect(thread.get_by_text("Be the first to say something.")).to_be_visible()


@pytest.mark.expects("401")
def test_a_token_that_does_not_count_is_told_in_the_thread(daily: Daily, paper: Signer, ada: Page) -> None:
    thread = visit(ada, daily)
    box(thread).fill("Mine")
    set_token(ada, paper.token(aud="elsewhere"))
    expect(thread.get_by_text("Your account could not be used here.").first).to_be_visible()
    expect(box(thread)).to_have_value("Mine")
    assert sessions(daily) == []


@pytest.mark.expects("status of 401")
def test_a_page_that_never_says_who_is_there_keeps_nobody_from_reading(daily: Daily, paper: Signer, ada: Page) -> None:
    Past(daily).say("Here before")
    thread = visit(ada, daily)
    set_token(ada, paper.token())
    box(thread).focus()
    expect(known(thread)).to_be_visible()
    end_all(daily)
    ada.add_init_script("window.Comments = { q: [{ getToken: () => new Promise(() => undefined) }] };")
    ada.reload()
    expect(comment(ready(ada), "Here before")).to_be_visible()


@pytest.mark.expects("The paper is down")
def test_a_page_that_cannot_say_who_is_there_keeps_nobody_out(daily: Daily, paper: Signer, ada: Page) -> None:
    ada.add_init_script("window.Comments = { q: [{ getToken() { throw new Error('The paper is down'); } }] };")
    thread = visit(ada, daily)
    write(thread, "As a guest")
    expect(comment(thread, "As a guest")).to_be_visible()


def test_only_those_with_an_account_may_write_where_guests_are_off(make_site: MakeSite, ada: Page, bob: Page) -> None:
    members = make_site(guests=False)
    paper = paper_of(members)
    for page in (ada, bob):
        thread = visit(page, members)
        expect(box(thread)).to_have_count(0)
    set_token(ada, paper.token())
    thread = thread_of(ada)
    expect(box(thread)).to_be_visible()
    take_time(thread, "A member writes")
    thread.get_by_role("button", name="Post comment").click()
    expect(comment(thread, "A member writes")).to_be_visible()
    expect(box(thread_of(bob))).to_have_count(0)


def test_a_secret_is_replaced_after_a_day(daily: Daily, paper: Signer, ada: Page) -> None:
    thread = visit(ada, daily)
    set_token(ada, paper.token())
    box(thread).focus()
    expect(known(thread)).to_be_visible()
    first = secret(ada, daily)
    ada.evaluate("(key) => localStorage.setItem(key, Date.now() - 25 * 3600_000)", f"comments.account.{daily.key}")
    with ada.expect_response("**/session/rotate"):
        visit(ada, daily)
    until(ada, "([key, old]) => localStorage[key] !== old", [f"comments.secret.{daily.key}", first])
    assert [row.replaced_at is None for row in sessions(daily)] == [False, True]
    assert len({row.family for row in sessions(daily)}) == 1


def secret(page: Page, daily: Daily) -> Any:
    return page.evaluate("(key) => localStorage[key]", f"comments.secret.{daily.key}")


def test_what_the_paper_says_of_a_reader_is_in_no_storage_of_the_page(daily: Daily, paper: Signer, ada: Page) -> None:
    visit(ada, daily)
    token = paper.token(email="nora@mail.example", email_verified=True)
    set_token(ada, token)
    until(ada, "(key) => localStorage[key]", f"comments.secret.{daily.key}")
    assert kept(ada, daily) == ["comments.account", "comments.name", "comments.secret"]
    assert token not in ada.evaluate("JSON.stringify([localStorage, sessionStorage])")
    with daily.world.sessions() as session:
        assert "nora@mail.example" in session.scalars(select(Identity.email)).all()
