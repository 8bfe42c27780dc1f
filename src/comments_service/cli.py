"""The commands of a site owner."""

from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.engine import make_url

from comments_service import moderating
from comments_service.cli_app import open_app, settings
from comments_service.cli_tokens import token
from comments_service.database import db, now
from comments_service.judging import Actor
from comments_service.migrating import upgrade
from comments_service.tables import Site


@click.group()
def main() -> None:
    """A self-hosted comment service for news sites."""


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    chosen = settings()
    file = make_url(chosen.database_url).database
    if chosen.database_url.startswith("sqlite") and file:
        Path(file).resolve().parent.mkdir(parents=True, exist_ok=True)
    upgrade(chosen.database_url)
    click.echo("The database is up to date.")


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Answer requests until stopped."""
    from granian.constants import Interfaces
    from granian.server import Server

    settings()
    Server("comments_service.app:create_app", host, port, interface=Interfaces.WSGI, factory=True).serve()


@main.group()
def site() -> None:
    """The publications that this service answers."""


@site.command("add")
@click.argument("key")
@click.option("--origin", "origins", multiple=True, required=True, help="https://www.paper.example; may be repeated")
@click.option("--name", default="")
@click.option("--moderation", type=click.Choice(["pre", "post", "first"]), default="first", show_default=True)
def site_add(key: str, origins: tuple[str, ...], name: str, moderation: str) -> None:
    """Add a site.  Example: comments-service site add daily --origin https://www.paper.example"""
    with open_app():
        if db.session.scalars(select(Site).where(Site.key == key)).first():
            raise click.ClickException(f"There is a site {key} already.")
        db.session.add(Site(key=key, name=name or key, origins=list(origins), moderation=moderation))
        db.session.commit()
    click.echo(f"Added {key}.")


@main.command()
@click.argument("site_key")
@click.argument("comment_id", required=False)
@click.option("--verdict", type=click.Choice(moderating.VERDICTS), default="published", show_default=True)
@click.option("--reason", type=click.Choice(list(moderating.REASONS)), default=None)
def moderate(site_key: str, comment_id: str | None, verdict: str, reason: str | None) -> None:
    """List what is held on a site, or decide one comment.  Example: comments-service moderate daily ID"""
    with open_app():
        found = db.session.scalars(select(Site).where(Site.key == site_key)).first()
        if found is None:
            raise click.ClickException(f"There is no site {site_key}.")
        if comment_id is None:
            for comment in moderating.queue(db.session(), found):
                click.echo(f"{comment.id}  {comment.name}: {comment.plain.strip()[:100]!r}")
            return
        comment = moderating.find(db.session(), found, comment_id)
        moderating.decide(
            db.session(), found, comment_id, verdict=verdict, version=comment.version, by=Actor(kind="cli"),
            reason=reason or "", at=now(),
        )  # fmt: skip
        db.session.commit()
    click.echo(f"{comment_id} is {verdict}.")


main.add_command(token)
