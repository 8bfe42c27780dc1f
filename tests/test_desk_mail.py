"""An owner sees what could not be sent and why, tries it again or drops it, and never sees whose address it was."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from comments_service.database import db
from comments_service.mailing import delivering
from comments_service.tables import Outbox
from comments_service.web.desk import mail
from tests.desk import Desk, make_moderator, signed_in
from tests.outbox import NOON
from tests.post_office import mailbox, office, plain, put, row, settings, work

PATH = "/desk/sites/daily/mail"


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    return signed_in(app.test_client(), "ann")


@pytest.fixture
def letter(engine: Engine) -> str:
    """One that was given up."""
    with office() as server:
        server.replies["DATA"] = ["554 5.7.1 canary@mail.example smells"]
        [found] = put(mailbox("canary@mail.example", verified=False), "mail.confirm")
        work(engine, settings(plain(server)))
    return found


def test_nothing_is_listed_while_all_is_well_and_that_mail_is_off_is_said(ann: Desk) -> None:
    page = ann.get(PATH).text
    assert "Nothing was given up." in page
    assert "Set MAIL_URL" in page


def test_what_was_given_up_stands_with_its_reason_and_no_address(ann: Desk, letter: str) -> None:
    page = ann.get(PATH).text
    assert "The confirmation of an address" in page
    assert "The mail server refused the mail." in page
    assert "canary" not in page
    assert letter in page


def test_it_is_tried_again(ann: Desk, engine: Engine, letter: str) -> None:
    answer = ann.post(f"{PATH}/{letter}/retry")
    assert answer.headers["Location"] == f"{PATH}?done=retried"
    assert (row(letter).dead_at, row(letter).attempts) == (None, 0)
    with office() as server:
        work(engine, settings(plain(server)), at=row(letter).due_at)
    # Its confirmation was asked for nine months ago: that is not sent any more.
    assert row(letter).cancelled_at is not None


def test_it_is_dropped(ann: Desk, engine: Engine, letter: str) -> None:
    assert ann.post(f"{PATH}/{letter}/drop").status_code == 303
    with office() as server:
        work(engine, settings(plain(server)))
    assert server.mails == []
    assert "Nothing was given up." in ann.get(PATH).text


def test_only_what_was_given_up_on_this_site_can_be_touched(ann: Desk, letter: str) -> None:
    make_moderator("ann", "Ann", other="owner")
    assert ann.post(f"/desk/sites/other/mail/{letter}/drop").status_code == 404
    assert ann.post(f"{PATH}/{letter}/drop").status_code == 303
    assert ann.post(f"{PATH}/{letter}/retry").status_code == 404
    assert row(letter).dead_at is None


def test_an_event_of_no_known_kind_is_named_by_its_code(ann: Desk, site_id: str) -> None:
    db.session.add(Outbox(site_id=site_id, event="comment.held", payload={}, due_at=NOON, dead_at=NOON))
    db.session.commit()
    page = ann.get(PATH).text
    assert "<code>comment.held</code>" in page
    assert "only the log knows" in page


def test_every_trouble_that_can_be_kept_has_its_sentence() -> None:
    # What concerns the address alone ends the letter.
    assert set(mail.TROUBLES) == delivering.OF_THE_SERVER | delivering.OF_THE_MAIL
