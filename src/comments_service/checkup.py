"""What an owner should know about an installation: what is wrong, and what to do about it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import redis
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from comments_service import jobs, notifying, readiness, recounting, sealing
from comments_service.mailing import delivering, sending, suppressing
from comments_service.mailing.delivering import NotSent
from comments_service.settings import Settings, is_loopback
from comments_service.tables import Site

LEAST_FREE = 1_000_000_000
STATIC = Path(__file__).parent / "static"
REDIS_SECONDS = 2


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be; an advice is no reason to fail."""

    wrong: str
    todo: str
    advice: bool = False


def of_machine(settings: Settings) -> Iterator[Finding]:
    """What can be seen without the database."""
    yield from _addresses(settings)
    yield from _proxies(settings)
    yield from _redis(settings)
    yield from _mail(settings)
    yield from _disk(settings)
    yield from _widget()


def of_database(session: Session, settings: Settings, *, at: datetime) -> Iterator[Finding]:
    """What a migrated database tells."""
    for look in (_sqlite, _sites, _counters):
        yield from look(session)
    yield from _sealed(session, settings)
    yield from _outbox(session, at)


def _addresses(settings: Settings) -> Iterator[Finding]:
    if all(map(is_loopback, settings.hosts)):
        return
    if not settings.secure:
        yield Finding(
            "PUBLIC_URL is http, so what readers send can be read and changed on the way.",
            "Put the service behind a proxy with a certificate and set PUBLIC_URL to its https address.",
        )
    if settings.desk.startswith("http:"):
        yield Finding("DESK_URL is http, so passwords can be read on the way.", "Set DESK_URL to an https address.")
    if urlsplit(settings.desk).hostname == urlsplit(settings.public_url).hostname:
        yield Finding(
            "The desk shares its host name with what every reader can reach.",
            "Give it a host name of its own and set DESK_URL.",
            advice=True,
        )


def _proxies(settings: Settings) -> Iterator[Finding]:
    if settings.secure and not settings.trusted_proxies:
        yield Finding(
            "PUBLIC_URL is https, so there is a proxy in front, but it is not believed: all readers share one address "
            "and its limits.",
            "Set TRUSTED_PROXIES to the address from which the proxy reaches the service, such as 127.0.0.1.",
        )


def _redis(settings: Settings) -> Iterator[Finding]:
    if not settings.redis_url:
        return
    client = redis.Redis.from_url(
        settings.redis_url, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS
    )
    try:
        client.ping()
    except redis.RedisError as error:
        yield Finding(
            f"Redis does not answer ({type(error).__name__}); every process counts smaller limits for itself.",
            "Start Redis, or set REDIS_URL to the one that runs, or unset it.",
        )
    finally:
        client.close()


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.mail_url is None:
        yield Finding("Mail is off, so nobody hears of answers.", "Set MAIL_URL and MAIL_FROM.", advice=True)
        return
    try:
        delivering.greet(settings.mail_url, helo=sending.host(settings))
    except NotSent as failed:
        yield Finding(
            f"Mail cannot be handed over ({failed.trouble}); letters wait.",
            "Run comments-service mail-test with your own address, which says more, and correct MAIL_URL.",
        )


def _disk(settings: Settings) -> Iterator[Finding]:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    file = Path(url.database)
    for path in (file.parent, file, *file.parent.glob(f"{file.name}-*")):
        if path.exists() and not os.access(path, os.W_OK):
            yield Finding(f"{path} cannot be written.", "Give it to the user that the service runs as.")
    if file.parent.is_dir() and shutil.disk_usage(file.parent).free < LEAST_FREE:
        yield Finding(f"The disk of {file.parent} has less than 1 GB left.", "Free some, or move the database.")


def _widget() -> Iterator[Finding]:
    if not (STATIC / "embed.js").is_file():
        yield Finding(
            "The widget is missing from this installation, so pages show no comments.",
            "Install it again from a checkout: pip install --force-reinstall .",
        )


def _sealed(session: Session, settings: Settings) -> Iterator[Finding]:
    if not settings.sealing_keys and not settings.local:
        yield Finding(
            "SEALING_KEYS is not set, so owners cannot set up the second factor that the desk asks of them.",
            "Make a key (openssl rand -hex 32), set it, and keep a copy of it apart from the backups.",
        )
    number = sealing.unopened(session, sealing.Keyring(settings.sealing_keys))
    if number:
        yield Finding(
            f"SEALING_KEYS does not open {number} of the secrets in the database, so nobody can sign in with them.",
            "Set it to the keys that they were sealed with, the newest first; or make those secrets anew.",
        )


def _sqlite(session: Session) -> Iterator[Finding]:
    if session.get_bind().dialect.name != "sqlite":
        return
    if session.scalar(text("PRAGMA journal_mode")) != "wal":
        yield Finding("The database is not in WAL mode, so readers wait for writers.", "Run: comments-service migrate")
    if session.scalar(text("PRAGMA synchronous")) != 2:
        yield Finding("The database does not wait for the disk.", "Remove what sets PRAGMA synchronous.")
    state = session.scalar(text("PRAGMA quick_check(1)"))
    if state != "ok":
        yield Finding("The database file is damaged.", "Restore it from the last backup; keep the damaged file.")


def _sites(session: Session) -> Iterator[Finding]:
    sites = session.scalars(select(Site).order_by(Site.key)).all()
    if not sites:
        yield Finding("There is no site yet.", "Run: comments-service site add KEY --origin https://…", advice=True)
    for site in sites:
        for origin in site.origins:
            yield from _origin(site.key, origin)


def _origin(key: str, origin: str) -> Iterator[Finding]:
    parts = urlsplit(origin)
    if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}".lower():
        yield Finding(
            f"The site {key} has the origin {origin!r}, which no browser ever sends.",
            "Write it like https://www.paper.example: in small letters, without a path or a slash at the end.",
        )
    elif parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        yield Finding(
            f"The site {key} has the origin {origin}: anybody on the way can write in its readers' names.",
            "Serve its pages by https and change the origin.",
        )


def _counters(session: Session) -> Iterator[Finding]:
    for name, number in recounting.differences(session).items():
        yield Finding(f"The {name} are miscounted {number} times.", "Run: comments-service doctor --recount")


def _outbox(session: Session, at: datetime) -> Iterator[Finding]:
    if notifying.overdue(session, at=at) >= readiness.OVERDUE:
        yield Finding(
            "Nobody empties the outbox.", "Start: comments-service worker, or serve without --no-worker; see its log."
        )
    for what, number in (("events were", notifying.dead(session)), ("jobs were", jobs.dead(session))):
        if number:
            yield Finding(
                f"{number} {what} given up.", "Mend what their log lines name, then: comments-service doctor --retry"
            )
    stopped = suppressing.amount(session)
    if stopped:
        yield Finding(
            f"Addresses that refuse mail: {stopped}. Nothing is sent there.",
            "That is as it should be; comments-service mail-allow lifts one.",
            advice=True,
        )
