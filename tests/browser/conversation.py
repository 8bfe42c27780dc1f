"""What a reader does in a thread, in a reader's words, and what others have said there before."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service import articles, editing, moderating, posting, reacting
from comments_service.accounts import Visitor, secret_digest
from comments_service.database import now
from comments_service.judging import Actor
from comments_service.tables import Article, Comment, Reader, Site
from tests.browser import unlimited
from tests.browser.conftest import Daily, thread_of

MIA = Actor(kind="moderator", name="Mia")
# The shadow root's own focus: the page's is the element around it.
FOCUSED = "thread => thread.shadowRoot.activeElement"


@dataclass(frozen=True)
class Past:
    """The conversation so far under the article of a `Daily`, written by readers whose browsers are gone."""

    daily: Daily

    def say(self, text: str, *, name: str = "Bob", to: str | None = None, at: datetime | None = None) -> str:
        """One comment, or with `to` a reply to that one; its id."""
        with self.daily.world.sessions.begin() as session:
            site = session.scalars(select(Site).where(Site.key == self.daily.key)).one()
            by = self._somebody(site)
            address = f"{self.daily.world.host.origin}/{self.daily.thread}"
            article = articles.first_sight(session, site, key=self.daily.thread, url=address, at=now())
            draft = posting.Draft(name=name, body=text, parent=to)
            return posting.post(session, draft, article=article, by=by, at=at or now()).id

    def chain(self, length: int, *, name: str = "Bob") -> list[str]:
        """So many comments, each an answer to the one before; their ids."""
        ids: list[str] = []
        for step in range(length):
            ids.append(self.say(f"Step {step}", name=f"{name} {step}", to=ids[-1] if ids else None))
        return ids

    def crowd(self, shape: Callable[[Session, Article, int], list[str]], number: int) -> list[str]:
        """So many at once, in one of the shapes of `crowds`; their ids."""
        self.say("The first of all")
        with self.daily.world.sessions() as session:
            return shape(session, self._article(session), number)

    def recommend(self, comment_id: str, times: int = 1) -> None:
        """So many other readers recommend it."""
        with self.daily.world.sessions.begin() as session:
            site = session.scalars(select(Site).where(Site.key == self.daily.key)).one()
            for _ in range(times):
                reacting.recommend(session, comment_id, by=self._somebody(site), at=now())

    def decide(self, verdict: str, text: str, reason: str = "") -> None:
        """A moderator approves or rejects the comment whose words these are."""
        with self.daily.world.sessions.begin() as session:
            site = session.scalars(select(Site).where(Site.key == self.daily.key)).one()
            comment = session.scalars(select(Comment).where(Comment.site_id == site.id, Comment.plain.contains(text)))
            found = comment.one()
            moderating.decide(
                session, site, found.id, verdict=verdict, version=found.version, by=MIA, at=now(), reason=reason
            )

    def edit(self, text: str, new: str) -> None:
        """Whoever wrote the comment with these words gives it others."""
        with self.daily.world.sessions.begin() as session:
            site = session.scalars(select(Site).where(Site.key == self.daily.key)).one()
            found = select(Comment, Reader).join(Reader, Comment.reader_id == Reader.id)
            here = Comment.site_id == site.id, Reader.site_id == site.id, Comment.plain.contains(text)
            comment, reader = session.execute(found.where(*here)).one()
            by = Visitor(site=site, origin=site.origins[0], digest=None, reader=reader)
            editing.edit(session, comment.id, editing.Change(body=new), by=by, secret="", at=now())

    def close(self) -> None:
        """End the conversation."""
        with self.daily.world.sessions.begin() as session:
            articles.close(self._article(session), closed=True, at=now())

    def stored(self) -> list[str]:
        """The plain words of every comment under the article, in every state, oldest first."""
        with self.daily.world.sessions() as session:
            article = self._article(session)
            here = Comment.site_id == article.site_id, Comment.article_id == article.id
            return [plain.strip() for plain in session.scalars(select(Comment.plain).where(*here).order_by(Comment.id))]

    def happened(self) -> bool:
        """Whether anything was ever written under the article."""
        with self.daily.world.sessions() as session:
            return bool(session.scalar(select(Article.id).where(Article.key == self.daily.thread)))

    def _article(self, session: Session) -> Article:
        return session.scalars(
            select(Article)
            .join(Site, Article.site_id == Site.id)
            .where(Site.key == self.daily.key, Article.key == self.daily.thread)
        ).one()

    def _somebody(self, site: Site) -> Visitor:
        digest = secret_digest(secrets.token_urlsafe(32))
        return Visitor(site=site, origin=site.origins[0], digest=digest, reader=None)


def changed(daily: Daily, text: str, **columns: object) -> None:
    """What the desk or the past have made of the comment with these words."""
    with daily.world.sessions.begin() as session:
        found = _one(session, daily, text)
        for name, value in columns.items():
            setattr(found, name, value)


def mark(daily: Daily, text: str, act: str) -> None:
    """A moderator features or pins the comment with these words."""
    with daily.world.sessions.begin() as session:
        found = _one(session, daily, text)
        site = session.scalars(select(Site).where(Site.key == daily.key)).one()
        moderating.mark(session, site, found.id, act=act, version=found.version, by=MIA, at=now())


def _one(session: Session, daily: Daily, text: str) -> Comment:
    here = Site.key == daily.key, Comment.plain.contains(text)
    return session.scalars(select(Comment).join(Site, Comment.site_id == Site.id).where(*here)).one()


def visit(page: Page, daily: Daily, *, to: str | None = None, **embed: str) -> Locator:
    """Open a page with the thread, or the thread at the comment `to`, and wait until it is there."""
    page.goto(daily.embed(script='data-loading="eager"', **embed) + (f"#comment-{to}" if to else ""))
    return ready(page)


def ready(page: Page) -> Locator:
    """The thread, when what it loads has come."""
    thread = thread_of(page)
    expect(thread.locator("section:not([aria-busy]) :is(form, .shut)").first).to_be_attached()
    return thread


def write(thread: Locator, text: str, *, name: str = "Ada") -> None:
    """Write a comment and post it."""
    box(thread).fill(text)
    call_oneself(thread, name)
    thread.get_by_role("button", name="Post comment").click()


def take_time(thread: Locator, text: str) -> None:
    """Write a comment, and let as much time go by as a person needs for it, whatever the page's clock says.

    The service wants a form to be older than that, by its own clock.
    """
    with thread.page.expect_response("**/form-token?**"):
        box(thread).fill(text)
    thread.page.wait_for_timeout(unlimited.USABLE_IN / timedelta(milliseconds=1))


def reply(thread: Locator, to: str, text: str, *, name: str = "Ada") -> None:
    """Answer the comment with these words."""
    card = comment(thread, to)
    card.get_by_role("button", name="Reply").click()
    card.get_by_role("textbox", name="Your reply").fill(text)
    call_oneself(card, name)
    card.get_by_role("button", name="Post reply").click()


def call_oneself(form: Locator | Page, name: str) -> None:
    """Give a name, unless the form knows it already."""
    field = form.get_by_role("textbox", name="Name", exact=True)
    expect(field.or_(form.get_by_text("Posting as")).first).to_be_visible()
    if not field.count() and not form.get_by_text(f"Posting as {name}", exact=True).count():
        form.get_by_role("button", name="Change", exact=True).first.click()
    if field.count():
        field.first.fill(name)


def box(thread: Locator) -> Locator:
    """Where a new comment is written."""
    return thread.get_by_role("textbox", name="Your comment")


def tools(thread: Locator, form: Locator | None = None) -> Locator:
    """The toolbar, when it has come to the form that has the focus."""
    found = (form or thread.locator(".write")).get_by_role("toolbar", name="Formatting")
    expect(found).to_be_visible()
    return found


def opened(thread: Locator, text: str = "") -> Locator:
    """The field for a comment with its tools and this text, which is selected."""
    box(thread).focus()
    tools(thread)
    box(thread).fill(text)
    box(thread).select_text()
    return box(thread)


def comment(thread: Locator, text: str) -> Locator:
    """The comment with these words."""
    return thread.locator("article").filter(has=thread.page.locator(".body", has_text=text))


def texts(thread: Locator) -> list[str]:
    """The words of all comments, from top to bottom."""
    # What is out of sight is not drawn, and has no inner text.
    return thread.locator("article .body").all_text_contents()


def has_focus(thread: Locator, wanted: Locator) -> None:
    """Wait until this element of the thread has the focus."""
    expect(wanted).to_be_focused()
    assert thread.evaluate(f"({FOCUSED})") is not None


def failing_once(status: int, *, wait: str = "", **problem: str) -> Callable[[Route], None]:
    """A service that answers the first post with this status, after it has done what was asked if it is a 5xx."""
    told: list[int] = []

    def handle(route: Route) -> None:
        if route.request.method != "POST" or told:
            route.continue_()
            return
        told.append(status)
        if status >= 500:
            route.fetch()
        headers = {
            "access-control-allow-origin": route.request.headers["origin"],
            "access-control-expose-headers": "retry-after",
            "retry-after": wait,
        }
        route.fulfill(status=status, json=problem, headers=headers)

    return handle
