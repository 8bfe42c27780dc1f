"""New, verified, trusted: counted from the record, shown with the reason, and good for a rule."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from comments_service import levels, rules
from comments_service.database import db, now
from comments_service.levels import NEW, TRUSTED, VERIFIED, Record
from comments_service.tables import Reader, Site
from tests.conftest import Browser
from tests.desk import make_moderator, signed_in
from tests.test_conversation import published
from tests.test_site_matrix import account

MONTH = timedelta(days=30)


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        ((timedelta(0), 0, 0, False), NEW), ((timedelta(0), 0, 0, True), VERIFIED),
        ((MONTH, 10, 1, False), TRUSTED), ((MONTH, 10, 1, True), TRUSTED),
        ((MONTH - timedelta(seconds=1), 10, 0, True), VERIFIED), ((MONTH, 9, 0, False), NEW),
        ((MONTH, 10, 2, False), NEW), ((MONTH, 1000, 101, True), VERIFIED), ((MONTH, 1000, 100, False), TRUSTED),
        ((-MONTH, 10, 0, False), NEW), ((10 * MONTH, 0, 0, False), NEW), ((MONTH, 0, 5, True), VERIFIED),
    ],
)  # fmt: skip
def test_a_level_follows_from_the_record_alone(record: tuple[timedelta, int, int, bool], wanted: str) -> None:
    age, approved, rejected, verified = record
    found = levels.level(Record(age=age, approved=approved, rejected=rejected, verified=verified))
    assert found == wanted
    assert levels.REASONS[found].endswith(".")
    assert rules.NEW == NEW


def test_links_of_new_readers_wait_where_the_site_wants_it(app: Flask, ada: Browser, outsider: Browser) -> None:
    make_moderator("ann", "Ann", daily="owner")
    ann = signed_in(app.test_client(), "ann")
    settings = {"name": "The Daily", "origins": "https://paper.example", "moderation": "post", "language": "en"}
    assert ann.post("/desk/sites/daily", settings | {"hold_new_links": "on"}).status_code == 303
    assert 'name="hold_new_links" checked' in ann.get("/desk/sites/daily").text
    db.session.scalars(select(Site).where(Site.key == "other")).one().moderation = "post"
    db.session.commit()
    said = "Look at https://example.org"
    held = ada.post(said)
    assert held.status_code == 202
    assert held.json["comment"]["status"] == "held"
    assert ada.post("No link at all").status_code == 201
    assert outsider.post(said).status_code == 201
    card = ann.get(f"/desk/comments/daily/{held.json['comment']['id']}").text
    assert "It holds a link, and its reader is new." in card
    assert levels.REASONS[NEW] in card
    # Somebody whom an account vouches for, and somebody with a record, need not wait.
    assert Browser(app.test_client(), secret=account(app)).post(said).status_code == 201
    reader = db.session.scalars(select(Reader).join(Site, Site.id == Reader.site_id).where(Reader.name == "Ada")
                                .where(Site.key == "daily")).one()  # fmt: skip
    reader.created, reader.approved = now() - MONTH, 10
    db.session.commit()
    trusted = ada.post("And at https://example.org/other")
    assert trusted.status_code == 201
    assert levels.REASONS[TRUSTED] in ann.get(f"/desk/comments/daily/{trusted.json['comment']['id']}").text
    assert ann.post("/desk/sites/daily", settings).status_code == 303
    assert 'name="hold_new_links" checked' not in ann.get("/desk/sites/daily").text


def test_a_card_tells_the_level_of_its_own_reader(app: Flask, ada: Browser) -> None:
    make_moderator("mia", "Mia", daily="moderator")
    mine = published(ada, "Hello")
    card = signed_in(app.test_client(), "mia").get(f"/desk/comments/daily/{mine}").text
    assert levels.REASONS[NEW] in card
    assert levels.REASONS[TRUSTED] not in card
