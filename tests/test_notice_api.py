"""What one browser's reader was told, by the API, on the page without JavaScript, and as a feed: nobody else's."""

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from comments_service import form_tokens
from comments_service.database import db, now
from comments_service.mailing import mailboxes
from comments_service.noticing import listing, subscribing
from comments_service.tables import Follow, Mailbox, NoticeSettings, Outbox
from comments_service.web.limits import limiter
from comments_service.web.pages.notices import PLACE
from tests import post_office
from tests.conftest import PAPER, SECRET_KEY, Browser
from tests.desk import DESK
from tests.test_conversation import decide, published
from tests.test_noticing import reader_of, work
from tests.test_reader_contract import queries
from tests.test_tombstones import version

ARTICLE = {"key": "a1", "url": f"{PAPER}/a1"}


def test_a_reader_reads_marks_and_follows(ada: Browser, bob: Browser, outsider: Browser, engine: Engine) -> None:
    assert ada.ask("GET", "notices?key=a1").json == {"notices": [], "next": None, "unread": 0, "following": False}
    mine = published(ada, "mine")
    published(bob, "an **answer**", parent=mine, name="Bob")
    assert ada.ask("PUT", "following", ARTICLE).json == {"following": True}
    work(engine)
    answer = ada.ask("GET", "notices?key=a1&lang=de")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert (answer.json["unread"], answer.json["following"]) == (2, True)
    first = answer.json["notices"][0]
    assert first["text"] == f"Bob hat auf Ihren Kommentar zu „{PAPER}/a1“ geantwortet."
    assert first["url"].startswith(f"{DESK}/s/daily/c/")
    assert (first["key"], first["place"]) == ("a1", f"{PAPER}/a1#comment-{first['comment']}")
    with queries(engine) as sent:
        assert ada.ask("GET", "notices/unread").json == {"unread": 2}
    assert sent() == 2
    assert bob.ask("POST", "notices/read", {"notice": first["id"]}).status_code == 404
    assert ada.ask("POST", "notices/read", {"notice": first["id"]}).json == {"unread": 1}
    assert ada.ask("POST", "notices/read", {}).json == {"unread": 0}
    assert [row["key"] for row in ada.ask("GET", "following").json["conversations"]] == ["a1"]
    assert ada.ask("DELETE", "following?key=a1").json == {"following": False}
    assert ada.ask("DELETE", "following?key=nowhere").json == {"following": False}
    assert bob.ask("GET", "following").json == {"conversations": [], "next": None}
    assert outsider.ask("GET", "notices").json["notices"] == []


def test_a_thread_hears_of_it_with_what_is_its_readers_own(
    ada: Browser, bob: Browser, outsider: Browser, engine: Engine
) -> None:
    mine = published(ada, "mine")
    reply = published(bob, "an answer", parent=mine, name="<b>Bob</b>")
    ada.ask("PUT", "following", ARTICLE)
    work(engine)
    with queries(engine) as sent:
        overlay = ada.ask("GET", "me?key=a1").json
    assert (overlay["unread"], overlay["following"]) == (2, True)
    # One of them for both.
    assert sent() == 6
    # Of another conversation, the notices are the same.
    elsewhere = ada.ask("GET", "me?key=a2").json
    assert (elsewhere["unread"], elsewhere["following"]) == (2, False)
    for stranger in (Browser(ada.client, secret="D" * 43), outsider):
        overlay = stranger.ask("GET", "me?key=a1").json
        assert (overlay["unread"], overlay["following"]) == (0, False)
    # What became of a comment of one's own.
    assert bob.ask("GET", "me?key=a1").json["unread"] == 1
    assert outsider.ask("GET", "notices?key=a1").json["notices"] == []
    # A name is text; and of what is taken down, nothing is told.
    assert ada.ask("GET", "notices").json["notices"][0]["text"].startswith("<b>Bob</b> ")
    decide(reply, "rejected", version=version(reply))
    assert ada.ask("GET", "me?key=a1").json["unread"] == 1


