"""Bring a database to the newest schema."""

from alembic import command
from alembic.config import Config

from comments_service.schema import migrations_folder


def config(database_url: str) -> Config:
    """Alembic's configuration for one database."""
    made = Config()
    made.set_main_option("script_location", str(migrations_folder()))
    made.attributes["database_url"] = database_url
    return made


def upgrade(database_url: str) -> None:
    """Apply every migration that is missing."""
    command.upgrade(config(database_url), "head")
