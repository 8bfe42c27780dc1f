"""A proxy in front of the service that does what networks and servers do to answers, by a list of faults.

A browser may use it as its proxy, or be sent to `origin` as if that were the service.
"""

import re
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, Self
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "content-length", "date", "server"}
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What happens to a request whose address matches `where`; without `method`, to all but preflights.

    `drop`: the service never hears of it. `lose`: the service does what is asked, and the answer is lost. `double`: the
    service hears it twice. `cut`: half of the answer comes. `garble`: the answer is no JSON. `answer`: `status`, `body`
    and `headers` come in place of the service's answer. `late`: the answer comes after `seconds`, as it is.
    """

    kind: Literal["drop", "lose", "double", "cut", "garble", "answer", "late"]
    where: str
    method: str = ""
    seconds: float = 0
    status: int = 503
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    # None is every time.
    times: int | None = 1

    def meets(self, method: str, address: str) -> bool:
        """Whether it is for this request."""
        return (self.method or method.replace("OPTIONS", "")) == method and bool(re.search(self.where, address))


@dataclass(frozen=True)
class Answer:
    """An answer on its way to the browser; `whole` is how long its body claims to be."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    whole: int


class Faulty:
    """The proxy while it runs: `with Faulty("http://localhost:8000") as proxy: proxy.add(Fault(…))`."""

    def __init__(self, service: str, *faults: Fault, port: int = 0) -> None:
        self._service = urlsplit(service).netloc
        self._left: list[tuple[Fault, int | None]] = [(fault, fault.times) for fault in faults]
        self._lock = threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                with suppress(ConnectionError):
                    super().handle_one_request()

            def __getattr__(self, name: str) -> object:
                if name.startswith("do_"):
                    return lambda: proxy._serve(self)
                raise AttributeError(name)

            def log_message(self, *_: object) -> None:
                """Say nothing: what matters is what the browser makes of it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add(self, *faults: Fault) -> None:
        """These happen too, each as often as it says."""
        with self._lock:
            self._left += [(fault, fault.times) for fault in faults]

    def _take(self, method: str, address: str) -> Fault | None:
        with self._lock:
            for at, (fault, left) in enumerate(self._left):
                if fault.meets(method, address):
                    self._left[at : at + 1] = [] if left == 1 else [(fault, left and left - 1)]
                    return fault
        return None

    def _serve(self, asked: BaseHTTPRequestHandler) -> None:
        body = asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
        fault = self._take(asked.command, asked.path)
        if fault is None:
            return _give(asked, self._ask(asked, body))
        if fault.kind == "drop":
            return _hang_up(asked)
        if fault.kind == "answer":
            time.sleep(fault.seconds)
            return _give(asked, _made(fault, origin=asked.headers.get("Origin") or "*"))
        answer = self._ask(asked, body)
        if fault.kind == "double":
            answer = self._ask(asked, body)
        if fault.kind == "lose":
            return _hang_up(asked)
        time.sleep(fault.seconds)
        return _give(asked, _spoiled(answer, fault.kind))

    def _ask(self, asked: BaseHTTPRequestHandler, body: bytes) -> Answer:
        # A browser that uses this as its proxy names the host in the address.
        address = urlsplit(asked.path)
        connection = HTTPConnection(address.netloc or self._service, timeout=PATIENCE_SECONDS)
        headers = {name: value for name, value in asked.headers.items() if name.lower() not in HOP_BY_HOP}
        headers["Host"] = address.netloc or self._service
        try:
            connection.request(asked.command, address._replace(scheme="", netloc="").geturl(), body or None, headers)
            response = connection.getresponse()
            read = response.read()
            kept = [(name, value) for name, value in response.getheaders() if name.lower() not in HOP_BY_HOP]
            return Answer(response.status, kept, read, len(read))
        except (OSError, HTTPException):
            return Answer(502, [], b"", 0)
        finally:
            connection.close()


def _made(fault: Fault, *, origin: str) -> Answer:
    body = fault.body.encode()
    headers = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "retry-after",
        "Cache-Control": "no-store",
        "Content-Type": "application/problem+json",
        **fault.headers,
    }
    return Answer(fault.status, list(headers.items()), body, len(body))


def _spoiled(answer: Answer, kind: str) -> Answer:
    if kind == "cut":
        return Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2], answer.whole)
    if kind == "garble":
        body = b"<html>Welcome to the hotel's network. Sign in to go on."
        plain = [(name, value) for name, value in answer.headers if name.lower() != "content-encoding"]
        return Answer(answer.status, plain, body, len(body))
    return answer


def _give(asked: BaseHTTPRequestHandler, answer: Answer) -> None:
    asked.send_response(answer.status)
    for name, value in answer.headers:
        asked.send_header(name, value)
    asked.send_header("Content-Length", str(answer.whole))
    asked.end_headers()
    if asked.command != "HEAD":
        asked.wfile.write(answer.body)


def _hang_up(asked: BaseHTTPRequestHandler) -> None:
    asked.close_connection = True
    with suppress(OSError):
        asked.connection.shutdown(socket.SHUT_RDWR)
