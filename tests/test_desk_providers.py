"""The OpenID providers of a site at the desk, and by command: registered, changed, tried, and switched off."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask

from comments_service import reading, sealing
from comments_service.database import db
from comments_service.oidc import discovery, providers
from comments_service.sealing import Keyring
from comments_service.tables import Provider
from comments_service.web.desk import guard
from tests import provider as elsewhere
from tests.conftest import SEALING_KEY
from tests.desk import Desk, make_moderator, signed_in
from tests.pages import Page
from tests.test_sso_keys import Run, run

__all__ = ["run"]

PATH = "/desk/sites/daily/providers"
GOOD = {"name": "House", "issuer": "https://login.example", "client_id": "abc", "secret": "s3cret-value"}
APPLE_KEY = elsewhere.EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def ann(app: Flask) -> Desk:
    """An owner."""
    make_moderator("ann", "Ann", daily="owner")
    return signed_in(app.test_client(), "ann")


@pytest.fixture
def server() -> Iterator[elsewhere.Provider]:
    discovery.forget()
    with elsewhere.running() as found:
        yield found
    discovery.forget()


def stored(key: str = "house") -> Provider:
    return providers.find(db.session(), reading.site(db.session(), "daily"), key)


def test_an_owner_registers_a_provider_whose_secret_is_never_shown(ann: Desk) -> None:
    page = Page(ann.get(f"{PATH}?preset=google").text)
    assert page.all("input", name="issuer")[0]["value"] == "https://accounts.google.com"
    assert page.all("input", id="redirect")[0]["value"].endswith("/s/daily/sign-in/oidc/google/callback")
    answer = ann.post(PATH, GOOD)
    assert answer.headers["Location"] == f"{PATH}/house?done=saved"
    shown = ann.get(f"{PATH}/house").text
    assert "/s/daily/sign-in/oidc/house/callback" in shown
    assert "s3cret-value" not in shown + ann.get(PATH).text
    row, keyring = stored(), Keyring((SEALING_KEY,))
    assert row.sealed is not None
    assert b"s3cret-value" not in row.sealed
    site_id = row.site_id
    assert keyring.open(row.sealed, owner_id=site_id, purpose=sealing.PROVIDER) == b"s3cret-value"
    assert ann.post(f"{PATH}/house", GOOD | {"secret": "", "name": "Haus"}).status_code == 303
    assert (stored().name, stored().key) == ("Haus", "house")
    assert keyring.open(stored().sealed or b"", owner_id=site_id, purpose=sealing.PROVIDER) == b"s3cret-value"
    assert reading.site(db.session(), "daily").providers == [{"key": "house", "name": "Haus"}]


def test_a_secret_stays_with_the_provider_that_it_was_given_for(ann: Desk) -> None:
    assert ann.post(PATH, GOOD).status_code == 303
    moved = {"issuer": "https://elsewhere.example"}
    for change in (moved, {"kind": "apple", "team_id": "TEAM123456", "key_id": "KEY1234567"}):
        answer = ann.post(f"{PATH}/house", GOOD | {"secret": ""} | change)
        assert (answer.status_code, 'id="secret-wrong"' in answer.text) == (422, True), change
    assert (stored().issuer, stored().kind) == (GOOD["issuer"], "secret")
    assert ann.post(f"{PATH}/house", GOOD | moved).status_code == 303
    assert stored().issuer == moved["issuer"]


def test_what_cannot_be_used_comes_back_with_the_reason_and_without_the_secret(ann: Desk) -> None:
    apple = {**GOOD, "kind": "apple", "team_id": "TEAM123456", "key_id": "KEY1234567", "secret": APPLE_KEY}
    for wrong, field in (
        (GOOD | {"issuer": "http://login.example"}, "issuer"), (GOOD | {"issuer": "https://a.example/?x=1"}, "issuer"),
        (GOOD | {"issuer": "javascript:alert(1)"}, "issuer"), (GOOD | {"name": "\u200b"}, "name"),
        (GOOD | {"client_id": " "}, "client_id"), (GOOD | {"secret": "s3cret-välue"}, "secret"),
        (apple | {"team_id": "short"}, "team_id"), (apple | {"key_id": ""}, "key_id"),
        (apple | {"secret": "no key"}, "secret"),
    ):  # fmt: skip
        answer = ann.post(PATH, wrong)
        assert answer.status_code == 422
        assert f'id="{field}-wrong"' in answer.text, wrong
        assert "s3cret" not in answer.text
        assert "BEGIN PRIVATE" not in answer.text.replace("begins with -----BEGIN PRIVATE", "")
    assert ann.post(PATH, apple).status_code == 303
    for _ in range(7):
        assert ann.post(PATH, GOOD).status_code == 303
    assert ann.post(PATH, GOOD).status_code == 409
    assert [row.key for row in providers.listing(db.session(), reading.site(db.session(), "daily"))][:3] == [
        "house", "house-2", "house-3",
    ]  # fmt: skip


def test_a_provider_is_tried_and_what_is_wrong_is_said(ann: Desk, server: elsewhere.Provider) -> None:
    assert ann.post(PATH, GOOD | {"issuer": server.issuer}).status_code == 303
    assert "is in order" in ann.post(f"{PATH}/house/try").text
    for document, said in (
        ({"issuer": "https://another.example"}, "says that its issuer is https://another.example"),
        ({"token_endpoint": "http://login.example/token"}, "no usable token_endpoint"),
        ({"jwks_uri": "http://169.254.169.254/keys"}, "no usable jwks_uri"),
        ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, "signs in no way"),
        ({"jwks_uri": f"{server.issuer}/nowhere"}, "gives no usable answer"),
    ):
        server.document = document
        answer = ann.post(f"{PATH}/house/try")
        assert said in answer.text, document
    assert ann.post(f"{PATH}/house/switch").status_code == 303
    assert "switched off" in ann.get(f"{PATH}/house").text
    assert ann.post(f"{PATH}/house/switch", {"on": "1"}).status_code == 303
    assert stored().disabled_at is None


def test_a_provider_inside_the_own_network_is_not_asked(ann: Desk) -> None:
    assert ann.post(PATH, GOOD | {"issuer": "https://10.0.0.1"}).status_code == 303
    assert "gives no usable answer" in ann.post(f"{PATH}/house/try").text


def test_nobody_else_sees_or_changes_them(app: Flask, ann: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ann.post(PATH, GOOD).status_code == 303
    make_moderator("mia", "Mia", daily="moderator")
    make_moderator("olga", "Olga", other="owner")
    for login, status in (("mia", 403), ("olga", 404)):
        desk = signed_in(app.test_client(), login)
        assert desk.get(PATH).status_code == desk.get(f"{PATH}/house").status_code == status
        for path in (PATH, f"{PATH}/house", f"{PATH}/house/switch", f"{PATH}/house/try"):
            assert desk.post(path, GOOD).status_code == status
    monkeypatch.setattr("comments_service.web.desk.guard.PROOF_LASTS", guard.PROOF_LASTS * -1)
    for path in (PATH, f"{PATH}/house", f"{PATH}/house/switch"):
        assert ann.post(path, GOOD | {"name": "Changed"}).status_code == 403, "who it is has to be proved again"
    assert stored().name == "House"


def test_the_commands_do_the_same(run: Run, server: elsewhere.Provider, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("s3cret-value\n")

    def asked(*words: str) -> tuple[int, str]:
        found = run("provider", *words)
        return found.exit_code, found.output

    added = asked(
        "add", "daily", "--name", "House", "--issuer", server.issuer, "--client-id", "abc", "--secret-file", str(secret)
    )
    assert added == (0, "http://localhost:8000/s/daily/sign-in/oidc/house/callback\n")
    assert "s3cret" not in asked("list", "daily")[1]
    assert asked("test", "daily", "house")[0] == 0
    server.document = {"issuer": "https://another.example"}
    status, said = asked("test", "daily", "house")
    assert (status, "another.example" in said) == (1, True)
    assert asked("switch", "daily", "house", "off") == (0, "Switched house off.\n")
    assert "off" in asked("list", "daily")[1]
    assert asked("add", "daily", "--preset", "google", "--client-id", "")[0] == 1
