"""A look at a paper's page reaches the paper's public web server, and nothing else on earth."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import trustme

from comments_service.fetching import MAX_BYTES, NotFetched, fetch, is_public

ORIGINS = ["https://paper.example", "https://paper.example:8443", "https://paper.example:22", "http://paper.example",
           "https://10.0.0.5", "http://127.0.0.1:8001", "https://169.254.169.254"]  # fmt: skip
PUBLIC = "93.184.216.34"
PAGE = b"<title>A story</title>"
Say = Callable[[socket.socket], None]


def reply(body: bytes = PAGE, *, status: str = "200 OK", kind: str = "text/html", more: str = "") -> Say:
    def say(connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + body)

    return say


class Paper:
    """A web server with a certificate for paper.example; it notes what it is asked, and where it was looked for."""

    def __init__(self) -> None:
        self.authority = trustme.CA()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.asked: list[bytes] = []
        self.dialled: list[tuple[str, int]] = []
        self.names: list[str | None] = []
        self.lookups = 0
        self.answers = [[PUBLIC]]

    def resolve(self, host: str, port: int) -> list[str]:
        self.lookups += 1
        return self.answers[min(self.lookups, len(self.answers)) - 1]

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.dialled.append((address, port))
        return socket.create_connection(self.server.getsockname(), timeout=seconds)

    def fetch(self, url: str = "https://paper.example/a", **more: Any) -> str:
        trusted = ssl.create_default_context()
        self.authority.configure_trust(trusted)
        with_defaults: dict[str, Any] = {"tls": trusted, "resolve": self.resolve, "connect": self.connect} | more
        return fetch(url, origins=ORIGINS, **with_defaults)

    @contextmanager
    def saying(self, say: Say, *, host: str = "paper.example", plain: bool = False) -> Iterator[None]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(host).configure_cert(context)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)

        def serve() -> None:
            try:
                raw, _ = self.server.accept()
                with raw if plain else context.wrap_socket(raw, server_side=True) as connection:
                    self.asked.append(connection.recv(65536))
                    say(connection)
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            self.server.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.fixture
def paper() -> Iterator[Paper]:
    made = Paper()
    yield made
    made.server.close()


def refused(paper: Paper, url: str = "https://paper.example/a", **more: Any) -> str:
    with pytest.raises(NotFetched) as caught:
        paper.fetch(url, **more)
    return caught.value.reason


def test_a_page_is_read_from_the_address_that_was_looked_up_under_its_own_name(paper: Paper) -> None:
    with paper.saying(reply()):
        assert paper.fetch("https://paper.example:8443/a?p=1") == PAGE.decode()
    assert (paper.dialled, paper.names, paper.lookups) == ([(PUBLIC, 8443)], ["paper.example"], 1)
    lines = paper.asked[0].decode().split("\r\n")
    assert lines[0] == "GET /a?p=1 HTTP/1.1"
    assert "Host: paper.example:8443" in lines
    assert "Accept-Encoding: identity" in lines
    assert not any(line.lower().startswith(("cookie", "authorization", "referer")) for line in lines)


def test_a_name_server_that_changes_its_mind_is_asked_once(paper: Paper) -> None:
    paper.answers = [[PUBLIC], ["127.0.0.1"]]
    with paper.saying(reply()):
        paper.fetch()
    assert paper.dialled == [(PUBLIC, 443)]
    assert refused(paper) == "the host has an address that is not public"
    assert len(paper.dialled) == 1


@pytest.mark.parametrize("addresses", [[PUBLIC, "10.0.0.1"], ["::1", PUBLIC], ["169.254.169.254"], [], ["paper"]])
def test_one_address_that_is_not_public_spoils_the_host(paper: Paper, addresses: list[str]) -> None:
    paper.answers = [addresses]
    refused(paper)
    assert paper.dialled == []


NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.1.2.3 169.254.0.1 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1
203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 ::ffff:169.254.169.254
64:ff9b::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::a00:1 100::1 2001::1 2001:0:7f00:1::1
2001:0:4136:e378:8000:63bf:80ff:fffe 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:5db8:d822::1
2606:2800:220:1:0:5efe:127.0.0.1 2606:2800:220:1:200:5efe:10.0.0.1 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254
fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1
0x7f.1 0177.0.0.1 2130706433 127.1 127.0.0.1.nip.io localhost 1.2.3 01.02.03.04 [::1] 93.184.216.34:80
"""


@pytest.mark.parametrize("address", [*NOT_PUBLIC.split(), "", " 93.184.216.34", "１２７.0.0.1"])
def test_no_public_web_server_has_this_address(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [PUBLIC, "1.1.1.1", "223.255.255.254", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4001:82a::200e",
     "::ffff:93.184.216.34", "64:ff9b::93.184.216.34"],
)  # fmt: skip
def test_a_public_web_server_may_have_this_address(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/a", "http://paper.example/a", "https://paper.example:22/a", "https://10.0.0.5/a",
        "https://169.254.169.254/latest/meta-data/", "http://127.0.0.1:8001/a", "https://paper.example/a#b",
        "https://user@paper.example/a", "file:///etc/passwd", "https://paper.example/a\r\nX: y", "gopher://paper.example/",
        "https://paper.example/a?utm_source=x", "", "https://paper.example@127.0.0.1/",
    ],
)  # fmt: skip
def test_only_a_canonical_https_address_of_the_paper_is_read(paper: Paper, url: str) -> None:
    paper.answers = [["10.0.0.5"]] if "10.0" in url else [["169.254.169.254"]] if "169" in url else [[PUBLIC]]
    refused(paper, url)
    assert paper.dialled == []


