"""A reader of the demo newspaper signs in to it, and the comments on the other site believe its word."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from comments_service import reading, sso_keys
from comments_service.database import db, now
from comments_service.demo import SITE, accounts
from comments_service.demo.newspaper import create_newspaper
from comments_service.tables import Site
from tests.conftest import Browser
from tests.test_demo import LANTERN, SERVICE, Reader
from tests.test_sso import sign_in

# What a browser sends with a form of the page.
OWN = {"Origin": LANTERN}


@pytest.fixture
def key(app: Flask, tmp_path: Path) -> Path:
    """The newspaper's key, which the service knows."""
    db.session.add(Site(key=SITE, name="The Pellwick Lantern", origins=[LANTERN]))
    db.session.flush()
    file = tmp_path / "paper.pem"
    accounts.know_key(db.session(), file)
    db.session.commit()
    return file


@pytest.fixture
def reader(key: Path) -> FlaskClient:
    begun = datetime(2026, 11, 24, 10, tzinfo=UTC)
    paper = create_newspaper(SERVICE, LANTERN, begun, read=lambda _: None)
    accounts.register(paper, SERVICE, key)
    paper.test_client_class = Reader
    return paper.test_client()


def test_the_word_of_the_newspaper_signs_its_reader_in(reader: FlaskClient, ada: Browser) -> None:
    assert reader.get("/comments-token").text == ""
    assert reader.post("/account", data={"reader": "2"}, headers=OWN).status_code == 303
    said = reader.get("/comments-token")
    assert said.headers["Cache-Control"] == "no-store"
    there = Browser(ada.client, site=SITE, origin=LANTERN)
    assert sign_in(there, said.text).json["name"] == "Tomasz Lind"
    assert reader.get("/comments-token").text != said.text


def test_only_who_has_signed_in_gets_the_newspapers_own_script(reader: FlaskClient) -> None:
    before = reader.get("/")
    assert "account.js" not in before.text
    assert "script-src http://localhost:8000;" in before.headers["Content-Security-Policy"]
    assert "Sign in to the paper" in before.text
    reader.post("/account", data={"reader": "1"}, headers=OWN)
    front = reader.get("/")
    assert 'src="/static/account.js" data-reader="1"' in front.text
    assert "script-src 'self' http://localhost:8000;" in front.headers["Content-Security-Policy"]
    assert ">Nora Reed</a>" in front.text
    reader.post("/account", data={"reader": ""}, headers=OWN)
    assert 'data-reader=""' in reader.get("/").text, "the script signs the comments out too"
    assert reader.get("/comments-token").text == ""


@pytest.mark.parametrize("origin", ["", "https://evil.example", "null", f"{LANTERN}/"])
def test_no_other_site_chooses_who_the_reader_is(reader: FlaskClient, origin: str) -> None:
    headers = {"Origin": origin} if origin else {}
    assert reader.post("/account", data={"reader": "1"}, headers=headers).status_code == 403
    assert reader.get("/comments-token").text == ""
    assert reader.get("/account").headers["Cache-Control"] == "private, no-store"
    assert reader.post("/account", data={"reader": "1"}, headers=OWN).headers["Cache-Control"] == "private, no-store"


def test_nobody_is_signed_in_by_a_made_up_cookie(reader: FlaskClient) -> None:
    reader.post("/account", data={"reader": "99"}, headers=OWN)
    assert reader.get("/comments-token").text == ""
    assert "Who are you?" in reader.get("/account").text


def test_the_key_is_made_once_and_known_once(key: Path) -> None:
    before = key.read_bytes()
    accounts.know_key(db.session(), key)
    assert key.read_bytes() == before
    assert key.stat().st_mode & 0o077 == 0
    site = reading.site(db.session(), SITE)
    assert [row.kid for row in sso_keys.live(db.session(), site)] == [accounts.KID]
    sso_keys.retire(db.session(), site, accounts.KID, at=now())
    accounts.know_key(db.session(), key)
    assert list(sso_keys.live(db.session(), site)) == [], "an owner who has retired it has meant it"
