"""Commands for the tokens of a paper's own server."""

import click

from comments_service import reading, tokens
from comments_service.commands.running import open_app
from comments_service.database import db, now


@click.group()
def token() -> None:
    """Tokens with which a paper's own server calls the API."""


@token.command("make")
@click.argument("site_key", metavar="SITE")
@click.option("--name", required=True, help="what it is for, as the list shows it")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(list(tokens.SCOPES)))
def make(site_key: str, name: str, scopes: tuple[str, ...]) -> None:
    """Make a token; it is shown this once.

    Example: comments-service token make daily --name newsroom --scope articles:write
    """
    with open_app():
        raw = tokens.make(db.session(), reading.site(db.session(), site_key), name=name, scopes=scopes, at=now())
        db.session.commit()
    click.echo(raw)


@token.command("list")
@click.argument("site_key", metavar="SITE")
def listing(site_key: str) -> None:
    """List the tokens of a site.  Example: comments-service token list daily"""
    with open_app():
        for row in tokens.listing(db.session(), reading.site(db.session(), site_key)):
            state = "revoked" if row.revoked_at else "valid"
            used = f"used {row.used_at:%Y-%m-%d %H:%M}" if row.used_at else "never used"
            click.echo(f"{row.id}  {state:8}{used:22}{' '.join(row.scopes)}  {row.name}")


@token.command("revoke")
@click.argument("site_key", metavar="SITE")
@click.argument("token_id", metavar="ID")
def revoke(site_key: str, token_id: str) -> None:
    """End a token at once.  Example: comments-service token revoke daily ID"""
    with open_app():
        ended = tokens.revoke(db.session(), reading.site(db.session(), site_key), token_id, at=now())
        db.session.commit()
        click.echo(f"Revoked {ended.name}.")
