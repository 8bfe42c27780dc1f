"""Who signed in stays so for as long as the owner says, signs out at once everywhere, and notices a stolen secret."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from comments_service import accounts, erasing, reading
from comments_service.database import db, now
from comments_service.tables import Reader, Session
from tests.conftest import OTHER, PAPER, Browser
from tests.desk import DESK, routes
from tests.signing import Signer, signer
from tests.test_sso import sign_in

DAY = timedelta(days=1)


@pytest.fixture
def paper(app: Flask) -> Signer:
    return signer(db.session())


@pytest.fixture
def nora(ada: Browser, paper: Signer) -> Browser:
    """A browser that is signed in."""
    assert sign_in(ada, paper.token()).status_code == 200
    return ada


def row_of(who: Browser) -> Session:
    db.session.expire_all()
    digest = accounts.secret_digest(who.secret)
    return db.session.scalars(select(Session).where(Session.digest == digest)).one()


def age(who: Browser, **times: Any) -> None:
    """Set times of a session back."""
    found = {name: now() - by for name, by in times.items()}
    db.session.execute(update(Session).where(Session.digest == accounts.secret_digest(who.secret)).values(**found))
    db.session.commit()


def is_signed_in(who: Browser) -> bool:
    answer = who.ask("GET", "me?key=a1")
    if answer.status_code == 401:
        assert who.post("lost?").status_code == 401
        return False
    return bool(answer.json["signed_in"])


def rotated(who: Browser) -> Browser:
    """The same browser with the next secret."""
    answer = who.ask("POST", "session/rotate")
    assert answer.status_code == 200, answer.json
    return Browser(who.client, secret=answer.json["token"])


def test_a_secret_is_replaced_and_the_one_before_counts_for_a_minute(nora: Browser) -> None:
    after = rotated(nora)
    assert after.secret != nora.secret
    assert is_signed_in(nora)
    assert is_signed_in(after)
    age(nora, replaced_at=timedelta(seconds=59))
    assert is_signed_in(nora)
    assert (row_of(after).family, row_of(after).created) == (row_of(nora).family, row_of(nora).created)


def test_a_secret_that_was_replaced_and_comes_again_ends_the_family(nora: Browser, paper: Signer) -> None:
    elsewhere = Browser(nora.client, secret="D" * 43)
    sign_in(elsewhere, paper.token())
    after = rotated(rotated(nora))
    age(nora, replaced_at=timedelta(seconds=61))
    assert nora.ask("GET", "me?key=a1").status_code == 401
    assert not is_signed_in(after), "thief or reader: nobody knows who of them holds it"
    assert row_of(after).revoked_at is not None
    assert is_signed_in(elsewhere), "another sign-in of the same reader is none of its business"


def test_two_tabs_may_replace_it_at_once(nora: Browser) -> None:
    one, two = rotated(nora), rotated(nora)
    assert is_signed_in(one)
    assert is_signed_in(two)


@pytest.mark.parametrize(("seen", "created", "still"), [(29, 300, True), (31, 300, False), (1, 366, False)])
def test_a_session_ends_when_it_is_not_used_and_in_any_case_after_a_year(
    nora: Browser, seen: int, created: int, still: bool
) -> None:
    age(nora, seen_at=seen * DAY, created=created * DAY)
    assert is_signed_in(nora) is still


def test_each_visit_lengthens_it_and_is_written_once_an_hour(nora: Browser) -> None:
    age(nora, seen_at=29 * DAY)
    assert is_signed_in(nora)
    first = row_of(nora).seen_at
    assert now() - first < DAY
    assert is_signed_in(nora)
    assert row_of(nora).seen_at == first


@pytest.mark.own_app
def test_an_owner_sets_how_long(nora: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    lives = accounts.Lives(idle=2 * DAY, longest=5 * DAY)
    monkeypatch.setattr("comments_service.web.reader_api.lives", lambda: lives)
    age(nora, seen_at=DAY, created=4 * DAY)
    assert is_signed_in(nora)
    age(nora, created=6 * DAY)
    assert not is_signed_in(nora)


def test_signing_out_ends_this_sign_in_alone(nora: Browser, paper: Signer) -> None:
    elsewhere, after = Browser(nora.client, secret="D" * 43), rotated(nora)
    sign_in(elsewhere, paper.token())
    assert after.ask("DELETE", "session").status_code == 204
    assert [is_signed_in(who) for who in (nora, after, elsewhere)] == [False, False, True]
    assert after.ask("DELETE", "session").status_code == 401
    assert after.ask("POST", "session/rotate").status_code == 401


def test_signing_out_everywhere_ends_all_of_this_reader_on_this_site(
    nora: Browser, bob: Browser, outsider: Browser, paper: Signer
) -> None:
    elsewhere = Browser(nora.client, secret="D" * 43)
    sign_in(elsewhere, paper.token())
    sign_in(bob, paper.token(sub="somebody else"))
    sign_in(outsider, signer(db.session(), "other").token())
    assert nora.ask("DELETE", "sessions").status_code == 204
    assert [is_signed_in(who) for who in (nora, elsewhere, bob, outsider)] == [False, False, True, True]


def test_a_guest_may_end_its_session_and_has_none_to_replace(bob: Browser) -> None:
    assert bob.ask("DELETE", "session").status_code == 401
    bob.post("I was here")
    assert bob.ask("POST", "session/rotate").status_code == 401
    assert bob.ask("DELETE", "session").status_code == 204
    assert bob.post("and am not any more").status_code == 401


def test_who_was_signed_in_does_not_become_a_guest_by_itself(nora: Browser) -> None:
    nora.ask("DELETE", "session")
    comment = {"key": "a1", "url": f"{PAPER}/a1", "name": "Nora", "body": "As a guest?"}
    assert nora.ask("POST", "comments", comment).json["detail"].startswith("You are not signed in any more.")
    assert len(db.session.scalars(select(Reader)).all()) == 1


def test_a_session_counts_on_its_site_and_origin_alone(nora: Browser, app: Flask) -> None:
    site = reading.site(db.session(), "daily")
    site.origins = [PAPER, "https://m.paper.example"]
    db.session.commit()
    assert not is_signed_in(Browser(nora.client, origin="https://m.paper.example", secret=nora.secret))
    there = Browser(nora.client, site="other", origin=OTHER, secret=nora.secret)
    assert there.ask("GET", "me?key=a1").json["signed_in"] is False
    assert there.ask("GET", "me?key=a1").json["name"] is None


def test_no_route_of_the_desk_takes_it(nora: Browser, app: Flask) -> None:
    found = routes(app, "GET", public=False)
    assert len(found) > 10
    client = app.test_client()
    for name in ("session", "__Host-session", "reader-daily"):
        client.set_cookie(name, nora.secret, domain="localhost")
    for method, path in found:
        headers = {"Authorization": f"Bearer {nora.secret}", "Sec-Fetch-Site": "same-origin"}
        answer = client.open(path, method=method, base_url=DESK, headers=headers)
        refused = answer.headers.get("Location", "").startswith("/desk/sign-in") or answer.status_code in {401, 404}
        assert refused, (path, answer.status_code)


def test_nor_do_the_forms_without_javascript(nora: Browser, app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("reader-daily", nora.secret, domain="localhost")
    answer = client.get("/s/daily/yours?key=a1", base_url=DESK)
    assert "Nora Reed" not in answer.text


def test_erasing_a_person_ends_what_the_paper_vouched_for(nora: Browser, paper: Signer) -> None:
    nora.post("Hello")
    person = db.session.scalars(select(Reader)).one()
    erasing.begin(db.session(), person, at=now())
    db.session.commit()
    assert person.skeleton is None
    assert not is_signed_in(nora)
    assert sign_in(nora, paper.token()).status_code == 200
    assert len(db.session.scalars(select(Reader)).all()) == 2
