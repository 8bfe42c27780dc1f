"""A reader's own page without JavaScript: what it shows, what its forms do, and who cannot send them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from comments_service import form_tokens
from comments_service.database import db, now
from comments_service.tables import Erasure, Reader, Session
from tests.conftest import PAPER
from tests.pages import Page, Plain
from tests.test_pages_writing import WRITE, wrote

ME = "/s/daily/me"


@pytest.fixture
def reader(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Plain:
    """Somebody who has written one comment on these pages."""
    monkeypatch.setattr(form_tokens, "USABLE_IN", timedelta(0))
    plain = Plain(app.test_client())
    assert plain.get(WRITE).text.count(ME) == 1
    assert wrote(plain, "My *words*", name="Ada").status_code == 202
    return plain


def do(reader: Plain, act: str, **fields: str) -> tuple[int, str]:
    """Send one form of the page; its status, and the words that it then shows."""
    token = Page(reader.get(ME).text).all("input", name="form_token")[0]["value"]
    answer = reader.post(ME, {"act": act, "form_token": token} | fields)
    return answer.status_code, " ".join(Page(answer.text).words.split())


def test_the_page_shows_what_there_is_and_is_kept_by_nobody(app: Flask, reader: Plain) -> None:
    answer = reader.get(ME)
    words = " ".join(Page(answer.text).words.split())
    for said in ("Here you are Ada", "My words", "Waiting for a moderator", "This browser", "in this browser alone"):
        assert said in words
    assert answer.headers["Cache-Control"] == "private, no-store"
    stranger = Plain(app.test_client()).get(ME)
    assert (stranger.status_code, "nothing of you here yet" in stranger.text) == (200, True)
    assert "My" not in stranger.text
    assert reader.get("/s/other/me").text.count("nothing of you here yet") == 1
    data = reader.get(f"{ME}/data?format=csv")
    assert (data.mimetype, "My *words*" in data.text) == ("text/csv", True)
    assert data.headers["Cache-Control"] == "private, no-store"
    assert Plain(app.test_client()).get(f"{ME}/data").status_code == 401


def test_its_forms_do_what_they_say(reader: Plain) -> None:
    assert do(reader, "rename", name="Countess")[0] == 200
    assert db.session.scalars(select(Reader.name)).one() == "Countess"
    status, words = do(reader, "rename", name="\u200b")
    assert (status, "Give a name" in words) == (422, True)
    first = db.session.scalars(select(Session)).one()
    other = Session(
        purpose="reader", audience=first.audience, site_id=first.site_id, reader_id=first.reader_id, digest=b"x" * 32,
        origin=PAPER, created=now(), seen_at=now(),
    )  # fmt: skip
    db.session.add(other)
    db.session.commit()
    assert "A browser" in reader.get(ME).text
    assert "You are signed out there." in do(reader, "end", session=other.id)[1]
    assert do(reader, "end", session=first.reader_id or "")[0] == 404
    db.session.execute(update(Session).values(revoked_at=None))
    db.session.commit()
    assert "You are signed out everywhere else." in do(reader, "end_others")[1]
    assert do(reader, "leave")[0] == 422
    assert "You will be erased on" in do(reader, "leave", way="removal")[1]
    assert "You stay" in do(reader, "stay")[1]
    assert db.session.scalars(select(Erasure)).all() == []


def test_no_form_counts_that_did_not_stand_there(app: Flask, reader: Plain) -> None:
    token = Page(reader.get(ME).text).all("input", name="form_token")[0]["value"]
    good = {"act": "leave", "way": "removal", "form_token": token}
    for headers in ({"Origin": PAPER}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": "", "Sec_Fetch_Site": ""}):
        assert reader.post(ME, good, **headers).status_code == 403
    write = Page(reader.get(WRITE).text).all("input", name="form_token")[0]["value"]
    for bad in ({"form_token": "x"}, {"form_token": write}, {"act": "erase"}, {"act": ""}):
        assert reader.post(ME, good | bad).status_code == 422
    assert Plain(app.test_client()).post(ME, good).status_code == 401
    assert db.session.scalars(select(Erasure)).all() == []
    assert reader.post(ME, good).status_code == 200
    assert reader.post(ME, good).status_code == 422


def test_who_is_not_known_any_more_begins_anew_with_the_same_form(reader: Plain) -> None:
    first = db.session.scalars(select(Reader.id)).one()
    form = reader.get(WRITE)
    db.session.execute(update(Session).where(Session.reader_id == first).values(revoked_at=now()))
    db.session.commit()
    assert reader.submit(form, WRITE, name="Ada", body="Not lost").status_code == 202
    assert len(db.session.scalars(select(Reader.id)).all()) == 2
