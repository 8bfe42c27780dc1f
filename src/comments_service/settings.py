"""One typed, frozen set of settings, read once from the environment and validated at start."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from comments_service import email_addresses, mail_server
from comments_service.errors import Refused
from comments_service.mail_server import MailServer

Network = IPv4Network | IPv6Network
T = TypeVar("T")

SECRET_BYTES = 32
SECRET_CHARACTERS = 8
IDLE_DAYS, LONGEST_DAYS, MOST_DAYS = 30, 365, 3650
LOCAL_URL = "http://localhost:8000"
LOCAL_FILE = "sqlite:///data/comments.sqlite"
MAILS_HOURLY = 1000
MOST_HOURLY = 1_000_000
LOG_LEVELS = ("debug", "info", "warning", "error")
# What people paste from an example and forget.
EXAMPLES = ("changeme", "change-me", "change_me", "example", "your-secret", "your_secret", "replace", "placeholder")


class BadSettings(Exception):
    """Every problem found, one line each; a line starts with the name of the setting to change."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an owner can set; `docs/settings.md` has a heading for each."""

    secret_key: str
    database_url: str
    public_url: str
    desk_url: str | None = None
    redis_url: str | None = None
    trusted_proxies: tuple[Network, ...] = ()
    log_level: str = "info"
    mail_url: MailServer | None = None
    mail_from: str | None = None
    mail_reply_to: str | None = None
    mail_hourly: int = MAILS_HOURLY
    sealing_keys: tuple[str, ...] = ()
    session_idle_days: int = IDLE_DAYS
    session_longest_days: int = LONGEST_DAYS

    @property
    def desk(self) -> str:
        """Scheme and host of the desk."""
        return self.desk_url or self.public_url

    @property
    def desk_host(self) -> str | None:
        """The desk's host name, when it is one of its own."""
        name = urlsplit(self.desk).hostname
        return None if name == urlsplit(self.public_url).hostname else name

    @property
    def secure(self) -> bool:
        """Whether readers reach the service by https."""
        return self.public_url.startswith("https:")

    @property
    def local(self) -> bool:
        """Whether service and desk are reached from this machine alone."""
        return all(is_loopback(urlsplit(url).hostname or "") for url in (self.public_url, self.desk))

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names that a request may be for; at home, every name of this machine for itself."""
        named = {urlsplit(url).hostname or "" for url in (self.public_url, self.desk)}
        return tuple(sorted(named | ({"localhost", "127.0.0.1", "::1"} if any(map(is_loopback, named)) else set())))


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process.

    Each may be given as NAME or as NAME_FILE, the path of a file that holds the value.
    Raises BadSettings with a line per problem.
    """
    reader = _Reader(environ)
    secret = reader.read("SECRET_KEY", _secret, default="")
    found = Settings(
        secret_key=secret or "",
        database_url=reader.read("DATABASE_URL", _database, default=LOCAL_FILE) or "",
        public_url=reader.read("PUBLIC_URL", _base_url, default=LOCAL_URL) or "",
        desk_url=reader.read("DESK_URL", _base_url),
        redis_url=reader.read("REDIS_URL", _redis),
        trusted_proxies=reader.read("TRUSTED_PROXIES", _proxies) or (),
        log_level=reader.read("LOG_LEVEL", _log_level) or "info",
        mail_url=reader.read("MAIL_URL", mail_server.read),
        mail_from=reader.read("MAIL_FROM", _mail_address),
        mail_reply_to=reader.read("MAIL_REPLY_TO", _mail_address),
        mail_hourly=reader.read("MAIL_HOURLY", _number("mails", MOST_HOURLY)) or MAILS_HOURLY,
        sealing_keys=reader.read("SEALING_KEYS", _sealing_keys) or (),
        session_idle_days=reader.read("SESSION_IDLE_DAYS", _number("days", MOST_DAYS)) or IDLE_DAYS,
        session_longest_days=reader.read("SESSION_LONGEST_DAYS", _number("days", MOST_DAYS)) or LONGEST_DAYS,
    )
    if found.mail_url and not found.mail_from and not reader.problems:
        reader.problems.append("MAIL_FROM is missing: MAIL_URL is set, and every mail has a sender.")
    if reader.problems:
        raise BadSettings(reader.problems)
    return found


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class _Reader:
    """Reads one value after the other and collects what is wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def read(self, name: str, check: Callable[[str], T], *, default: str | None = None) -> T | None:
        """A checked value. A check raises ValueError with the end of a sentence that begins with the name."""
        try:
            value = self._raw(name)
            value = default if value is None else value
            return None if value is None else check(value)
        except ValueError as error:
            self.problems.append(f"{name} {error}")
            return None

    def _raw(self, name: str) -> str | None:
        plain, path = self.environ.get(name), self.environ.get(f"{name}_FILE")
        if not path:
            return plain or None
        if plain:
            raise ValueError(f"and {name}_FILE are both set; remove one of them.")
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None
        except UnicodeDecodeError:
            raise ValueError(f"cannot be read: {name}_FILE is not a text file.") from None
        except OSError as error:
            raise ValueError(f"cannot be read: {name}_FILE says {error.strerror}.") from None


def _secret(value: str) -> str:
    make = "make one with: openssl rand -hex 32"
    if len(value.encode()) < SECRET_BYTES:
        raise ValueError(f"must be at least {SECRET_BYTES} bytes; {make}")
    if len(set(value)) < SECRET_CHARACTERS or any(word in value.lower() for word in EXAMPLES):
        raise ValueError(f"can be guessed; {make}")
    return value


def _sealing_keys(value: str) -> tuple[str, ...]:
    keys = tuple(value.replace(",", " ").split())
    for key in keys:
        _secret(key)
    if len(set(keys)) < len(keys):
        raise ValueError("holds one key twice.")
    return keys


def _number(of: str, most: int) -> Callable[[str], int]:
    def check(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= most:
            raise ValueError(f"must be a number of {of} from 1 to {most}.")
        return int(value)

    return check


def _base_url(value: str) -> str:
    message = "must be an address like https://comments.paper.example, without a path."
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not _is_base(parts):
        raise ValueError(message)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _is_base(parts: SplitResult) -> bool:
    plain = parts.netloc.isascii() and "@" not in parts.netloc
    return plain and parts.path in {"", "/"} and not parts.query and not parts.fragment


def _database(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")):
        raise ValueError("must start with sqlite:/// or postgresql://.")
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError("is not a database address; write postgresql://user:password@host/name.") from None
    if any(word in (url.password or "").lower() for word in EXAMPLES[:3]):
        raise ValueError("holds the password of an example; give the database a password of its own.")
    if value.startswith("sqlite") and url.database in {None, "", ":memory:"}:
        raise ValueError("must name a file: comments that live in memory are gone at the next start.")
    return _with_driver(value)


def _with_driver(url: str) -> str:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and not rest.startswith("//"):
        # Flask-SQLAlchemy reads a relative file from its instance folder; the owner means the working folder.
        return f"sqlite:///{Path(rest.removeprefix('/')).resolve()}"
    return url if scheme == "sqlite" else f"postgresql+psycopg://{rest}"


def _redis(value: str) -> str:
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must start with redis://, rediss:// or unix://.")
    return value


def _proxies(value: str) -> tuple[Network, ...]:
    try:
        networks = tuple(ip_network(word) for word in value.replace(",", " ").split())
    except ValueError:
        raise ValueError("must be addresses or networks like 127.0.0.1 or 10.0.0.0/8, with commas between.") from None
    if any(network.prefixlen == 0 for network in networks):
        raise ValueError("must not hold every address there is: anybody could then choose the address they write from.")
    return networks


def _mail_address(value: str) -> str:
    try:
        return email_addresses.normal(value)
    except Refused:
        raise ValueError("must be an address alone, like comments@paper.example.") from None


def _log_level(value: str) -> str:
    if value.lower() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}.")
    return value.lower()
