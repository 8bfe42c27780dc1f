"""An owner makes keys, replaces them without a gap, and finds out why a token does not count."""

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from comments_service import reading, sso_keys
from comments_service.cli import main
from comments_service.database import db, now
from comments_service.errors import Conflict, Invalid, NotFound
from comments_service.sso_keys import NewKey
from comments_service.tables import Site, SsoKey
from tests.conftest import PAPER, SEALING_KEY
from tests.signing import KEYRING, PUBLIC, Signer

RSA = """-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf
9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==
-----END PUBLIC KEY-----"""
Run = Callable[..., Result]


@pytest.fixture
def daily(app: Flask) -> Site:
    return reading.site(db.session(), "daily")


def add(site: Site, **wished: str) -> SsoKey:
    return sso_keys.add(db.session(), site, NewKey(**wished), keyring=KEYRING, at=now())[0]


def test_two_keys_are_live_and_a_third_waits_until_one_is_retired(daily: Site) -> None:
    first, second = add(daily, kid="a"), add(daily, kid="b", issuer="https://login.example")
    with pytest.raises(Conflict):
        add(daily, kid="c")
    sso_keys.retire(db.session(), daily, "a", at=now())
    assert add(daily, kid="c").issuer == second.issuer
    assert [key.kid for key in sso_keys.live(db.session(), daily)] == ["b", "c"]
    assert [key.kid for key in sso_keys.listing(db.session(), daily)] == ["c", "b", "a"]
    with pytest.raises(Conflict):
        add(daily, kid="a")
    assert first.retired_at is not None


def test_a_key_is_of_its_own_site(daily: Site) -> None:
    other = reading.site(db.session(), "other")
    add(other, kid="theirs")
    assert list(sso_keys.live(db.session(), daily)) == []
    with pytest.raises(NotFound):
        sso_keys.retire(db.session(), daily, "theirs", at=now())
    assert add(daily, kid="theirs").site_id == daily.id


@pytest.mark.parametrize(
    ("wished", "field"),
    [
        ({"kid": "a b"}, "kid"), ({"kid": "../x"}, "kid"), ({"kid": "x" * 65}, "kid"), ({"issuer": " x"}, "issuer"),
        ({"issuer": "a\nb"}, "issuer"), ({"issuer": "x" * 201}, "issuer"), ({"secret": "x" * 31}, "secret"),
        ({"secret": "x" * 513}, "secret"), ({"public_key": RSA}, "public_key"),
        ({"public_key": "nonsense"}, "public_key"),
        ({"public_key": PUBLIC.replace("PUBLIC", "PRIVATE")}, "public_key"), ({"public_key": "x" * 9000}, "public_key"),
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused_by_its_field(daily: Site, wished: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(daily, **wished)
    assert refused.value.field == field


def test_a_secret_of_ours_is_as_long_as_it_has_to_be(daily: Site) -> None:
    _, made = sso_keys.add(db.session(), daily, NewKey(), keyring=KEYRING, at=now())
    assert len(made) == 43
    assert add(daily, public_key=PUBLIC).sealed is None


@pytest.fixture
def run(tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line on a database with one site."""
    file = tmp_path / "comments.sqlite"
    file.write_bytes(template.read_bytes())
    environ = {
        "SECRET_KEY": secrets.token_hex(32), "DATABASE_URL": f"sqlite:///{file}", "SEALING_KEYS": SEALING_KEY,
    }  # fmt: skip
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    engine = create_engine(environ["DATABASE_URL"])
    with Session(engine) as session:
        session.add(Site(key="daily", name="The Daily", origins=[PAPER]))
        session.commit()
    engine.dispose()

    def invoke(*words: str, given: str | None = None) -> Result:
        return CliRunner().invoke(main, ["site", *words], input=given)

    return invoke


def made(run: Run, *options: str) -> Signer:
    """A key that the command has made."""
    done = run("sso-key", "add", "daily", *options)
    assert done.exit_code == 0, done.output
    told = dict(line.split(maxsplit=1) for line in done.output.splitlines())
    return Signer(told["kid"], told["iss"], told["aud"], told.get("secret", ""), told["alg"])


def test_the_commands_make_list_and_retire(run: Run, tmp_path: Path) -> None:
    one = made(run)
    pem = tmp_path / "public.pem"
    pem.write_text(PUBLIC)
    two = made(run, "--public-key", str(pem), "--kid", "house")
    assert (one.algorithm, two.algorithm, two.kid, one.issuer) == ("HS256", "EdDSA", "house", PAPER)
    listed = run("sso-key", "list", "daily").output
    assert one.kid in listed
    assert "house" in listed
    assert one.secret not in listed
    assert listed.count("live") == 2
    assert "Two keys are live already" in run("sso-key", "add", "daily").output
    assert run("sso-key", "retire", "daily", one.kid).exit_code == 0
    assert "retired" in run("sso-key", "list", "daily").output
    assert run("sso-key", "retire", "daily", "nobody").exit_code == 1


def test_a_secret_may_come_from_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("a secret of the paper's own making\n")
    one = made(run, "--secret-file", str(file))
    assert one.secret == "", "who brought it knows it"
    one.secret = file.read_text().strip()
    assert run("sso-test", "daily", given=one.token()).exit_code == 0
    assert run("sso-key", "add", "daily", "--secret-file", str(file), "--public-key", str(file)).exit_code == 2
    assert "No such file" in run("sso-key", "add", "daily", "--public-key", str(tmp_path / "gone")).output
    assert "No such file" in run("sso-test", "daily", str(tmp_path / "gone")).output
    file.write_bytes(b"\xff\xfe" * 40)
    assert "is not a text file" in run("sso-key", "add", "daily", "--secret-file", str(file)).output


def test_the_owner_learns_in_one_sentence_whom_a_token_signs_in(run: Run, tmp_path: Path) -> None:
    one = made(run)
    file = tmp_path / "token.txt"
    file.write_text(one.token() + "\n")
    for _ in range(2):
        done = run("sso-test", "daily", str(file))
        assert done.exit_code == 0, "it changes nothing, and so may be asked again"
        assert done.output == f"The token signs in Nora Reed: a new account, reader-7 of {PAPER}.\n"
    assert run("sso-test", "daily", given=one.token(name=...)).output.startswith("The token signs in somebody without")


def test_or_why_it_does_not_count(run: Run) -> None:
    assert "(off)" in run("sso-test", "daily", given="x.y.z").output
    one = made(run)
    for code, token in (
        ("aud", one.token(aud="other")), ("form", one.token() + "="), ("expired", one.token(iat=1000, exp=1300)),
        ("form", ""), ("kid", one.token(header={"kid": "nobody"})),
    ):  # fmt: skip
        done = run("sso-test", "daily", given=token)
        assert done.exit_code == 1
        assert f"({code})" in done.output
        assert len(done.output.splitlines()) == 1
