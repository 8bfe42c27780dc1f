"""A migrated database for each test, on SQLite and on PostgreSQL, and the same fixed people."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.exc import OperationalError

from comments_service import form_tokens
from comments_service.app import create_app
from comments_service.database import Model, db, now
from comments_service.migrating import upgrade
from comments_service.settings import Settings
from comments_service.tables import Site
from comments_service.web.limits import limiter
from tests import needs

PAPER = "https://paper.example"
OTHER = "https://other.example"
SECRET_KEY = "x" * 32
SEALING_KEY = "sealing-key-of-the-tests-0123456789abcdef"
POSTGRESQL = os.environ.get("TEST_DATABASE_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")

settings.register_profile("long", max_examples=2000, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """What takes minutes is run where it is asked for."""
    parser.addoption("--gate", action="store_true", help="also what makes packages and follows the README")
    parser.addoption("--long", action="store_true", help="also what takes many minutes")
    parser.addoption("--engines", action="store_true", help="also what runs in Firefox and WebKitGTK")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for, and begin with what takes longest, so that no worker is left alone with it."""
    unwanted = [name for name in ("gate", "long", "engines") if not config.getoption(name)]
    left_out = [item for item in items if any(map(item.get_closest_marker, unwanted))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda item: (item.get_closest_marker("gate") is None, "browser" not in item.path.parts))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say last and aloud what this machine lacks."""
    lines = needs.summary(terminalreporter.stats.get("skipped", []))
    if lines:
        terminalreporter.section("NOT EVERYTHING WAS TESTED", yellow=True, bold=True)
    for line in lines:
        terminalreporter.line(line, yellow=True, bold=True)


def _postgresql_answers() -> bool:
    engine = create_engine(POSTGRESQL, connect_args={"connect_timeout": 2})
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "comments.sqlite"
    upgrade(f"sqlite:///{file}")
    return file


@contextmanager
def postgresql_database() -> Iterator[str]:
    """A new and empty database on PostgreSQL, until the block ends."""
    if not _postgresql_answers():
        needs.missing(needs.POSTGRESQL)
    name = f"comments_test_{secrets.token_hex(4)}"
    admin = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        # What a disk costs is measured elsewhere.
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    yield POSTGRESQL.rsplit("/", 1)[0] + f"/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    with postgresql_database() as url:
        upgrade(url)
        yield url


@pytest.fixture
def empty_postgresql() -> Iterator[str]:
    with postgresql_database() as url:
        yield url


@pytest.fixture(scope="session")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Flask]]:
    """The applications that tests share, by their database: to make one costs more than most tests do."""
    made: dict[str, Flask] = {}
    yield made
    for app in made.values():
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    kept: dict[str, Flask] = request.getfixturevalue("apps")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
    else:
        base = tmp_path if request.node.get_closest_marker("own_app") else request.getfixturevalue("template").parent
        url = f"sqlite:///{_fresh(base / 'shared.sqlite', request.getfixturevalue('template'))}"
    made = None if request.node.get_closest_marker("own_app") else kept.get(request.param)
    if made is None:
        public = "http://localhost:8000"
        made = create_app(
            Settings(secret_key=SECRET_KEY, database_url=url, public_url=public, sealing_keys=(SEALING_KEY,))
        )
    if not request.node.get_closest_marker("own_app"):
        kept[request.param] = made
    with made.app_context():
        if request.param == "postgresql":
            _empty()
        db.session.add(Site(key="daily", name="The Daily", origins=[PAPER], banned_words=["spamword"], held_words=[]))
        db.session.add(Site(key="other", name="The Other", origins=[OTHER], banned_words=[], held_words=[]))
        db.session.commit()
        # What is not about limits may write as fast as it can; test_limits switches them on.
        limiter.enabled = False
        yield made
        limiter.enabled = True
        db.session.remove()
        db.engine.dispose()


def _fresh(file: Path, template: Path) -> Path:
    for leftover in file.parent.glob(f"{file.name}*"):
        leftover.unlink()
    shutil.copy(template, file)
    return file


def _empty() -> None:
    # TRUNCATE makes new files for each table and its indexes, which takes ten times as long as this for a few rows.
    deletions = "; ".join(f"DELETE FROM {table.name}" for table in Model.metadata.sorted_tables)  # noqa: S608 - the names of our tables
    db.session.execute(text(f"SET LOCAL session_replication_role = replica; {deletions}"))
    db.session.commit()


@pytest.fixture
def engine(app: Flask) -> Engine:
    return db.engine


@pytest.fixture
def site_id(app: Flask) -> str:
    return db.session.scalars(select(Site.id).where(Site.key == "daily")).one()


@dataclass
class Browser:
    """One browser on one site: the headers that its widget would send."""

    client: FlaskClient
    site: str = "daily"
    origin: str = PAPER
    secret: str = "A" * 43

    def ask(self, method: str, path: str, json: Any = None, key: str | None = None, **extra: Any) -> Any:
        headers = {"Origin": self.origin, "Authorization": f"Bearer {self.secret}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        if (method, path) == ("POST", "comments"):
            json = {"form_token": self.form_token(json["key"])} | json
        return self.client.open(f"/api/v1/sites/{self.site}/{path}", method=method, json=json, headers=headers, **extra)

    def form_token(self, key: str) -> str:
        """Of a form that was opened a minute ago."""
        return form_tokens.issue(self.site, key, secret=SECRET_KEY, at=now() - timedelta(minutes=1))

    def post(self, body: str, *, parent: str | None = None, name: str = "Ada") -> Any:
        draft = {"key": "a1", "url": f"{self.origin}/a1", "name": name, "body": body}
        return self.ask("POST", "comments", draft | ({"parent": parent} if parent else {}))


@pytest.fixture
def ada(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def bob(app: Flask) -> Browser:
    return Browser(app.test_client(), secret="B" * 43)


@pytest.fixture
def outsider(app: Flask) -> Browser:
    return Browser(app.test_client(), site="other", origin=OTHER, secret="A" * 43)
