"""Bring a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config

HERE = Path(__file__).parent


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
