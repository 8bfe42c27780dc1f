"""How long things are kept is the owners' choice, within limits, and its journal says whose."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from comments_service import retention
from comments_service.database import db
from comments_service.errors import Invalid
from comments_service.tables import Session, Site, SiteChange
from tests.desk import Desk, make_moderator, signed_in

DESK_PAGE = "/desk/sites/daily/privacy"


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    return signed_in(app.test_client(), "ann")


def form(**changed: str) -> dict[str, str]:
    return {term.name: str(term.days) for term in retention.CHOSEN} | changed


def test_an_owner_chooses_and_the_journal_says_who(ann: Desk) -> None:
    said = ann.get(DESK_PAGE).text
    assert all(f'name="{term.name}" value="{term.days}"' in said for term in retention.CHOSEN)
    assert "Nobody has changed anything yet." in said
    assert ann.post(DESK_PAGE, form(notices="30", sent="90")).status_code == 303
    assert ann.post(DESK_PAGE, form(notices="30", sent="90")).status_code == 303
    assert ann.post(DESK_PAGE, form(notices="30")).status_code == 303
    site = db.session.scalars(select(Site).where(Site.key == "daily")).one()
    assert site.retention == {"notices": 30}
    rows = db.session.scalars(select(SiteChange).order_by(SiteChange.id)).all()
    assert [(row.before, row.after) for row in rows] == [
        ({"notices": 91, "sent": 7}, {"notices": 30, "sent": 90}), ({"sent": 90}, {"sent": 7}),
    ]  # fmt: skip
    said = ann.get(DESK_PAGE).text
    assert "Notices to readers: 91 → 30 days" in said
    assert "usually 91" in said


def test_what_is_no_number_of_days_changes_nothing(ann: Desk) -> None:
    for typed in ("", "6", "366", "-7", "7.5", "1e2", "٣٠", "30 OR 1=1", "99999", "0x1f"):
        with pytest.raises(Invalid):
            retention.read(form(notices=typed))
    answer = ann.post(DESK_PAGE, form(notices="<b>", sent="90"))
    assert answer.status_code == 422
    assert "Give a number of days from 7 to 365." in answer.text
    assert 'name="sent" value="90"' in answer.text
    assert "<b>" not in answer.text
    assert db.session.scalars(select(SiteChange)).first() is None


def test_who_was_not_asked_lately_proves_who_it_is(ann: Desk) -> None:
    for row in db.session.scalars(select(Session).where(Session.purpose == "desk")):
        row.created -= timedelta(hours=1)
    db.session.commit()
    assert ann.get(DESK_PAGE).status_code == 200
    assert ann.post(DESK_PAGE, form(notices="30")).status_code == 403
    assert db.session.scalars(select(SiteChange)).first() is None
