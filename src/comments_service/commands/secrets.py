"""The secrets that the database holds, sealed."""

import click

from comments_service import sealing
from comments_service.commands.running import open_app
from comments_service.commands.sso import keyring
from comments_service.database import db


@click.group()
def secrets() -> None:
    """The secrets that the database holds, sealed."""


@secrets.command("reseal")
def reseal() -> None:
    """Seal everything under the newest of SEALING_KEYS, so that the older ones can go.

    Example: comments-service secrets reseal
    """
    with open_app():
        number = sealing.reseal(db.session(), keyring())
        db.session.commit()
    click.echo(f"Sealed anew: {number}. Everything is under the newest key.")
