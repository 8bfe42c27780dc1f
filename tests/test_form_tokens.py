"""A person opens a form, writes and sends it; a bot sends what it has seen, at once, again, or elsewhere."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from comments_service import form_tokens
from comments_service.database import db, now
from comments_service.tables import Comment, SpentToken
from comments_service.web import reader_api
from tests.conftest import OTHER, PAPER, SECRET_KEY, Browser


def send(who: Browser, token: str, body: str = "Written by hand", **more: str) -> Any:
    draft = {"key": "a1", "url": f"{who.origin}/a1", "name": "Ada", "body": body, "form_token": token}
    return who.ask("POST", "comments", draft | more)


def opened(ago: timedelta, *, site: str = "daily", key: str = "a1", secret: str = SECRET_KEY) -> str:
    return form_tokens.issue(site, key, secret=secret, at=now() - ago)


def refused(answer: Any, says: str) -> bool:
    assert (answer.status_code, answer.json["field"]) == (422, "form_token")
    return says in answer.json["detail"]


def stored() -> int:
    return db.session.scalar(select(func.count()).select_from(Comment)) or 0


def test_a_form_is_opened_and_sent_when_its_time_has_come(ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ada.ask("GET", "form-token?key=a1")
    assert (answer.status_code, answer.json["usable_in"]) == (200, 2500)
    assert "no-store" in answer.headers["Cache-Control"]
    token = answer.json["token"]
    assert refused(send(ada, token), "very quick")
    later = now() + timedelta(milliseconds=answer.json["usable_in"])
    monkeypatch.setattr(reader_api, "now", lambda: later)
    assert send(ada, token).status_code == 202


def test_a_form_is_good_for_one_comment(ada: Browser, bob: Browser) -> None:
    token = opened(timedelta(minutes=1))
    assert send(ada, token).status_code == 202
    assert refused(send(ada, token, "And another"), "sent before")
    assert refused(send(bob, token, "And from another browser"), "sent before")
    assert stored() == 1


def test_a_comment_that_fails_leaves_its_form_good(ada: Browser) -> None:
    token = opened(timedelta(minutes=1))
    assert send(ada, token, "").status_code == 422
    assert send(ada, token, name="").status_code == 422
    assert send(ada, token, parent="0" * 26).status_code == 404
    assert send(ada, token).status_code == 202


def test_a_form_is_good_for_a_day(ada: Browser) -> None:
    assert send(ada, opened(timedelta(hours=23, minutes=59)), "one").status_code == 202
    assert refused(send(ada, opened(timedelta(hours=24, seconds=1)), "two"), "more than a day")
    assert refused(send(ada, opened(timedelta(seconds=2)), "three"), "very quick")
    assert refused(send(ada, opened(timedelta(hours=-1)), "from the future"), "very quick")
    assert send(ada, opened(timedelta(seconds=3)), "four").status_code == 202


def test_a_form_of_another_thread_or_site_or_service_is_none(ada: Browser, outsider: Browser) -> None:
    minute = timedelta(minutes=1)
    assert refused(send(ada, opened(minute, key="a2")), "another page")
    assert refused(send(ada, opened(minute, site="other")), "another page")
    assert refused(send(ada, opened(minute, secret="y" * 32)), "another page")
    assert refused(send(outsider, opened(minute)), "another page")
    assert stored() == 0


@pytest.mark.parametrize("token", ["", "x", ".", "a.b", "19f0-abc.def", "é", "\U0001f642", "." * 5000, "%00"])
def test_what_is_no_form_token_is_refused_in_words(ada: Browser, token: str) -> None:
    assert refused(send(ada, token), "another page")


def test_a_token_that_is_spelled_in_another_way_is_still_the_same(ada: Browser) -> None:
    token = opened(timedelta(minutes=1))
    said, _, signature = token.rpartition(".")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spellings = {f"{said}.{signature[:-1]}{last}" for last in alphabet} | {token + "=", token + "==", f"{token}\n"}
    statuses = [send(ada, spelled, f"text {n}").status_code for n, spelled in enumerate(sorted(spellings))]
    assert (statuses.count(202), statuses.count(422)) == (1, len(spellings) - 1)


def test_whoever_fills_in_the_field_that_nobody_sees_is_no_person(ada: Browser) -> None:
    token = opened(timedelta(minutes=1))
    answer = send(ada, token, website="https://buy.example")
    assert (answer.status_code, answer.json["field"]) == (422, "website")
    assert stored() == 0
    assert send(ada, token, website="").status_code == 202


def test_forms_are_opened_on_pages_of_the_site_alone(ada: Browser, outsider: Browser) -> None:
    assert ada.ask("GET", "form-token?key=a1").headers["Access-Control-Allow-Origin"] == PAPER
    ada.origin = OTHER
    assert ada.ask("GET", "form-token?key=a1").status_code == 403
    assert Browser(outsider.client, site="nowhere").ask("GET", "form-token?key=a1").status_code == 404


def test_opening_forms_leaves_nothing_behind(ada: Browser) -> None:
    tokens = {ada.ask("GET", "form-token?key=a1").json["token"] for _ in range(20)}
    assert len(tokens) == 20
    assert db.session.scalar(select(func.count()).select_from(SpentToken)) == 0
