"""Whether a database has the schema of this release."""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url

HERE = Path(__file__).parent
REVISION = re.compile(r"^revision(?:: str)? = ['\"](\w+)", re.MULTILINE)
DOWN_REVISION = re.compile(r"^down_revision(?:: [^=]+)? = ['\"](\w+)", re.MULTILINE)


class NotMigrated(Exception):
    """The database is older than this release, or empty."""


def migrations_folder() -> Path:
    """Beside this module in a wheel, at the top of the project in a checkout."""
    shipped = HERE / "migrations"
    return shipped if shipped.is_dir() else HERE.parents[1] / "migrations"


def is_behind(connection: Connection) -> bool:
    """Whether migrations of this release are missing. A newer schema is no obstacle: migrations only add."""
    if not inspect(connection).has_table("alembic_version"):
        return True
    current = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
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
    """All revisions of this release, and the last ones; read off the files, as to load them takes 10 MB of Alembic."""
    sources = [file.read_text(encoding="utf-8") for file in (migrations_folder() / "versions").glob("*.py")]
    known = frozenset(name for source in sources for name in REVISION.findall(source))
    return known, known - {name for source in sources for name in DOWN_REVISION.findall(source)}
