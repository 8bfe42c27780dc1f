"""The publications that this service answers."""

import click

from comments_service import languages, page_tokens, reading, sites
from comments_service.commands.oidc import provider
from comments_service.commands.running import open_app
from comments_service.commands.sso import sso_key, sso_test
from comments_service.database import db


@click.group()
def site() -> None:
    """The publications that this service answers."""


@site.command("add")
@click.argument("key")
@click.option("--origin", "origins", multiple=True, required=True, help="https://www.paper.example; may be repeated")
@click.option("--name", default="", help="The name that moderators see; the key when left out")
@click.option("--moderation", type=click.Choice(list(sites.MODERATION)), default="first", show_default=True)
@click.option(
    "--language", type=click.Choice(languages.OFFERED), metavar="CODE", default=languages.ENGLISH, show_default=True,
    help="What its pages without JavaScript and its feeds speak, such as de",
)  # fmt: skip
def add(key: str, origins: tuple[str, ...], *, name: str, moderation: str, language: str) -> None:
    """Add a site.

    Example: comments-service site add daily --origin https://www.paper.example
    """
    wishes = sites.Wishes(name=name or key, origins=list(origins), moderation=moderation, language=language)
    with open_app():
        sites.add(db.session(), key, wishes)
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


site.add_command(sso_key)
site.add_command(sso_test)
site.add_command(provider)
