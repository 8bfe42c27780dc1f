"""The keys under which a paper signs who its readers are, and why a token does not count."""

import sys
from pathlib import Path

import click

from comments_service import reading, sso, sso_keys
from comments_service.commands.running import open_app, settings
from comments_service.database import db, now
from comments_service.errors import NotBelieved
from comments_service.sealing import Keyring

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("sso-key")
def sso_key() -> None:
    """The keys under which a paper's server signs who its readers are."""


@sso_key.command("add")
@click.argument("site_key", metavar="SITE")
@click.option("--kid", default="", help="What the tokens call the key; made up when left out")
@click.option("--issuer", default="", help="What the tokens say in iss; as the newest key, or the first origin")
@click.option("--secret-file", type=FILE, help="HS256 with the secret in this file, of at least 32 bytes")
@click.option("--public-key", type=FILE, help="EdDSA with the Ed25519 public key in this PEM file")
def add(site_key: str, *, kid: str, issuer: str, secret_file: Path | None, public_key: Path | None) -> None:
    """Add a key; a secret that is made here is shown this once. Two keys may be live at a time.

    Example: comments-service site sso-key add daily
    """
    if secret_file and public_key:
        raise click.UsageError("Give --secret-file or --public-key, not both.")
    wished = sso_keys.NewKey(kid=kid, issuer=issuer, secret=text(secret_file), public_key=text(public_key))
    with open_app():
        site = reading.site(db.session(), site_key)
        key, made = sso_keys.add(db.session(), site, wished, keyring=keyring(), at=now())
        told = {"kid": key.kid, "alg": key.algorithm, "iss": key.issuer, "aud": site.key, "secret": made}
        db.session.commit()
    for name, value in told.items():
        if value:
            click.echo(f"{name:7}{value}")


@sso_key.command("list")
@click.argument("site_key", metavar="SITE")
def listing(site_key: str) -> None:
    """List the keys of a site, without their secrets.

    Example: comments-service site sso-key list daily
    """
    with open_app():
        for key in sso_keys.listing(db.session(), reading.site(db.session(), site_key)):
            state = "retired" if key.retired_at else "live"
            used = f"used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
            click.echo(f"{key.kid}  {state:8}{key.algorithm:7}{used:22}{key.issuer}")


@sso_key.command("retire")
@click.argument("site_key", metavar="SITE")
@click.argument("kid")
def retire(site_key: str, kid: str) -> None:
    """Believe a key no longer; who is signed in stays so.

    Example: comments-service site sso-key retire daily KID
    """
    with open_app():
        sso_keys.retire(db.session(), reading.site(db.session(), site_key), kid, at=now())
        db.session.commit()
    click.echo(f"Retired {kid}.")


@click.command("sso-test")
@click.argument("site_key", metavar="SITE")
@click.argument("token_file", metavar="[FILE]", type=FILE, required=False)
def sso_test(site_key: str, token_file: Path | None) -> None:
    """Say whom a token signs in, or why it does not count; ends with 1 then. Changes nothing.

    Without a FILE the token is read from standard input.

    Example: comments-service site sso-test daily token.txt
    """
    # One line break at the end is the editor's; anything else belongs to the token.
    given = token_file.read_bytes() if token_file else sys.stdin.buffer.read()
    raw = given.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
    with open_app():
        site = reading.site(db.session(), site_key)
        try:
            found = sso.look(db.session(), raw, site=site, keyring=keyring(), at=now())
        except NotBelieved as refused:
            raise click.ClickException(f"{refused.reason} ({refused.code})") from None
    if found.used:
        raise click.ClickException("The token is in order, but it was used before: each needs a new jti. (used)")
    said, issuer = found.checked.claims, found.checked.key.issuer
    account = "an account that is known here" if found.known else "a new account"
    click.echo(f"The token signs in {said.name or 'somebody without a name'}: {account}, {said.sub} of {issuer}.")


def keyring() -> Keyring:
    """The sealing keys of this command's settings."""
    return Keyring(settings().sealing_keys)


def text(file: Path | None) -> str:
    """What a file holds, without the spaces around it; nothing of no file."""
    try:
        return file.read_text(encoding="utf-8").strip() if file else ""
    except UnicodeDecodeError:
        raise click.UsageError(f"{file} is not a text file.") from None
