"""With an account, whom one mutes is kept by the service: in every browser, and out of what one is told."""

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from comments_service import erasing, muting
from comments_service.database import db, now
from comments_service.tables import Mute
from tests.conftest import Browser
from tests.test_conversation import published
from tests.test_noticing import reader_of, work
from tests.test_own_page import account


def test_whom_an_account_mutes_is_muted_in_its_other_browsers_and_told_of_no_more(
    app: Flask, bob: Browser, engine: Engine
) -> None:
    nora, elsewhere = account(app)
    mine = published(nora, "mine", name="Nora Reed")
    theirs = published(bob, "an answer", parent=mine, name="<b>Bob</b>")
    work(engine)
    assert nora.ask("GET", "me?key=a1").json["unread"] == 2
    for _ in range(2):
        assert nora.ask("PUT", f"comments/{theirs}/mute").status_code == 204
    sign = nora.ask("GET", "thread?key=a1").json["comments"][0]["replies"][0]["author"]
    muted = [{"author": sign, "name": "<b>Bob</b>"}]
    assert elsewhere.ask("GET", "mutes").json == {"muted": muted}
    told = elsewhere.ask("GET", "me?key=a1").json
    # What became of one's own comment is told all the same.
    assert (told["muted"], told["unread"]) == (muted, 1)
    assert [one["event"] for one in nora.ask("GET", "notices").json["notices"]] == ["approved"]
    assert elsewhere.ask("DELETE", "mutes/nobody").status_code == 204
    assert elsewhere.ask("DELETE", f"mutes/{sign}").status_code == 204
    assert nora.ask("GET", "me?key=a1").json["unread"] == 2


def test_a_guests_browser_keeps_that_itself_and_nobody_mutes_for_another(
    ada: Browser, bob: Browser, outsider: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    [nora] = account(ada.client.application, browsers=1)
    theirs, mine = published(bob, "theirs"), published(nora, "mine", name="Nora Reed")
    for stranger in (ada, bob, outsider):
        assert stranger.ask("PUT", f"comments/{theirs}/mute").status_code in {401, 404}
        assert stranger.ask("GET", "mutes").json == {"muted": []}
    assert nora.ask("PUT", f"comments/{mine}/mute").status_code == 422
    assert nora.ask("PUT", "comments/unknown/mute").status_code == 404
    monkeypatch.setattr(muting, "MOST", 1)
    assert nora.ask("PUT", f"comments/{theirs}/mute").status_code == 204
    assert nora.ask("PUT", f"comments/{published(ada, 'another')}/mute").status_code == 422
    assert ada.ask("GET", "me?key=a1").json["muted"] == []


def test_who_is_erased_mutes_nobody_and_is_muted_by_nobody(app: Flask, bob: Browser) -> None:
    [nora] = account(app, browsers=1)
    theirs = published(bob, "theirs")
    assert nora.ask("PUT", f"comments/{theirs}/mute").status_code == 204
    assert len(db.session.scalars(select(Mute)).all()) == 1
    erasing.begin(db.session(), reader_of(theirs), at=now())
    db.session.commit()
    assert db.session.scalars(select(Mute)).all() == []
