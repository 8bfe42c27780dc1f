"""A moderator's browser, and the people of the desk."""

import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

from comments_service import reading, signing_in, staff
from comments_service.database import db, now

DESK = "http://localhost:8000"
TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"')


@dataclass
class Desk:
    """One browser at the desk, with the headers that it sends by itself."""

    client: FlaskClient

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, base_url=DESK, headers={"Sec-Fetch-Site": "same-origin", **headers})

    def post(self, path: str, form: dict[str, Any] | None = None, *, page: str = "/desk/account") -> Any:
        """Send a form; its token is read off `page` when somebody is signed in."""
        token = TOKEN.search(self.get(page).text)
        data = {"csrf_token": token[1] if token else "", **(form or {})}
        return self.client.post(path, base_url=DESK, data=data, headers={"Sec-Fetch-Site": "same-origin"})


def make_moderator(login: str, name: str, **roles: str) -> None:
    """A moderator with roles on sites, such as daily="owner"."""
    for site_key, role in roles.items():
        site = reading.site(db.session(), site_key)
        staff.add(db.session(), site, login=login, name=name, role=role, at=now())
    db.session.commit()


def link_for(login: str) -> str:
    """The path of a new one-time link."""
    token = signing_in.make_link(db.session(), staff.by_login(db.session(), login), at=now())
    db.session.commit()
    return f"/desk/once/{token}"


def signed_in(client: FlaskClient, login: str) -> Desk:
    """A browser that has come by a link."""
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(link_for(login), base_url=DESK, headers=headers).status_code == 303
    return Desk(client)