def test_a_demo_on_one_machine_reads_its_own_loopback_paper_and_nothing_else_there(paper: Paper) -> None:
    paper.answers = [["127.0.0.1"]]
    with paper.saying(reply(), plain=True):
        assert paper.fetch("http://127.0.0.1:8001/a", local=True) == PAGE.decode()
    assert paper.dialled == [("127.0.0.1", 8001)]
    refused(paper, "https://paper.example/a", local=True)
    refused(paper, "http://127.0.0.1:8002/a", local=True)
    assert len(paper.dialled) == 1


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/", "https://paper.example/b", "//evil.example/"])
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
def test_no_redirect_is_followed(paper: Paper, target: str, status: str) -> None:
    with paper.saying(reply(b"", status=status, more=f"Location: {target}\r\nContent-Length: 0\r\n")):
        assert refused(paper) == f"the server answered {status[:3]}"
    assert len(paper.dialled) == 1


@pytest.mark.parametrize(
    "say",
    [
        reply(kind="application/json"), reply(kind="image/svg+xml"), reply(kind="text/htmlx"), reply(kind=""),
        reply(status="404 Not Found"), reply(status="500 Oops"), reply(status="204 No"), reply(status="206 Part"),
        reply(more="Content-Encoding: gzip\r\n"), reply(more="Content-Encoding: br\r\n"),
        reply(kind="text/html; charset=unicode_escape"), reply(kind="text/html; charset=punycode"),
        reply(kind="text/html; charset=zlib"), reply(kind="text/html; charset=iso-8859-99"),
        reply(b"zz\r\nnot a chunk", more="Transfer-Encoding: chunked\r\n"),
        reply(more="X: y\r\n" * 1000), reply(more="X: " + "y" * 100_000 + "\r\n"),
        lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), lambda connection: None,
    ],
)  # fmt: skip
def test_an_answer_that_is_no_page_is_left(paper: Paper, say: Say) -> None:
    with paper.saying(say):
        refused(paper)


def test_of_a_body_that_never_ends_the_beginning_is_read(paper: Paper) -> None:
    def endless(connection: socket.socket) -> None:
        reply(b"")(connection)
        while True:
            connection.sendall(b"a" * 65536)

    with paper.saying(endless):
        assert paper.fetch() == "a" * MAX_BYTES


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b""])
def test_a_server_that_drips_is_left_at_the_deadline(paper: Paper, start: bytes) -> None:
    left = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(start)
        while not left.wait(0.01):
            connection.sendall(b"a")

    with paper.saying(drip):
        refused(paper, seconds=0.4)
        left.set()


def test_a_server_that_greets_for_ever_is_left_at_the_deadline(paper: Paper) -> None:
    def greet(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    with paper.saying(greet):
        refused(paper, seconds=0.4)


def test_a_server_that_never_shakes_hands_is_left_at_the_deadline(paper: Paper) -> None:
    refused(paper, seconds=0.3)
    assert len(paper.dialled) == 1


def test_a_name_server_that_never_answers_is_left_at_the_deadline(paper: Paper) -> None:
    late = threading.Event()

    def never(host: str, port: int) -> list[str]:
        late.wait()
        return [PUBLIC]

    assert refused(paper, resolve=never, seconds=0.1) == "the name server took too long"
    late.set()
    assert paper.dialled == []


def test_a_server_with_another_hosts_certificate_is_not_believed(paper: Paper) -> None:
    with paper.saying(reply(), host="evil.example"):
        refused(paper)
    assert paper.asked == []


def test_a_certificate_that_nobody_trusts_is_not_believed(paper: Paper) -> None:
    with paper.saying(reply()):
        refused(paper, tls=None)
    assert paper.asked == []


def test_no_proxy_of_the_environment_is_used(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with paper.saying(reply()):
        assert paper.fetch() == PAGE.decode()
    assert paper.dialled == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html; charset=windows-1252", b"K\xf6ln \x80"), ("text/html; charset=ISO-8859-1", b"K\xf6ln \x80"),
        ("text/html", "Köln €".encode()), ("Text/HTML;charset=utf-8", "Köln €".encode()),
    ],
)  # fmt: skip
def test_a_page_is_read_in_its_charset(paper: Paper, kind: str, body: bytes) -> None:
    with paper.saying(reply(body, kind=kind)):
        assert paper.fetch() == "Köln €"


def test_a_page_may_name_its_charset_itself(paper: Paper) -> None:
    with paper.saying(reply(b'<meta charset="windows-1252">K\xf6ln')):
        assert paper.fetch().endswith("Köln")
