"""The OpenID providers with which readers of a site sign in."""

from dataclasses import replace
from pathlib import Path

import click

from comments_service import reading
from comments_service.commands.running import open_app, settings
from comments_service.commands.sso import FILE, keyring, text
from comments_service.database import db, now
from comments_service.errors import Invalid
from comments_service.oidc import discovery, providers
from comments_service.oidc.providers import PRESETS, Wish


@click.group("provider")
def provider() -> None:
    """The OpenID providers with which readers sign in."""


@provider.command("add")
@click.argument("site_key", metavar="SITE")
@click.option("--preset", type=click.Choice(list(PRESETS)), help="Name and issuer of a well-known one")
@click.option("--name", default="", help="What stands on the button")
@click.option("--issuer", default="", help="The provider's own address, such as https://login.example")
@click.option("--client-id", required=True, help="What the provider calls this service")
@click.option("--secret-file", type=FILE, help="The file with the client secret; of Apple, the private key (.p8)")
@click.option("--team-id", default="", help="Apple's alone")
@click.option("--key-id", default="", help="Apple's alone")
def add(
    site_key: str, *, preset: str | None, name: str, issuer: str, client_id: str, secret_file: Path | None,
    team_id: str, key_id: str,
) -> None:  # fmt: skip
    """Register a provider, which readers are offered at once; prints the redirect address to register there.

    Example: comments-service site provider add daily --preset google --client-id ID --secret-file secret.txt
    """
    known = PRESETS.get(preset or "", Wish())
    wish = replace(
        known, name=name or known.name, issuer=issuer or known.issuer, client_id=client_id, secret=text(secret_file),
        team_id=team_id, key_id=key_id,
    )  # fmt: skip
    with open_app():
        site, own = reading.site(db.session(), site_key), settings()
        made = providers.add(db.session(), site, wish, keyring=keyring(), local=own.local, at=now())
        told = providers.redirect_uri(own.public_url, site_key, made.key)
        db.session.commit()
    click.echo(told)


@provider.command("list")
@click.argument("site_key", metavar="SITE")
def listing(site_key: str) -> None:
    """List the providers of a site, without their secrets.

    Example: comments-service site provider list daily
    """
    with open_app():
        for row in providers.listing(db.session(), reading.site(db.session(), site_key)):
            state = "off" if row.disabled_at else "offered"
            click.echo(f"{row.key:16}{state:9}{row.name:20}{row.issuer}")


@provider.command("switch")
@click.argument("site_key", metavar="SITE")
@click.argument("key")
@click.argument("state", type=click.Choice(["on", "off"]))
def switch(site_key: str, key: str, state: str) -> None:
    """Offer a provider or not; who is signed in stays so.

    Example: comments-service site provider switch daily google off
    """
    with open_app():
        site = reading.site(db.session(), site_key)
        providers.switch(db.session(), site, key, on=state == "on", at=now())
        db.session.commit()
    click.echo(f"Switched {key} {state}.")


@provider.command("test")
@click.argument("site_key", metavar="SITE")
@click.argument("key")
def test(site_key: str, key: str) -> None:
    """Read what a provider says of itself, and say what is wrong with it; ends with 1 then.

    Example: comments-service site provider test daily google
    """
    with open_app():
        found = providers.find(db.session(), reading.site(db.session(), site_key), key)
        try:
            discovery.look(found.issuer, local=settings().local, at=now())
        except Invalid as wrong:
            raise click.ClickException(wrong.detail) from None
    click.echo("The provider answers, and what it says of itself is in order.")
