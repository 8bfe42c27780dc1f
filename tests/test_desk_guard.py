"""No route of the desk answers a stranger, a forged request or the outsider, and no GET changes anything."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from comments_service.database import Model, db, new_id, now
from comments_service.tables import Membership, Moderator, Session
from tests.conftest import PAPER
from tests.desk import DESK, FORM, UNSAFE, Desk, make_moderator, routes, signed_in

FORGERIES: dict[str, dict[str, str]] = {
    "no origin": FORM,
    "null": {**FORM, "Origin": "null"},
    "another site": {**FORM, "Origin": PAPER, "Sec-Fetch-Site": "cross-site"},
    "another site in an old browser": {**FORM, "Origin": PAPER},
    "a subdomain": {**FORM, "Origin": "http://evil.localhost:8000", "Sec-Fetch-Site": "same-site"},
    "another port": {**FORM, "Origin": "http://localhost:8001"},
    "https of the same host": {**FORM, "Origin": "https://localhost:8000"},
    "the address bar": {**FORM, "Sec-Fetch-Site": "none"},
    "a claim beside the fact": {**FORM, "Origin": DESK, "Sec-Fetch-Site": "cross-site"},
    "plain text": {"Sec-Fetch-Site": "same-origin", "Content-Type": "text/plain"},
    "json": {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"},
    "no type": {"Sec-Fetch-Site": "same-origin"},
}


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    return signed_in(app.test_client(), "ann")


@pytest.fixture
def bob(app: Flask, ann: Desk) -> Desk:
    make_moderator("bob", "Bob", daily="moderator")
    return signed_in(app.test_client(), "bob")


@pytest.fixture
def outsider(app: Flask, ann: Desk) -> Desk:
    make_moderator("olga", "Olga", other="owner")
    return signed_in(app.test_client(), "olga")


def everything() -> str:
    """One value for all rows of all tables."""
    db.session.rollback()
    tables = Model.metadata.sorted_tables
    rows = [(table.name, sorted(map(repr, db.session.execute(select(table)).all()))) for table in tables]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def send(desk: Desk, method: str, path: str, headers: dict[str, str]) -> Any:
    return desk.client.open(path, method=method, base_url=DESK, headers=headers)


def test_a_forged_request_reaches_no_route(app: Flask, ann: Desk) -> None:
    before, found = everything(), routes(app, *UNSAFE)
    assert len(found) > 15
    for name, headers in FORGERIES.items():
        for method, path in found:
            assert send(ann, method, path, headers).status_code == 403, (name, method, path)
    assert everything() == before


def test_a_form_without_its_token_reaches_no_route(app: Flask, ann: Desk, bob: Desk) -> None:
    before = everything()
    for token in ("", "0" * 64, bob.token(), "é", ann.token()[:-1]):
        for method, path in routes(app, *UNSAFE, public=False):
            headers = {**FORM, "Sec-Fetch-Site": "same-origin"}
            answer = ann.client.open(path, method=method, base_url=DESK, headers=headers, data={"csrf_token": token})
            assert answer.status_code == 403, (token, method, path)
    assert everything() == before


def test_an_old_browser_is_known_by_its_exact_origin(ann: Desk) -> None:
    form = {"csrf_token": ann.token(), "name": "Ann Archer"}
    answer = ann.client.post("/desk/account/name", base_url=DESK, data=form, headers={"Origin": DESK})
    assert answer.status_code == 303


def test_a_look_changes_nothing(app: Flask, ann: Desk) -> None:
    before = everything()
    for method, path in routes(app, "GET", "HEAD"):
        assert send(ann, method, path, {"Sec-Fetch-Site": "same-origin"}).status_code < 500, (method, path)
    assert everything() == before


def test_whoever_is_not_signed_in_is_asked_to(app: Flask) -> None:
    stranger = Desk(app.test_client())
    own = {**FORM, "Sec-Fetch-Site": "same-origin"}
    for method, path in routes(app, "GET", *UNSAFE, public=False):
        answer = send(stranger, method, path, own)
        assert answer.status_code == 303, (method, path)
        assert answer.location.startswith("/desk/sign-in"), (method, path)
        fetched = send(stranger, method, path, {**own, "Sec-Fetch-Dest": "empty"})
        assert (fetched.status_code, fetched.mimetype) == (401, "application/problem+json"), (method, path)


def test_the_routes_that_answer_strangers_are_few_and_known(app: Flask) -> None:
    assert {path for _, path in routes(app, "GET", *UNSAFE, public=True)} == {
        "/desk/sign-in", "/desk/sign-in/code", f"/desk/once/{'A' * 43}", f"/desk/invitation/{'A' * 43}",
    }  # fmt: skip


def test_a_site_of_somebody_else_is_not_there(app: Flask, outsider: Desk) -> None:
    before = everything()
    found = [route for route in routes(app, "GET", *UNSAFE) if "/daily" in route[1]]
    assert len(found) > 10
    for method, path in found:
        answer = outsider.client.open(
            path, method=method, base_url=DESK, data={"csrf_token": outsider.token(), "role": "owner", "name": "x"},
            headers={"Sec-Fetch-Site": "same-origin", **FORM},
        )  # fmt: skip
        assert answer.status_code == 404, (method, path)
        assert "The Daily" not in answer.text
    assert everything() == before


@pytest.mark.parametrize(
    "path", ["", "/people", "/people/{id}/role", "/people/{id}/remove", "/people/{id}/link", "/tokens",
             "/tokens/{id}/revoke", "/page-key"],
)  # fmt: skip
def test_a_moderator_changes_no_site(bob: Desk, path: str) -> None:
    before = everything()
    path = f"/desk/sites/daily{path.format(id=new_id())}"
    assert bob.post(path, {"name": "Mine", "role": "owner", "origins": "https://evil.example"}).status_code == 403
    assert bob.post("/desk/sites/new", {"name": "Mine", "key": "mine"}).status_code == 403
    assert everything() == before


def test_a_role_counts_at_the_next_click_whatever_tab_is_open(ann: Desk, bob: Desk) -> None:
    token = ann.token()
    db.session.execute(update(Membership).where(Membership.role == "owner").values(role="moderator"))
    db.session.commit()
    form = {"csrf_token": token, "name": "The Daily", "origins": PAPER, "moderation": "pre"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert ann.client.post("/desk/sites/daily", base_url=DESK, data=form, headers=headers).status_code == 403
    assert ann.get("/desk/sites/daily/tokens").status_code == 403
    db.session.execute(Model.metadata.tables["memberships"].delete())
    db.session.commit()
    assert ann.client.post("/desk/sites/daily", base_url=DESK, data=form, headers=headers).status_code == 404
    assert ann.get("/desk/sites/daily").status_code == 404


def test_a_copied_cookie_is_worth_nothing_after_the_sign_out(app: Flask, ann: Desk) -> None:
    cookie = ann.client.get_cookie("session")
    assert cookie is not None
    out = ann.post("/desk/sign-out")
    assert out.location == "/desk/sign-in"
    assert out.headers["Clear-Site-Data"] == '"cache"'
    assert ann.client.get_cookie("session") is None
    thief = Desk(app.test_client())
    thief.client.set_cookie("session", cookie.value)
    assert thief.get("/desk/account").location == "/desk/sign-in?next=/desk/account"


@pytest.mark.parametrize("change", [{"seen_at": timedelta(minutes=30)}, {"created": timedelta(hours=12)}])
def test_a_session_runs_out(ann: Desk, change: dict[str, timedelta]) -> None:
    assert ann.get("/desk/account").status_code == 200
    db.session.execute(update(Session).values({name: now() - ago for name, ago in change.items()}))
    db.session.commit()
    assert ann.get("/desk/account").status_code == 303


def test_a_disabled_moderator_is_out_at_the_next_click(ann: Desk) -> None:
    db.session.execute(update(Moderator).values(disabled_at=now()))
    db.session.commit()
    assert ann.get("/desk/account").status_code == 303


def test_a_readers_secret_opens_nothing_at_the_desk(app: Flask, ada: Any) -> None:
    assert ada.post("Hello").status_code in {201, 202}
    stranger = app.test_client()
    stranger.set_cookie("session", ada.secret)
    answer = stranger.get("/desk/account", base_url=DESK, headers={"Authorization": f"Bearer {ada.secret}"})
    assert answer.status_code == 303


def test_the_desks_cookie_is_nobody_to_the_readers_api(ann: Desk) -> None:
    cookie = ann.client.get_cookie("session")
    assert cookie is not None
    for headers in ({"Origin": PAPER}, {"Origin": PAPER, "Authorization": f"Bearer {cookie.value}"}):
        me = ann.client.get("/api/v1/sites/daily/me?key=a1", base_url=DESK, headers=headers)
        assert me.get_json().get("name") is None
        assert me.get_json().get("comments", []) == []
    wrong = ann.client.put(
        "/api/v1/articles/a1", base_url=DESK, json={"url": PAPER, "title": "A"}, headers={"Authorization": cookie.value}
    )
    assert wrong.status_code == 401
