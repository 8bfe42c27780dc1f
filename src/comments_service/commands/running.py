"""What every command shares: the settings, the application, and one clear line for each expected error."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy.exc import DatabaseError, OperationalError

from comments_service.app import create_app
from comments_service.errors import Refused
from comments_service.schema import NotMigrated, require_migrated
from comments_service.settings import BadSettings, Settings, read_settings

NOT_MIGRATED = "The database is not migrated. Run: comments-service migrate"


class Commands(click.Group):
    """A group whose commands end with a sentence and an exit code where the cause is known, never a traceback."""

    def invoke(self, context: click.Context) -> object:
        """Run the command. Raises ClickException for what an owner can mend."""
        try:
            return super().invoke(context)
        except BadSettings as bad:
            for problem in bad.problems:
                click.echo(problem, err=True)
            raise SystemExit(2) from None
        except Refused as refused:
            raise click.ClickException(refused.detail) from None
        except NotMigrated:
            raise click.ClickException(NOT_MIGRATED) from None
        except DatabaseError as error:
            # The two kinds that are about the database itself; the others are about our statements.
            if type(error) not in {DatabaseError, OperationalError}:
                raise
            raise click.ClickException(f"The database does not answer: {_first_line(error)}") from None
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'The system'}: {error.strerror}.") from None


def settings() -> Settings:
    """The settings of this command. Raises BadSettings."""
    return read_settings()


@contextmanager
def open_app() -> Iterator[Flask]:
    """The application with its context, on a migrated database. Raises NotMigrated or OperationalError."""
    found = settings()
    require_migrated(found.database_url)
    app = create_app(found)
    with app.app_context():
        yield app


def _first_line(error: DatabaseError) -> str:
    # The driver's own words: SQLAlchemy's would add the statement and its parameters.
    return (str(error.orig).strip().splitlines() or ["no reason given"])[0].rstrip(".") + "."
