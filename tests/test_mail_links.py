"""A reader follows a link from a mail: opening it changes nothing, its button does, and nobody else's link counts."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from itsdangerous import Signer

from comments_service import languages
from comments_service.database import db, now
from comments_service.mailing import links, mailboxes
from comments_service.tables import Mailbox
from comments_service.web.limits import limiter
from tests.conftest import SECRET_KEY
from tests.post_office import mailbox

SERVICE = "http://localhost:8000"
OWN = {"Origin": SERVICE, "Sec-Fetch-Site": "same-origin"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
PURPOSES = ("confirm", "unsubscribe", "resubscribe")


def path(purpose: str, to: Mailbox, *, at: datetime | None = None) -> str:
    return links.address("", purpose, to, secret=SECRET_KEY, at=at or now())


def state(to: Mailbox) -> tuple[bool, bool]:
    """Whether it is confirmed, and left alone."""
    db.session.rollback()
    db.session.refresh(to)
    return to.verified_at is not None, to.unsubscribed_at is not None


@pytest.mark.parametrize("purpose", PURPOSES)
def test_whoever_only_opens_a_link_changes_nothing(app: Flask, purpose: str) -> None:
    to = mailbox(verified=False)
    for method in ("GET", "HEAD", "OPTIONS"):
        assert app.test_client().open(path(purpose, to), method=method, base_url=SERVICE).status_code == 200
    assert state(to) == (False, False)


def test_a_mail_program_unsubscribes_by_one_request_from_no_page(app: Flask) -> None:
    to = mailbox()
    for _ in range(2):
        answer = app.test_client().post(path("unsubscribe", to), data=ONE_CLICK, base_url=SERVICE)
        assert answer.status_code == 200
    assert state(to) == (True, True)


def test_a_reader_leaves_by_a_button_and_comes_back_by_another(app: Flask) -> None:
    to = mailbox()
    client = app.test_client()
    page = client.get(path("unsubscribe", to), base_url=SERVICE)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)"', page.text))
    left = client.post(path("unsubscribe", to), data=fields, base_url=SERVICE, headers=OWN)
    assert state(to) == (True, True)
    back = re.search(r'<form method="post" action="http://localhost:8000([^"]+)"', left.text)
    assert back is not None
    assert client.post(back[1], base_url=SERVICE, headers=OWN, data={"x": "1"}).status_code == 200
    assert state(to) == (True, False)


def test_a_confirmation_needs_our_own_page(app: Flask) -> None:
    to = mailbox(verified=False)
    client = app.test_client()
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert client.post(path("confirm", to), data={"x": "1"}, base_url=SERVICE, headers=headers).status_code == 403
    assert state(to) == (False, False)
    answer = client.post(path("confirm", to), data={"x": "1"}, base_url=SERVICE, headers=OWN)
    assert "Your address is confirmed." in answer.text
    assert state(to) == (True, False)


def test_an_address_is_confirmed_for_one_reader_of_a_site(app: Flask) -> None:
    mailbox()
    second = mailbox(verified=False)
    answer = app.test_client().post(path("confirm", second), data={"x": "1"}, base_url=SERVICE, headers=OWN)
    assert answer.status_code == 409
    assert "another reader" in answer.text
    assert state(second) == (False, False)
    elsewhere = mailbox(site_key="other", verified=False)
    there = app.test_client().post(path("confirm", elsewhere), data={"x": "1"}, base_url=SERVICE, headers=OWN)
    assert there.status_code == 200


def test_a_link_counts_for_its_purpose_its_mailbox_and_its_time(app: Flask) -> None:
    to, other = mailbox(verified=False), mailbox("bob@mail.example", verified=False)
    client = app.test_client()

    def status(where: str) -> int:
        return client.post(where, data=ONE_CLICK, base_url=SERVICE, headers=OWN).status_code

    good = path("unsubscribe", to)
    assert status(good.replace("/unsubscribe", "/confirm")) == 404
    assert status(path("confirm", to).replace("/confirm", "/unsubscribe")) == 404
    assert status(good.replace(to.id, other.id)) == 404
    assert status(path("confirm", to, at=now() - links.LIVES["confirm"] - timedelta(minutes=1))) == 404
    forged = Signer("another secret", salt="mail link unsubscribe").sign(f"{to.site_id}{to.id}ffffffff").decode()
    for token in (forged, "x", "x" * 5000, "a.b", "%00", "é", f"{to.site_id}{to.id}ffffffff"):
        assert status(f"/m/{token}/unsubscribe") in {404, 414}
    assert state(to) == (False, False)
    assert state(other) == (False, False)


def test_of_who_is_gone_it_says_only_that(app: Flask) -> None:
    to = mailbox("canary@mail.example")
    link = path("unsubscribe", to)
    mailboxes.forget(db.session(), to.site_id, to.reader_id)
    db.session.commit()
    answer = app.test_client().get(link, base_url=SERVICE)
    assert answer.status_code == 404
    assert "not kept here any more" in answer.text
    assert answer.mimetype == "text/html"


@pytest.mark.parametrize("lang", languages.OFFERED)
def test_the_page_speaks_the_language_of_the_mail_and_shows_no_address(app: Flask, lang: str) -> None:
    to = mailbox("canary@mail.example", language=lang)
    for purpose in PURPOSES:
        answer = app.test_client().get(path(purpose, to), base_url=SERVICE, headers={"Accept-Language": "tr"})
        assert f'<html lang="{lang}" dir="{languages.direction(lang)}">' in answer.text
        assert "canary" not in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert purpose != "unsubscribe" or languages.say(lang, "Stop the notices") in answer.text


def test_only_the_words_of_the_standard_unsubscribe(app: Flask) -> None:
    to = mailbox()
    for body in ({}, {"List-Unsubscribe": "No"}, {"x": "1"}):
        assert app.test_client().post(path("unsubscribe", to), data=body, base_url=SERVICE).status_code == 403
    assert state(to) == (True, False)


def test_guessing_is_slowed(app: Flask) -> None:
    limiter.enabled = True
    limiter.reset()
    answers = [app.test_client().post("/m/x/unsubscribe", data=ONE_CLICK, base_url=SERVICE) for _ in range(301)]
    statuses = [answer.status_code for answer in answers]
    assert statuses[:300] == [404] * 300
    assert statuses[300] == 429
    limiter.reset()
