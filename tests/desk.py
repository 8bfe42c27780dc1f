"""A moderator's browser, and the people of the desk."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from comments_service import desk_sessions, reading, signing_in, staff
from comments_service.database import db, new_id, now
from comments_service.errors import Refused
from comments_service.staff import Staff
from comments_service.tables import Moderator, Site
from comments_service.web.desk import guard

DESK = "http://localhost:8000"
BROWSER = {"device": "Firefox on Linux", "origin": "https://desk.example"}
GOOD = "four green kettles at noon"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"')


@dataclass
class Desk:
    """One browser at the desk, with the headers that it sends by itself."""

    client: FlaskClient

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, base_url=DESK, headers={"Sec-Fetch-Site": "same-origin", **headers})

    def post(self, path: str, form: dict[str, Any] | None = None) -> Any:
        """Send a form of a page, with its token."""
        data = {"csrf_token": self.token(), **(form or {})}
        return self.client.post(path, base_url=DESK, data=data, headers={"Sec-Fetch-Site": "same-origin"})

    def token(self) -> str:
        """What the forms of this browser's pages carry; nothing before somebody is signed in."""
        found = TOKEN.search(self.get("/desk/account").text)
        return found[1] if found else ""


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
    headers = {"Sec-Fetch-Site": "same-origin", **FORM}
    assert client.post(link_for(login), base_url=DESK, headers=headers).status_code == 303
    return Desk(client)


def join(site: Site, login: str, role: str) -> Moderator:
    """A new member of a site."""
    person, _ = staff.add(db.session(), site, login=login, name=login.title(), role=role, at=now())
    db.session.commit()
    return person


def come_by_link(person: Moderator) -> str:
    """The secret of a session that a link has opened."""
    token = signing_in.make_link(db.session(), person, at=now())
    secret = signing_in.by_link(db.session(), token, **BROWSER, at=now())
    db.session.commit()
    return secret


def at_desk(secret: str) -> Staff:
    """Who is behind a secret that counts."""
    found = desk_sessions.find(db.session(), secret, at=now())
    assert found is not None
    return found


def with_password(person: Moderator) -> Moderator:
    """The same person, who has set a good password."""
    signing_in.set_password(db.session(), at_desk(come_by_link(person)), old="", new=GOOD, at=now())
    db.session.commit()
    return person


def together(engine: Engine, *calls: Callable[[Session], object]) -> list[object]:
    """What each call gave or raised, all of them begun at the same moment in transactions of their own."""
    start = threading.Barrier(len(calls))
    answers: list[object] = [None] * len(calls)

    def run(number: int) -> None:
        with Session(engine) as session:
            start.wait()
            try:
                answers[number] = calls[number](session)
                session.commit()
            except Refused as refused:
                answers[number] = refused

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def routes(app: Flask, *methods: str, public: bool | None = None) -> list[tuple[str, str]]:
    """Every method and address of the desk on the site daily, with ids that could be."""
    return [
        (method, _address(rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("desk.") and public in {None, guard.is_public(app.view_functions[rule.endpoint])}
        for method in sorted((rule.methods or set()) & set(methods))
    ]


def _address(rule: Rule) -> str:
    known = {"site_key": "daily", "token": "A" * 43, "rest": "nowhere"}
    built = rule.build({name: known.get(name) or new_id() for name in rule.arguments})
    assert built is not None
    return built[1]
