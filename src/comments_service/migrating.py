"""Bring a database to the newest schema, and say whether it is there."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url

HERE = Path(__file__).parent


class NotMigrated(Exception):
    """The database is older than this release, or empty."""


def migrations_folder() -> Path:
    """Beside this module in a wheel, at the top of the project in a checkout."""
    shipped = HERE / "migrations"
    return shipped if shipped.is_dir() else HERE.parents[1] / "migrations"


def config(database_url: str) -> Config:
    """Alembic's configuration for one database."""
    made = Config()
    made.set_main_option("script_location", str(migrations_folder()))
    made.attributes["database_url"] = database_url
    return made


def upgrade(database_url: str) -> None:
    """Apply every migration that is missing."""
    command.upgrade(config(database_url), "head")


def is_behind(connection: Connection) -> bool:
    """Whether migrations of this release are missing. A newer schema is no obstacle: migrations only add."""
    current = set(MigrationContext.configure(connection).get_current_heads())
    known, heads = _revisions()
    return not current or (current <= known and current != heads)


def require_migrated(database_url: str) -> None:
    """Raises NotMigrated, or SQLAlchemy's OperationalError when the database does not answer."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        # To connect would make an empty file.
        raise NotMigrated
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            if is_behind(connection):
                raise NotMigrated
    finally:
        engine.dispose()


@cache
def _revisions() -> tuple[frozenset[str], frozenset[str]]:
    scripts = ScriptDirectory.from_config(config(""))
    return frozenset(script.revision for script in scripts.walk_revisions()), frozenset(scripts.get_heads())
