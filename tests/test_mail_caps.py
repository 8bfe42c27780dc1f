"""No inbox gets more than three mails an hour and twenty a day, and no site sends more than its share."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine, select

from comments_service.database import db
from comments_service.mailing import capping, letters, mailboxes
from comments_service.tables import MailAllowance, Reader, Site, SiteMail
from tests.outbox import NOON, at_once
from tests.post_office import mailbox, office, plain, put, row, settings, work

HOUR = timedelta(hours=1)


def test_a_thousand_letters_to_one_inbox_are_three(engine: Engine, site_id: str) -> None:
    item = capping.Item(id="", site_id=site_id, inbox=b"i" * 16, quota="letters")
    answers = [capping.admit(db.session(), replace(item, id=str(n)), per_site=9999, at=NOON) for n in range(1000)]
    assert answers == [None] * 3 + [NOON + HOUR] * 997


def test_beyond_the_cap_what_does_not_wait_is_dropped(engine: Engine) -> None:
    letters = put(mailbox(), number=8)
    with office() as server:
        work(engine, settings(plain(server)))
    assert len(server.mails) == 3
    assert [bool(row(letter).sent_at) for letter in letters].count(True) == 3
    assert [row(letter).cancelled_at for letter in letters].count(NOON) == 5


def test_what_waits_leaves_when_its_hour_has_come(engine: Engine) -> None:
    letters = put(mailbox(), "mail.news", number=5)
    with office() as server:
        work(engine, settings(plain(server)))
        assert len(server.mails) == 3
        assert {row(letter).due_at for letter in letters if not row(letter).sent_at} == {NOON + HOUR}
        assert {row(letter).attempts for letter in letters if not row(letter).sent_at} == {0}
        work(engine, settings(plain(server)), at=NOON + HOUR - timedelta(seconds=1))
        assert len(server.mails) == 3
        work(engine, settings(plain(server)), at=NOON + HOUR)
        assert len(server.mails) == 5


def test_a_day_has_twenty(engine: Engine) -> None:
    to = mailbox()
    with office() as server:
        for hour in range(23):
            put(to, number=3, at=NOON + hour * HOUR)
            work(engine, settings(plain(server)), at=NOON + hour * HOUR)
        assert len(server.mails) == 20
        put(to, at=NOON + 24 * HOUR)
        work(engine, settings(plain(server)), at=NOON + 24 * HOUR)
        assert len(server.mails) == 21


def test_workers_at_once_count_exactly(engine: Engine) -> None:
    put(mailbox(), number=24)
    with office() as server:
        chosen = settings(plain(server))
        at_once(4, lambda: work(engine, chosen))
    assert len(server.mails) == 3


def test_an_address_in_other_words_and_on_another_site_is_the_same_inbox(engine: Engine) -> None:
    for n, address in enumerate(("ada.b@gmail.com", "ADAB@gmail.com", "adab+x@Gmail.com", "adab+y@googlemail.com")):
        put(mailbox(address, site_key="daily" if n % 2 else "other"))
    put(mailbox("a.dab@gmail.com"))
    with office() as server:
        work(engine, settings(plain(server)))
    # googlemail.com is counted by itself: that it is the same is the provider's affair.
    assert len(server.mails) == 4


def test_codes_have_a_quota_of_their_own(engine: Engine) -> None:
    to = mailbox()
    put(to, "mail.code", number=5)
    put(to, "mail.told", number=5)
    with office() as server:
        work(engine, settings(plain(server)))
    assert len(server.mails) == 6


def test_many_subscriptions_of_one_address_are_three_mails_and_keep_no_notice_away(engine: Engine) -> None:
    site_id, known = db.session.scalars(select(Site.id).where(Site.key == "daily")).one(), mailbox()
    for number in range(12):
        reader = Reader(site_id=site_id, name=f"Reader {number}", created=NOON)
        db.session.add(reader)
        db.session.flush()
        spelled = f"Ada+{number}@mail.example" if number % 2 else known.address
        claimed = mailboxes.claim(db.session(), reader, spelled, language="en", at=NOON)
        letters.put(db.session(), "mail.confirm", claimed, at=NOON)
    db.session.commit()
    put(known, "mail.news", number=2)
    with office() as server:
        work(engine, settings(plain(server)))
    subjects = Counter(mail["Subject"] for mail in server.mails)
    assert subjects == {"Confirm your address for The Daily": 3, "News": 2}


def test_a_site_sends_no_more_than_its_share_of_an_hour(engine: Engine) -> None:
    for n in range(6):
        put(mailbox(f"r{n}@mail.example"), "mail.news")
    other = mailbox("z@mail.example", site_key="other")
    put(other, "mail.news")
    with office() as server:
        chosen = settings(plain(server), mail_hourly=4)
        at_once(3, lambda: work(engine, chosen))
        assert len(server.mails) == 5
        assert {one.sent for one in db.session.scalars(select(SiteMail))} == {4, 1}
        work(engine, chosen, at=NOON + HOUR)
        assert len(server.mails) == 7


def test_a_letter_that_is_tried_again_counts_once(engine: Engine) -> None:
    to = mailbox()
    with office() as server:
        server.replies["DATA"] = ["451 4.0.0 Later"] * 3
        [letter] = put(to)
        for _ in range(4):
            work(engine, settings(plain(server)), at=row(letter).due_at)
    assert len(server.mails) == 1
    [allowance] = db.session.scalars(select(MailAllowance))
    assert [one[0] for one in allowance.sent] == [letter]


def test_what_is_not_sent_is_not_counted(engine: Engine) -> None:
    to = mailbox()
    mailboxes.unsubscribe(to, at=NOON)
    put(to, "mail.news", number=3)
    with office() as server:
        work(engine, settings(plain(server)))
    assert db.session.scalars(select(MailAllowance)).all() == []
