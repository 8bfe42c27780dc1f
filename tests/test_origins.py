"""What changes something comes from where its family of routes says, and nothing that is public knows who asks."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from comments_service.web import origins, strict_json
from tests.conftest import OTHER, PAPER, Browser
from tests.test_reader_contract import public_paths, published

HOSTILE = [
    "", "null", "http://paper.example", f"{PAPER}.evil.example", f"{PAPER}.", f"{PAPER}:443", f"{PAPER}:444",
    PAPER.upper(), "https://Paper.example", f"{PAPER}/", f" {PAPER}x", f"{PAPER},{PAPER}", f"{PAPER}, {OTHER}", OTHER,
    "http://localhost:8000", "https://xpaper.example", "https://paper.example@evil.example", "*",
]  # fmt: skip


def reader_routes(app: Flask) -> list[tuple[str, Rule]]:
    """What one browser does on a site: every method of every route of that family."""
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("reader_api.")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def path_of(rule: Rule, comment: str) -> str:
    return rule.rule.replace("<site_key>", "daily").replace("<comment_id>", comment)


BODIES: dict[str, dict[str, Any]] = {
    "reader_api.bind": {"code": "A" * 32},
    "reader_api.post": {"key": "a1", "url": f"{PAPER}/a1", "name": "Eve", "body": "text"},
    "reader_api.edit": {"body": "a public words"},
    "reader_api.preview": {"text": "text"},
    "reader_api.read_notices": {},
    "reader_api.set_notices": {"wishes": {"reply": "daily"}},
    "reader_api.give_address": {"address": "eve@mail.example"},
    "reader_api.follow": {"key": "a1", "url": f"{PAPER}/a1"},
    "reader_api.rename": {"name": "Eve"},
    "reader_api.leave": {"way": "removal"},
    "reader_api.report": {"reason": "spam", "note": ""},
    "reader_api.sign_in": {"token": "x.y.z"},
    "reader_api.ask_by_mail": {"email": "eve@mail.example", "page": f"{PAPER}/a1"},
    "reader_api.trade_code": {"code": "x.y", "verifier": "A" * 43},
    "reader_api.sign_in_by_mail": {"attempt": "A" * 43, "code": "123456"},
    "reader_api.share": {"key": "a1", "url": f"{PAPER}/a1", "network": "x"},
}


@pytest.mark.parametrize("origin", HOSTILE)
def test_one_browsers_routes_answer_only_pages_of_the_site(ada: Browser, app: Flask, origin: str) -> None:
    comment = published(ada, "text")
    before = ada.ask("GET", "me?key=a1").json | {"now": None}
    for method, rule in reader_routes(app):
        for headers in ([("Origin", origin)] if origin else [], [("Origin", PAPER), ("Origin", origin or OTHER)]):
            answer = ada.client.open(
                path_of(rule, comment), method=method, json=BODIES.get(rule.endpoint), query_string={"key": "a1"},
                headers=[*headers, ("Authorization", f"Bearer {ada.secret}")],
            )  # fmt: skip
            assert answer.status_code == 403, (method, rule.rule, headers)
            assert "Access-Control-Allow-Origin" not in answer.headers
    assert ada.ask("GET", "me?key=a1").json | {"now": None} == before


def test_a_preflight_is_answered_for_registered_origins_alone(ada: Browser, app: Flask) -> None:
    for method, rule in reader_routes(app):
        for origin, known in ((PAPER, True), (OTHER, False), ("null", False)):
            asked = {"Origin": origin, "Access-Control-Request-Method": method}
            answer = ada.client.open(path_of(rule, "x"), method="OPTIONS", headers=asked)
            assert (answer.headers.get("Access-Control-Allow-Origin") == origin) == known
            assert answer.headers["Vary"] == "Origin"
            assert "Access-Control-Allow-Credentials" not in answer.headers
            if known:
                assert method in answer.headers["Access-Control-Allow-Methods"]
                assert {"authorization", "content-type", "idempotency-key"} == set(
                    answer.headers["Access-Control-Allow-Headers"].split(", ")
                )


def test_every_route_that_changes_something_belongs_to_a_family_with_a_rule(app: Flask) -> None:
    unsafe = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) - origins.SAFE and rule.endpoint != "static"
    }
    assert {endpoint.partition(".")[0] for endpoint in unsafe} == set(origins.RULES)
    assert set(origins.OWN_PROOF) <= {rule.endpoint for rule in app.url_map.iter_rules()}
    assert set(origins.OWN_PROOF) == {
        "article_api.get", "article_api.put", "pages.posted_back", "pages.unsubscribe", "reader_api.share",
    }  # fmt: skip
    assert set(origins.OWN_PROOF) >= strict_json.BEACONS


@pytest.mark.own_app
def test_a_route_without_a_rule_changes_nothing(app: Flask) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "done", methods=["POST"])
    assert app.test_client().post("/forgotten", headers={"Origin": PAPER}).status_code == 403


def test_only_the_beacon_may_come_without_a_preflight(ada: Browser, app: Flask) -> None:
    comment = published(ada, "text")
    for method, rule in reader_routes(app):
        if rule.endpoint not in BODIES:
            continue
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
            answer = ada.client.open(
                path_of(rule, comment), method=method, content_type=kind,
                data=app.json.dumps(BODIES[rule.endpoint]), headers={"Origin": PAPER},
            )  # fmt: skip
            beacon = rule.endpoint in strict_json.BEACONS and kind == "text/plain"
            assert answer.status_code == (204 if beacon else 415), (rule.endpoint, kind)


def test_nothing_of_the_api_looks_at_a_cookie(
    ada: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = published(ada, "text")

    def eaten(_request: strict_json.StrictRequest) -> None:
        raise AssertionError("a cookie was read")

    monkeypatch.setattr(strict_json.StrictRequest, "cookies", property(eaten))
    for path in public_paths(comment):
        assert ada.ask("GET", path).status_code == 200
    for method, rule in reader_routes(app):
        answer = ada.client.open(
            path_of(rule, comment), method=method, json=BODIES.get(rule.endpoint), query_string={"key": "a1"},
            headers={"Origin": PAPER, "Cookie": "session=x; __Host-session=x"},
        )  # fmt: skip
        assert answer.status_code < 500


def test_a_public_answer_does_not_depend_on_who_asks_or_from_where(ada: Browser) -> None:
    comment = published(ada, "text")
    for path in public_paths(comment):
        plain = ada.client.get(f"/api/v1/sites/daily/{path}")
        for headers in (
            {"Origin": PAPER}, {"Origin": "null"}, {"Cookie": "session=x"}, {"Authorization": "Bearer " + "A" * 43},
            {"Referer": PAPER, "Accept-Language": "ar", "X-Forwarded-Host": "evil.example"},
        ):  # fmt: skip
            answer = ada.client.get(f"/api/v1/sites/daily/{path}", headers=headers)
            assert answer.data == plain.data
            assert dict(answer.headers) | {"X-Request-Id": ""} == dict(plain.headers) | {"X-Request-Id": ""}


def test_no_cache_keeps_where_a_doubled_slash_was_sent_on_to(app: Flask) -> None:
    answer = app.test_client().get("/s//daily/t/a1", base_url="http://localhost:9999")
    assert answer.status_code == 308
    assert answer.headers["Cache-Control"] == "no-store"
