"""The desk's own host, its cookie, and what every answer of it carries."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask

from comments_service.app import create_app
from comments_service.database import db
from tests.desk import DESK, FORM, UNSAFE, Desk, link_for, make_moderator, routes, signed_in


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    return signed_in(app.test_client(), "ann")


@pytest.fixture
def apart(app: Flask) -> Iterator[Flask]:
    """The same service with a desk on a host of its own, by https."""
    with _set_otherwise(app, public_url="https://comments.example", desk_url="https://desk.example") as made:
        yield made


@contextmanager
def _set_otherwise(app: Flask, **settings: str) -> Iterator[Flask]:
    made = create_app(replace(app.config["SETTINGS"], **settings))
    yield made
    with made.app_context():
        db.engine.dispose()


def test_a_desk_with_a_host_of_its_own_answers_only_there_and_alone(apart: Flask) -> None:
    client = apart.test_client()
    assert client.get("/desk/sign-in", base_url="https://desk.example").status_code == 200
    assert client.get("/", base_url="https://desk.example").location == "/desk"
    for path, host in (
        ("/desk/sign-in", "https://comments.example"),
        ("/desk", "https://comments.example"),
        ("/api/v1/sites/daily/thread?key=a1", "https://desk.example"),
        ("/api/v1/articles/a1", "https://desk.example"),
        ("/deskk", "https://desk.example"),
    ):
        assert client.get(path, base_url=host).status_code == 404, path
    assert client.get("/api/v1/sites/daily/thread?key=a1", base_url="https://comments.example").status_code == 200
    assert client.get("/healthz", base_url="https://desk.example").status_code == 200
    assert client.get("/desk/sign-in", base_url="https://evil.example").status_code == 400


def test_the_cookie_is_held_to_https_this_host_and_this_site(apart: Flask, ann: Desk) -> None:
    path = link_for("ann")
    origin = {**FORM, "Origin": "https://desk.example"}
    answer = apart.test_client().post(path, base_url="https://desk.example", headers=origin)
    assert answer.status_code == 303
    name, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-session=")
    assert set(attributes) == {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"}


def test_over_an_open_line_the_desk_stays_shut(app: Flask) -> None:
    with _set_otherwise(app, public_url="http://c.example") as open_line:
        answer = open_line.test_client().get("/desk/sign-in", base_url="http://c.example")
    assert answer.status_code == 403
    assert "https only" in answer.text


def test_every_answer_carries_the_headers_of_the_desk(app: Flask, ann: Desk, apart: Flask) -> None:
    answers = [ann.client.open(path, method=method, base_url=DESK) for method, path in routes(app, "GET", *UNSAFE)]
    answers += [ann.get("/desk/nowhere"), ann.client.options("/desk/sites", base_url=DESK)]
    answers += [ann.client.open("/desk/sites", method="TRACE", base_url=DESK), ann.client.get("/desk/sites")]
    answers += [apart.test_client().get("/desk/sign-in", base_url="https://evil.example")]
    assert {answer.status_code for answer in answers} >= {200, 303, 400, 403, 404, 405}
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        for part in ("frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'", "trusted-types 'none'"):
            assert part in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Strict-Transport-Security" in answers[-1].headers


def test_a_link_from_a_mail_asks_again_from_here_so_that_the_cookie_comes_along(app: Flask, ann: Desk) -> None:
    stranger = app.test_client()
    answer = stranger.get("/desk/sites?x=%22%3E", base_url=DESK, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert 'http-equiv="refresh" content="0; url=/desk/sites?x=%22%3E"' in answer.text
    again = stranger.get("/desk/sites", base_url=DESK, headers={"Sec-Fetch-Site": "same-origin"})
    assert again.location == "/desk/sign-in?next=/desk/sites"
    assert ann.client.get("/desk/sites", base_url=DESK, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
