"""Whatever is sent, the answer is a refusal in words to act on, and never an echo or a failure of ours."""

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest

from comments_service import reading, tokens
from comments_service.database import db, now
from comments_service.web import strict_json
from tests.conftest import PAPER, Browser

CANARY = "canary-7f3a"
HOSTILE = {
    "deep": b"[" * 30_000, "deep inside": b'{"body":' * 21 + b"1" + b"}" * 21, "infinity": b'{"body":1e99999}',
    "minus infinity": b'{"body":-Infinity}', "nan": b'{"body":NaN}', "surrogate": b'{"body":"\\ud800"}',
    "surrogate in a name": b'{"\\udfff":1}', "nul": b'{"body":"\\u0000"}', "nul in a name": b'{"a\\u0000":1}',
    "twice": b'{"body":"a","body":"b"}', "twice inside": b'{"body":{"a":1,"a":2}}', "a list": b"[]",
    "a string": b'"x"', "a number": b"7", "null": b"null", "utf-16": '{"body":"x"}'.encode("utf-16"),
    "utf-32": '{"body":"x"}'.encode("utf-32"), "latin-1": '{"body":"é"}'.encode("latin-1"),
    "byte order mark": b'\xef\xbb\xbf{"body":"x"}', "cut off": b'{"body":', "empty": b"",
    "two": b'{"body":"x"}{}', "a comment": b'{"body":"x"/**/}', "digits": b'{"body":' + b"9" * 5_000 + b"}",
}  # fmt: skip
COMMENT = {"key": "a1", "url": f"{PAPER}/a1", "name": "Ada", "body": "text"}


def addresses(app: Flask) -> list[tuple[str, str, dict[str, str]]]:
    """Every route that takes a body, with who may send one."""
    site = reading.site(db.session(), "daily")
    raw = tokens.make(db.session(), site, name="newsroom", scopes=["articles:write"], at=now())
    db.session.commit()
    own = "/api/v1/sites/daily/"
    page = {"Origin": PAPER, "Authorization": "Bearer " + "A" * 43}
    return [
        ("POST", f"{own}comments", page), ("PATCH", f"{own}comments/x", page),
        ("POST", f"{own}preview", page), ("POST", f"{own}comments/x/reports", page), ("POST", f"{own}shares", page),
        ("POST", f"{own}staff", page), ("POST", f"{own}sso", page),
        ("POST", f"{own}session/mail", page), ("POST", f"{own}session/mail/code", page),
        ("POST", f"{own}session/code", page),
        ("PUT", f"{own}me/name", page), ("POST", f"{own}me/leaving", page), ("POST", f"{own}notices/read", page),
        ("PUT", f"{own}notices/settings", page), ("POST", f"{own}notices/address", page),
        ("PUT", f"{own}following", page),
        ("PUT", "/api/v1/articles/77", {"Authorization": f"Bearer {raw}"}),
    ]  # fmt: skip


def test_no_route_with_a_body_is_left_out(app: Flask) -> None:
    document: dict[str, Any] = app.test_client().get("/openapi.json").json or {}
    described = [
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if "requestBody" in operation
    ]
    assert len(described) == len(addresses(app))


def test_hostile_bodies_are_refused_on_every_route(app: Flask) -> None:
    client = app.test_client()
    for method, path, headers in addresses(app):
        for name, body in HOSTILE.items():
            answer = client.open(path, method=method, data=body, content_type="application/json", headers=headers)
            assert answer.status_code == 400, (path, name)
            assert answer.mimetype == "application/problem+json"
            assert answer.headers["Cache-Control"] == "no-store"


def test_a_body_of_more_than_64_kilobytes_is_too_much(app: Flask) -> None:
    client = app.test_client()
    for method, path, headers in addresses(app):
        body = json.dumps({"body": "x" * 64 * 1024})
        answer = client.open(path, method=method, data=body, content_type="application/json", headers=headers)
        assert (answer.status_code, answer.mimetype) == (413, "application/problem+json"), path
        assert json.loads(answer.text)["detail"] == "That is too large to be read; send less at once."


@pytest.mark.parametrize("kind", ["application/x+json", "text/html", "application/xml", "", "application/json5"])
def test_only_json_is_taken(app: Flask, kind: str) -> None:
    client = app.test_client()
    for method, path, headers in addresses(app):
        answer = client.open(path, method=method, data=b"{}", content_type=kind, headers=headers)
        assert answer.status_code == 415, path


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"body": 7}, "body", "body must be a text."),
        ({"name": None}, "name", "name must be a text."),
        ({"parent": [CANARY]}, "parent", "parent must be a text."),
        ({"key": ...}, "key", "key is missing."),
        ({CANARY: 1}, None, "There is a field that this address does not take; leave it out."),
        ({"status": CANARY}, None, "There is a field that this address does not take; leave it out."),
    ],
)
def test_a_refusal_names_the_field_and_says_what_to_do(
    ada: Browser, change: dict[str, Any], field: str | None, sentence: str
) -> None:
    body = {name: value for name, value in (COMMENT | change).items() if value is not ...}
    path, headers = "/api/v1/sites/daily/comments", {"Origin": PAPER, "Authorization": f"Bearer {ada.secret}"}
    answer = ada.client.post(path, json=body, headers=headers)
    assert answer.status_code == 422
    told = answer.json or {}
    assert (told.get("field"), told["detail"]) == (field, sentence)
    assert CANARY not in answer.text


def test_a_refused_query_says_what_it_takes(ada: Browser) -> None:
    told = ada.ask("GET", f"thread?key=a1&sort={CANARY}")
    assert (told.status_code, told.json["field"]) == (422, "sort")
    assert told.json["detail"] == "sort must be 'newest', 'oldest', 'recommended', 'best' or 'liveliest'."
    assert ada.ask("GET", "thread").json["detail"] == "key is missing."
    assert ada.ask("GET", "counts").json["detail"] == "key is missing."
    assert CANARY not in told.text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=20,
)


@given(value=json_values)
def test_what_is_taken_is_what_was_sent(value: Any) -> None:
    try:
        taken = strict_json.load(json.dumps(value).encode())
    except BadRequest:
        return
    assert taken == value
    json.dumps(taken, allow_nan=False, ensure_ascii=False).encode()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=st.dictionaries(st.sampled_from([*COMMENT, "parent", "website", "article_token"]), json_values))
def test_no_value_of_any_field_is_our_failure(ada: Browser, changes: dict[str, Any]) -> None:
    headers = {"Origin": PAPER, "Authorization": f"Bearer {ada.secret}"}
    path, body = "/api/v1/sites/daily/comments", json.dumps(COMMENT | {"form_token": "x"} | changes)
    answer = ada.client.post(path, data=body, content_type="application/json", headers=headers)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "path", ["thread?key=%00&sort=best", "version?key=a%00", "counts?key=a&key=%00", "search?key=%00&q=x", "me?key=%00"]
)
def test_a_key_that_no_database_could_hold_is_refused_alike_by_both(app: Flask, path: str) -> None:
    page = {"Origin": PAPER, "Authorization": "Bearer " + "A" * 43}
    answer = app.test_client().get(f"/api/v1/sites/daily/{path}", headers=page)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert app.test_client().get("/s/daily/t/%00").status_code == 400
