"""A reader signs in by mail, in the browser that asked and once; nobody else does, and nobody learns who is known."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select, update

from comments_service import erasing, reading
from comments_service.database import db, now
from comments_service.mail_server import MailServer
from comments_service.mailing import codes, links, references, suppressing
from comments_service.sweeping import sweep
from comments_service.tables import MailAllowance, Mailbox, MailSignIn, Outbox, Reader, Session
from tests.by_mail import ask, attempt, code_of, enter, finish, refused, row_of, wrong
from tests.conftest import OTHER, PAPER, SECRET_KEY, Browser
from tests.post_office import ADDRESS, mailbox, office, plain, settings, work
from tests.signing import signer
from tests.test_sso import sign_in

PAGE = f"{PAPER}/a1"


@pytest.fixture(autouse=True)
def by_mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("daily", "other"):
        reading.site(db.session(), key).show(mail=True)
    db.session.commit()
    monkeypatch.setitem(app.config, "SETTINGS", settings(MailServer(host="127.0.0.1", port=1, tls="no")))


def readers() -> int:
    return db.session.scalar(select(func.count()).select_from(Reader)) or 0


def test_the_mail_brings_a_code_and_a_link_and_either_signs_in_once(app: Flask, ada: Browser, engine: Engine) -> None:
    secrets = [attempt(ada), attempt(ada)]
    with office() as server:
        work(engine, settings(plain(server)), at=now())
    assert len(server.mails) == 2
    for secret, mail, what in zip(secrets, server.mails, ("code", "link"), strict=True):
        text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # every mail of ours has one
        code = re.search(r"Your code: (\d{6})", text)
        link = re.search(r"http://localhost:8000(/m/\S+/sign-in)", text)
        assert code is not None
        assert link is not None
        assert mail["Subject"] == f"{code[1]} is your code for The Daily"
        page = app.test_client().get(link[1], base_url="http://localhost:8000")
        proof = re.search(rf'href="{PAGE}#comments-mail-([\w-]{{32}})"', page.text)
        assert proof is not None, page.text
        assert page.headers["Cache-Control"] == "private, no-store"
        given = code[1] if what == "code" else proof[1]
        assert finish(ada, secret, given).json["name"] is None
        assert "Ask for a new one" in refused(finish(ada, secret, given)), "it counts once"
        assert app.test_client().get(link[1], base_url="http://localhost:8000").status_code == 404
    assert readers() == 1
    assert ada.post("Hello", name="Ada").json["comment"]["name"] == "Ada"
    assert ada.ask("GET", "me?key=a1").json["signed_in"] is True
    assert {row.opened_by for row in db.session.scalars(select(Session))} == {"mail"}
    kept = repr([tuple(row) for row in db.session.execute(select(*Outbox.__table__.c))])
    assert not any(secret in kept for secret in [*secrets, ADDRESS])


def test_a_guest_stays_the_same_reader_and_comes_back_from_another_browser(ada: Browser, bob: Browser) -> None:
    first, guest = ada.post("as a guest").json["comment"]["id"], ada.secret
    assert enter(ada).json["name"] == "Ada"
    assert readers() == 1
    assert Browser(ada.client, secret=guest).post("the old secret").status_code == 401
    assert bob.post("somebody else for now").status_code == 202
    assert enter(bob).json["name"] == "Ada"
    assert bob.ask("PATCH", f"comments/{first}", {"body": "changed from elsewhere"}).status_code == 200
    assert ada.ask("POST", "session/rotate").status_code == 200


def test_a_claim_that_nobody_has_proved_gives_no_right(ada: Browser, bob: Browser) -> None:
    claimed = mailbox(verified=False)
    assert enter(ada).status_code == 200
    owner = db.session.scalars(select(Mailbox).where(Mailbox.verified_at.is_not(None))).one()
    assert owner.reader_id != claimed.reader_id
    assert enter(bob).status_code == 200
    assert len(db.session.scalars(select(Session.reader_id).distinct()).all()) == 1


def test_who_typed_an_address_that_its_owner_confirmed_is_out_when_the_owner_comes(
    app: Flask, ada: Browser, bob: Browser
) -> None:
    """Bob gives the address of Ada, who presses the button in the mail and later signs in: his account is hers now."""
    said = bob.post("waiting for Ada", name="Bob").json["comment"]["id"]
    feed = bob.ask("POST", "notices/feed").json["url"]
    assert bob.ask("POST", "notices/address", {"address": ADDRESS}).status_code == 202
    box = db.session.scalars(select(Mailbox)).one()
    link = links.address("", "confirm", box, secret=SECRET_KEY, at=now())
    own = {"Origin": "http://localhost:8000"}
    assert app.test_client().post(link, data={"x": "1"}, headers=own, base_url=own["Origin"]).status_code == 200
    assert ada.post("as a guest of her own").status_code == 202
    assert enter(ada).json["name"] == "Bob"
    assert ada.ask("PATCH", f"comments/{said}", {"body": "it is hers"}).status_code == 200
    for path in ("me/profile", "me/data"):
        assert bob.ask("GET", path).status_code == 401
    assert app.test_client().get(feed).status_code == 404
    mine = ada.ask("POST", "notices/feed").json["url"]
    assert enter(Browser(ada.client, secret="C" * 43)).status_code == 200
    assert app.test_client().get(mine).status_code == 200, "the next sign-in is no first one"


def test_an_account_of_the_paper_is_not_joined_by_an_address(ada: Browser, bob: Browser) -> None:
    paper = signer(db.session())
    sign_in(bob, paper.token(email=ADDRESS, email_verified=True))
    before = bob.secret
    assert enter(ada).status_code == 200
    assert enter(bob).status_code == 200
    assert readers() == 2, "whoever is signed in becomes another reader, and keeps nothing of the first"
    assert Browser(bob.client, secret=before).ask("GET", "me/profile").status_code == 401


def test_a_name_is_held_for_who_signed_in_and_can_be_changed(ada: Browser, bob: Browser) -> None:
    enter(ada)
    assert ada.post("Hello", name="Ada Lovelace").status_code == 202
    assert bob.post("Hello", name="Аda Lоvelace").status_code == 422, "the same in other letters"
    assert ada.ask("PUT", "me/name", {"name": "Countess"}).status_code == 200
    assert bob.post("Hello", name="Countess").status_code == 422
    assert bob.post("Hello", name="Ada Lovelace").status_code == 202


def test_started_in_one_browser_it_cannot_be_finished_in_another(ada: Browser, outsider: Browser) -> None:
    site = reading.site(db.session(), "daily")
    site.origins = [PAPER, "https://m.paper.example"]
    db.session.commit()
    secret = attempt(ada)
    code = code_of(secret)
    strangers = [
        finish(Browser(ada.client, secret="E" * 43), "E" * 43, code),
        finish(outsider, secret, code),
        finish(Browser(ada.client, origin="https://m.paper.example"), secret, code),
        finish(ada, attempt(outsider, "eve@mail.example"), code),
    ]
    assert {refused(answer) for answer in strangers} == {"This code does not count any more. Ask for a new one."}
    assert readers() == 0
    assert finish(ada, secret, code).status_code == 200


def test_five_tries_and_ten_minutes(ada: Browser) -> None:
    secret = attempt(ada)
    code = code_of(secret)
    for typed in (wrong(code), "000000" if code != "000000" else "1" * 6, "x" * 32, f"{code}0", "１２３４５６"):
        assert "This is not the code" in refused(finish(ada, secret, typed))
    assert "Ask for a new one" in refused(finish(ada, secret, code))
    late = attempt(ada)
    last = code_of(late)
    db.session.execute(update(MailSignIn).values(expires_at=now()))
    db.session.commit()
    assert "Ask for a new one" in refused(finish(ada, late, last))
    sweep(db.engine, at=now() + timedelta(seconds=1))
    assert db.session.scalars(select(MailSignIn)).all() == []
    spaced = attempt(ada)
    digits = code_of(spaced)
    assert finish(ada, spaced, f" {digits[:3]} {digits[3:]} ").status_code == 200


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*told: Any) -> None:
        seen.append(told[2])

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_the_answer_and_the_work_are_the_same_for_every_address(
    app: Flask, ada: Browser, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox("known@mail.example")
    mailbox("claimed@mail.example", verified=False)
    digest = references.digest(SECRET_KEY, "refused@mail.example")
    suppressing.suppress(db.session(), digest, reason="refused", status="5.1.1", at=now())
    db.session.commit()
    hashed: list[int] = []
    keyed = references._keyed

    def counted(*told: str) -> bytes:
        hashed.append(1)
        return keyed(*told)

    monkeypatch.setattr(references, "_keyed", counted)
    found = []
    for name in ("known", "claimed", "refused", "nobody"):
        letters = len(db.session.scalars(select(Outbox)).all())
        hashed.clear()
        with statements(engine) as seen:
            answer = ask(ada, f"{name}@mail.example")
        shape = {key: len(value) for key, value in answer.json.items()}
        more = len(db.session.scalars(select(Outbox)).all()) - letters
        found.append((answer.status_code, shape, more, len(hashed), [line.split("VALUES")[0] for line in seen]))
    assert found[0][:3] == (200, {"attempt": 43, "ends_at": 20}, 1)
    assert all(one == found[0] for one in found)


def test_an_inbox_gets_three_codes_an_hour_however_it_is_spelled(ada: Browser, outsider: Browser) -> None:
    for email in ("ada@mail.example", "Ada@MAIL.example", "ada+news@mail.example"):
        assert ask(ada, email).status_code == 200
    for who in (ada, outsider):
        answer = ask(who, "aDa+x@mail.example")
        assert answer.status_code == 429
        assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert ask(ada, "bob@mail.example").status_code == 200
    assert len(db.session.scalars(select(MailSignIn)).all()) == 4
    assert {row.quota for row in db.session.scalars(select(MailAllowance))} == {"codes"}


def test_what_is_no_address_or_no_page_of_the_site_is_refused(ada: Browser) -> None:
    for email in ("", "ada", "a@b", "ada@mail.example\r\nBcc: x@evil.example", "ada@mail.example, x@evil.example",
                  "<ada@mail.example>", '"a b"@mail.example', "ädä@mail.example"):  # fmt: skip
        assert ask(ada, email).status_code == 422, email
    for page in (OTHER, f"{OTHER}/a1", f"{PAPER}.evil.example/", f"{PAPER}@evil.example/", "javascript:alert(1)",
                 "//evil.example/", f"{PAPER}/a b", f"{PAPER}/\n", f"{PAPER}/{'x' * 2000}", PAPER):  # fmt: skip
        assert ask(ada, page=page).status_code == 422, page
    assert db.session.scalars(select(Outbox)).all() == []
    assert ask(ada, page=f"{PAGE}#comment-1").status_code == 200
    assert db.session.scalars(select(MailSignIn.page)).one() == PAGE


def test_who_asked_from_no_page_gets_the_code_and_no_link_to_nowhere(app: Flask, ada: Browser) -> None:
    row = row_of(str(ask(ada, page="").json["attempt"]))
    link = links.address("", "sign-in", Mailbox(site_id=row.site_id, id=row.id), secret=SECRET_KEY, at=now())
    page = app.test_client().get(link, base_url="http://localhost:8000")
    assert page.status_code == 200
    assert codes.code(SECRET_KEY, row.site_id, row.id) in page.text
    assert "Go on where I asked" not in page.text


def test_where_it_is_off_nobody_asks_or_finishes(
    app: Flask, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = attempt(ada)
    code = code_of(secret)
    assert ada.ask("GET", "thread?key=a1").json["site"]["mail"] is True
    monkeypatch.setitem(app.config, "SETTINGS", settings(None))
    assert ada.ask("GET", "thread?key=a2").json["site"]["mail"] is False
    assert ask(ada).status_code == finish(ada, secret, code).status_code == 404
    monkeypatch.setitem(app.config, "SETTINGS", settings(MailServer(host="127.0.0.1", port=1, tls="no")))
    reading.site(db.session(), "daily").show(mail=False)
    db.session.commit()
    assert ask(ada).status_code == finish(ada, secret, code).status_code == 404


def test_a_link_is_of_its_purpose_and_of_somebody_who_asked(app: Flask, ada: Browser) -> None:
    row = row_of(attempt(ada))
    known = mailbox("bob@mail.example")
    client = app.test_client()
    for purpose, of in (("unsubscribe", row), ("confirm", known), ("sign-in", known)):
        to = Mailbox(site_id=of.site_id, id=of.id)
        path = links.address("", purpose, to, secret=SECRET_KEY, at=now()).rpartition("/")[0]
        assert client.get(f"{path}/sign-in", base_url="http://localhost:8000").status_code == 404
    assert client.post(f"/m/{'A' * 43}/sign-in", base_url="http://localhost:8000").status_code == 405


def test_of_who_is_erased_no_address_is_left(ada: Browser) -> None:
    enter(ada)
    attempt(ada)
    erasing.begin(db.session(), db.session.scalars(select(Reader)).one(), at=now())
    db.session.commit()
    assert db.session.scalars(select(MailSignIn)).all() == []
    assert enter(ada).status_code == 200
    assert readers() == 2
