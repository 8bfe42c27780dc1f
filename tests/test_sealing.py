"""A copy of the database gives no secret away, keys are replaced without a gap, and a lost one is told to the owner."""

import secrets
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from comments_service import reading, sealing, second_factor, sso_keys, staff
from comments_service.cli import main
from comments_service.database import db, new_id, now
from comments_service.errors import Invalid, Unavailable
from comments_service.oidc import providers
from comments_service.oidc.providers import Wish
from comments_service.sealing import Keyring
from comments_service.tables import Site, SsoKey
from tests.desk import make_moderator
from tests.signing import KEYRING
from tests.test_second_factor import give

OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)
HERE = new_id()


def sealed(key: str, secret: bytes = b"canary-secret") -> bytes:
    return Keyring((key,)).seal(secret, owner_id=HERE, purpose="sso key")


def test_what_is_sealed_opens_again_and_never_looks_the_same_twice() -> None:
    one, two = sealed(OLD), sealed(OLD)
    assert one != two
    assert b"canary" not in one
    assert Keyring((OLD,)).open(one, owner_id=HERE, purpose="sso key") == b"canary-secret"


def test_it_opens_for_its_own_site_and_purpose_alone() -> None:
    for owner_id, purpose in ((new_id(), "sso key"), (HERE, "webhook secret")):
        with pytest.raises(Unavailable):
            Keyring((OLD,)).open(sealed(OLD), owner_id=owner_id, purpose=purpose)


def test_no_byte_can_be_changed() -> None:
    whole = sealed(OLD)
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        assert not Keyring((OLD,)).opens(bytes(changed), owner_id=HERE, purpose="sso key"), place
    for length in range(len(whole)):
        assert not Keyring((OLD,)).opens(whole[:length], owner_id=HERE, purpose="sso key"), length


def test_older_keys_still_open_and_the_newest_seals() -> None:
    both = Keyring((NEW, OLD))
    assert both.open(sealed(OLD), owner_id=HERE, purpose="sso key") == b"canary-secret"
    assert both.is_newest(both.seal(b"x", owner_id=HERE, purpose="sso key"))
    assert not both.is_newest(sealed(OLD))
    assert not Keyring((NEW,)).opens(sealed(OLD), owner_id=HERE, purpose="sso key")


def test_without_a_key_nothing_is_sealed_and_nothing_opens() -> None:
    with pytest.raises(Invalid, match="SEALING_KEYS"):
        Keyring(()).seal(b"x", owner_id=HERE, purpose="sso key")
    assert not Keyring(()).opens(sealed(OLD), owner_id=HERE, purpose="sso key")


def test_an_owner_replaces_the_key_by_a_command(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = database(tmp_path, template, monkeypatch)
    made = run(monkeypatch, OLD, "site", "sso-key", "add", "daily").partition("secret")[2].split()[0]
    assert "Sealed anew: 1" in run(monkeypatch, f"{NEW},{OLD}", "secrets", "reseal")
    assert "Sealed anew: 0" in run(monkeypatch, f"{NEW},{OLD}", "secrets", "reseal")
    with Session(engine) as session:
        key = session.scalars(select(SsoKey)).one()
        opened = Keyring((NEW,)).open(key.sealed or b"", owner_id=key.site_id, purpose=sealing.SSO_KEY)
        assert opened.decode() == made
    engine.dispose()
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert made.encode() not in raw


def test_the_doctor_and_the_command_say_that_a_key_is_missing(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database(tmp_path, template, monkeypatch).dispose()
    assert "SEALING_KEYS" in run(monkeypatch, "", "site", "sso-key", "add", "daily", ends=1)
    run(monkeypatch, OLD, "site", "sso-key", "add", "daily")
    assert "SEALING_KEYS does not open 1" in run(monkeypatch, NEW, "doctor", ends=1)
    assert "SEALING_KEYS" not in run(monkeypatch, OLD, "doctor", ends=None)
    run(monkeypatch, NEW, "secrets", "reseal", ends=1)
    assert "SEALING_KEYS does not open" not in run(monkeypatch, OLD, "doctor", ends=None)


def test_every_sealed_column_is_found(app: Flask) -> None:
    site = reading.site(db.session(), "daily")
    sso_keys.add(db.session(), site, sso_keys.NewKey(), keyring=KEYRING, at=now())
    make_moderator("ann", "Ann", daily="owner")
    give("ann", at=now())
    wish = Wish(name="House", issuer="https://login.example", client_id="x", secret=OLD)
    providers.add(db.session(), site, wish, keyring=KEYRING, local=False, at=now())
    second_factor.begin(db.session(), staff.by_login(db.session(), "ann").id, keyring=KEYRING)
    assert sealing.unopened(db.session(), KEYRING) == 0
    assert sealing.unopened(db.session(), Keyring((NEW,))) == len(sealing.SEALED) == 4
    assert sealing.reseal(db.session(), Keyring((NEW, *KEYRING.keys))) == 4
    assert sealing.unopened(db.session(), Keyring((NEW,))) == 0


def database(tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A database with one site, for the commands."""
    file = tmp_path / "comments.sqlite"
    file.write_bytes(template.read_bytes())
    monkeypatch.setenv("SECRET_KEY", secrets.token_hex(32))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    engine = create_engine(f"sqlite:///{file}")
    with Session(engine) as session:
        session.add(Site(key="daily", name="The Daily", origins=["https://paper.example"]))
        session.commit()
    return engine


def run(monkeypatch: pytest.MonkeyPatch, keys: str, *words: str, ends: int | None = 0) -> str:
    monkeypatch.setenv("SEALING_KEYS", keys)
    done = CliRunner().invoke(main, words)
    assert ends is None or done.exit_code == ends, done.output
    return done.output
