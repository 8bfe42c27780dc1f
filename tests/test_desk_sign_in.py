"""Into the desk by password or by a link that works once, and out of it again."""

import pytest
from flask import Flask

from tests.desk import Desk, link_for, make_moderator


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    return Desk(app.test_client())


def test_a_link_signs_in_once_and_only_by_its_button(ann: Desk, app: Flask) -> None:
    path = link_for("ann")
    assert "Sign in" in ann.get(path).text
    assert ann.get("/desk/account").status_code == 303
    assert ann.post(path).status_code == 303
    assert ann.get("/desk/sign-in").location == "/desk/queue"
    stranger = Desk(app.test_client())
    assert stranger.post(path).status_code == 404
    assert stranger.get("/desk").location == "/desk/sign-in"
