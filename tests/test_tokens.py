"""A paper's server gets a token, uses it, and loses it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import LargeBinary, select, type_coerce

from comments_service import reading, tokens
from comments_service.cli import main
from comments_service.database import db, new_id, now
from comments_service.errors import Invalid, NotFound, NotSignedIn, NotYours
from comments_service.tables import ApiToken, Site

SCOPE = "articles:write"


@pytest.fixture
def daily(app: Flask) -> Site:
    return reading.site(db.session(), "daily")


@pytest.fixture
def other(app: Flask) -> Site:
    return reading.site(db.session(), "other")


def make(site: Site, name: str = "newsroom") -> str:
    raw = tokens.make(db.session(), site, name=name, scopes=[SCOPE], at=now())
    db.session.commit()
    return raw


def test_a_token_names_its_site_and_is_kept_as_a_digest_only(daily: Site) -> None:
    raw = make(daily)
    assert raw.startswith("cst_")
    assert len(raw) == 47
    found, token = tokens.find(db.session(), raw, scope=SCOPE, at=now())
    assert found.id == daily.id
    assert token.name == "newsroom"
    stored = db.session.execute(select(type_coerce(ApiToken.digest, LargeBinary), ApiToken.name)).one()
    assert raw.encode() not in bytes(stored[0])


def test_a_token_acts_on_its_own_site_only(daily: Site, other: Site) -> None:
    raw = make(other)
    assert tokens.find(db.session(), raw, scope=SCOPE, at=now())[0].id == other.id
    theirs = tokens.listing(db.session(), other)[0]
    assert tokens.listing(db.session(), daily) == []
    with pytest.raises(NotFound):
        tokens.revoke(db.session(), daily, theirs.id, at=now())
    assert theirs.revoked_at is None


def test_a_revoked_token_opens_nothing_and_stays_revoked_since_then(daily: Site) -> None:
    raw, at = make(daily), now()
    token = tokens.listing(db.session(), daily)[0]
    tokens.revoke(db.session(), daily, token.id, at=at)
    tokens.revoke(db.session(), daily, token.id, at=at + timedelta(days=1))
    assert token.revoked_at == at
    with pytest.raises(NotSignedIn):
        tokens.find(db.session(), raw, scope=SCOPE, at=now())


@pytest.mark.parametrize("raw", ["", "cst_", "cst_" + "A" * 43, "x" * 5000, "\ud800", "cst_é" + "A" * 42])
def test_what_was_never_issued_opens_nothing(daily: Site, raw: str) -> None:
    make(daily)
    with pytest.raises(NotSignedIn):
        tokens.find(db.session(), raw, scope=SCOPE, at=now())


def test_a_token_does_not_do_what_it_was_not_made_for(daily: Site) -> None:
    raw = make(daily)
    with pytest.raises(NotYours):
        tokens.find(db.session(), raw, scope="comments:read", at=now())


@pytest.mark.parametrize(("name", "scopes"), [("", [SCOPE]), ("x" * 101, [SCOPE]), ("a\x00b", [SCOPE]), ("n", []),
                                              ("n", ["everything"])])  # fmt: skip
def test_a_token_needs_a_name_and_known_scopes(daily: Site, name: str, scopes: list[str]) -> None:
    with pytest.raises(Invalid):
        tokens.make(db.session(), daily, name=name, scopes=scopes, at=now())


def test_its_use_is_noted_at_most_once_a_minute(daily: Site) -> None:
    raw, start = make(daily), now()

    def used_after(seconds: int) -> Any:
        tokens.find(db.session(), raw, scope=SCOPE, at=start + timedelta(seconds=seconds))
        db.session.commit()
        return tokens.listing(db.session(), daily)[0].used_at

    assert used_after(0) == start
    assert used_after(59) == start
    assert used_after(60) == start + timedelta(seconds=60)


def test_an_owner_makes_lists_and_revokes_a_token_at_the_command_line(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef" * 4)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite'}")
    (tmp_path / "own.sqlite").write_bytes(template.read_bytes())

    def run(*words: str) -> Any:
        return CliRunner().invoke(main, words)

    assert run("site", "add", "paper", "--origin", "https://www.paper.example").exit_code == 0
    made = run("token", "make", "paper", "--name", "newsroom", "--scope", SCOPE)
    assert made.exit_code == 0
    assert tokens.SHAPE.fullmatch(made.output.strip())
    line = run("token", "list", "paper").output
    assert "valid" in line
    assert "newsroom" in line
    assert made.output.strip() not in line
    assert run("token", "revoke", "paper", line.split()[0]).exit_code == 0
    assert "revoked" in run("token", "list", "paper").output
    unknown = run("token", "revoke", "paper", new_id())
    assert unknown.exit_code == 1
    assert unknown.output == "Error: There is no such token.\n"
    assert run("token", "list", "nowhere").output == "Error: There is no such site.\n"