def test_the_mails_speak_the_language_that_is_chosen_once_there_is_an_address(ada: Browser, bob: Browser) -> None:
    mine = published(ada, "mine")
    asked = ada.ask("GET", "notices/settings?lang=de").json
    assert asked["choices"][0] == {
        "value": "reply", "text": "Jemand antwortet mir", "times": [
            {"value": "now", "text": "Sofort"}, {"value": "hourly", "text": "Einmal in der Stunde"},
            {"value": "daily", "text": "Einmal am Tag"}, {"value": "never", "text": "Nie"},
        ],
    }  # fmt: skip
    assert asked["language"] is None
    assert {"value": "fr", "text": "Français"} in asked["languages"]
    mailbox = mailboxes.claim(db.session(), reader_of(mine), "ada@mail.example", language="en", at=now())
    mailboxes.verify(db.session(), mailbox, at=now())
    db.session.commit()
    assert ada.ask("PUT", "notices/settings", {"language": "fr"}).json["language"] == "fr"
    refused = ada.ask("PUT", "notices/settings", {"language": "tlh"})
    assert (refused.status_code, refused.json["field"]) == (422, "language")
    assert bob.ask("PUT", "notices/settings", {"language": "de"}).status_code == 401
    assert ada.ask("GET", "notices/settings").json["language"] == "fr"


def test_what_comes_by_mail_is_chosen_and_an_address_is_confirmed_first(
    ada: Browser, bob: Browser, engine: Engine
) -> None:
    published(ada, "mine")
    theirs = published(bob, "theirs")
    assert ada.ask("GET", "notices/settings").json["wishes"]["reply"] == "now"
    assert ada.ask("PUT", "notices/settings", {"wishes": {"reply": "daily"}}).json["wishes"]["reply"] == "daily"
    assert ada.ask("PUT", "notices/settings", {"wishes": {"reply": "weekly"}}).status_code == 422
    known = mailboxes.claim(db.session(), reader_of(theirs), "bob@mail.example", language="en", at=now())
    mailboxes.verify(db.session(), known, at=now())
    db.session.commit()
    told = {}
    # Somebody else's confirmed address, and one that nobody has given: no difference is to be seen, nor in the work.
    for address in ("bob@mail.example", "new@mail.example"):
        with queries(engine) as sent:
            answer = ada.ask("POST", "notices/address", {"address": address})
        told[address] = (answer.status_code, answer.json, answer.headers["Content-Length"], sent())
    assert told["bob@mail.example"] == told["new@mail.example"]
    assert len(db.session.scalars(select(Outbox).where(Outbox.event == "mail.confirm")).all()) == 2
    assert ada.ask("POST", "notices/address", {"address": "a@b\r\nBcc: c@d.example"}).status_code == 422
    statuses = [
        ada.ask("POST", "notices/address", {"address": f"a{n}@mail.example"}).status_code
        for n in range(subscribing.MOST_ADDRESSES)
    ]
    assert statuses == [202] * (subscribing.MOST_ADDRESSES - 2) + [422] * 2
    assert not any(row.verified_at for row in db.session.scalars(select(Mailbox).where(Mailbox.id != known.id)))


def form(client: FlaskClient, act: str, *, origin: str = DESK, **fields: str) -> tuple[int, str]:
    """Send one of the forms of the page."""
    token = form_tokens.issue("daily", PLACE, secret=SECRET_KEY, at=now() - timedelta(minutes=1))
    data = {"form_token": token, "act": act, **fields}
    path = "/s/daily/notices" + ("/address" if act == "address" else "")
    answer = client.post(path, base_url=DESK, data=data, headers={"Origin": origin})
    return answer.status_code, answer.text


