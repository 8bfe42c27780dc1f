"""Whoever runs the service: what it says of itself, what its logs tell, and what it answers when something is wrong."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort
from sqlalchemy import text

from comments_service import logs
from comments_service.app import create_app
from comments_service.database import db
from comments_service.settings import Settings, read_settings
from tests.conftest import PAPER, Browser

SECRET = "0123456789abcdef" * 4
PATHS = ["/healthz", "/readyz", "/nowhere", "/api/v1/sites/daily/thread?key=a1", "/api/v1/sites/daily/counts?key=a1"]


def settings(url: str, **more: str) -> Settings:
    return read_settings({"SECRET_KEY": SECRET, "DATABASE_URL": url} | more)


@pytest.fixture
def behind_proxy(template: Path) -> Iterator[Flask]:
    url = f"sqlite:///{template}"
    made = create_app(settings(url, PUBLIC_URL="https://comments.example", TRUSTED_PROXIES="10.0.0.0/8"))
    with made.app_context():
        yield made
        db.engine.dispose()


def lines(capture: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capture.readouterr().err.splitlines()]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_base_headers(app: Flask, path: str) -> None:
    headers = app.test_client().get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert headers["Cross-Origin-Resource-Policy"] in {"same-site", "cross-origin"}
    assert "Strict-Transport-Security" not in headers
    assert len(headers["X-Request-Id"]) == 16


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "TRACE"])
def test_errors_are_problems_and_never_cached(app: Flask, method: str) -> None:
    for path in ("/nowhere", "/api/v1/sites/nowhere/thread", "/api/v1/sites/daily/comments"):
        answer = app.test_client().open(path, method=method)
        assert 400 <= answer.status_code < 500
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.content_type == "application/problem+json"


def test_https_is_kept_once_it_is_used(behind_proxy: Flask) -> None:
    answer = behind_proxy.test_client().get("/healthz")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("host", ["comments.example", "comments.example:443", "COMMENTS.example"])
def test_its_own_host_name_is_answered(behind_proxy: Flask, host: str) -> None:
    assert behind_proxy.test_client().get("/nowhere", headers={"Host": host}).status_code == 404


@pytest.mark.parametrize(
    "host",
    ["evil.example", "comments.example.evil.example", "xcomments.example", "localhost", "10.0.0.1", "a@b", "é", ""],
)
def test_another_host_name_is_turned_away_but_health_is_told(behind_proxy: Flask, host: str) -> None:
    client, headers = behind_proxy.test_client(), {"Host": host, "X-Forwarded-Host": "comments.example"}
    assert client.get("/nowhere", headers=headers).status_code == 400
    assert client.get("/healthz", headers=headers).status_code == 200
    assert client.get("/readyz", headers=headers).status_code == 200


def test_at_home_every_loopback_name_is_answered(app: Flask) -> None:
    for host in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000"):
        assert app.test_client().get("/nowhere", headers={"Host": host}).status_code == 404


def test_a_request_id_is_believed_from_a_proxy_of_ours_alone(behind_proxy: Flask) -> None:
    def told(given: str, peer: str) -> str:
        answer = behind_proxy.test_client().get(
            "/healthz", headers={"X-Request-Id": given}, environ_base={"REMOTE_ADDR": peer}
        )
        return answer.headers["X-Request-Id"]

    assert told("abc-12345678", "10.1.2.3") == "abc-12345678"
    assert told("abc-12345678", "192.0.2.1") != "abc-12345678"
    for hostile in ("short", "x" * 65, "line break", "a;b;c;d;e;f", "\u2028" * 8):
        assert told(hostile, "10.1.2.3") != hostile


def test_ready_says_what_failed_when_the_database_is_gone(tmp_path: Path) -> None:
    app = create_app(settings("postgresql://u:canary-password@127.0.0.1:1/x"))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"] == {"database": "failed", "migrations": "failed", "outbox": "failed"}
    assert "canary" not in answer.text
    assert app.test_client().get("/healthz").status_code == 200


def test_ready_and_readers_are_told_that_the_database_is_not_migrated(tmp_path: Path) -> None:
    app = create_app(settings(f"sqlite:///{tmp_path}/new.sqlite"))
    ready, thread = app.test_client().get("/readyz"), app.test_client().get("/api/v1/sites/daily/thread?key=a")
    assert ready.get_json()["checks"] == {"database": "ok", "migrations": "failed", "outbox": "failed"}
    assert (thread.status_code, thread.content_type) == (503, "application/problem+json")
    assert thread.headers["Retry-After"] == "5"
    assert "migrated" in thread.get_json()["detail"]


def test_a_write_is_503_while_the_database_is_away(tmp_path: Path) -> None:
    browser = Browser(create_app(settings("postgresql://u:pw@127.0.0.1:1/x")).test_client())
    answer = browser.post("Hello")
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")


@pytest.mark.own_app
def test_a_mistake_of_ours_is_500_with_an_id_and_a_log_line_without_words(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(who: str) -> str:
        local = "canary-local"
        try:
            raise KeyError(f"canary-words of {who}")
        except KeyError as error:
            raise ValueError(f"{local} wrote canary-text") from error

    app.add_url_rule("/fail/<who>", view_func=fail)
    answer = app.test_client().get("/fail/canary-name?q=canary-query", headers={"User-Agent": "canary-agent"})
    [failure, request] = lines(capsys)
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.get_json()["detail"]
    assert failure["request_id"] == request["request_id"] == answer.headers["X-Request-Id"]
    assert failure["error"]["type"] == "builtins.ValueError"
    assert failure["error"]["cause"]["type"] == "builtins.KeyError"
    assert any("test_operation.py" in frame and frame.endswith(" fail") for frame in failure["error"]["frames"])
    assert (request["route"], request["status"]) == ("/fail/<who>", 500)
    assert "canary" not in json.dumps([failure, request]) + answer.text


@pytest.mark.own_app
def test_an_abort_of_any_kind_is_still_a_problem(app: Flask) -> None:
    app.add_url_rule("/teapot", view_func=lambda: abort(418))
    assert app.test_client().get("/teapot").status_code == 418


@pytest.mark.parametrize("path", ["daily/thread?key=a%00b", "da%00ily/thread?key=a", "daily/comments/%00/replies"])
def test_a_value_that_no_database_takes_is_not_our_failure(app: Flask, path: str) -> None:
    answer = app.test_client().get(f"/api/v1/sites/{path}")
    assert 400 <= answer.status_code < 500
    assert answer.content_type == "application/problem+json"


@pytest.mark.own_app
def test_a_broken_statement_is_logged_without_its_parameters(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> str:
        db.session.execute(text("SELECT 1 FROM sites WHERE nonsense(:name) = 1"), {"name": "canary-parameter"})
        return ""

    app.add_url_rule("/fail", view_func=fail)
    answer = app.test_client().get("/fail")
    assert answer.status_code in {500, 503}
    assert "canary" not in capsys.readouterr().err + answer.text


HOSTILE = '\r\n{"event": "forged"}\x1b[31m\u2028\u0085\x00'


def test_logs_hold_one_json_line_a_request_and_nothing_of_what_was_said(
    app: Flask, ada: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    client = app.test_client()
    ada.post("canary-text", name="canary-name")
    headers = {"User-Agent": "canary-agent\x1b[31m\u0085", "Referer": "https://canary.example/", "Origin": PAPER}
    client.get(f"/api/v1/sites/daily{HOSTILE}/thread", query_string={"key": f"canary{HOSTILE}"}, headers=headers)
    client.get(f"/{HOSTILE}", environ_base={"REMOTE_ADDR": "203.0.113.77"}, headers=headers)
    written = capsys.readouterr().err
    told = [json.loads(line) for line in written.splitlines()]
    assert [line["event"] for line in told] == ["request"] * 3
    assert [line["status"] for line in told] == [202, told[1]["status"], 404]
    assert 400 <= told[1]["status"] < 500
    assert told[0]["site"] == "daily"
    assert told[0]["route"] == "/api/v1/sites/<site_key>/comments"
    assert told[0]["ms"] >= 0
    for canary in ("canary", "203.0.113.77", "A" * 43, "forged", "\x1b", "\u2028", "\u0085"):
        assert canary not in written


def test_what_libraries_log_is_json_too_and_without_the_words_of_errors(capsys: pytest.CaptureFixture[str]) -> None:
    import logging
    import logging.config

    root = logging.getLogger()
    before = root.handlers[:], root.level
    logging.config.dictConfig(logs.stdlib_config("info"))
    try:
        try:
            raise ValueError("canary-words")
        except ValueError:
            logging.getLogger("some.library").exception("broken \r\n\x1b[31m\u2028")
        logging.getLogger("some.library").info("canary-chatter")
    finally:
        root.handlers[:], root.level = before
    [line] = lines(capsys)
    assert (line["logger"], line["level"], line["error"]["type"]) == ("some.library", "error", "builtins.ValueError")
    assert "canary" not in json.dumps(line)
