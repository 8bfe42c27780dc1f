"""At the desk an owner makes and retires the keys of the paper's accounts; nobody else sees that page."""

import re

import pytest
from flask import Flask

from comments_service import reading, sso_keys
from comments_service.database import db
from comments_service.sealing import Keyring
from tests.conftest import Browser
from tests.desk import Desk, make_moderator, signed_in
from tests.signing import PUBLIC, Signer
from tests.test_sso import sign_in

PATH = "/desk/sites/daily/sso"


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    return signed_in(app.test_client(), "ann")


def test_an_owner_makes_a_key_that_signs_readers_in(ann: Desk, ada: Browser) -> None:
    page = ann.post(PATH, {"public_key": "", "issuer": ""}).text
    (key,) = sso_keys.listing(db.session(), reading.site(db.session(), "daily"))
    found = re.search(r"^secret +([\w-]{43})$", page, re.MULTILINE)
    assert found is not None
    secret = found[1]
    assert secret not in ann.get(PATH).text, "it is shown once"
    assert sign_in(ada, Signer(key.kid, key.issuer, "daily", secret, "HS256").token()).status_code == 200
    assert key.kid in ann.get(PATH).text


def test_an_owner_brings_a_public_key_and_retires_it(ann: Desk) -> None:
    assert "EdDSA" in ann.post(PATH, {"public_key": PUBLIC, "issuer": "https://login.example"}).text
    (key,) = sso_keys.listing(db.session(), reading.site(db.session(), "daily"))
    assert key.issuer == "https://login.example"
    answer = ann.post(f"{PATH}/{key.kid}/retire")
    assert answer.headers["Location"] == f"{PATH}?done=retired"
    assert "The key is retired" in ann.get(f"{PATH}?done=retired").text
    assert list(sso_keys.live(db.session(), reading.site(db.session(), "daily"))) == []


def test_what_is_no_key_comes_back_with_the_reason_and_what_was_typed(ann: Desk) -> None:
    answer = ann.post(PATH, {"public_key": "no key", "issuer": "https://login.example"})
    assert answer.status_code == 422
    assert "This is no public Ed25519 key" in answer.text
    assert "no key</textarea>" in answer.text
    assert 'value="https://login.example"' in answer.text


def test_a_third_key_is_refused_with_what_to_do(ann: Desk) -> None:
    for _ in range(2):
        assert ann.post(PATH, {}).status_code == 200
    answer = ann.post(PATH, {})
    assert answer.status_code == 409
    assert "Retire one of them first" in answer.text


def test_without_a_sealing_key_the_owner_is_told_which_setting_to_set(
    ann: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comments_service.web.desk.guard.Keyring", lambda _own: Keyring(()))
    answer = ann.post(PATH, {})
    assert answer.status_code == 422
    assert "SEALING_KEYS" in answer.text
    assert ann.post(PATH, {"public_key": PUBLIC}).status_code == 200, "a public key is no secret"


def test_a_moderator_does_not_see_the_keys(app: Flask) -> None:
    make_moderator("mia", "Mia", daily="moderator")
    mia = signed_in(app.test_client(), "mia")
    assert mia.get(PATH).status_code == 403
    assert mia.post(PATH, {}).status_code == 403
    assert PATH not in mia.get("/desk/sites/daily").text