def test_the_page_shows_all_of_it_and_its_forms_work_without_a_script(
    ada: Browser, bob: Browser, engine: Engine
) -> None:
    client = ada.client
    empty = client.get("/s/daily/notices", base_url=DESK)
    assert "Nothing yet" in empty.text
    assert empty.headers["Cache-Control"] == "private, no-store"
    published(bob, "so that there is an article")
    assert form(client, "follow", thread="a1", origin=PAPER)[0] == 403
    assert form(client, "follow", thread="nowhere")[0] == 404
    assert form(client, "nonsense")[0] == 422
    status, page = form(client, "follow", thread="a1")
    assert (status, "You follow this conversation." in page) == (200, True)
    published(bob, "news for who follows", name="<b>Bob</b>")
    work(engine)
    page = client.get("/s/daily/notices?thread=a1", base_url=DESK).text
    assert "&lt;b&gt;Bob&lt;/b&gt; wrote a comment on" in page
    assert 'class="unread"' in page
    assert form(client, "wishes", **{"wish-thread": "daily", "wish-reply": "never"})[0] == 200
    assert db.session.scalars(select(NoticeSettings.chosen)).one() == {"thread": "daily", "reply": "never"}
    assert form(client, "wishes", **{"wish-reply": "sometimes"})[0] == 422
    assert form(client, "address", address="nonsense")[0] == 422
    assert form(client, "address", address="ada@mail.example")[0] == 200
    assert 'class="unread"' not in form(client, "read")[1]
    assert form(client, "unfollow", thread="a1")[0] == 200
    assert db.session.scalars(select(Follow)).all() == []


def test_whether_an_address_is_somebodys_shows_in_no_answer_and_no_work(app: Flask, engine: Engine) -> None:
    post_office.mailbox("known@mail.example")
    found = []
    for number, who in enumerate(("known", "nobody")):
        browser = Browser(app.test_client(), secret=f"{number}" * 43)
        before = len(db.session.scalars(select(Outbox)).all())
        with queries(engine) as asked:
            answer = browser.ask("POST", "notices/address", {"address": f"{who}@mail.example"})
        letters = len(db.session.scalars(select(Outbox)).all()) - before
        found.append((answer.status_code, answer.json, letters, asked()))
    assert found[0] == found[1]
    assert found[0][:3] == (202, {"asked": True}, 1)


def test_no_form_has_mails_sent_at_another_pace_than_the_api(ada: Browser) -> None:
    limiter.enabled = True
    limiter.reset()
    asked = [form(ada.client, "address", address=f"r{number}@mail.example")[0] for number in range(11)]
    assert asked == [200] * 5 + [422] * 5 + [429], "five addresses of one reader, and ten tries a minute"
    limiter.reset()
    token = form_tokens.issue("daily", PLACE, secret=SECRET_KEY, at=now() - timedelta(minutes=1))
    around = ada.client.post(
        "/s/daily/notices", base_url=DESK, headers={"Origin": DESK},
        data={"form_token": token, "act": "address", "address": "x@mail.example"},
    )  # fmt: skip
    assert around.status_code == 422


def test_the_feed_opens_by_its_secret_alone_and_ends_with_it(ada: Browser, bob: Browser, engine: Engine) -> None:
    mine = published(ada, "mine")
    reply = published(bob, "an answer", parent=mine, name="Bob")
    decide(mine, "rejected", version=version(mine))
    work(engine)
    first = ada.ask("POST", "notices/feed").json["url"].removeprefix(DESK)
    answer = ada.client.get(first, base_url=DESK)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/atom+xml", "private, no-store")
    atom = "{http://www.w3.org/2005/Atom}"
    root = ET.fromstring(answer.data)  # noqa: S314 - our own answer
    assert [entry.findtext(f"{atom}title") for entry in root.iter(f"{atom}entry")] == [
        f"Your comment on “{PAPER}/a1” was not published.", f"Bob answered your comment on “{PAPER}/a1”.",
    ]  # fmt: skip
    assert reply in answer.text
    assert ada.client.get(first.replace("/daily/", "/other/"), base_url=DESK).status_code == 404
    second = ada.ask("POST", "notices/feed").json["url"].removeprefix(DESK)
    assert ada.client.get(first, base_url=DESK).status_code == 404
    assert ada.client.get(second, base_url=DESK).status_code == 200
    secret = re.sub(r".*/|\.atom", "", second)
    assert secret.encode() not in db.session.scalars(select(NoticeSettings.feed_digest)).one()  # type: ignore[operator]  # there is one
    assert ada.ask("DELETE", "notices/feed").status_code == 204
    assert ada.client.get(second, base_url=DESK).status_code == 404
    assert listing.unread(db.session(), reader_of(mine)) == 2
