"""The people who may come to the desk."""

import click

from comments_service import inviting, reading, signing_in, staff
from comments_service.commands.running import open_app, settings
from comments_service.database import db, now
from comments_service.tables import Moderator


@click.group()
def moderator() -> None:
    """The people who may come to the desk."""


@moderator.command("add")
@click.argument("login")
@click.option("--site", "site_key", required=True, help="The key of the site")
@click.option("--role", type=click.Choice(staff.ROLES), default="moderator", show_default=True)
@click.option("--name", default="", help="The name that colleagues see; the login when left out")
def add(login: str, site_key: str, role: str, name: str) -> None:
    """Give somebody a role on a site, and print a link that signs a new person in once.

    Example: comments-service moderator add ann --site daily --role owner --name "Ann Archer"
    """
    with open_app():
        site, at = reading.site(db.session(), site_key), now()
        person, new = staff.add(db.session(), site, login=login, name=name or login, role=role, at=at)
        # An invitation of another site's owner opens nothing here, so it ends.
        first = new or inviting.waits(db.session(), person)
        told = _link(person) if first else f"{person.login} is {role} of {site_key} now, and signs in as before."
        db.session.commit()
    click.echo(told)


@moderator.command("link")
@click.argument("login")
def link(login: str) -> None:
    """Print a link that signs somebody in once within 24 hours; the one before ends.

    Example: comments-service moderator link ann
    """
    with open_app():
        made = _link(staff.by_login(db.session(), login))
        db.session.commit()
    click.echo(made)


@moderator.command("list")
def listing() -> None:
    """List everybody with their roles.

    Example: comments-service moderator list
    """
    with open_app():
        for person in staff.everybody(db.session()):
            roles = ", ".join(f"{role.role} of {role.site_key}" for role in staff.roles_of(db.session(), person.id))
            state = "disabled" if person.disabled_at else roles or "no role"
            click.echo(f"{person.login}  {person.name}  {state}")


@moderator.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Let somebody in no more: their sessions and links end at once. What they decided stays.

    Example: comments-service moderator disable ann
    """
    with open_app():
        person = staff.by_login(db.session(), login)
        signing_in.disable(db.session(), person, at=now())
        alone = staff.sites_without_owner(db.session())
        db.session.commit()
    click.echo(f"Disabled {staff.normal_login(login)}.")
    if alone:
        click.echo(f"Without an owner now: {', '.join(alone)}. Give one: comments-service moderator add", err=True)


@moderator.command("enable")
@click.argument("login")
def enable(login: str) -> None:
    """Let somebody who was disabled come back, with the roles and the password from before.

    Example: comments-service moderator enable ann
    """
    with open_app():
        person = staff.by_login(db.session(), login)
        person.disabled_at = None
        db.session.commit()
    click.echo(f"Enabled {staff.normal_login(login)}.")


@moderator.command("reset")
@click.argument("login")
@click.option("--yes", is_flag=True, help="Do not ask first")
def reset(login: str, yes: bool) -> None:
    """Take password, second factor, recovery codes, links and sessions from somebody, and print a link to begin anew.

    For a lost phone without a recovery code, or an account that somebody else has been in.

    Example: comments-service moderator reset ann
    """
    with open_app():
        person = staff.by_login(db.session(), login)
        if not yes:
            click.confirm(f"Take password, second factor and sessions from {person.login} ({person.name})?", abort=True)
        ended = signing_in.reset(db.session(), person, at=now())
        made = None if person.disabled_at else _link(person)
        db.session.commit()
    click.echo(f"Reset {staff.normal_login(login)}. Sessions ended: {ended}.", err=True)
    click.echo(made or "This login is disabled, so there is no link.")


def _link(person: Moderator) -> str:
    return signing_in.link(settings().desk, signing_in.make_link(db.session(), person, at=now()))
