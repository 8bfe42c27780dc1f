"""One guarded request to a server elsewhere: nothing but a public web server can be reached through it.

It looks at the page of a paper (`fetch`), and speaks with a provider of identities (`ask_json`).
"""

import http.client
import io
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from comments_service import identity, strict_objects
from comments_service.errors import Refused

SECONDS = 3.0
MAX_BYTES = 256 * 1024
MAX_HEAD = 64 * 1024
HEADERS = ("Accept-Encoding: identity", "Connection: close")
PAGE = ("Accept: text/html", "User-Agent: comments-service (article metadata)")
JSON = ("Accept: application/json", "User-Agent: comments-service (sign-in)")
FORM = "Content-Type: application/x-www-form-urlencoded"
PORTS = frozenset({443, 8443})

# IANA's special-purpose registries, where `ipaddress.is_global` of the Pythons we run on says otherwise.
_NO_SERVER_V4 = [
    IPv4Network(net)
    for net in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/3")
]
# Teredo and its neighbours, documentation, 6to4: they carry other addresses inside, or lead nowhere.
_NO_SERVER_V6 = [IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_GLOBAL_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = re.compile(rb"[\0\x02]\0\x5e\xfe")
# Charsets that pages are written in; Python knows others, some of which cost minutes to decode.
_CHARSET = re.compile(r"utf-?8|iso-8859-\d+|windows-125\d|koi8-[ru]|shift_jis|euc-(jp|kr)|gb2312|gbk|gb18030|big5")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,100}charset=["']?([a-z0-9_-]{1,20})""", re.IGNORECASE)

Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[str, int, float], socket.socket]
T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """What is sent: a GET, or with a `form` a POST of it. A header holds no line end."""

    headers: tuple[str, ...]
    form: bytes | None = None


class NotFetched(Exception):
    """Nothing was read; `reason` says why, without its text, and `again` whether a later try may succeed."""

    def __init__(self, reason: str, *, again: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a host, asked once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """A connection to exactly this address."""
    return socket.create_connection((address, port), timeout=seconds)


def fetch(
    url: str, *, origins: Collection[str], local: bool = False, tls: ssl.SSLContext | None = None,
    resolve: Resolve = resolve, connect: Connect = connect, seconds: float = SECONDS,
) -> str:  # fmt: skip
    """The HTML at an address on one of the origins, at most 256 kB of it, within so many seconds in all.

    `local` lets an origin that is itself a loopback address be read over http, for a demo on one machine.
    Raises NotFetched.
    """
    return _exchanged(
        url, Request(PAGE), _html, origins=origins, local=local, tls=tls, resolve=resolve, connect=connect,
        seconds=seconds,
    )  # fmt: skip


def ask_json(
    url: str, *, form: Mapping[str, str] | None = None, authorization: str = "", local: bool = False,
    tls: ssl.SSLContext | None = None, resolve: Resolve = resolve, connect: Connect = connect,
    seconds: float = SECONDS,
) -> tuple[int, dict[str, Any]]:  # fmt: skip
    """Status and JSON object with which a server answers a GET, or a POST of a form, under the limits of `fetch`.

    Raises NotFetched, also for an answer that is no JSON object in which each name comes once.
    """
    headers = (*JSON, *([f"Authorization: {authorization}"] if authorization else []))
    sent = Request((*headers, FORM), urlencode(form).encode()) if form is not None else Request(headers)
    try:
        own = [identity.origin(url)]
    except Refused:
        raise NotFetched("this is no address") from None
    return _exchanged(
        url, sent, _object, origins=own, local=local, tls=tls, resolve=resolve, connect=connect, seconds=seconds
    )


def _exchanged(
    url: str, sent: Request, read: Callable[[http.client.HTTPResponse], T], *, origins: Collection[str], local: bool,
    tls: ssl.SSLContext | None, resolve: Resolve, connect: Connect, seconds: float,
) -> T:  # fmt: skip
    until = time.monotonic() + seconds
    scheme, host, port = _allowed(url, origins, local)
    addresses = _in_time(lambda: resolve(host, port), until)
    for address in addresses:
        if not (_is_loopback(host) and _is_loopback(address)) and not is_public(address):
            raise NotFetched("the host has an address that is not public")
    if not addresses:
        raise NotFetched("the host has no address", again=True)
    context = None if scheme == "http" else tls or ssl.create_default_context()
    try:
        with _connected(connect, addresses[0], port, until) as raw, _wrapped(raw, context, host) as connection:
            return read(_ask(_Timed(connection, until), url, sent))
    except (OSError, http.client.HTTPException, ValueError, LookupError):
        raise NotFetched("the server gave no usable answer in time", again=True) from None


def is_public(address: str) -> bool:
    """Whether an address, in any spelling, is one that a public web server can have."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return parsed.is_global and not any(parsed in net for net in _NO_SERVER_V4)
    inner = parsed.ipv4_mapped or (IPv4Address(parsed.packed[12:]) if parsed in _NAT64 else None)
    if inner is not None:
        return is_public(str(inner))
    return _is_public_v6(parsed)


def _is_public_v6(address: IPv6Address) -> bool:
    special = any(address in net for net in _NO_SERVER_V6) or _ISATAP.fullmatch(address.packed[8:12])
    return address in _GLOBAL_V6 and address.is_global and not special


def _allowed(url: str, origins: Collection[str], local: bool) -> tuple[str, str, int]:
    try:
        if identity.own_url(url, origins) != url:
            raise NotFetched("the address is not in its normal form")
    except Refused:
        raise NotFetched("the address is not on the site's list of origins") from None
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or identity.DEFAULT_PORTS[parts.scheme]
    if _is_loopback(host):
        if not local:
            raise NotFetched("the address is a loopback address")
    elif parts.scheme != "https" or port not in PORTS:
        raise NotFetched("only https on port 443 or 8443 is read")
    return parts.scheme, host, port


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _in_time(ask: Callable[[], Sequence[str]], until: float) -> Sequence[str]:
    # The system's resolver knows no deadline of ours; a thread that is late is left to end by itself.
    answers: list[Sequence[str]] = []

    def run() -> None:
        try:
            answers.append(ask())
        except (OSError, UnicodeError):
            answers.append([])

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(max(0, until - time.monotonic()))
    if not answers:
        raise NotFetched("the name server took too long", again=True)
    return answers[0]


def _connected(connect: Connect, address: str, port: int, until: float) -> socket.socket:
    return connect(address, port, max(0.01, until - time.monotonic()))


def _wrapped(raw: socket.socket, context: ssl.SSLContext | None, host: str) -> socket.socket:
    # The handshake waits until it has a deadline.
    return context.wrap_socket(raw, server_hostname=host, do_handshake_on_connect=False) if context else raw


class _Timed(io.RawIOBase):
    """A connection that ends at a deadline and after so many bytes, whatever its other end drips or pours."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection = connection
        self._until = until
        self._left = MAX_BYTES + MAX_HEAD

    def shake_hands(self) -> None:
        """The TLS handshake, if there is one."""
        if isinstance(self._connection, ssl.SSLSocket):
            self._still_time()
            self._connection.do_handshake()

    def sendall(self, data: bytes) -> None:
        """Send a request. Raises OSError."""
        self._still_time()
        self._connection.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client reads an answer from."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._still_time()
        count = self._connection.recv_into(buffer)
        self._left -= count
        if self._left < 0:
            raise OSError("too much")
        return count

    def _still_time(self) -> None:
        # One call never outlives its timeout, be it plain or TLS; the deadline is for all of them together.
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)


