"""Where a conversation stands is told to everybody, and held by the service."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from comments_service import articles, closing, reading
from comments_service.database import db, id_at, moment_of, now
from comments_service.tables import Article, Site
from tests.conftest import PAPER, Browser
from tests.desk import make_moderator, signed_in
from tests.test_reader_contract import published

PAUSED = "Writing is paused on this site for now. Everything can be read; please come back later."
ARCHIVED = "This conversation has ended, because its article is old. It is kept to be read."
PAGES = ("/s/daily/t/a1", "/s/daily/t/a1/fragment.html", "/s/daily/t/a1/write")


def thread(ada: Browser) -> Any:
    return ada.client.get("/api/v1/sites/daily/thread?key=a1")


def stands(ada: Browser) -> tuple[bool, str, str | None]:
    article = thread(ada).json["article"]
    return article["open"], article["state"], article["closes_at"]


def site() -> Site:
    return reading.site(db.session(), "daily")


def article() -> Article:
    return articles.get(db.session(), site(), "a1")


def came_out(at: datetime, *, closes_after: int = 14) -> None:
    article().published_at = at
    site().show(closes_after_days=closes_after)
    db.session.commit()


def pause(paused: bool = True) -> None:
    site().show(read_only=paused)
    db.session.commit()


def test_a_conversation_is_open_until_somebody_or_its_age_ends_it(ada: Browser) -> None:
    assert stands(ada) == (True, "open", None)
    published(ada, "first")
    assert stands(ada) == (True, "open", None)
    articles.close(article(), closed=True, at=now())
    db.session.commit()
    assert stands(ada) == (False, "closed", None)
    answer = ada.post("too late")
    assert (answer.status_code, answer.json["detail"]) == (409, "This conversation is closed.")


def test_age_ends_it_at_its_moment_even_before_anybody_has_closed_it(ada: Browser, engine: Engine) -> None:
    published(ada, "first")
    came_out(now() - timedelta(days=14, seconds=1))
    assert stands(ada) == (False, "archived", None)
    answer = ada.post("too late")
    assert (answer.status_code, answer.json["detail"]) == (409, ARCHIVED)
    assert closing.close_old(engine, at=now()) == 1
    assert stands(ada) == (False, "archived", None)
    db.session.rollback()
    articles.close(article(), closed=False, at=now())
    articles.close(article(), closed=True, at=now())
    db.session.commit()
    assert stands(ada) == (False, "closed", None)


def test_when_it_will_end_is_told_in_time(ada: Browser) -> None:
    published(ada, "first")
    came_out(datetime.fromisoformat("2026-11-24T12:00:00+00:00"), closes_after=9999)
    assert stands(ada) == (True, "open", "2054-04-10T12:00:00Z")
    article().stays_open = True
    db.session.commit()
    assert closing.closes_at(site(), article()) is None


def test_an_article_of_unknown_age_ends_so_long_after_it_was_first_seen(ada: Browser) -> None:
    published(ada, "first")
    site().show(closes_after_days=14)
    assert closing.closes_at(site(), article()) == moment_of(article().id) + timedelta(days=14)
    at = datetime.fromisoformat("2026-11-24T12:00:00.250+00:00")
    assert moment_of(id_at(at)) == at


def test_a_copy_is_not_good_any_more_when_only_time_has_passed(ada: Browser) -> None:
    published(ada, "first")
    tags = []
    for left in (timedelta(hours=25), timedelta(hours=23), timedelta(seconds=-1)):
        came_out(now() - timedelta(days=14) + left)
        tags.append(thread(ada).headers["ETag"])
    # Without the versions of article and site, which setting the day has moved.
    assert len({tag.split("-")[3] for tag in tags}) == 3


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_say_that_it_closes_soon_and_not_long_before(ada: Browser, page: str) -> None:
    published(ada, "first")
    came_out(now() - timedelta(days=14) + timedelta(hours=25))
    assert "closes on" not in ada.client.get(page).text
    came_out(now() - timedelta(days=14) + timedelta(hours=23))
    assert "This conversation closes on <time datetime=" in ada.client.get(page).text


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_have_a_sentence_for_each_end(ada: Browser, page: str) -> None:
    published(ada, "first")
    articles.close(article(), closed=True, at=now())
    db.session.commit()
    assert "This conversation is closed." in ada.client.get(page).text
    article().archived = True
    site().show(name="The Daily Archive")
    db.session.commit()
    assert ARCHIVED in ada.client.get(page).text
    pause()
    told = ada.client.get(page).text
    assert PAUSED in told
    assert ARCHIVED not in told
    assert ">Reply<" not in told
    assert ">Recommend<" not in told


def test_while_a_site_is_paused_nobody_writes_and_everybody_reads_and_reports(ada: Browser, bob: Browser) -> None:
    first = published(ada, "first")
    published(bob, "second")
    assert bob.ask("PUT", f"comments/{first}/recommendation").status_code == 200
    pause()
    assert stands(ada) == (False, "read-only", None)
    refused = [
        ada.post("new"), bob.post("reply", parent=first), ada.ask("PATCH", f"comments/{first}", {"body": "other"}),
        bob.ask("PUT", f"comments/{first}/recommendation"), bob.ask("DELETE", f"comments/{first}/recommendation"),
    ]  # fmt: skip
    assert {(answer.status_code, answer.json["detail"]) for answer in refused} == {(409, PAUSED)}
    assert bob.ask("POST", f"comments/{first}/reports", {"reason": "spam", "note": ""}).status_code == 200
    # What is one's own can be taken back at any time, and that undone.
    assert ada.ask("DELETE", f"comments/{first}").status_code == 200
    assert ada.ask("POST", f"comments/{first}/restore").status_code == 200
    pause(False)
    assert ada.post("again").status_code == 201


def test_a_pause_is_no_other_sites(ada: Browser, bob: Browser) -> None:
    pause()
    reading.site(db.session(), "other").show(name="The Other")
    db.session.commit()
    other: Any = bob.client.get("/api/v1/sites/other/thread?key=a1").json
    assert other["article"]["state"] == "open"


def test_an_owner_pauses_the_site_at_the_desk_and_a_moderator_sees_it(app: Flask, ada: Browser) -> None:
    make_moderator("ann", "Ann", daily="owner")
    make_moderator("mia", "Mia", daily="moderator")
    settings = {"name": "The Daily", "origins": PAPER, "moderation": "first", "read_only": "on"}
    before = thread(ada).headers["ETag"]
    ann, mia = signed_in(app.test_client(), "ann"), signed_in(app.test_client(), "mia")
    assert mia.post("/desk/sites/daily", settings).status_code == 403
    assert ann.post("/desk/sites/daily", settings).status_code == 303
    assert 'name="read_only" checked' in ann.get("/desk/sites/daily").text
    assert "paused on the whole site" in mia.get("/desk/sites/daily").text
    assert stands(ada) == (False, "read-only", None)
    assert thread(ada).headers["ETag"] != before
    del settings["read_only"]
    ann.post("/desk/sites/daily", settings)
    assert stands(ada) == (True, "open", None)
