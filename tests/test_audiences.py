"""What counts in one place is nothing in the other: readers' secrets at the desk, the desk's cookies at the API."""

import re
from typing import Any

from flask import Flask

from comments_service import staff
from comments_service.database import db, now
from tests.conftest import PAPER
from tests.desk import DESK, FORM, GOOD, UNSAFE, Desk, routes, signed_in, with_password
from tests.test_desk_guard import everything
from tests.test_second_factor import give
from tests.test_site_matrix import World, account, api_token, asked, body_of, path_of, world

__all__ = ["world"]
NEVER_THE_SAME = re.compile(r'"(token|request_id)":"[^"]*"')
READERS = ("reader_api.", "session_api.", "article_api.", "public_api.")


def told(answer: Any) -> tuple[int, str]:
    """What an answer says, but for what no two answers share."""
    return answer.status_code, NEVER_THE_SAME.sub("", answer.text)


def test_no_secret_of_a_reader_or_a_server_and_no_half_session_opens_a_route_of_the_desk(
    app: Flask, world: World
) -> None:
    with_password(staff.by_login(db.session(), "ann"))
    give("ann", at=now())
    half = Desk(app.test_client())
    half.post("/desk/sign-in", {"login": "ann", "password": GOOD})
    cookie = half.client.get_cookie("code")
    assert cookie is not None
    before = everything()
    for secret in ("A" * 43, account(app), api_token("daily"), cookie.value):
        before = everything()
        thief = app.test_client()
        for name in ("session", "code"):
            if secret != cookie.value or name == "session":
                thief.set_cookie(name, secret)
        headers = {**FORM, "Sec-Fetch-Site": "same-origin", "Authorization": f"Bearer {secret}"}
        for method, path in routes(app, "GET", *UNSAFE, public=False):
            answer = thief.open(path, method=method, base_url=DESK, headers=headers, data={"csrf_token": "0" * 64})
            assert answer.location.startswith("/desk/sign-in"), (secret, method, path)
        assert everything() == before


def test_the_desks_cookie_changes_no_answer_of_the_api_and_its_secret_is_nobodys_token(
    app: Flask, world: World
) -> None:
    desk = signed_in(app.test_client(), "ann")
    cookie = desk.client.get_cookie("session")
    assert cookie is not None
    seen = 0
    for rule, method in asked(app):
        if not rule.endpoint.startswith(READERS):
            continue
        seen += 1
        path, body = path_of(rule, world.ids), body_of(rule)
        for headers in ({"Origin": PAPER}, {"Origin": PAPER, "Sec-Fetch-Site": "same-origin"}):
            ask: dict[str, Any] = {"method": method, "json": body, "headers": headers, "base_url": DESK}
            assert told(desk.client.open(path, **ask)) == told(app.test_client().open(path, **ask)), (method, path)
        if rule.endpoint.startswith("article_api."):
            bearer = {"Authorization": f"Bearer {cookie.value}"}
            answer = app.test_client().open(path, method=method, json=body, headers=bearer, base_url=DESK)
            assert answer.status_code == 401, (method, path)
    assert seen > 20
