"""An article that nobody has vouched for is looked up once, on its own page."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service import articles, fetching, jobs, reading, working
from comments_service.database import db, now
from comments_service.fetching import NotFetched
from comments_service.metadata import Statement
from comments_service.tables import Article, Job, Site
from tests.conftest import PAPER, Browser

URL = f"{PAPER}/trams"
PAGE = f'<title>Trams | Paper</title><link rel="canonical" href="{URL}"><meta property="og:title" content="Trams">'


@pytest.fixture
def work(app: Flask) -> Callable[..., bool]:
    """Do the next job, as if the paper's web server had answered with this page, or not at all."""

    def once(page: str | Exception | Callable[[], str] = PAGE) -> bool:
        def read(url: str, site: Site) -> str:
            assert (url, site.origins) == (URL, [PAPER])
            if isinstance(page, Exception):
                raise page
            return page if isinstance(page, str) else page()

        def look(session: Session, site_id: str, payload: dict[str, Any]) -> None:
            articles.look_at_page(session, site_id, payload["article"], at=now(), read=read)

        db.session.rollback()
        return jobs.run_due(db.engine, at=now(), kinds={articles.LOOK_AT_PAGE: look})

    return once


def comment(who: Browser, key: str = URL) -> None:
    draft = {"key": key, "url": URL, "name": "Ada", "body": "Hello"}
    assert who.ask("POST", "comments", draft).status_code == 202


def article() -> Article:
    db.session.rollback()
    return db.session.scalars(select(Article)).one()


def put(title: str) -> None:
    said = Statement(url=URL, title=title, source="api", at=now())
    articles.put(db.session(), reading.site(db.session(), "daily"), URL, said, closed=None, aliases=None)
    db.session.commit()


def test_the_first_comment_has_the_page_looked_at_once(ada: Browser, bob: Browser, work: Callable[..., bool]) -> None:
    comment(ada)
    before = article().version
    assert work()
    found = article()
    assert (found.title, found.source, found.version) == ("Trams", "fetch", before + 1)
    comment(bob)
    assert not work()


def test_a_hundred_first_comments_at_once_ask_for_one_look(app: Flask, work: Callable[..., bool]) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: comment(Browser(app.test_client(), secret=f"{n:043}")), range(30)))
    assert work()
    assert not work()


def test_a_page_that_is_not_the_articles_changes_nothing(ada: Browser, work: Callable[..., bool]) -> None:
    comment(ada, key="77")
    assert work()
    assert (article().title, article().source) == ("/trams", "path")
    assert not work()


def test_what_the_paper_has_said_makes_a_look_needless(ada: Browser, work: Callable[..., bool]) -> None:
    comment(ada)
    put("From the server")
    assert work(AssertionError("nobody reads the page"))
    assert article().title == "From the server"
    assert db.session.scalars(select(Job)).one().done_at is not None


def test_what_the_paper_says_during_the_look_is_not_undone_by_it(
    app: Flask, ada: Browser, work: Callable[..., bool]
) -> None:
    def meanwhile() -> str:
        def server() -> None:
            with app.app_context():
                put("From the server")

        thread = threading.Thread(target=server)
        thread.start()
        thread.join()
        return PAGE

    comment(ada)
    assert work(meanwhile)
    assert (article().title, article().source) == ("From the server", "api")


def test_a_server_that_is_down_is_tried_again_and_a_refusal_is_not(ada: Browser, work: Callable[..., bool]) -> None:
    comment(ada)
    assert work(NotFetched("down", again=True))
    job = db.session.scalars(select(Job)).one()
    assert job.done_at is None
    assert job.due_at > now()
    job.due_at = now()
    db.session.commit()
    assert work(NotFetched("no"))
    db.session.refresh(job)
    assert job.done_at is not None
    assert article().source == "path"


def test_the_worker_reads_pages_through_the_guard_alone(
    app: Flask, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Any] = []

    def fetch(url: str, **more: Any) -> str:
        calls.append((url, more))
        return PAGE

    monkeypatch.setattr(fetching, "fetch", fetch)
    comment(ada)
    db.session.rollback()
    assert jobs.run_due(db.engine, at=now(), kinds=working.kinds(local=False))
    assert calls == [(URL, {"origins": [PAPER], "local": False})]
    assert article().title == "Trams"
