"""The app behind a command: its problems are one clear line each, never a traceback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from comments_service.app import create_app
from comments_service.errors import Refused
from comments_service.settings import BadSettings, Settings, read_settings


def settings() -> Settings:
    """The settings of the environment; exits with 2 and a line per problem."""
    try:
        return read_settings(os.environ)
    except BadSettings as bad:
        for problem in bad.problems:
            click.echo(problem, err=True)
        raise SystemExit(2) from None


@contextmanager
def open_app() -> Iterator[None]:
    """An app context; what a verb refuses ends the command with its sentence."""
    with create_app(settings()).app_context():
        try:
            yield
        except Refused as refused:
            raise click.ClickException(refused.detail) from None
