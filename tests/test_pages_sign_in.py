"""Signing in by mail without JavaScript: with the code and by the link, and in no browser but the one that asked."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from comments_service import form_tokens, reading
from comments_service.database import db, now
from comments_service.mail_server import MailServer
from comments_service.mailing import codes
from comments_service.tables import Comment, Mailbox, MailSignIn, Reader, Session
from tests.conftest import OTHER, PAPER, SECRET_KEY
from tests.pages import SERVICE, Page, Plain
from tests.post_office import ADDRESS, office, plain, settings, work
from tests.test_pages_writing import WRITE, wrote

HERE = "/s/daily/sign-in"


@pytest.fixture(autouse=True)
def by_mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sites let readers sign in by mail, and one of them takes no guests."""
    monkeypatch.setattr(form_tokens, "USABLE_IN", timedelta(0))
    monkeypatch.setitem(app.config, "SETTINGS", settings(MailServer(host="127.0.0.1", port=1, tls="no")))
    reading.site(db.session(), "daily").show(mail=True)
    reading.site(db.session(), "other").show(mail=True, guests=False)
    db.session.commit()


@pytest.fixture
def clara(app: Flask) -> Plain:
    return Plain(app.test_client())


def words(answer: Any) -> str:
    return " ".join(Page(answer.text).words.split())


def ask(who: Plain, email: str = ADDRESS, at: str = HERE) -> Any:
    return who.submit(who.get(at), at, email=email)


def code_of(email: str = ADDRESS) -> str:
    row = db.session.scalars(select(MailSignIn).where(MailSignIn.address == email)).one()
    return codes.code(SECRET_KEY, row.site_id, row.id)


def type_code(who: Plain, code: str, at: str = HERE) -> Any:
    path, _, query = at.partition("?")
    return who.submit(who.get(at), f"{path}/code" + (f"?{query}" if query else ""), code=code)


def test_a_code_signs_in_and_a_guests_comments_come_along(clara: Plain) -> None:
    assert wrote(clara, "Said as a guest").status_code == 202
    guest = db.session.scalars(select(Reader)).one()
    asked = ask(clara)
    assert (asked.status_code, asked.headers["Location"]) == (303, f"{SERVICE}{HERE}")
    assert asked.headers["Cache-Control"] == "private, no-store"
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(asked.headers["Set-Cookie"].split("; "))
    step = clara.get(HERE)
    assert f"on its way to {ADDRESS}" in words(step)
    assert Page(step.text).all("input", name="code")
    assert Page(clara.get(f"{HERE}?again=1").text).all("input", name="email")
    assert type_code(clara, code_of()).headers["Location"] == f"{SERVICE}/s/daily/me"
    assert "Signed in as Clara" in words(clara.get(HERE))
    assert "Said as a guest" in words(clara.get("/s/daily/me"))
    assert wrote(clara, "Said with an account").status_code == 202
    assert set(db.session.scalars(select(Comment.reader_id))) == {guest.id}
    assert db.session.scalars(select(Mailbox.address)).all() == [ADDRESS]


def test_signing_out_ends_the_session_and_the_cookie(clara: Plain) -> None:
    ask(clara)
    type_code(clara, code_of())
    kept = clara.client.get_cookie("account-daily")
    assert kept is not None
    out = clara.submit(clara.get("/s/daily/me"), "/s/daily/me", act="sign_out")
    assert (out.status_code, clara.client.get_cookie("account-daily")) == (200, None)
    assert Page(clara.get(HERE).text).all("input", name="email")
    clara.client.set_cookie("account-daily", kept.value)
    assert clara.submit(clara.get(WRITE), WRITE, name="Clara", body="Hello").status_code == 401
    assert db.session.scalars(select(Comment)).all() == []


def test_a_form_that_was_open_while_the_session_ended_says_so_and_keeps_the_text(clara: Plain) -> None:
    ask(clara)
    type_code(clara, code_of())
    form = clara.get(WRITE)
    db.session.execute(update(Session).values(revoked_at=now()))
    db.session.commit()
    answer = clara.submit(form, WRITE, name="Clara", body="My words")
    assert (answer.status_code, "Please sign in again" in words(answer)) == (401, True)
    assert Page(answer.text).areas["body"] == "My words"
    assert clara.client.get_cookie("account-daily") is None


