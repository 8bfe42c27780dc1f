"""An owner lets people in at the command line, and no password is ever typed or printed there."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session as DatabaseSession

from comments_service import reading, staff
from comments_service.cli import main
from comments_service.database import now
from comments_service.tables import Invitation

LINK = re.compile(r"https://desk\.paper\.example/desk/once/[A-Za-z0-9_-]{43}\n")


@pytest.fixture(autouse=True)
def own_service(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.sqlite").write_bytes(template.read_bytes())
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef" * 4)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite'}")
    monkeypatch.setenv("PUBLIC_URL", "https://comments.paper.example")
    monkeypatch.setenv("DESK_URL", "https://desk.paper.example")
    assert run("site", "add", "daily", "--origin", "https://www.paper.example").exit_code == 0
    assert run("site", "add", "weekly", "--origin", "https://weekly.example").exit_code == 0


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def refused(*words: str) -> str:
    told = run(*words)
    assert told.exit_code == 1
    assert told.stderr.startswith("Error: ")
    assert told.stderr.count("\n") == 1
    return told.stderr


def test_somebody_new_gets_a_link_to_the_desk_and_is_listed() -> None:
    added = run("moderator", "add", "Ann", "--site", "daily", "--role", "owner", "--name", "Ann Archer")
    assert LINK.fullmatch(added.output)
    assert run("moderator", "list").output == "ann  Ann Archer  owner of daily\n"


def test_somebody_known_gets_another_role_and_no_link() -> None:
    run("moderator", "add", "ann", "--site", "daily", "--role", "owner")
    again = run("moderator", "add", "ann", "--site", "weekly", "--name", "Someone Else")
    assert again.output == "ann is moderator of weekly now, and signs in as before.\n"
    assert run("moderator", "list").output == "ann  ann  owner of daily, moderator of weekly\n"


def test_who_waits_with_an_invitation_of_another_site_gets_a_link_in_its_place(tmp_path: Path) -> None:
    run("moderator", "add", "ann", "--site", "daily", "--role", "owner")
    run("moderator", "add", "mia", "--site", "daily")
    with DatabaseSession(create_engine(f"sqlite:///{tmp_path / 'own.sqlite'}")) as session:
        ann, mia = (staff.by_login(session, login) for login in ("ann", "mia"))
        site = reading.site(session, "daily")
        session.add(Invitation(site_id=site.id, moderator_id=mia.id, invited_by=ann.id, digest=b"d" * 32,
                               created=now(), expires_at=now() + timedelta(days=7)))  # fmt: skip
        session.commit()
        assert LINK.fullmatch(run("moderator", "add", "mia", "--site", "weekly").output)
        assert session.scalars(select(Invitation)).all() == []


def test_every_link_is_another_one() -> None:
    first = run("moderator", "add", "ann", "--site", "daily").output
    second = run("moderator", "link", " ANN ").output
    assert LINK.fullmatch(second)
    assert first != second


def test_whoever_is_disabled_gets_no_link_until_enabled_again() -> None:
    run("moderator", "add", "ann", "--site", "daily", "--role", "owner")
    ended = run("moderator", "disable", "ann")
    assert ended.stdout == "Disabled ann.\n"
    assert "Without an owner now: daily, weekly." in ended.stderr
    assert "disabled" in run("moderator", "list").output
    assert "has been disabled" in refused("moderator", "link", "ann")
    assert "has been disabled" in refused("moderator", "add", "ann", "--site", "weekly")
    assert run("moderator", "enable", "ann").output == "Enabled ann.\n"
    assert LINK.fullmatch(run("moderator", "link", "ann").output)


def test_a_reset_asks_first_and_prints_a_way_to_begin_anew() -> None:
    run("moderator", "add", "ann", "--site", "daily", "--name", "Ann Archer")
    asked = CliRunner().invoke(main, ["moderator", "reset", "ann"], input="n\n")
    assert asked.exit_code == 1
    assert "from ann (Ann Archer)?" in asked.output
    done = run("moderator", "reset", "ANN", "--yes")
    assert LINK.fullmatch(done.stdout)
    assert done.stderr == "Reset ann. Sessions ended: 0.\n"
    run("moderator", "disable", "ann")
    assert "disabled" in run("moderator", "reset", "ann", "--yes").stdout
    assert "There is no moderator" in refused("moderator", "reset", "nobody", "--yes")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "ann", "--site", "monthly"), "There is no such site."),
        (("add", "an n", "--site", "daily"), "A login has 2 to 100"),
        (("add", "a", "--site", "daily"), "A login has 2 to 100"),
        (("add", "ann/../bob", "--site", "daily"), "A login has 2 to 100"),
        (("add", "ann", "--site", "daily", "--name", "x" * 61), "Give a name"),
        (("add", "ann", "--site", "daily", "--name", "\u202e"), "Give a name"),
        (("link", "nobody"), "There is no moderator with the login 'nobody'."),
        (("disable", "nobody"), "There is no moderator with the login 'nobody'."),
        (("enable", "nobody"), "There is no moderator with the login 'nobody'."),
    ],
)
def test_what_cannot_be_is_one_clear_line(words: tuple[str, ...], says: str) -> None:
    assert says in refused("moderator", *words)
    assert run("moderator", "list").output == ""


def test_nobody_is_added_twice() -> None:
    run("moderator", "add", "ann", "--site", "daily")
    assert "member of this site already" in refused("moderator", "add", "ANN", "--site", "daily", "--role", "owner")
    assert run("moderator", "list").output == "ann  ann  moderator of daily\n"
