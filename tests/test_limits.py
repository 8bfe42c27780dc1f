"""Who writes too fast is told when to go on; real people never are."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from comments_service.database import db
from comments_service.tables import Reader
from comments_service.web import limits
from comments_service.web.limits import limiter
from tests.conftest import PAPER, Browser
from tests.house import ROOT
from tests.pages import Plain
from tests.test_conversation import decide

# What is counted here is the same on any database.
pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(autouse=True)
def limited(app: Flask) -> None:
    limiter.enabled = True
    limiter.reset()


def secret(number: int) -> str:
    return f"{number:0>43}"


def recommend(app: Flask, reader: int, *, address: str, comment: str = "c1") -> Any:
    browser = Browser(app.test_client(), secret=secret(reader))
    return browser.ask("PUT", f"comments/{comment}/recommendation", environ_base={"REMOTE_ADDR": address})


def statuses(answers: Iterator[Any]) -> set[int]:
    return {answer.status_code for answer in answers}


def test_a_fast_reader_is_told_what_to_do_and_when(app: Flask) -> None:
    answers = [recommend(app, 1, address="203.0.113.7") for _ in range(61)]
    assert statuses(iter(answers[:60])) == {404}
    last = answers[60]
    assert (last.status_code, last.content_type) == (429, "application/problem+json")
    seconds = int(last.headers["Retry-After"])
    assert 50 <= seconds <= 61
    assert last.json["detail"] == (
        f"You are doing this faster than this site can take. Try again in {seconds} seconds."
    )
    assert last.headers["Cache-Control"] == "no-store"
    assert last.headers["Access-Control-Allow-Origin"] == PAPER
    assert last.headers["Access-Control-Expose-Headers"].lower() == "retry-after"


def test_retry_after_is_what_the_window_has_left(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(60):
        recommend(app, 1, address="203.0.113.7")
    began = time.time()
    monkeypatch.setattr("time.time", lambda: began + 20)
    answer = recommend(app, 1, address="203.0.113.7")
    assert answer.status_code == 429
    assert 38 <= int(answer.headers["Retry-After"]) <= 41
    monkeypatch.setattr("time.time", lambda: began + 21 + int(answer.headers["Retry-After"]))
    assert recommend(app, 1, address="203.0.113.7").status_code == 404


def test_a_thousand_readers_at_once_are_news_and_no_attack(app: Flask) -> None:
    answers = (recommend(app, n, address=f"198.51.{n // 250}.{n % 250}") for n in range(1000))
    assert statuses(answers) == {404}


def test_an_office_and_a_household_write_undisturbed(app: Flask) -> None:
    office = (recommend(app, n % 50, address="203.0.113.7") for n in range(200))
    assert statuses(office) == {404}
    for reader in range(5):
        browser = Browser(app.test_client(), secret=secret(reader))
        assert {browser.post(f"Typed fast, number {n}").status_code for n in range(10)} <= {201, 202}


@pytest.mark.parametrize("prefix", ["2001:db8:1:2:", "2001:db8:1:2:0:0:0:"])
def test_turning_addresses_inside_a_64_and_secrets_at_every_request_do_not_help(app: Flask, prefix: str) -> None:
    answers = [recommend(app, n, address=f"{prefix}{n:x}" + (":1:2:3" if len(prefix) < 15 else "")) for n in range(241)]
    assert statuses(iter(answers[:240])) == {404}
    assert answers[240].status_code == 429
    assert "your network" in answers[240].json["detail"]
    assert recommend(app, 0, address="2001:db8:1:3::1").status_code == 404


def test_a_48_is_a_second_tier(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("reader_api.recommend", "reader_api.unrecommend"):
        monkeypatch.setitem(limits.PACES, name, replace(limits.RECOMMENDING, network="300 per minute"))
    answers = [recommend(app, n, address=f"2001:db8:1:{n:x}::1") for n in range(301)]
    assert statuses(iter(answers[:300])) == {404}
    assert answers[300].status_code == 429
    assert recommend(app, 1, address="2001:db8:2::1").status_code == 404


def test_a_forwarded_header_of_a_stranger_changes_nothing(app: Flask) -> None:
    def post(n: int) -> Any:
        return app.test_client().post(
            "/api/v1/sites/daily/shares", headers={"Origin": PAPER, "X-Forwarded-For": f"198.51.100.{n}"}
        )

    assert 429 not in statuses(post(n) for n in range(60))
    assert post(60).status_code == 429


def test_one_article_is_kept_from_a_flood_of_many_addresses(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.PACES, "reader_api.post", replace(limits.WRITING, subject="3 per minute"))

    def post(n: int, key: str = "a1") -> Any:
        browser = Browser(app.test_client(), secret=secret(n))
        draft = {"key": key, "url": f"{PAPER}/a1", "name": "Ada", "body": "slow drip"}
        return browser.ask("POST", "comments", draft, environ_base={"REMOTE_ADDR": f"198.51.100.{n}"})

    assert 429 not in statuses(post(n) for n in range(3))
    assert "Very many people" in post(4).json["detail"]
    assert post(5, "a2").status_code != 429


def readers() -> int:
    return db.session.scalar(select(func.count()).select_from(Reader)) or 0


def test_a_browser_that_drops_its_secret_is_no_endless_crowd(app: Flask) -> None:
    """Each new secret would be a reader with a recommendation of its own."""
    own = Browser(app.test_client(), secret=secret(1000))
    comment = own.post("Recommend me").json["comment"]["id"]
    decide(comment)
    limiter.reset()
    answers = [recommend(app, n, address="203.0.113.7", comment=comment) for n in range(25)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429] * 5
    told = answers[-1]
    assert told.json["detail"] == "Very many new readers are coming from your network. Try again in 1 minute."
    assert 1 <= int(told.headers["Retry-After"]) <= 60
    assert readers() == 21
    # Who is known already goes on, and so does everybody elsewhere.
    assert recommend(app, 3, address="203.0.113.7", comment=comment).status_code == 200
    assert recommend(app, 24, address="203.0.113.8", comment=comment).status_code == 200


def test_a_browser_that_drops_its_cookie_is_none_either(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NEWCOMERS", replace(limits.NEWCOMERS, address="5 per minute"))
    own = Browser(app.test_client(), secret=secret(1000))
    comment = own.post("Report me").json["comment"]["id"]
    decide(comment)
    limiter.reset()
    path = f"/s/daily/c/{comment}/report"

    def report(reason: str) -> Any:
        clara = Plain(app.test_client())
        return clara.submit(clara.get(path), path, reason=reason, note="my words")

    assert {report("no reason").status_code for _ in range(3)} == {422}
    answers = [report("spam") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert "my words" in answers[-1].text
    assert "Set-Cookie" not in answers[-1].headers
    assert readers() == 6


def test_preflights_and_reads_are_free(app: Flask) -> None:
    client = app.test_client()
    path = "/api/v1/sites/daily/comments/c1/recommendation"
    assert statuses(client.options(path, headers={"Origin": PAPER}) for _ in range(300)) == {200}
    assert 429 not in statuses(client.get("/api/v1/sites/daily/counts?key=a1") for _ in range(300))


def unsafe_routes(app: Flask) -> list[tuple[Rule, str]]:
    return [(rule, method) for rule in app.url_map.iter_rules() for method in sorted(UNSAFE & (rule.methods or set()))]


def test_every_route_that_writes_has_a_limit(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(limits.PACES):
        monkeypatch.setitem(limits.PACES, name, replace(limits.PACES[name], name=name, address="2 per minute"))
    monkeypatch.setattr(limits, "ANYTHING", replace(limits.ANYTHING, address="2 per minute"))
    for rule, method in unsafe_routes(app):
        limiter.reset()
        path = rule.build(dict.fromkeys(rule.arguments, "daily"))
        assert path is not None
        answers = [app.test_client().open(path[1], method=method) for _ in range(3)]
        assert 429 in statuses(iter(answers)), f"{method} {rule} has no limit"


def test_every_pace_is_of_a_route_that_exists(app: Flask) -> None:
    assert set(limits.PACES) <= set(app.view_functions) | set(app.blueprints)


@pytest.mark.own_app
def test_a_new_route_is_limited_though_nobody_thought_of_it(app: Flask) -> None:
    app.add_url_rule("/new", endpoint="reader_api.new", methods=["POST"], view_func=lambda: "")
    answers = [app.test_client().post("/new").status_code for _ in range(121)]
    assert (set(answers[:120]), answers[120]) == ({200}, 429)


def test_the_figures_that_an_owner_reads_are_the_ones_that_count(app: Flask) -> None:
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    for pace in {*limits.PACES.values(), limits.NEWCOMERS, limits.ANYTHING}:
        figures = (pace.name, pace.reader, pace.address, pace.network, pace.subject)
        assert f"| {' | '.join(figure or '–' for figure in figures)} |" in page
