"""Without JavaScript a reader writes, answers, recommends, reports, changes and withdraws; nothing typed is lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from comments_service import form_tokens
from comments_service.database import db, now
from comments_service.tables import Article, Comment, Report, Session
from comments_service.web.limits import limiter
from tests.conftest import PAPER, Browser
from tests.pages import SERVICE, Page, Plain
from tests.test_conversation import decide, published

THREAD = "/s/daily/t/a1"
WRITE = f"{THREAD}/write?url=https://paper.example/a1"
ACTS = ("recommend", "report", "edit", "withdraw", "restore")


@pytest.fixture(autouse=True)
def forms_are_ripe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_tokens, "USABLE_IN", timedelta(0))


@pytest.fixture
def clara(app: Flask) -> Plain:
    return Plain(app.test_client())


@pytest.fixture
def dora(app: Flask) -> Plain:
    return Plain(app.test_client())


def wrote(reader: Plain, body: str, *, name: str = "Clara", path: str = WRITE) -> Any:
    return reader.submit(reader.get(path), path, name=name, body=body)


def last() -> Comment:
    db.session.expire_all()
    return db.session.scalars(select(Comment).order_by(Comment.id.desc())).first() or pytest.fail("no comment")


def test_a_first_comment_is_held_and_appears_once_it_is_approved(clara: Plain, dora: Plain) -> None:
    answer = wrote(clara, "Hello **world**\r\nagain")
    assert answer.status_code == 202
    assert "Your comment is waiting for a moderator" in answer.text
    assert "first comment" in Page(answer.text).words
    assert last().source == "Hello **world**\nagain"
    assert "Hello" not in dora.get(THREAD).text
    assert "Waiting for a moderator" in clara.get(f"{THREAD}/yours").text
    assert "Hello" not in dora.get(f"{THREAD}/yours").text
    decide(last().id)
    assert Page(dora.get(THREAD).text).comments() == [last().id]
    again = wrote(clara, "The second one")
    assert (again.status_code, "Your comment is published" in again.text) == (201, True)


def test_a_reply_quotes_what_it_answers(ada: Browser, clara: Plain) -> None:
    root = published(ada, "The bridge is old")
    path = Page(clara.get(THREAD).text).link("parent=")
    form = clara.get(path)
    assert "The bridge is old" in form.text
    assert clara.submit(form, path, name="Clara", body="It was repaired").status_code == 202
    assert last().parent_id == root


def test_the_cookie_is_strict_and_set_only_when_something_was_stored(clara: Plain) -> None:
    form = clara.get(WRITE)
    assert "Set-Cookie" not in form.headers
    assert form.headers["Cache-Control"] == "private, no-store"
    empty = clara.submit(form, WRITE, name="Clara", body=" ")
    assert (empty.status_code, "Set-Cookie" in empty.headers) == (422, False)
    answer = wrote(clara, "Hello")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("reader-daily=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    secret = cookie.split(";")[0].removeprefix("reader-daily=")
    stored = db.session.scalars(select(Session)).one()
    assert stored.origin == SERVICE
    assert secret.encode() not in stored.digest


@pytest.mark.own_app
def test_over_https_the_cookie_belongs_to_this_host_alone(app: Flask, clara: Plain) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], public_url="https://localhost")
    form = clara.get(WRITE)
    answer = clara.post(WRITE, clara.fields(form) | {"name": "Clara", "body": "Hello"}, Origin="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-reader-daily=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize("part", ["name", "body"])
def test_a_mistake_is_told_beside_its_field_and_costs_no_word(clara: Plain, part: str) -> None:
    typed = {"name": "Clara", "body": 'My "long" <text>\n\nwith lines'} | {part: ""}
    answer = clara.submit(clara.get(WRITE), WRITE, **typed)
    assert answer.status_code == 422
    page = Page(answer.text)
    wrong = next(found for tag, found in page.elements if found.get("aria-invalid"))
    assert wrong["name"] == part
    assert f"wrong-{part}" in wrong["aria-describedby"]
    assert page.all("p", id=f"wrong-{part}")
    kept = clara.fields(answer)
    assert (kept["name"], kept["body"]) == (typed["name"], typed["body"])
    assert clara.submit(answer, WRITE, name="Clara", body="Better").status_code == 202


def test_a_form_that_is_sent_too_soon_twice_or_from_another_page_keeps_the_text(
    clara: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_tokens, "USABLE_IN", timedelta(minutes=1))
    soon = wrote(clara, "Quick")
    assert (soon.status_code, clara.fields(soon)["body"]) == (422, "Quick")
    assert "very quick" in Page(soon.text).words
    kept = clara.fields(soon)["form_token"]
    assert clara.fields(clara.submit(soon, WRITE))["form_token"] == kept
    monkeypatch.setattr(form_tokens, "USABLE_IN", timedelta(0))
    other = "/s/daily/t/a2/write?url=https://paper.example/a2"
    moved = clara.submit(clara.get(other), WRITE, name="Clara", body="Moved", url="https://paper.example/a1")
    assert (moved.status_code, clara.fields(moved)["body"]) == (422, "Moved")
    form = clara.get(WRITE)
    assert clara.submit(form, WRITE, name="Clara", body="Once").status_code == 202
    changed = clara.submit(form, WRITE, name="Clara", body="Twice")
    assert (changed.status_code, clara.fields(changed)["body"]) == (409, "Twice")
    assert clara.submit(changed, WRITE).status_code == 202


def test_a_double_click_stores_one_comment_and_answers_twice(app: Flask, clara: Plain) -> None:
    form = clara.get(WRITE)
    fields = clara.fields(form) | {"name": "Clara", "body": "Hello"}
    first, second = Plain(app.test_client()).post(WRITE, fields), clara.post(WRITE, fields)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.headers["Set-Cookie"].split(";")[0] == second.headers["Set-Cookie"].split(";")[0]
    assert len(db.session.scalars(select(Comment)).all()) == 1


def test_the_field_that_nobody_sees_must_stay_empty(clara: Plain) -> None:
    form = clara.get(WRITE)
    hidden = Page(form.text).all("input", name="website")[0]
    assert (hidden["tabindex"], hidden["autocomplete"]) == ("-1", "off")
    answer = clara.submit(form, WRITE, name="Bot", body="Buy", website="https://spam.example")
    assert answer.status_code == 422
    assert not db.session.scalars(select(Comment)).all()


FORGERIES: list[dict[str, str]] = [
    {"Origin": "", "Sec_Fetch_Site": ""},
    {"Origin": "null"},
    {"Origin": "null", "Sec_Fetch_Site": ""},
    {"Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site"},
    {"Origin": "https://paper.example", "Sec_Fetch_Site": "cross-site"},
    {"Origin": "http://comments.localhost:8000", "Sec_Fetch_Site": "same-site"},
    {"Origin": "", "Sec_Fetch_Site": "none"},
    {"Origin": "", "Sec_Fetch_Site": "cross-site"},
    {"Content_Type": "text/plain"},
]


@pytest.mark.parametrize("headers", FORGERIES)
def test_a_form_from_anywhere_else_does_nothing(ada: Browser, clara: Plain, headers: dict[str, str]) -> None:
    one = published(ada, "Hello")
    wrote(clara, "Mine")
    before = (last().id, last().status)
    paths = [WRITE, *(f"/s/daily/c/{one}/{act}" for act in ACTS), f"/s/daily/c/{last().id}/withdraw"]
    for path in paths:
        token = clara.fields(clara.get(path)).get("form_token", "") if clara.get(path).status_code == 200 else ""
        fields = {"form_token": token, "name": "Clara", "body": "Forged", "reason": "spam"}
        answer = clara.post(path, fields, **headers)
        assert answer.status_code == 403
        assert "Forged" not in answer.text
        assert "Set-Cookie" not in answer.headers
    assert (last().id, last().status, last().recommends) == (*before, 0)
    assert not db.session.scalars(select(Report)).all()


def test_the_api_knows_no_cookie_and_the_pages_know_no_bearer(ada: Browser, clara: Plain) -> None:
    cookie = wrote(clara, "Hello").headers["Set-Cookie"].split(";")[0]
    mine = last().id
    headers = {"Origin": PAPER, "Cookie": cookie}
    assert ada.client.get("/api/v1/sites/daily/me?key=a1", headers=headers).get_json()["comments"] == []
    assert ada.client.delete(f"/api/v1/sites/daily/comments/{mine}", headers=headers).status_code == 401
    from_here = ada.client.delete(f"/api/v1/sites/daily/comments/{mine}", headers=headers | {"Origin": SERVICE})
    assert from_here.status_code == 403
    theirs = published(ada, "Written in the widget")
    for act in ("edit", "withdraw"):
        assert clara.get(f"/s/daily/c/{theirs}/{act}").status_code == 403
    bearer = Plain(clara.client)
    assert bearer.get(f"/s/daily/c/{theirs}/edit", Authorization="Bearer " + "A" * 43).status_code == 403


def test_recommending_counts_once_and_can_be_taken_back(ada: Browser, clara: Plain, dora: Plain) -> None:
    one = published(ada, "Hello")
    path = f"/s/daily/c/{one}/recommend"
    for reader, total in ((clara, 1), (dora, 2), (dora, 2)):
        reader.submit(reader.get(path), path)
        assert last().recommends == total
    assert "Take it back" in clara.get(path).text
    assert clara.submit(clara.get(path), path, take_back="1").status_code == 200
    assert last().recommends == 1
    assert "1 recommendation" in Page(dora.get(THREAD).text).words
    wrote(clara, "Mine")
    decide(last().id)
    own = f"/s/daily/c/{last().id}/recommend"
    assert "cannot recommend your own" in clara.submit(clara.get(own), own).text


def test_a_report_reaches_the_moderators_once(ada: Browser, clara: Plain) -> None:
    one = published(ada, "Hello")
    path = f"/s/daily/c/{one}/report"
    without = clara.submit(clara.get(path), path, note="Look at this")
    assert (without.status_code, clara.fields(without)["note"]) == (422, "Look at this")
    for _ in range(2):
        assert "Thank you" in clara.submit(clara.get(path), path, reason="abuse", note="Look").text
    found = db.session.scalars(select(Report)).one()
    assert (found.reason, found.note) == ("abuse", "Look")


def test_an_author_changes_and_withdraws_and_nobody_else_does(ada: Browser, clara: Plain, dora: Plain) -> None:
    published(ada, "Hello")
    wrote(clara, "First words")
    mine = last().id
    decide(mine)
    wrote(dora, "Somebody else")
    for act in ("edit", "withdraw"):
        path = f"/s/daily/c/{mine}/{act}"
        assert dora.get(path).status_code == 403
        token = clara.fields(clara.get(path))["form_token"]
        assert dora.post(path, {"form_token": token, "body": "Not yours"}).status_code == 403
    path = f"/s/daily/c/{mine}/edit"
    form = clara.get(path)
    assert clara.fields(form)["body"] == "First words"
    assert "as you have changed it" in clara.submit(form, path, body="First swords").text
    assert "First swords" in dora.get(THREAD).text
    empty = clara.submit(clara.get(path), path, body="")
    assert (empty.status_code, 'id="wrong-body"' in empty.text) == (422, True)
    path = f"/s/daily/c/{mine}/withdraw"
    assert "Your comment is withdrawn" in clara.submit(clara.get(path), path).text
    assert "First swords" not in dora.get(THREAD).text


def test_whoever_has_no_cookie_owns_nothing(ada: Browser, clara: Plain) -> None:
    one = published(ada, "Hello")
    held = Browser(ada.client, secret="H" * 43).post("Held").json["comment"]["id"]
    answers = {
        (act, comment): clara.get(f"/s/daily/c/{comment}/{act}")
        for act in ("edit", "withdraw")
        for comment in (one, held, "nothing")
    }
    assert {answer.status_code for answer in answers.values()} == {401}
    for act in ("recommend", "report"):
        assert clara.get(f"/s/daily/c/{held}/{act}").status_code == 404


def test_a_cookie_of_one_site_opens_nothing_on_another(ada: Browser, clara: Plain) -> None:
    wrote(clara, "On the Daily")
    mine = last().id
    elsewhere = "/s/other/t/b1/write?url=https://other.example/b1"
    assert wrote(clara, "On the Other", path=elsewhere).status_code == 202
    digests = [found.digest for found in db.session.scalars(select(Session))]
    assert len(set(digests)) == 2
    for act in ACTS:
        assert clara.get(f"/s/other/c/{mine}/{act}").status_code == 404
    assert "On the Daily" not in clara.get("/s/other/t/a1/yours?url=https://other.example/a1").text


def test_too_fast_and_closed_keep_the_text(ada: Browser, clara: Plain) -> None:
    published(ada, "Hello")
    form = clara.get(WRITE)
    db.session.execute(update(Article).values(closed_at=now()))
    db.session.commit()
    closed = clara.submit(form, WRITE, name="Clara", body="Too late")
    assert (closed.status_code, clara.fields(closed)["body"]) == (409, "Too late")
    limiter.enabled = True
    limiter.reset()
    answers = [clara.submit(form, WRITE, name="Clara", body="Again and again") for _ in range(61)]
    assert answers[-1].status_code == 429
    assert clara.fields(answers[-1])["body"] == "Again and again"
    assert clara.fields(answers[-1])["name"] == "Clara"
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_site_without_guests_says_so(app: Flask, clara: Plain) -> None:
    db.session.execute(db.text("UPDATE sites SET guests = false"))
    db.session.commit()
    form = clara.get(WRITE)
    assert "signed in" in form.text
    assert not Page(form.text).all("form")


def test_a_long_text_in_a_long_script_fits_the_form(clara: Plain) -> None:
    assert wrote(clara, "語" * 9_999).status_code == 202
    assert last().source == "語" * 9_999
    assert wrote(clara, "x" * 300_000).status_code == 413
