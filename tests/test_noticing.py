"""Readers hear back: of answers, decisions and reports, once each, and of nothing that is not so any more."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from comments_service import articles, erasing, jobs, moderating, notifying, sweeping
from comments_service.accounts import Visitor
from comments_service.database import db, now
from comments_service.errors import Invalid, NotFound
from comments_service.noticing import following, listing, telling, wishes
from comments_service.notifying import Event
from comments_service.tables import Follow, Notice, Outbox, Reader
from tests.conftest import PAPER, Browser
from tests.test_conversation import MIA, article, decide, published, site
from tests.test_reader_contract import queries
from tests.test_tombstones import version

DAY = timedelta(days=1)


def work(engine: Engine) -> None:
    """What the worker does with what has happened."""
    db.session.commit()
    while notifying.send_due(engine, at=now(), sinks=telling.sinks(engine, notifying.SINKS)):
        pass
    while jobs.run_due(engine, at=now() + timedelta(seconds=2), kinds={telling.FOLLOWERS: telling.followers}):
        pass
    db.session.expire_all()


def reader_of(comment: str) -> Reader:
    return erasing.who_wrote(db.session(), site(), comment)


def events(reader: Reader) -> list[str]:
    """What a reader would see, the newest first."""
    return [told.notice.event for told in listing.page(db.session(), reader).notices]


def visitor(reader: Reader) -> Visitor:
    return Visitor(site=site(), origin=PAPER, digest=None, reader=reader)


def follow(reader: Reader) -> None:
    following.follow(db.session(), article(), by=visitor(reader), at=now())
    db.session.commit()


def crowd(number: int) -> list[str]:
    """Readers who follow the conversation."""
    made = [Reader(site_id=site().id, name=f"reader {n}", created=now()) for n in range(number)]
    db.session.add_all(made)
    db.session.flush()
    db.session.add_all(
        Follow(site_id=one.site_id, article_id=article().id, reader_id=one.id, at=now()) for one in made
    )
    db.session.commit()
    return [one.id for one in made]


def test_each_hears_of_what_concerns_them(ada: Browser, bob: Browser, engine: Engine) -> None:
    mine, theirs = published(ada, "mine"), published(bob, "theirs")
    work(engine)
    a, b = reader_of(mine), reader_of(theirs)
    assert (events(a), events(b)) == (["approved"], ["approved"])
    reply = published(bob, "an answer", parent=mine)
    published(ada, "an answer to myself", parent=mine)
    follow(a)
    follow(b)
    published(bob, "no answer to anybody")
    moderating.mark(db.session(), site(), mine, act="feature", version=version(mine), by=MIA, at=now())
    ada.ask("POST", f"comments/{theirs}/reports", {"reason": "spam", "note": ""})
    decide(theirs, "rejected", version=version(theirs))
    work(engine)
    assert sorted(events(a)) == ["approved", "featured", "reply", "report", "thread"]
    # Not of one's own deeds; and that it was published is not so any more.
    assert events(b) == ["rejected"]
    assert [told.comment.id for told in listing.page(db.session(), a).notices if told.comment][-1] == mine
    assert db.session.scalars(select(Notice.word).where(Notice.event == "report")).one() == "removed"
    bob.ask("DELETE", f"comments/{reply}")
    assert "reply" not in events(a)
    assert listing.unread(db.session(), a) == 4


def test_what_was_undone_or_withdrawn_before_the_worker_came_is_not_told(
    ada: Browser, bob: Browser, engine: Engine
) -> None:
    mine = published(ada, "mine")
    published(bob, "I am known")
    work(engine)
    reply = str(bob.post("an answer", parent=mine).json["comment"]["id"])
    bob.ask("DELETE", f"comments/{reply}")
    decide(mine, "rejected", version=version(mine))
    moderating.undo(db.session(), site(), mine, version=version(mine), by=MIA, at=now())
    work(engine)
    assert db.session.scalars(select(Notice.event).where(Notice.reader_id == reader_of(mine).id)).all() == ["approved"]


def test_the_same_event_taken_twice_tells_nobody_twice(ada: Browser, bob: Browser, engine: Engine) -> None:
    mine = published(ada, "mine")
    follow(reader_of(mine))
    reader = reader_of(published(bob, "Bob is known"))
    follow(reader)
    published(bob, "an answer", parent=mine)
    work(engine)
    before = sorted(db.session.scalars(select(Notice.id)))
    for row in db.session.scalars(select(Outbox)).all():
        event = Event(row.site_id, row.id, row.event, row.payload, 2, now() + notifying.LEASE)
        for sink in telling.sinks(engine, {}).get(row.event, ()):
            sink(event)
    work(engine)
    assert sorted(db.session.scalars(select(Notice.id))) == before


def test_a_whole_crowd_is_told_in_parts_and_a_post_asks_nothing_more_for_it(
    ada: Browser, bob: Browser, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 4)
    root = published(ada, "known here")
    reader_of(published(bob, "known too"))
    work(engine)

    def cost(body: str) -> int:
        with queries(engine) as sent:
            assert bob.post(body, parent=root).status_code == 201
        return sent()

    before = cost("nobody follows")
    work(engine)
    people = crowd(11)
    gone = db.session.get_one(Reader, (site().id, people[3]))
    erasing.begin(db.session(), gone, at=now())
    db.session.add(Follow(site_id=gone.site_id, article_id=article().id, reader_id=gone.id, at=now()))
    db.session.commit()
    assert cost("eleven follow") == before
    work(engine)
    told = db.session.scalars(select(Notice.reader_id).where(Notice.event == "thread")).all()
    assert sorted(told) == sorted(set(people) - {gone.id})


def test_following_has_an_end_and_is_each_readers_own(
    ada: Browser, bob: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST", 2)
    monkeypatch.setattr(following, "PAGE", 1)
    reader = reader_of(published(ada, "mine"))
    other = reader_of(published(bob, "theirs"))
    found = [articles.first_sight(db.session(), site(), key=f"b{n}", url=f"{PAPER}/b{n}", at=now()) for n in range(3)]
    by = visitor(reader)
    for one in (found[0], found[0], found[1]):
        following.follow(db.session(), one, by=by, at=now())
    with pytest.raises(Invalid, match="Unfollow one of them first"):
        following.follow(db.session(), found[2], by=by, at=now())
    first, cursor = following.followed(db.session(), reader)
    second, end = following.followed(db.session(), reader, cursor=cursor)
    assert ({one.key for one in (*first, *second)}, end) == ({"b0", "b1"}, None)
    assert following.followed(db.session(), other)[0] == []
    with pytest.raises(Invalid, match="cursor"):
        following.followed(db.session(), other, cursor=cursor)
    following.unfollow(db.session(), found[0], by=by)
    assert not following.is_following(db.session(), found[0], reader)


def test_reading_and_erasing_concern_ones_own_notices(ada: Browser, bob: Browser, engine: Engine) -> None:
    mine, theirs = published(ada, "mine"), published(bob, "theirs")
    published(bob, "an answer", parent=mine)
    published(ada, "another answer", parent=theirs)
    work(engine)
    a, b = reader_of(mine), reader_of(theirs)
    [newest, *_] = listing.page(db.session(), a).notices
    with pytest.raises(NotFound):
        listing.mark_read(db.session(), newest.notice.id, by=visitor(b), at=now())
    listing.mark_read(db.session(), newest.notice.id, by=visitor(a), at=now())
    assert (listing.unread(db.session(), a), listing.unread(db.session(), b)) == (1, 2)
    listing.mark_read(db.session(), None, by=visitor(b), at=now())
    assert (listing.unread(db.session(), a), listing.unread(db.session(), b)) == (1, 0)
    wishes.choose(db.session(), b.site_id, b.id, {"reply": "never"}, at=now())
    erasing.begin(db.session(), b, at=now())
    while erasing.erase_some(db.session(), b.site_id, b.id, at=now()):
        db.session.commit()
    db.session.commit()
    left = {(row.reader_id, row.event) for row in db.session.scalars(select(Notice))}
    assert left == {(a.id, "approved")}
    assert sweeping.sweep(engine, at=now() + 92 * DAY) >= 1
    assert db.session.scalars(select(Notice)).all() == []


def test_pages_of_notices_follow_each_other(
    ada: Browser, bob: Browser, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    mine = published(ada, "mine")
    for n in range(4):
        published(bob, f"answer {n}", parent=mine)
    work(engine)
    reader, seen, cursor = reader_of(mine), [], None
    while True:
        page = listing.page(db.session(), reader, cursor=cursor)
        seen += [told.notice.id for told in page.notices]
        cursor = page.next
        if cursor is None:
            break
    assert (len(seen), seen) == (5, sorted(set(seen), reverse=True))


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_when_a_mail_may_tell_it(ada: Browser) -> None:
    at = now().replace(hour=5, minute=59, second=58, microsecond=7)
    six = at.replace(hour=6, minute=0, second=0, microsecond=0)
    assert wishes.mail_at("now", at) == at
    assert wishes.mail_at("hourly", at) == six
    assert wishes.mail_at("daily", at) == six
    assert wishes.mail_at("daily", at + timedelta(minutes=1)) == six + DAY
    assert wishes.mail_at("never", at) is None
    reader = reader_of(published(ada, "mine"))
    for wrong in ({"reply": "weekly"}, {"weekly": "now"}, {"unheard": "now"}):
        with pytest.raises(Invalid):
            wishes.choose(db.session(), reader.site_id, reader.id, wrong, at=at)
    its = (db.session(), reader.site_id, reader.id)
    assert wishes.choose(*its, {"weekly": "weekly"}, at=at).weekly_at == at + 7 * DAY
    assert wishes.choose(*its, {"weekly": "never", "reply": "daily"}, at=at).weekly_at is None
    assert wishes.wishes(wishes.find(db.session(), reader.site_id, reader.id))["reply"] == "daily"
