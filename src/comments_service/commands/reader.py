"""The readers of a site."""

import click

from comments_service import erasing, jobs, leaving, reading
from comments_service.commands.running import open_app
from comments_service.database import db, now


@click.group()
def reader() -> None:
    """The readers of a site."""


@reader.command("erase")
@click.argument("site_key", metavar="SITE")
@click.argument("comment_id", metavar="COMMENT_ID")
@click.option("--yes", is_flag=True, help="Do not ask")
def erase(site_key: str, comment_id: str, yes: bool) -> None:
    """Erase the person who wrote a comment: name and words, of all their comments on the site, for good.

    Example: comments-service reader erase daily 06c8p5q2vk1u0000000000000g
    """
    with open_app():
        site = reading.site(db.session(), site_key)
        person = erasing.who_wrote(db.session(), site, comment_id)
        number = erasing.amount(db.session(), person)
        name = person.name or "Somebody who is erased already"
        click.echo(f"{name}, on {site_key} since {person.created:%Y-%m-%d}. Comments: {number}.")
        if not yes:
            click.confirm("Erase this person with everything they wrote? It cannot be undone.", abort=True)
        site_id, person_id = person.site_id, person.id
        erasing.begin(db.session(), person, at=now())
        db.session.commit()
        while erasing.erase_some(db.session(), site_id, person_id, at=now()):
            db.session.commit()
        erasing.finish(db.session())
        jobs.enqueue(db.session(), site_id, leaving.EMPTY, {}, at=now())
        db.session.commit()
    click.echo("Erased. Backups from before still hold what was written.")
