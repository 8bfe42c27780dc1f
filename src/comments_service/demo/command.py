"""One command from nothing to two running sites."""

import errno
import fcntl
import os
import secrets
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import click

from comments_service import signing_in
from comments_service.app import create_app
from comments_service.database import db, now
from comments_service.demo import accounts, gallery, processes
from comments_service.demo.seeding import make_site
from comments_service.migrating import upgrade
from comments_service.settings import Settings, read_settings

PORT = click.IntRange(1, 65535)
# The demo stands on its own feet: what an owner has set for a real service must neither be used nor touched by it.
SET_BY_OWNERS = (
    "SECRET_KEY", "DATABASE_URL", "PUBLIC_URL", "DESK_URL", "REDIS_URL", "TRUSTED_PROXIES", "SEALING_KEYS", "MAIL_URL",
    "MAIL_FROM", "MAIL_REPLY_TO", "MAIL_HOURLY", "SESSION_IDLE_DAYS", "SESSION_LONGEST_DAYS",
)  # fmt: skip


@click.command()
@click.option("--seed", default=1, show_default=True, help="Another number tells another conversation")
@click.option("--data", default="data", show_default=True, type=click.Path(path_type=Path), help="The folder to keep")
@click.option("--port", default=8000, show_default=True, type=PORT, help="The service's port")
@click.option("--paper-port", default=8001, show_default=True, type=PORT, help="The newspaper's port")
def demo(seed: int, data: Path, port: int, paper_port: int) -> None:
    """Start the service and, on another site, a newspaper that uses it.

    Example: comments-service demo --data data --seed 7
    """
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    try:
        with _alone(data):
            _require_free("--port", port)
            _require_free("--paper-port", paper_port)
            _run(data, _environ(data, port=port, paper_port=paper_port), seed=seed)
    except KeyboardInterrupt:
        click.echo("Stopped.")
    except processes.Died as died:
        raise click.ClickException(f"{died} See {data / 'demo.log'}.") from None


def _run(data: Path, environ: dict[str, str], *, seed: int) -> None:
    settings = read_settings(environ)
    key = Path(environ["DEMO_KEY_FILE"])
    begun, link = _prepare(settings, paper=environ["DEMO_PAPER"], seed=seed, key=key)
    environ["DEMO_BEGUN"] = begun.isoformat()
    log = data / "demo.log"
    log.write_bytes(b"")
    servers: list[processes.Server] = []
    try:
        servers.append(processes.service(_port(settings.public_url), environ=environ, log=log))
        # The newspaper last: whoever can open it finds its conversations.
        processes.wait_for(servers)
        servers.append(processes.newspaper(_port(environ["DEMO_PAPER"]), environ=environ, log=log))
        processes.wait_for(servers)
        click.echo(f"The newspaper  {environ['DEMO_PAPER']}")
        click.echo(f"The service    {settings.public_url}")
        click.echo(f"The desk       {link}")
        click.echo("The desk's link signs you in once. Ctrl-C stops both.")
        processes.watch(servers)
    finally:
        # An impatient second Ctrl-C must not leave a server behind.
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, signal.SIG_IGN)
        processes.stop(servers)


def _prepare(settings: Settings, *, paper: str, seed: int, key: Path) -> tuple[datetime, str]:
    """Database, site and conversation, as far as they are missing; when it all began, and a way into the desk."""
    upgrade(settings.database_url)
    with create_app(settings).app_context():
        at = now()
        moderator = make_site(db.session(), paper=paper, seed=seed, at=at)
        gallery.hang(db.session(), paper=paper, at=at)
        accounts.know_key(db.session(), key)
        begun = moderator.created
        token = signing_in.make_link(db.session(), moderator, at=at)
        db.session.commit()
        db.engine.dispose()
    return begun, f"{signing_in.link(settings.desk, token)}?next=/desk/queue"


def _environ(data: Path, *, port: int, paper_port: int) -> dict[str, str]:
    unset = {f"{name}{suffix}" for name in SET_BY_OWNERS for suffix in ("", "_FILE")}
    service, mails = f"http://localhost:{port}", (data / "mail").resolve()
    return {name: value for name, value in os.environ.items() if name not in unset} | {
        "SECRET_KEY_FILE": str(_secret(data, "secret")),
        "SEALING_KEYS_FILE": str(_secret(data, "sealing")),
        "DATABASE_URL": f"sqlite:///{(data / 'comments.sqlite').resolve()}",
        "PUBLIC_URL": service,
        "MAIL_URL": f"file://{quote(str(mails))}",
        "MAIL_FROM": "comments@lantern.example",
        "DEMO_MAIL": str(mails),
        "DEMO_SERVICE": service,
        "DEMO_KEY_FILE": str((data / "paper.pem").resolve()),
        "DEMO_PAPER": f"http://127.0.0.1:{paper_port}",
        "DEMO_FAULTY": f"http://127.0.0.1:{_any_free()}",
    }


def _secret(data: Path, name: str) -> Path:
    file = (data / name).resolve()
    if not file.exists() or not file.stat().st_size:
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32), encoding="ascii")
    return file


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold the folder while the demo runs. Raises ClickException when another holds it, or it cannot be written."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = (data / "demo.lock").open("w")
    except OSError as error:
        raise click.ClickException(
            f"The folder {data} cannot be written ({error.strerror}). Choose another with --data."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(
                f"The demo is already running in the folder {data}. Stop it with Ctrl-C, or choose another with --data."
            ) from None
        yield


def _require_free(option: str, port: int) -> None:
    with socket.socket() as tried:
        # As the server does, so that the last run's closing connections are no obstacle.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            why = "is taken" if taken else f"cannot be used ({error.strerror})"
            raise click.ClickException(f"Port {port} {why}. Choose another with {option}.") from None


def _any_free() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])