def test_the_link_counts_in_the_browser_that_asked_and_in_no_other(app: Flask, clara: Plain, engine: Engine) -> None:
    assert ask(clara, at=f"{HERE}?thread=a1").headers["Location"] == f"{SERVICE}{HERE}?thread=a1"
    with office() as server:
        work(engine, settings(plain(server)), at=now())
    text = server.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]  # every mail of ours has one
    link = re.search(r"http://localhost:8000(/m/\S+/sign-in)", text)
    assert link is not None
    for who, status in ((Plain(app.test_client()), 422), (clara, 303)):
        opened = who.get(link[1])
        form = Page(opened.text).all("form")[0]["action"]
        assert form == f"{SERVICE}{HERE}/code?thread=a1"
        answer = who.submit(opened, form)
        assert (answer.status_code, who.client.get_cookie("account-daily") is None) == (status, status == 422)
    assert answer.headers["Location"] == f"{SERVICE}/s/daily/t/a1/write"
    assert clara.submit(clara.get(HERE), form, code="000000").status_code == 422


def test_a_wrong_code_costs_a_try_and_the_sixth_is_over(clara: Plain) -> None:
    ask(clara)
    right = code_of()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(5):
        refused = type_code(clara, wrong)
        assert (refused.status_code, "This is not the code" in words(refused)) == (422, True)
    over = clara.submit(refused, f"{HERE}/code", code=right)
    assert (over.status_code, "does not count any more" in words(over)) == (422, True)
    assert Page(over.text).all("input", name="email")
    assert db.session.scalars(select(Session)).all() == []


def test_where_no_guests_may_write_signing_in_opens_the_form(clara: Plain) -> None:
    at = f"/s/other/t/a1/write?{urlencode({'url': f'{OTHER}/a1'})}"
    closed = clara.get(at)
    assert "Only readers who are signed in" in words(closed)
    entry = Page(closed.text).link("/s/other/sign-in?").removeprefix(SERVICE)
    assert entry == f"/s/other/sign-in?thread=a1&{at.partition('?')[2]}"
    ask(clara, at=entry)
    assert type_code(clara, code_of(), at=entry).headers["Location"] == f"{SERVICE}{at}"
    assert Page(clara.get(at).text).all("textarea", name="body")
    assert Page(clara.get(HERE).text).all("input", name="email"), "of another site of the service nobody is known"


def test_no_form_from_elsewhere_and_no_address_that_is_none(clara: Plain) -> None:
    token = Page(clara.get(HERE).text).all("input", name="form_token")[0]["value"]
    good = {"email": ADDRESS, "form_token": token}
    silent = {"Origin": "", "Sec_Fetch_Site": ""}
    elsewhere = ({"Origin": PAPER}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}, silent)
    for headers in elsewhere:
        assert clara.post(HERE, good, **headers).status_code == 403
    assert clara.post(HERE, good | {"form_token": "x.y"}).status_code == 422
    for typed in ("", "nobody", "a@b@c", "a@example.org\r\nBcc: b@example.org", "<b>@example.org"):
        refused = clara.post(HERE, good | {"email": typed})
        assert (refused.status_code, "Set-Cookie" in refused.headers) == (422, False), typed
    assert db.session.scalars(select(MailSignIn)).all() == []
    reading.site(db.session(), "daily").show(mail=False)
    db.session.commit()
    assert clara.get(HERE).status_code == 404
    assert clara.post(HERE, good).status_code == 404


def test_what_readers_are_told_stands_at_every_field_for_an_address(clara: Plain) -> None:
    reading.site(db.session(), "daily").show(consent="Mind <b>this</b>.", privacy_url="https://paper.example/p")
    db.session.commit()
    for path in (HERE, "/s/daily/notices"):
        page = Page(clara.get(path).text)
        assert "Mind <b>this</b>." in page.words, path
        assert page.all("b") == []
        links = [(link["href"], link["rel"]) for link in page.all("a", target="_blank")]
        assert links == [("https://paper.example/p", "noopener nofollow")], path
