"""The publications that this service answers."""

import click
from sqlalchemy import select

from comments_service import identity, page_tokens, reading
from comments_service.commands.running import open_app
from comments_service.database import db
from comments_service.tables import Site


@click.group()
def site() -> None:
    """The publications that this service answers."""


@site.command("add")
@click.argument("key")
@click.option("--origin", "origins", multiple=True, required=True, help="https://www.paper.example; may be repeated")
@click.option("--name", default="", help="The name that moderators see; the key when left out")
@click.option("--moderation", type=click.Choice(["pre", "post", "first"]), default="first", show_default=True)
def add(key: str, origins: tuple[str, ...], name: str, moderation: str) -> None:
    """Add a site.

    Example: comments-service site add daily --origin https://www.paper.example
    """
    listed = list(dict.fromkeys(identity.site_origin(origin) for origin in origins))
    with open_app():
        if db.session.scalars(select(Site).where(Site.key == key)).first():
            raise click.ClickException(f"There is a site {key} already.")
        db.session.add(Site(key=key, name=name or key, origins=listed, moderation=moderation))
        db.session.commit()
    click.echo(f"Added {key}.")


@site.command("page-key")
@click.argument("site_key", metavar="SITE")
@click.option("--rotate", is_flag=True, help="Make a new one; tokens in pages under the old one no longer count")
def page_key(site_key: str, rotate: bool) -> None:
    """Show the key that signs the article tokens in the site's pages.

    Example: comments-service site page-key daily
    """
    with open_app():
        found = reading.site(db.session(), site_key)
        key = page_tokens.rotate(db.session(), found) if rotate else found.page_key
        db.session.commit()
    click.echo(key)
