"""One typed, frozen set of settings, read once from the environment and validated at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SECRET_BYTES = 32


class BadSettings(Exception):
    """Every problem found, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an owner can set. `database_url` is an SQLAlchemy URL, `secret_key` at least 32 bytes."""

    secret_key: str
    database_url: str
    public_url: str
    redis_url: str | None = None


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process.

    Each may be given as NAME or as NAME_FILE, the path of a file that holds the value.
    Raises BadSettings with a line per problem.
    """
    problems: list[str] = []
    secret = _value(environ, "SECRET_KEY", problems) or ""
    if len(secret.encode()) < SECRET_BYTES:
        problems.append(f"SECRET_KEY must be at least {SECRET_BYTES} bytes; make one with `openssl rand -hex 32`.")
    public = _value(environ, "PUBLIC_URL", problems) or "http://localhost:8000"
    if urlsplit(public).scheme not in {"http", "https"} or not urlsplit(public).hostname:
        problems.append("PUBLIC_URL must be the http(s) address at which readers reach the service.")
    database = _value(environ, "DATABASE_URL", problems) or "sqlite:///data/comments.sqlite"
    if not database.startswith(("sqlite:///", "postgresql")):
        problems.append("DATABASE_URL must start with sqlite:/// or postgresql.")
    if problems:
        raise BadSettings(problems)
    return Settings(
        secret_key=secret,
        database_url=_with_driver(database),
        public_url=public.rstrip("/"),
        redis_url=_value(environ, "REDIS_URL", problems),
    )


def _value(environ: Mapping[str, str], name: str, problems: list[str]) -> str | None:
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name) or None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        problems.append(f"{name}_FILE cannot be read: {error.strerror}.")
        return None


def _with_driver(url: str) -> str:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and not rest.startswith("//"):
        # Flask-SQLAlchemy reads a relative file from its instance folder; the owner means the working folder.
        return f"sqlite:///{Path(rest.removeprefix('/')).resolve()}"
    return f"postgresql+psycopg://{rest}" if scheme in {"postgresql", "postgres"} else url