def _ask(connection: _Timed, url: str, sent: Request) -> http.client.HTTPResponse:
    connection.shake_hands()
    # http.client reads the answer and nothing more: it knows no proxy and follows no redirect. The address is in
    # normal form, so it holds no space and no line end.
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    method = "GET" if sent.form is None else "POST"
    length = [] if sent.form is None else [f"Content-Length: {len(sent.form)}"]
    head = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", *HEADERS, *sent.headers, *length, "", ""]
    connection.sendall("\r\n".join(head).encode("ascii") + (sent.form or b""))
    answer = http.client.HTTPResponse(cast("socket.socket", connection), method=method)
    answer.begin()
    return answer


def _object(answer: http.client.HTTPResponse) -> tuple[int, dict[str, Any]]:
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotFetched("the answer is compressed")
    try:
        return answer.status, strict_objects.load(answer.read(MAX_BYTES))
    except strict_objects.Unusable:
        again = answer.status >= 500
        raise NotFetched(f"the server answered {answer.status}, without a JSON object", again=again) from None


def _html(answer: http.client.HTTPResponse) -> str:
    if answer.status != 200:
        raise NotFetched(f"the server answered {answer.status}", again=answer.status >= 500)
    if answer.headers.get_content_type() != "text/html":
        raise NotFetched("the answer is not text/html")
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotFetched("the answer is compressed")
    body = answer.read(MAX_BYTES)
    named = _META_CHARSET.search(body, 0, 1024)
    charset = (answer.headers.get_content_charset() or (named[1].decode() if named else "utf-8")).lower()
    if not _CHARSET.fullmatch(charset):
        raise NotFetched("the page is in an unknown charset")
    # What calls itself Latin-1 on the web is Windows-1252 (WHATWG Encoding).
    return body.decode("cp1252" if charset == "iso-8859-1" else charset, "replace")
