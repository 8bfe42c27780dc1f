"""The specification is valid, names every route of the API, and says the truth about what is answered."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from comments_service import reading, tokens
from comments_service.database import db, now
from tests.conftest import PAPER, Browser
from tests.test_reader_contract import published


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def closed(schema: Any) -> Any:
    """The schema with no room for what it does not name: an answer must not hold more than is promised."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    if "properties" in made and "additionalProperties" not in made:
        made["additionalProperties"] = False
    return made


def check(document: dict[str, Any], method: str, template: str, answer: Any) -> None:
    responses = document["paths"][template][method.lower()]["responses"]
    promised = responses.get(str(answer.status_code), responses["default"])
    if not answer.data:
        assert "content" not in promised
        return
    schema = promised["content"][answer.mimetype]["schema"]
    OAS31Validator(schema | {"components": closed(document["components"])}).validate(answer.json)
    for header in promised.get("headers", {}):
        assert header in answer.headers


def test_the_specification_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_no_route_of_the_api_is_missing(app: Flask, document: dict[str, Any]) -> None:
    named = {(method, path) for method, path, _ in operations(document)}
    routed = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or set()
        if rule.rule.startswith("/api/v") and method not in {"HEAD", "OPTIONS"}
    }
    assert named == routed


def test_every_operation_says_what_it_takes_and_gives(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    for method, path, operation in operations(document):
        assert operation["summary"].endswith("."), path
        for name in re.findall(r"\{(\w+)\}", path):
            assert {"name": name, "in": "path"}.items() <= _parameter(operation, name).items()
        for status, response in operation["responses"].items():
            kinds = set(response.get("content", {}))
            wrong = status == "default" or int(status) >= 400
            assert kinds <= ({"application/problem+json"} if wrong else {"application/json"})
        if method != "GET":
            assert operation["security"]
            assert "Retry-After" in operation["responses"]["429"]["headers"]
    post = document["paths"]["/api/v1/sites/{site_key}/comments"]["post"]
    assert _parameter(post, "Idempotency-Key")["in"] == "header"
    share = document["paths"]["/api/v1/sites/{site_key}/shares"]["post"]["requestBody"]["content"]
    assert set(share) == {"application/json", "text/plain"}


def _parameter(operation: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in operation["parameters"] if each["name"] == name)
    return found


def test_public_answers_are_what_is_promised(document: dict[str, Any], ada: Browser, bob: Browser) -> None:
    root = published(ada, "Look *here*: <https://paper.example/x>\n\n> quoted\n\n- a\n- b\n\n`code`")
    for n in range(4):
        published(bob, f"reply {n}", parent=root)
    for query in ("key=a1", "key=fresh", "key=a1&sort=loudest", "key=a1&cursor=damaged", ""):
        answer = ada.ask("GET", f"thread?{query}")
        check(document, "GET", "/api/v1/sites/{site_key}/thread", answer)
    for name in ("replies", "focus"):
        for comment in (root, "unknown"):
            answer = ada.ask("GET", f"comments/{comment}/{name}")
            check(document, "GET", f"/api/v1/sites/{{site_key}}/comments/{{comment_id}}/{name}", answer)
    for query in ("counts?key=a1&key=none", "counts", "version?key=a1", "version"):
        answer = ada.ask("GET", query)
        check(document, "GET", f"/api/v1/sites/{{site_key}}/{query.partition('?')[0]}", answer)
    tag = {"If-None-Match": ada.ask("GET", "thread?key=a1").headers["ETag"]}
    unchanged = ada.client.get("/api/v1/sites/daily/thread?key=a1", headers=tag)
    check(document, "GET", "/api/v1/sites/{site_key}/thread", unchanged)


def test_private_answers_are_what_is_promised(document: dict[str, Any], ada: Browser, bob: Browser) -> None:
    template = "/api/v1/sites/{site_key}"
    for answer in (ada.post("held"), ada.post(""), ada.post("spamword")):
        check(document, "POST", f"{template}/comments", answer)
    mine = published(ada, "text")
    published(bob, "bob is known now")
    one = f"{template}/comments/{{comment_id}}"
    for who in (ada, bob):
        check(document, "PATCH", one, who.ask("PATCH", f"comments/{mine}", {"body": "new text"}))
        for method in ("PUT", "DELETE"):
            answer = who.ask(method, f"comments/{mine}/recommendation")
            check(document, method, f"{one}/recommendation", answer)
        answer = who.ask("POST", f"comments/{mine}/reports", {"reason": "spam", "note": ""})
        check(document, "POST", f"{one}/reports", answer)
        check(document, "GET", f"{template}/me", who.ask("GET", "me?key=a1"))
        check(document, "DELETE", one, who.ask("DELETE", f"comments/{mine}"))
        check(document, "POST", f"{one}/restore", who.ask("POST", f"comments/{mine}/restore"))
    for network in ("x", "nowhere"):
        body = {"key": "a1", "url": f"{PAPER}/a1", "network": network}
        check(document, "POST", f"{template}/shares", ada.ask("POST", "shares", body))
    ada.origin = "https://evil.example"
    check(document, "GET", f"{template}/me", ada.ask("GET", "me?key=a1"))


def test_the_answers_to_a_papers_own_server_are_what_is_promised(app: Flask, document: dict[str, Any]) -> None:
    template = "/api/v1/articles/{article_key}"
    site = reading.site(db.session(), "daily")
    raw = tokens.make(db.session(), site, name="newsroom", scopes=["articles:write"], at=now())
    db.session.commit()
    client, own = app.test_client(), {"Authorization": f"Bearer {raw}"}
    said = {"url": f"{PAPER}/77", "title": "Night ferry", "published_at": "2026-11-24T08:30:00Z"}
    for body in (said, said | {"title": ""}, said | {"headline": "x"}, {}):
        check(document, "PUT", template, client.put("/api/v1/articles/77", json=body, headers=own))
    for path, headers in (("77", own), ("78", own), ("77", {})):
        check(document, "GET", template, client.get(f"/api/v1/articles/{path}", headers=headers))


def test_the_readable_page_names_every_operation_and_runs_no_script(app: Flask, document: dict[str, Any]) -> None:
    client = app.test_client()
    answer = client.get("/api")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    for _, path, operation in operations(document):
        assert f'id="{operation["operationId"]}"' in answer.text
        assert path in answer.text.replace("<wbr>", "")
    for name in document["components"]["schemas"]:
        assert f'id="schema-{name}"' in answer.text
    assert set(re.findall(r'href="#([^"]+)"', answer.text)) <= set(re.findall(r'id="([^"]+)"', answer.text))
    assert re.findall(r"<script|<style|\sstyle=|\son\w+=", answer.text) == []
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in answer.headers
    assert client.get("/api/page.css").mimetype == "text/css"
