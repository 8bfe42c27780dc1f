"""A thread says where it stands, with a drawing and a sentence, and offers what can still be done."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from comments_service.database import now
from comments_service.tables import Article, Site
from tests.browser.conftest import Daily
from tests.browser.conversation import Past, box, comment, visit

SENTENCES = {
    "closed": "This conversation is closed. You can still read it.",
    "archived": "This conversation has ended, because its article is old. You can still read it.",
    "read-only": "Writing is paused on The Daily for now. You can read everything; please come back later.",
}


def arrange(daily: Daily, state: str) -> None:
    """Bring the article of a thread into this state."""
    with daily.world.sessions.begin() as session:
        site = session.scalars(select(Site).where(Site.key == daily.key)).one()
        article = session.scalars(select(Article).where(Article.site_id == site.id)).one()
        site.read_only = state == "read-only"
        article.closed_at, article.archived = now(), state == "archived"


def ages(daily: Daily, *, left: timedelta) -> datetime:
    """The conversation ends after so long; when that is."""
    with daily.world.sessions.begin() as session:
        site = session.scalars(select(Site).where(Site.key == daily.key)).one()
        article = session.scalars(select(Article).where(Article.site_id == site.id)).one()
        site.closes_after_days, article.published_at = 14, now() - timedelta(days=14) + left
        return now() + left


def said(thread: Locator) -> Locator:
    return thread.locator(".shut")


@pytest.mark.parametrize("state", SENTENCES)
def test_nobody_writes_and_everybody_reads_why(daily: Daily, ada: Page, state: str) -> None:
    past = Past(daily)
    past.recommend(past.say("First"))
    arrange(daily, state)
    thread = visit(ada, daily)
    expect(said(thread)).to_have_text(SENTENCES[state])
    expect(said(thread).locator("svg")).to_be_visible()
    expect(box(thread)).to_have_count(0)
    first = comment(thread, "First")
    expect(first.get_by_role("button", name="Reply")).to_have_count(0)
    expect(first.get_by_role("button", name="Report")).to_be_visible()
    # On a site that is paused nobody recommends either; how many have stays.
    expect(first.get_by_role("button", name="Recommend")).to_have_count(0 if state == "read-only" else 1)
    expect(first.locator(".actions")).to_contain_text("1")


def test_it_is_told_that_a_conversation_closes_soon_and_when(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    ages(daily, left=timedelta(hours=25))
    expect(said(visit(ada, daily))).to_have_count(0)
    at = ages(daily, left=timedelta(hours=23))
    thread = visit(ada, daily)
    wanted = ada.evaluate(
        "at => new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'short' }).format(Date.parse(at))",
        at.replace(microsecond=0).isoformat(),
    )
    expect(said(thread)).to_have_text(f"This conversation closes soon: you can write until {wanted}.")
    expect(box(thread)).to_be_visible()


def test_a_conversation_ends_before_a_readers_eyes_and_keeps_the_text(daily: Daily, ada: Page) -> None:
    Past(daily).say("First")
    ages(daily, left=timedelta(hours=1))
    ada.clock.install()
    thread = visit(ada, daily)
    box(thread).fill("I was about to say")
    ada.clock.fast_forward("01:01:00")
    expect(said(thread)).to_have_text(SENTENCES["archived"])
    expect(comment(thread, "First").get_by_role("button", name="Reply")).to_have_count(0)
    assert "I was about to say" in ada.evaluate(f"localStorage.getItem('comments.drafts.{daily.key}')")


def test_a_site_without_guests_says_that_first_of_an_open_conversation(
    make_site: Callable[..., Daily], ada: Page
) -> None:
    daily = make_site(guests=False)
    expect(said(visit(ada, daily))).to_have_text("Only readers with an account of The Daily can write here.")
