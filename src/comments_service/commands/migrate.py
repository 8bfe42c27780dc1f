"""Bring the database to the newest schema."""

from pathlib import Path

import click
from sqlalchemy.engine import make_url

from comments_service.commands.running import settings
from comments_service.migrating import upgrade


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema.

    Example: comments-service migrate
    """
    url = make_url(settings().database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    upgrade(url.render_as_string(hide_password=False))
    click.echo("The database is up to date.")
