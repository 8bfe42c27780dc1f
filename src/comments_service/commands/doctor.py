"""Look an installation over."""

from collections.abc import Iterator

import click
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from comments_service import checkup, jobs, notifying, recounting
from comments_service.checkup import Finding
from comments_service.commands.running import open_app, settings
from comments_service.database import db, now
from comments_service.schema import NotMigrated
from comments_service.settings import Settings


@click.command()
@click.option("--recount", is_flag=True, help="First set every counter to what its rows say")
@click.option("--retry", is_flag=True, help="First put events and jobs that were given up back in line")
def doctor(recount: bool, retry: bool) -> None:
    """Say what is wrong with this installation and what to do about it; ends with 1 when something is.

    Example: comments-service doctor
    """
    found = list(_findings(settings(), recount=recount, retry=retry))
    for finding in found:
        click.echo(f"{'Advice' if finding.advice else 'Problem'}: {finding.wrong} {finding.todo}")
    if any(not finding.advice for finding in found):
        raise SystemExit(1)
    click.echo("No problem was found.")


def _findings(chosen: Settings, *, recount: bool, retry: bool) -> Iterator[Finding]:
    yield from checkup.of_machine(chosen)
    try:
        with open_app():
            _mend(db.session(), recount=recount, retry=retry)
            yield from checkup.of_database(db.session(), chosen, at=now())
    except NotMigrated:
        yield Finding("The database is not migrated.", "Run: comments-service migrate")
    except DatabaseError as error:
        why = type(error.orig).__name__
        yield Finding(
            f"The database does not answer as it should ({why}).",
            "Start it, set DATABASE_URL to the one that runs, or restore it from the last backup.",
        )


def _mend(session: Session, *, recount: bool, retry: bool) -> None:
    if recount:
        click.echo(f"{recounting.recount(session)} counters were set right.")
    if retry:
        again = notifying.retry_dead(session, at=now()) + jobs.retry_dead(session, at=now())
        click.echo(f"{again} events and jobs are in line again.")
    session.commit()
