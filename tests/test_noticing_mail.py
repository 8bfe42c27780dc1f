"""A mail tells notices: one, or several together, to a confirmed address, and nothing that is not so any more."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update

from comments_service import moderating, notifying
from comments_service.database import db, now
from comments_service.mailing import mailboxes, sending
from comments_service.noticing import gathering, telling, wishes
from comments_service.noticing.telling import News
from comments_service.tables import Mailbox, Mute, Notice, Outbox, Reader, Site
from tests.conftest import Browser
from tests.outbox import at_once
from tests.post_office import Office, office, plain, settings
from tests.test_conversation import MIA, published, site
from tests.test_noticing import reader_of, work
from tests.test_tombstones import version

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def subscribe(reader: Reader, address: str = "ada@mail.example", language: str = "en") -> Mailbox:
    box = mailboxes.claim(db.session(), reader, address, language=language, at=now())
    mailboxes.verify(db.session(), box, at=now())
    db.session.commit()
    return box


def choose(reader: Reader, **chosen: str) -> None:
    wishes.choose(db.session(), reader.site_id, reader.id, chosen, at=now())
    db.session.commit()


def post_round(engine: Engine, server: Office, *, at: datetime) -> list[str]:
    """One visit of the worker; the subjects of all mails so far."""
    found = sending.sinks(engine, settings(plain(server), mail_reply_to="desk@paper.example"))
    while gathering.gather(engine, at=at):
        pass
    while notifying.send_due(engine, at=at, sinks=found):
        pass
    db.session.expire_all()
    return [str(mail["Subject"]) for mail in server.mails]


def test_three_are_told_alone_and_what_exceeds_the_cap_becomes_one_digest(
    ada: Browser, bob: Browser, engine: Engine
) -> None:
    mine = published(ada, "mine")
    work(engine)
    subscribe(reader_of(mine))
    with office() as server:
        for n in range(6):
            published(bob, f"answer **{n}**", parent=mine, name="Bob")
            work(engine)
            post_round(engine, server, at=now())
        one = "Bob answered your comment on “https://paper.example/a1”."
        assert [str(mail["Subject"]) for mail in server.mails] == [one] * 3
        assert post_round(engine, server, at=now() + HOUR)[3:] == ["The Daily: 3 notices for you"]
        assert len(post_round(engine, server, at=now() + 3 * HOUR)) == 4
    first, *_, digest = server.mails
    assert (first["List-Id"], first["Auto-Submitted"]) == ("<daily.localhost>", "auto-generated")
    text, html = (part.get_content() for part in first.iter_parts())
    assert "> answer 0" in text
    assert "<strong>0</strong>" in html
    assert "http://localhost:8000/c/" in text
    text, html = (part.get_content() for part in digest.iter_parts())
    assert [f"> answer {n}" in text for n in range(6)] == [False] * 3 + [True] * 3
    assert html.count("<img") + html.count("<script") == 0


def test_each_event_comes_when_its_reader_wants_it(ada: Browser, bob: Browser, engine: Engine) -> None:
    mine = published(ada, "mine")
    reader = reader_of(mine)
    subscribe(reader)
    choose(reader, reply="hourly", featured="never", approved="daily")
    published(bob, "an answer", parent=mine, name="Bob")
    moderating.mark(db.session(), site(), mine, act="feature", version=version(mine), by=MIA, at=now())
    work(engine)
    with office() as server:
        assert post_round(engine, server, at=now()) == []
        hour = now().replace(minute=0, second=0, microsecond=0) + HOUR
        told = post_round(engine, server, at=hour)
        assert len(told) == 1
        assert post_round(engine, server, at=hour + DAY)[1:] == (
            [] if "2 notices" in told[0] else ["Your comment on “https://paper.example/a1” was published."]
        )
    assert db.session.scalars(select(Notice.mail_at).where(Notice.event == "featured")).one() is None


@pytest.mark.parametrize("gone", ["withdrawn", "read", "never", "muted", "unconfirmed", "left"])
def test_what_is_not_so_any_more_is_in_no_mail(ada: Browser, bob: Browser, engine: Engine, gone: str) -> None:
    mine = published(ada, "mine")
    reader = reader_of(mine)
    box = subscribe(reader)
    published(bob, "Bob is known")
    work(engine)
    db.session.execute(update(Notice).values(read_at=now()))
    answer = published(bob, "an answer", parent=mine)
    work(engine)
    with office() as server:
        gathering.gather(engine, at=now())
        if gone == "withdrawn":
            bob.ask("DELETE", f"comments/{answer}")
        elif gone == "read":
            db.session.execute(update(Notice).values(read_at=now()))
        elif gone == "never":
            choose(reader, reply="never")
        elif gone == "muted":
            key = {"site_id": reader.site_id, "reader_id": reader.id}
            db.session.add(Mute(**key, muted_id=reader_of(answer).id, at=now()))
        else:
            column = "verified_at" if gone == "unconfirmed" else "unsubscribed_at"
            db.session.execute(update(Mailbox).values({column: now() if gone == "left" else None}))
        db.session.commit()
        assert post_round(engine, server, at=now() + HOUR) == []
    assert box.id in {row.payload.get("mailbox") for row in db.session.scalars(select(Outbox))}


def test_a_rejected_author_reads_why_and_how_to_object_in_their_language(ada: Browser, engine: Engine) -> None:
    mine = published(ada, "mine")
    subscribe(reader_of(mine), language="de")
    moderating.decide(
        db.session(), site(), mine, verdict="rejected", version=version(mine), by=MIA, at=now(), reason="spam"
    )
    work(engine)
    with office() as server:
        post_round(engine, server, at=now())
        db.session.execute(update(Site).values(appeals="Write to the ombudsman."))
        db.session.execute(update(Notice).values(letter_id=None))
        db.session.commit()
        post_round(engine, server, at=now())
    first, second = (mail.get_body(("plain",)).get_content() for mail in server.mails)  # type: ignore[union-attr]  # it has one
    assert "wurde nicht veröffentlicht" in first
    assert "desk@paper.example" in first
    assert "Write to the ombudsman." in second
    assert "> mine" in second


def test_a_week_is_told_to_who_asked_for_it(ada: Browser, bob: Browser, engine: Engine) -> None:
    reader = reader_of(published(ada, "mine"))
    subscribe(reader)
    work(engine)
    db.session.execute(update(Notice).values(read_at=now()))
    for n in range(3):
        published(bob, f"theirs {n}")
    choose(reader, weekly="weekly")
    with office() as server:
        assert post_round(engine, server, at=now()) == []
        assert post_round(engine, server, at=now() + 6 * DAY + 23 * HOUR) == []
        assert post_round(engine, server, at=now() + 7 * DAY) == []
        db.session.execute(update(Notice).values(read_at=now()))
        published(bob, "news of the week")
        week = wishes.find(db.session(), reader.site_id, reader.id)
        assert week is not None
        week.weekly_at = now()
        db.session.commit()
        assert post_round(engine, server, at=now()) == ["4 new comments in your conversations this week."]
    assert "4 new comments" in server.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one


def test_one_kind_is_left_by_its_link_and_all_by_the_button_of_a_mail_program(
    ada: Browser, bob: Browser, engine: Engine
) -> None:
    mine = published(ada, "mine")
    reader = reader_of(mine)
    subscribe(reader)
    work(engine)
    with office() as server:
        post_round(engine, server, at=now())
    link = str(server.mails[0]["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost:8000")
    client: FlaskClient = ada.client
    page = client.get(link)
    assert "A comment of mine is published" in page.text
    assert wishes.find(db.session(), reader.site_id, reader.id).chosen == {}  # type: ignore[union-attr]  # made with the letter
    one_click = {"List-Unsubscribe": "One-Click"}
    for event in ("approved", "unheard-of"):
        assert client.post(link, data=one_click | {"event": event}).status_code == 200
        db.session.expire_all()
        left = db.session.scalars(select(Mailbox.unsubscribed_at)).one()
        assert (left is None) == (event == "approved")
    assert wishes.find(db.session(), reader.site_id, reader.id).chosen == {"approved": "never"}  # type: ignore[union-attr]  # it was there


def test_two_workers_make_one_letter(ada: Browser, bob: Browser, engine: Engine) -> None:
    reader = reader_of(published(ada, "mine"))
    subscribe(reader)
    work(engine)
    telling.tell(
        db.session(), reader.site_id, {reader.id: News(event="weekly", source=reader.id, comment_id=None, number=1)},
        at=now(),
    )  # fmt: skip
    choose(reader, weekly="weekly")
    at_once(3, lambda: gathering.gather(engine, at=now()))
    assert len(db.session.scalars(select(Outbox).where(Outbox.event == gathering.LETTER)).all()) == 1
