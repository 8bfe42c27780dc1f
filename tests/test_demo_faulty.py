"""The proxy of the demo and the browser tests spoils answers as it was told, and no others."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Literal

import pytest

from comments_service.demo.faulty import Fault, Faulty


class Service:
    """A service that answers with what it was asked, and counts."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.append(f"{self.headers['Host']}{self.path} {body.decode()}")
                self.send_response(201)
                self.send_header("X-Told", self.headers["X-Tell"])
                self.end_headers()
                self.wfile.write(json.dumps({"said": body.decode()}).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.server.shutdown()
    made.server.server_close()


def post(proxy: Faulty, address: str = "/comments", body: str = "Well said.") -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(proxy.origin.removeprefix("http://"), timeout=10)
    connection.request("POST", address, body, {"X-Tell": "yes", "Origin": "https://paper.example"})
    response = connection.getresponse()
    return response, response.read()


def test_without_a_fault_everything_passes_as_it_is(service: Service) -> None:
    with Faulty(f"http://{service.host}", Fault(kind="drop", where="/other")) as proxy:
        response, body = post(proxy)
    assert (response.status, response.headers["X-Told"], body) == (201, "yes", b'{"said": "Well said."}')
    assert service.heard == [f"{service.host}/comments Well said."]


def test_a_browser_may_use_it_as_its_proxy(service: Service) -> None:
    with Faulty("http://127.0.0.1:9") as proxy:
        response, _ = post(proxy, f"http://{service.host}/comments?a=1")
    assert response.status == 201
    assert service.heard == [f"{service.host}/comments?a=1 Well said."]


@pytest.mark.parametrize(("kind", "heard"), [("drop", 0), ("lose", 1)])
def test_what_is_lost_was_done_or_not(service: Service, kind: Literal["drop", "lose"], heard: int) -> None:
    with Faulty(f"http://{service.host}", Fault(kind=kind, where="/comments$")) as proxy:
        with pytest.raises((ConnectionError, HTTPException)):
            post(proxy)
        assert len(service.heard) == heard
        assert post(proxy)[0].status == 201


def test_what_is_doubled_is_heard_twice(service: Service) -> None:
    with Faulty(f"http://{service.host}", Fault(kind="double", where="comments", method="POST")) as proxy:
        assert post(proxy)[0].status == 201
    assert len(service.heard) == 2


def test_an_answer_is_cut_or_garbled_or_late(service: Service) -> None:
    faults = [Fault(kind="cut", where="/c"), Fault(kind="garble", where="/c"), Fault(kind="late", where="/c")]
    with Faulty(f"http://{service.host}", *faults) as proxy:
        with pytest.raises(HTTPException):
            post(proxy)
        with pytest.raises(json.JSONDecodeError):
            json.loads(post(proxy)[1])
        assert post(proxy)[1] == b'{"said": "Well said."}'


def test_an_answer_of_its_own_reaches_scripts_of_other_origins_and_never_the_service(service: Service) -> None:
    limited = Fault(kind="answer", where="/c", status=429, body="{}", headers={"Retry-After": "7"}, times=None)
    with Faulty(f"http://{service.host}", limited) as proxy:
        for _ in range(3):
            response, body = post(proxy)
            assert (response.status, response.headers["Retry-After"], body) == (429, "7", b"{}")
            assert response.headers["Access-Control-Allow-Origin"] == "https://paper.example"
    assert service.heard == []


def test_a_preflight_is_spared_unless_it_is_meant() -> None:
    assert not Fault(kind="drop", where="/c").meets("OPTIONS", "/c")
    assert Fault(kind="drop", where="/c", method="OPTIONS").meets("OPTIONS", "/c")
    assert not Fault(kind="drop", where="/c", method="PUT").meets("POST", "/c")


def test_where_nobody_answers_it_says_bad_gateway() -> None:
    with Faulty("http://127.0.0.1:9") as proxy:
        assert post(proxy)[0].status == 502
