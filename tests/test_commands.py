"""An owner at the command line: every command explains itself, and every expected error is one line."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from comments_service.cli import main
from comments_service.migrating import upgrade

SECRET = "0123456789abcdef" * 4


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "DESK_URL", "TRUSTED_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    return {"SECRET_KEY": SECRET, "DATABASE_URL": f"sqlite:///{tmp_path}/data/comments.sqlite"}


def run(environ: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(main, words, env=environ)


def commands(group: click.Group, *before: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        words = (*before, name)
        found += commands(command, *words) if isinstance(command, click.Group) else [words]
    return found


@pytest.mark.parametrize("words", commands(main), ids=" ".join)
def test_every_command_explains_itself_with_an_example(words: tuple[str, ...]) -> None:
    told = run({}, *words, "--help")
    assert told.exit_code == 0
    assert f"Example: comments-service {' '.join(words)}" in told.output


def assert_one_line(result: Result, *, says: str) -> None:
    assert result.exit_code != 0
    assert len(result.stderr.strip().splitlines()) == 1
    assert says in result.stderr
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("words", [("serve",), ("site", "add", "daily", "--origin", "https://paper.example")])
def test_a_database_that_is_missing_is_named_and_not_made(
    environ: dict[str, str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert_one_line(run(environ, *words), says="comments-service migrate")
    assert not (tmp_path / "data").exists()


def test_an_empty_database_is_not_served(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "comments.sqlite").touch()
    assert_one_line(run(environ, "serve"), says="comments-service migrate")


def test_a_newer_schema_is_served_by_an_older_release(tmp_path: Path) -> None:
    from sqlalchemy import create_engine, text

    from comments_service.schema import require_migrated

    url = f"sqlite:///{tmp_path}/comments.sqlite"
    upgrade(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of_tomorrow'"))
    engine.dispose()
    require_migrated(url)


def test_a_database_server_that_is_down_is_one_line(environ: dict[str, str]) -> None:
    environ["DATABASE_URL"] = "postgresql://nobody:hush@127.0.0.1:1/none"
    told = run(environ, "migrate")
    assert_one_line(told, says="The database does not answer")
    assert "hush" not in told.output


def test_a_folder_that_cannot_be_made_is_one_line(environ: dict[str, str]) -> None:
    environ["DATABASE_URL"] = "sqlite:////proc/nowhere/comments.sqlite"
    assert_one_line(run(environ, "migrate"), says="/proc/nowhere")


def test_bad_settings_are_one_line_each_and_exit_2(environ: dict[str, str]) -> None:
    environ.update({"SECRET_KEY": "short", "PUBLIC_URL": "ftp://x"})
    told = run(environ, "migrate")
    assert told.exit_code == 2
    assert [line.split()[0] for line in told.stderr.splitlines()] == ["SECRET_KEY", "PUBLIC_URL"]


def test_a_site_is_added_once_and_its_queue_is_listed(environ: dict[str, str]) -> None:
    assert run(environ, "migrate").exit_code == 0
    assert run(environ, "migrate").exit_code == 0
    added = run(environ, "site", "add", "daily", "--origin", "https://paper.example")
    assert (added.exit_code, added.output) == (0, "Added daily.\n")
    assert_one_line(run(environ, "site", "add", "daily", "--origin", "https://x.example"), says="already")
    assert run(environ, "moderate", "daily").exit_code == 0
    assert_one_line(run(environ, "moderate", "weekly"), says="no such site")
    assert_one_line(run(environ, "moderate", "daily", "nonsense"), says="no such comment")


def test_the_revisions_read_off_the_files_are_those_of_the_migrations(tmp_path: Path) -> None:
    from alembic.script import ScriptDirectory

    from comments_service import migrating, schema

    scripts = ScriptDirectory.from_config(migrating.config(""))
    known = {script.revision for script in scripts.walk_revisions()}
    assert schema._revisions() == (frozenset(known), frozenset(scripts.get_heads()))
