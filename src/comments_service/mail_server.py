"""MAIL_URL: whom mail is handed to, read once and checked."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
OPTIONS = frozenset({"starttls", "ca"})
USAGE = "must be like smtp://user:password@host:587, smtps://user:password@host or file:///folder."


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """A server that takes mail, or a `folder` that keeps it. `tls` is at once, starttls or no."""

    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "starttls"
    ca: Path | None = None
    folder: Path | None = None


def read(value: str) -> MailServer:
    """The server that an address names. Raises ValueError with the end of a sentence that begins with the setting."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError(USAGE) from None
    if parts.scheme == "file":
        return _folder(parts)
    if parts.scheme not in PORTS or not parts.hostname or parts.path not in {"", "/"} or parts.fragment or port == 0:
        raise ValueError(USAGE)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    found = MailServer(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=_tls(parts.scheme, options),
        ca=Path(options["ca"]) if options.get("ca") else None,
    )
    _check(found, options)
    return found


def _folder(parts: SplitResult) -> MailServer:
    if parts.netloc or not parts.path.strip("/"):
        raise ValueError("must name a folder from the root: file:///var/lib/comments/mail (three slashes).")
    return MailServer(folder=Path(unquote(parts.path)), tls="no")


def _tls(scheme: str, options: dict[str, str]) -> str:
    if scheme == "smtps":
        return "at once"
    return "no" if options.get("starttls") == "no" else "starttls"


def _check(server: MailServer, options: dict[str, str]) -> None:
    if set(options) - OPTIONS or options.get("starttls", "no") != "no":
        raise ValueError("knows the options ?starttls=no and ?ca=/path/of/a/certificate and no other.")
    if server.user and not server.password:
        raise ValueError("names a user and no password; write smtp://user:password@host, with %40 for an @.")
    if server.password and server.tls == "no" and not _is_here(server.host):
        raise ValueError("sends a password that can be read on the way; leave ?starttls=no away.")
    if server.ca is not None and not server.ca.is_file():
        raise ValueError("names a certificate by ?ca= that is not there.")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
