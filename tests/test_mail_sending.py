"""A letter in the outbox: it leaves once, or waits, or is given up, and says so; what it needs is looked up at last."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from comments_service import erasing, notifying, sweeping
from comments_service.database import db
from comments_service.leasing import LONGEST_WAIT
from comments_service.mail_server import MailServer
from comments_service.mailing import delivering, links, mailboxes, sending
from comments_service.tables import Mailbox, Outbox, Reader, SuppressedAddress
from tests import post_office
from tests.outbox import NOON, at_once
from tests.post_office import ADDRESS, mailbox, office, plain, put, row, settings, work

DAY = timedelta(days=1)


def test_a_letter_is_sent_once_from_the_site_to_its_reader(engine: Engine) -> None:
    with office() as server:
        [letter] = put(mailbox(), "mail.news")
        assert work(engine, settings(plain(server), mail_reply_to="desk@paper.example")) == 1
        assert work(engine, settings(plain(server)), at=NOON + DAY) == 0
    [mail] = server.mails
    assert (mail["From"], mail["To"]) == ("The Daily <comments@paper.example>", ADDRESS)
    assert (mail["Reply-To"], mail["Subject"]) == ("desk@paper.example", "News")
    assert mail["List-Id"] == "<daily.localhost>"
    assert mail["Date"].datetime == NOON
    assert server.senders == ["comments@paper.example"]
    assert row(letter).sent_at == NOON


def test_many_workers_send_each_letter_once(engine: Engine) -> None:
    letters = [put(mailbox(f"reader{n}@mail.example"))[0] for n in range(12)]
    with office() as server:
        chosen = settings(plain(server))
        taken = at_once(4, lambda: work(engine, chosen))
    assert sum(int(str(n)) for n in taken) == 12
    assert sorted(mail["To"] for mail in server.mails) == sorted(f"reader{n}@mail.example" for n in range(12))
    assert {row(letter).attempts for letter in letters} == {1}


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_is_busy_is_asked_again_later(engine: Engine, command: str) -> None:
    with office() as server:
        server.replies[command] = ["451 4.7.1 Greylisted, come back"]
        [letter] = put(mailbox())
        work(engine, settings(plain(server)))
        assert (row(letter).sent_at, row(letter).trouble) == (None, "busy")
        assert NOON < row(letter).due_at < NOON + LONGEST_WAIT
        work(engine, settings(plain(server)), at=row(letter).due_at)
    assert len(server.mails) == 1
    assert row(letter).trouble == ""


@pytest.mark.parametrize("reply", ["550 5.1.1 No such user", "550 no mailbox here", "552 5.2.1 Disabled"])
def test_an_address_that_is_refused_for_good_gets_no_more(engine: Engine, reply: str) -> None:
    to = mailbox()
    with office() as server:
        server.replies["RCPT"] = [reply]
        first, second = put(to, number=2)
        work(engine, settings(plain(server)))
        work(engine, settings(plain(server)), at=NOON + DAY)
    assert server.mails == []
    assert row(first).cancelled_at == NOON
    assert row(second).cancelled_at == NOON
    [kept] = db.session.scalars(select(SuppressedAddress))
    assert (kept.reason, kept.at) == ("refused", NOON)
    assert b"ada" not in kept.digest


def test_a_server_that_turns_us_away_says_nothing_about_the_address(engine: Engine) -> None:
    with office() as server:
        server.replies["RCPT"] = ["554 5.7.1 Relay access denied"]
        [letter] = put(mailbox())
        work(engine, settings(plain(server)))
        assert (row(letter).dead_at, row(letter).trouble) == (NOON, "policy")
        assert db.session.scalars(select(SuppressedAddress)).all() == []
        # An owner who has mended it lets it go once more.
        notifying.retry_dead(db.session(), at=NOON)
        db.session.commit()
        work(engine, settings(plain(server)))
    assert len(server.mails) == 1


@pytest.mark.parametrize(("command", "trouble"), [("MAIL", "sender"), ("DATA", "content")])
def test_what_is_refused_for_good_is_kept_for_the_owner_at_once(engine: Engine, command: str, trouble: str) -> None:
    with office() as server:
        server.replies[command] = ["550 5.7.0 No"]
        [letter] = put(mailbox())
        work(engine, settings(plain(server)))
    assert (row(letter).dead_at, row(letter).trouble, row(letter).attempts) == (NOON, trouble, 1)


def test_a_letter_that_was_cut_off_comes_again_under_the_same_name(engine: Engine) -> None:
    with office() as server:
        server.replies["AFTER"] = ["cut"]
        [letter] = put(mailbox())
        work(engine, settings(plain(server)))
        assert row(letter).trouble == "cut"
        work(engine, settings(plain(server)), at=row(letter).due_at)
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert row(letter).sent_at is not None


def test_a_farewell_that_fails_sends_nothing_twice(engine: Engine) -> None:
    with office() as server:
        server.replies["QUIT"] = ["cut"]
        [letter] = put(mailbox())
        work(engine, settings(plain(server)))
        work(engine, settings(plain(server)), at=NOON + DAY)
    assert len(server.mails) == 1
    assert row(letter).sent_at == NOON


def test_a_server_that_never_answers_holds_nobody_for_long(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "STEP_SECONDS", 0.2)
    with office() as server:
        server.replies["RCPT"] = ["hang"]
        first = put(mailbox())[0]
        second = put(mailbox("bob@mail.example"), at=NOON + timedelta(seconds=1))[0]
        chosen = settings(plain(server))
        found = sending.sinks(engine, chosen, kinds=post_office.KINDS)
        assert notifying.send_due(engine, at=NOON, sinks=found)
        assert notifying.send_due(engine, at=NOON + timedelta(seconds=1), sinks=found)
    assert (row(first).trouble, row(first).attempts) == ("timeout", 1)
    # The next one does not even try, and loses no attempt by that.
    assert (row(second).attempts, row(second).due_at) == (0, NOON + sending.AWAY)


def test_after_the_last_attempt_a_letter_is_given_up(engine: Engine) -> None:
    with office() as server:
        gone = plain(server)
    [letter] = put(mailbox())
    for _ in range(notifying.MAX_ATTEMPTS):
        assert row(letter).dead_at is None
        work(engine, settings(gone), at=row(letter).due_at)
    assert row(letter).dead_at is not None
    assert row(letter).trouble == "connection"


def test_while_mail_is_off_letters_wait(engine: Engine) -> None:
    [letter] = put(mailbox())
    work(engine, settings(None))
    assert (row(letter).attempts, row(letter).due_at, row(letter).sent_at) == (0, NOON + sending.OFF, None)


def test_nothing_is_sent_to_whom_is_erased_and_nothing_of_them_is_left(engine: Engine) -> None:
    to = mailbox("canary@mail.example")
    [waiting] = put(to)
    taken = notifying.take_due(engine, at=NOON, names=post_office.KINDS)  # type: ignore[arg-type]  # only its names are read
    assert taken is not None
    erasing.begin(db.session(), db.session.get_one(Reader, (to.site_id, to.reader_id)), at=NOON)
    db.session.commit()
    assert db.session.scalars(select(Mailbox)).all() == []
    assert db.session.scalars(select(Outbox).where(Outbox.id == waiting)).all() == []
    with office() as server:
        found = sending.sinks(engine, settings(plain(server)), kinds=post_office.KINDS)
        with pytest.raises(notifying.Dropped):
            found[taken.name][0](taken)
    assert server.mails == []


def test_the_outbox_never_holds_an_address(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with office() as server:
        server.replies["RCPT"] = ["451 4.2.0 <ada@mail.example> is busy", "550 5.1.1 <ada@mail.example> is unknown"]
        [letter] = put(mailbox())
        work(engine, settings(plain(server)))
        assert "ada" not in str(row(letter).payload)
        work(engine, settings(plain(server)), at=row(letter).due_at)
    logged = capsys.readouterr().err
    assert "mail not sent" in logged
    assert "mail.example" not in logged


@pytest.mark.parametrize("state", ["unverified", "unsubscribed"])
def test_a_notice_goes_only_where_it_is_wanted(engine: Engine, state: str) -> None:
    to = mailbox(verified=state != "unverified")
    if state == "unsubscribed":
        mailboxes.unsubscribe(to, at=NOON)
        db.session.commit()
    [notice], [told] = put(to, "mail.news"), put(to, "mail.told")
    with office() as server:
        work(engine, settings(plain(server)))
    assert row(notice).cancelled_at == NOON
    assert row(told).sent_at == NOON


def test_a_letter_that_came_too_late_is_not_sent(engine: Engine) -> None:
    [letter] = put(mailbox())
    with office() as server:
        work(engine, settings(plain(server)), at=NOON + timedelta(days=1, seconds=1))
    assert server.mails == []
    assert row(letter).cancelled_at is not None


def test_the_confirmation_asks_once_and_in_the_readers_language(engine: Engine) -> None:
    to = mailbox(language="de", verified=False)
    put(to, "mail.confirm")
    with office() as server:
        chosen = settings(plain(server))
        work(engine, chosen)
        mailboxes.verify(db.session(), to, at=NOON)
        put(to, "mail.confirm")
        work(engine, chosen)
    [mail] = server.mails
    body = mail.get_body(("plain",))
    assert body is not None
    link = links.address(chosen.public_url, "confirm", to, secret=chosen.secret_key, at=NOON)
    assert link in body.get_content()
    assert mail["Content-Language"] == "de"
    assert mail["List-Unsubscribe"] is None


def test_a_folder_keeps_one_file_for_each_letter(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    [letter] = put(mailbox())
    work(engine, settings(MailServer(folder=folder)))
    [file] = folder.iterdir()
    assert file.name.startswith(letter)
    assert b"To: ada@mail.example" in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_what_was_mailed_is_swept(engine: Engine) -> None:
    mailbox(verified=False)
    kept = mailbox("kept@mail.example").id
    put(mailbox("third@mail.example"))
    with office() as server:
        work(engine, settings(plain(server)))
    sweeping.sweep(engine, at=NOON + timedelta(days=8))
    db.session.rollback()
    assert len(db.session.scalars(select(Mailbox).where(Mailbox.verified_at.is_(None))).all()) == 0
    assert kept in db.session.scalars(select(Mailbox.id)).all()
