"""What readers are told and how long things are kept is the owners' choice, and its journal says whose."""

import html
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from comments_service import retention
from comments_service.database import db
from comments_service.errors import Invalid
from comments_service.tables import Session, Site, SiteChange
from tests.conftest import Browser
from tests.desk import Desk, make_moderator, signed_in
from tests.pages import Page

DESK_PAGE = "/desk/sites/daily/privacy"
TOLD = f"{DESK_PAGE}/told"
SAID = {
    "consent": "By posting you accept <our> rules & ways.", "privacy_url": "https://paper.example/privacy?a=1&b=2",
    "terms_url": "http://paper.example/terms#here",
}  # fmt: skip
NOTHING = {"consent": None, "privacy_url": None, "terms_url": None}
WRITE = "/s/daily/t/a1/write?url=https://paper.example/a1"


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


def told(ada: Browser) -> dict[str, str | None]:
    """What everybody reads of it."""
    site = ada.ask("GET", "thread?key=a1").json["site"]
    return {name: site[name] for name in SAID}


def test_what_readers_are_told_is_written_at_the_desk_and_read_where_they_write(ann: Desk, ada: Browser) -> None:
    old = ada.ask("GET", "thread?key=a1")
    assert told(ada) == NOTHING
    assert 'target="_blank"' not in ada.client.get(WRITE).text
    typed = SAID | {"consent": " By posting you\r\naccept <our>  rules & ways. "}
    assert ann.post(TOLD, typed).location == f"{DESK_PAGE}?done=saved"
    assert ada.client.get("/api/v1/sites/daily/thread?key=a1", headers={"If-None-Match": old.headers["ETag"]}).json
    assert told(ada) == SAID
    page = Page(ada.client.get(WRITE).text)
    assert SAID["consent"] in page.words
    links = page.all("a", target="_blank", rel="noopener nofollow")
    assert [link["href"] for link in links] == [SAID["privacy_url"], SAID["terms_url"]]
    ann.post(TOLD, SAID)
    ann.post(TOLD, {})
    assert told(ada) == NOTHING
    rows = db.session.scalars(select(SiteChange).order_by(SiteChange.id)).all()
    empty = dict.fromkeys(SAID, "")
    assert [(row.what, row.before, row.after) for row in rows] == [
        ("disclosure", empty, SAID), ("disclosure", SAID, empty),
    ]  # fmt: skip
    journal = ann.get(DESK_PAGE).text
    assert "Consent line: " in Page(journal).words
    assert SAID["consent"] in html.unescape(journal)
    assert "<our>" not in journal


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("privacy_url", "javascript:alert(1)", "Write a whole web address"),
        ("privacy_url", "data:text/html,<script>alert(1)</script>", "Write a whole web address"),
        ("privacy_url", "//paper.example/privacy", "Write a whole web address"),
        ("terms_url", "https://user@paper.example/", "Write a whole web address"),
        ("terms_url", "https://paper.example/a b", "Write a whole web address"),
        ("terms_url", "https://paper.example/" + "x" * 10_000, "Write a whole web address"),
        ("consent", "x" * 301, "at most 300 characters"),
        ("consent", "<script>alert(1)</script>" * 400, "at most 300 characters"),
        ("consent", "a\u202eb", "at most 300 characters"),
    ],
)
def test_what_readers_cannot_be_told_stays_in_its_field(
    ann: Desk, ada: Browser, *, field: str, typed: str, reason: str
) -> None:
    answer = ann.post(TOLD, SAID | {field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert reason in answer.text
    assert typed in html.unescape(answer.text)
    assert "<script>alert" not in answer.text
    assert told(ada) == NOTHING
    assert db.session.scalars(select(SiteChange)).first() is None
    assert ann.get(DESK_PAGE).status_code == 200
