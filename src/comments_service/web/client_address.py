"""Who is at the other end: the one place where forwarded headers are read, and dropped when a stranger sent them."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from flask import Flask

from comments_service.settings import Network

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Address = IPv4Address | IPv6Address

# What a proxy says of a request. None of it reaches the application: links are built from PUBLIC_URL alone.
FORWARDED = (
    "HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PREFIX", "HTTP_X_FORWARDED_SERVER", "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT_IP", "HTTP_TRUE_CLIENT_IP", "HTTP_CF_CONNECTING_IP",
)  # fmt: skip
REQUEST_ID = "HTTP_X_REQUEST_ID"
UNKNOWN = "unknown"
LONGEST_CHAIN = 32


def register(app: Flask, *, proxies: Sequence[Network]) -> None:
    """Let every part of the application see the client's own address as its peer."""
    # Assigned as Flask documents it; to the type checker it is a method.
    app.wsgi_app = ClientAddress(app.wsgi_app, proxies=proxies)  # type: ignore[method-assign]  # see the line above


class ClientAddress:
    """WSGI middleware: REMOTE_ADDR becomes the client's address, and what only a proxy may say is dropped."""

    def __init__(self, app: "WSGIApplication", *, proxies: Sequence[Network]) -> None:
        self.app = app
        self.proxies = tuple(proxies)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        peer, forwarded = str(environ.get("REMOTE_ADDR", "")), str(environ.get("HTTP_X_FORWARDED_FOR", ""))
        environ["REMOTE_ADDR"] = str(client(peer, forwarded, self.proxies) or UNKNOWN)
        dropped: tuple[str, ...] = FORWARDED
        if not _is_trusted(parse(peer), self.proxies):
            dropped += (REQUEST_ID,)
        for name in dropped:
            environ.pop(name, None)
        return self.app(environ, start_response)


def client(peer: str, forwarded: str, proxies: Sequence[Network]) -> Address | None:
    """The address of whoever asks, or None when even the peer of the connection has none.

    `forwarded` is X-Forwarded-For. It counts only when the peer is a proxy of ours, and is read from the right, where
    our own proxies write: the first address that is not theirs is the client's, and everything left of it is hearsay.
    """
    nearest = parse(peer)
    for said in forwarded.rsplit(",", LONGEST_CHAIN)[::-1]:
        if not _is_trusted(nearest, proxies):
            break
        address = parse(said)
        if address is None:
            # Garbage, or nothing: the last one that is known stands for whoever is behind it.
            break
        nearest = address
    return nearest


def parse(text: str) -> Address | None:
    """An address as proxies write it: with a port, in brackets, with a zone, or as IPv4 inside IPv6."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def network(text: str) -> str:
    """Whose limits an address falls under: its own in IPv4, the /64 in IPv6, where one home has 2⁶⁴ addresses."""
    return _network(text, 64)


def wide_network(text: str) -> str:
    """The same one tier wider: the /48 of IPv6, of which one customer may have all 65,536 of its /64."""
    return _network(text, 48)


def prefix(text: str) -> str:
    """What may be kept of an address, salted: the /24 of IPv4, the /48 of IPv6."""
    address = parse(text)
    if isinstance(address, IPv4Address):
        return str(IPv4Network((int(address), 24), strict=False))
    return wide_network(text)


def _network(text: str, length: int) -> str:
    address = parse(text)
    if address is None:
        return UNKNOWN
    return str(IPv6Network((int(address), length), strict=False)) if address.version == 6 else str(address)


def _is_trusted(address: Address | None, proxies: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in proxies)
