"""Whose address counts: the peer's, unless a proxy of the owner's says better; a stranger's word never."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, jsonify, request
from hypothesis import given
from hypothesis import strategies as st

from comments_service.app import create_app
from comments_service.database import db
from comments_service.settings import Settings
from comments_service.web.client_address import FORWARDED, client, network, parse, wide_network

PROXIES = tuple(ip_network(text) for text in ("127.0.0.1", "10.0.0.0/8", "2001:db8:ffff::/48"))
READER = "203.0.113.7"
SPOOFED = "198.51.100.1"


def found(peer: str, forwarded: str) -> str:
    return str(client(peer, forwarded, PROXIES))


def test_without_a_trusted_peer_no_header_counts() -> None:
    assert found(READER, SPOOFED) == READER
    assert found(READER, "127.0.0.1") == READER
    assert str(client("127.0.0.1", SPOOFED, ())) == "127.0.0.1"


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("127.0.0.1", READER, READER),
        ("127.0.0.1", f"{SPOOFED}, {READER}", READER),
        ("127.0.0.1", f"{SPOOFED}, 127.0.0.1, {READER}, 10.1.2.3", READER),
        ("10.0.0.1", f"{READER},10.0.0.2,10.0.0.3", READER),
        ("::ffff:10.0.0.1", READER, READER),
        ("2001:db8:ffff::1", f"2001:db8:1::7, {'2001:db8:ffff::2'}", "2001:db8:1::7"),
        ("127.0.0.1", "10.9.9.9", "10.9.9.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", " , ", "127.0.0.1"),
    ],
)
def test_the_chain_is_walked_from_the_right_past_our_own_proxies(peer: str, forwarded: str, expected: str) -> None:
    assert found(peer, forwarded) == expected


@pytest.mark.parametrize(
    "garbage", ["unknown", "_hidden", "1.2.3", "1.2.3.4.5", "999.1.1.1", "1.2.3.4; DROP", "[::g", "a:b:c", "é", "%"]
)
def test_garbage_ends_the_walk_at_the_last_address_that_is_known(garbage: str) -> None:
    assert found("127.0.0.1", f"{SPOOFED}, {garbage}, 10.1.2.3") == "10.1.2.3"
    assert found("127.0.0.1", f"{garbage}, {READER}") == READER


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ('"[2001:db8::7]:4711"', "2001:db8::7"),
        ("fe80::7%eth0", "fe80::7"),
        ("[fe80::7%25eth0]:1", "fe80::7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[::ffff:203.0.113.7]:1", "203.0.113.7"),
        ("2001:DB8:0::7", "2001:db8::7"),
    ],
)
def test_an_address_is_understood_as_proxies_write_it(written: str, meant: str) -> None:
    assert str(parse(written)) == meant
    assert found("127.0.0.1", written) == meant


@given(st.text(), st.text())
def test_no_text_is_an_error(peer: str, forwarded: str) -> None:
    client(peer, forwarded, PROXIES)
    client("127.0.0.1", forwarded, PROXIES)
    network(peer)


def test_a_chain_without_end_is_not_walked_to_its_end() -> None:
    assert found("127.0.0.1", "10.0.0.1," * 20_000) == "127.0.0.1"
    assert found("127.0.0.1", f"{SPOOFED}," + ",".join(["10.0.0.1"] * 1000)) == "10.0.0.1"


def test_one_home_is_one_address() -> None:
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")
    assert wide_network("2001:db8:1:3::1") == wide_network("2001:db8:1:2::1") == "2001:db8:1::/48"
    assert network(READER) == wide_network(READER) == network(f"::ffff:{READER}") == READER
    assert network("unknown") == wide_network("unknown") == "unknown"


@pytest.fixture
def behind_proxy(template: Path) -> Iterator[Flask]:
    made = create_app(
        Settings(
            secret_key="x" * 32, database_url=f"sqlite:///{template}", public_url="http://localhost:8000",
            trusted_proxies=PROXIES,
        )
    )  # fmt: skip
    made.add_url_rule("/seen", view_func=lambda: jsonify(address=request.remote_addr, headers=dict(request.headers)))
    with made.app_context():
        yield made
        db.engine.dispose()


def seen(app: Flask, peer: str, **headers: str) -> Any:
    return app.test_client().get("/seen", headers=headers, environ_base={"REMOTE_ADDR": peer}).json


def test_the_application_sees_one_address_and_none_of_the_headers(behind_proxy: Flask) -> None:
    for peer, address in ((READER, READER), ("127.0.0.1", SPOOFED)):
        told = {name.removeprefix("HTTP_").replace("_", "-"): SPOOFED for name in FORWARDED}
        answer = seen(behind_proxy, peer, **told)
        assert answer["address"] == address
        assert SPOOFED not in answer["headers"].values()


def test_a_request_id_is_dropped_when_no_proxy_of_ours_sent_it(behind_proxy: Flask) -> None:
    given = {"X-Request-Id": "abc-12345678"}
    assert "X-Request-Id" not in seen(behind_proxy, READER, **given)["headers"]
    assert seen(behind_proxy, "127.0.0.1", **given)["headers"]["X-Request-Id"] == "abc-12345678"


def test_a_peer_without_an_address_is_one_caller(behind_proxy: Flask) -> None:
    assert seen(behind_proxy, "", **{"X-Forwarded-For": SPOOFED})["address"] == "unknown"
