"""Answer requests."""

import click

from comments_service.commands.running import settings
from comments_service.migrating import require_migrated


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Answer requests until stopped.

    Example: comments-service serve --port 8000
    """
    from granian.constants import Interfaces
    from granian.server import Server

    require_migrated(settings().database_url)
    Server("comments_service.app:create_app", host, port, interface=Interfaces.WSGI, factory=True).serve()
