"""Conversations close with the age of their articles, where the owner of the site wants that."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from comments_service import articles, closing, reading
from comments_service.database import db
from comments_service.metadata import Statement
from comments_service.tables import Article, Site
from tests.conftest import PAPER
from tests.desk import Desk, make_moderator, signed_in

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def daily(app: Flask) -> Site:
    site = reading.site(db.session(), "daily")
    site.closes_after_days = 14
    db.session.commit()
    return site


def put(site: Site, key: str, *, days: int | None, closed: bool | None = None) -> Article:
    """An article that came out so many days ago, or nobody knows when."""
    said = Statement(
        url=f"{site.origins[0]}/{key}", title=key, source="api", at=NOON,
        published_at=NOON - timedelta(days=days) if days is not None else None,
    )  # fmt: skip
    article, _ = articles.put(db.session(), site, key, said, closed=closed, aliases=None)
    db.session.commit()
    return article


def still_open(site_key: str) -> set[str]:
    db.session.rollback()
    site = reading.site(db.session(), site_key)
    rows = db.session.scalars(select(Article).where(Article.site_id == site.id, Article.closed_at.is_(None)))
    return {row.key for row in rows}


def test_old_articles_close_on_this_site_alone_and_their_versions_move(engine: Engine, daily: Site) -> None:
    other = reading.site(db.session(), "other")
    young, old = put(daily, "young", days=13), put(daily, "old", days=14)
    put(other, "old", days=400)
    versions = (young.version, old.version)
    assert closing.close_old(engine, at=NOON) == 1
    assert still_open("daily") == {"young"}
    assert still_open("other") == {"old"}
    assert (young.version, old.version) == (versions[0], versions[1] + 1)
    assert closing.close_old(engine, at=NOON) == 0


def test_an_article_of_unknown_age_is_as_old_as_its_first_comment(engine: Engine, daily: Site) -> None:
    put(daily, "seen", days=None)
    made = datetime.now(UTC)
    assert closing.close_old(engine, at=made + timedelta(days=13)) == 0
    assert closing.close_old(engine, at=made + timedelta(days=14, minutes=1)) == 1


def test_what_its_paper_opens_again_stays_open(engine: Engine, daily: Site) -> None:
    put(daily, "old", days=30)
    closing.close_old(engine, at=NOON)
    put(daily, "old", days=30, closed=False)
    assert closing.close_old(engine, at=NOON + timedelta(days=1)) == 0
    put(daily, "old", days=30, closed=True)
    assert still_open("daily") == set()


def test_many_close_in_small_steps_and_only_one_process_does_it(
    engine: Engine, daily: Site, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(closing, "AT_ONCE", 2)
    for number in range(5):
        put(daily, f"old{number}", days=20)
    closing.close_if_due(engine, holder="one", at=NOON)
    assert still_open("daily") == set()
    put(daily, "another", days=20)
    closing.close_if_due(engine, holder="two", at=NOON + timedelta(minutes=9))
    assert still_open("daily") == {"another"}
    closing.close_if_due(engine, holder="two", at=NOON + timedelta(minutes=11))
    assert still_open("daily") == set()


@pytest.mark.parametrize(("typed", "kept"), [("", None), (" 14 ", 14), ("9999", 9999)])
def test_an_owner_sets_the_days(app: Flask, daily: Site, typed: str, kept: int | None) -> None:
    assert _save(app, typed).status_code == 303
    db.session.rollback()
    assert reading.site(db.session(), "daily").closes_after_days == kept


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "soon", "10000", "1e9", "١٤"])
def test_days_that_cannot_be_are_told(app: Flask, daily: Site, typed: str) -> None:
    told = _save(app, typed)
    assert told.status_code == 422
    assert f'value="{typed}"' in told.text
    assert 'id="closes_after-wrong"' in told.text


def _save(app: Flask, days: str) -> Any:
    make_moderator("ann", "Ann", daily="owner")
    ann: Desk = signed_in(app.test_client(), "ann")
    return ann.post(
        "/desk/sites/daily", {"name": "Daily", "origins": PAPER, "moderation": "first", "closes_after": days}
    )  # fmt: skip
