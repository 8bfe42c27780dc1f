"""Print how long it takes to ask about somebody who is known, and about nobody: the times must tell no difference.

usage: .venv/bin/python benchmarks/enumeration.py [--tries 200] [--database URL]

`--database` is an empty database of PostgreSQL; without it, all is on SQLite in a temporary folder. Known and unknown
take turns, so that both see the same machine.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, delete
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from comments_service import passwords
from comments_service.app import create_app
from comments_service.lookalikes import skeleton
from comments_service.mail_server import MailServer
from comments_service.migrating import upgrade
from comments_service.settings import Settings
from comments_service.tables import Mailbox, Moderator, Reader, SignInTry, Site
from comments_service.web.limits import limiter

SECRET = "0123456789abcdef" * 4
ORIGIN = "https://paper.example"
SERVICE = "http://localhost:8000"
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
# Of the difference between the two medians.
AIM_MS = 10.0
Ask = Callable[[str], TestResponse]


def main() -> None:
    """Print both times of each question, and how far they are apart."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tries", type=int, default=200)
    parser.add_argument("--database")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{folder}/comments.sqlite"
        upgrade(url)
        engine = create_engine(url)
        fill(engine, asked.tries)
        client = service(url)
        apart = [
            compare("a code for signing in, by address", asked.tries, lambda who: code(client, who)),
            compare("a mail that confirms, by address", asked.tries, lambda who: confirmation(client, who)),
            compare("the desk, by login", asked.tries, lambda who: desk(client, engine, who)),
        ]
        engine.dispose()
    print(f"furthest apart {max(apart):.1f} ms   ≤ {AIM_MS:.0f} ms")


def fill(engine: Engine, tries: int) -> None:
    """A site with so many readers who have confirmed an address, and as many moderators with a password."""
    hashed = passwords.digest("four green kettles at noon")
    with Session(engine) as session:
        site = Site(key="daily", name="The Daily", origins=[ORIGIN], banned_words=[], held_words=[], mail=True)
        session.add(site)
        session.flush()
        for number in range(tries):
            name = f"known{number}"
            reader = Reader(site_id=site.id, name=name, created=BEGUN, approved=0, rejected=0)
            session.add(reader)
            session.flush()
            session.add(
                Mailbox(
                    site_id=site.id, reader_id=reader.id, address=f"{name}@mail.example", language="en",
                    created=BEGUN, verified_at=BEGUN,
                )
            )  # fmt: skip
            session.add(
                Moderator(login=name, name=name, skeleton=skeleton(name), password_hash=hashed, created=BEGUN)
            )
        session.commit()


def service(url: str) -> FlaskClient:
    """The service in this process: no socket is in the times. No mail leaves, as no worker runs."""
    mail = MailServer(host="127.0.0.1", port=9, tls="no")
    app = create_app(
        Settings(
            secret_key=SECRET, database_url=url, public_url=SERVICE, mail_url=mail, mail_from="comments@paper.example",
            mail_hourly=1_000_000, log_level="error",
        )
    )  # fmt: skip
    # One machine asks faster than any may.
    limiter.enabled = False
    return app.test_client()


def compare(what: str, tries: int, ask: Ask) -> float:
    """Ask about known and unknown in turn; by how many milliseconds their medians differ."""
    known, unknown = list[float](), list[float]()
    timed(ask, "nobody-yet")  # what is made once
    for number in range(tries):
        known.append(timed(ask, f"known{number}"))
        unknown.append(timed(ask, f"nobody{number}"))
    one, other = statistics.median(known), statistics.median(unknown)
    print(f"{what:<36} known {one:7.2f} ms   unknown {other:7.2f} ms   apart {abs(one - other):5.2f} ms", flush=True)
    return abs(one - other)


def timed(ask: Ask, who: str) -> float:
    """The milliseconds that a question took."""
    begun = time.perf_counter()
    answer = ask(who)
    taken = (time.perf_counter() - begun) * 1000
    if answer.status_code not in {200, 202, 401}:
        raise SystemExit(f"it was answered {answer.status_code}: {answer.text}")
    return taken


def code(client: FlaskClient, who: str) -> TestResponse:
    """Ask for a code."""
    asked = {"email": f"{who}@mail.example", "page": f"{ORIGIN}/a1"}
    return client.post("/api/v1/sites/daily/session/mail", json=asked, headers={"Origin": ORIGIN})


def confirmation(client: FlaskClient, who: str) -> TestResponse:
    """Give an address for notices, each time from a browser of its own, as one has five at most."""
    headers = {"Origin": ORIGIN, "Authorization": f"Bearer {who:x>43}"}
    asked = {"address": f"{who}@mail.example"}
    return client.post("/api/v1/sites/daily/notices/address", json=asked, headers=headers)


def desk(client: FlaskClient, engine: Engine, who: str) -> TestResponse:
    """Try a password that is wrong, as if it were the first try from here."""
    with Session(engine) as session:
        session.execute(delete(SignInTry))
        session.commit()
    form = {"login": who, "password": "not the one that it is"}
    return client.post("/desk/sign-in", base_url=SERVICE, data=form, headers={"Sec-Fetch-Site": "same-origin"})


if __name__ == "__main__":
    main()
