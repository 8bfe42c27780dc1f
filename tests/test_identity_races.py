"""What comes to two processes at once: a token or a code counts once, and whoever leaves and stays does one of them."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service import jobs, leaving, working
from comments_service.accounts import secret_digest
from comments_service.database import now
from comments_service.mailing import codes
from comments_service.tables import Comment, Erasure, Identity, Job, Mailbox, MailSignIn, Reader, SsoKey
from comments_service.tables import Session as Signed
from tests.conftest import postgresql_database
from tests.crowd import AT_ONCE, Answer, Crowd, crowd, sqlite_database
from tests.signing import Signer, signer
from tests.test_serving import SECRET

ROUNDS = 5


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def many(request: pytest.FixtureRequest, template: Path) -> Iterator[Crowd]:
    database = sqlite_database(template) if request.param == "sqlite" else postgresql_database()
    with database as url, crowd(url) as found:
        yield found


@pytest.fixture(scope="module")
def paper(many: Crowd) -> Signer:
    with Session(many.engine) as session:
        return signer(session)


# Each browser has an address of its own, whose limits nobody else uses up.
address = partial(next, count(1000))


def exchanged(many: Crowd, *tokens: str) -> list[Answer]:
    """Each token from another browser, all at the same moment."""
    asked = [partial(many.ask, "POST", "sso", {"token": token}, reader=address()) for token in tokens]
    return many.together(*asked)


def test_a_token_that_comes_twice_at_once_counts_once(many: Crowd, paper: Signer) -> None:
    for number in range(ROUNDS):
        token = paper.token(sub=f"replayed {number}")
        answers = exchanged(many, *[token] * AT_ONCE)
        assert Counter(answer.status for answer in answers) == {200: 1, 401: AT_ONCE - 1}
        assert {answer.json["code"] for answer in answers if answer.status == 401} == {"used"}
        account = many.rows(select(Identity).where(Identity.subject == f"replayed {number}"))
        assert len(account) == 1
        assert len(many.rows(select(Signed).where(Signed.reader_id == account[0].reader_id))) == 1


def test_first_sign_ins_of_one_account_at_once_are_one_reader(many: Crowd, paper: Signer) -> None:
    for number in range(ROUNDS):
        name = f"Reader No {number}"
        tokens = [paper.token(sub=f"eager {number}", name=name) for _ in range(AT_ONCE)]
        assert Counter(answer.status for answer in exchanged(many, *tokens)) == {200: AT_ONCE}
        account = many.rows(select(Identity).where(Identity.subject == f"eager {number}"))
        assert len(account) == 1
        assert len(many.rows(select(Reader).where(Reader.name == name))) == 1
        assert len(many.rows(select(Signed).where(Signed.reader_id == account[0].reader_id))) == AT_ONCE
    assert len(many.rows(select(SsoKey).where(SsoKey.last_used_at.is_not(None)))) == 1


def test_whoever_signs_out_everywhere_leaves_no_session_that_was_just_replaced(many: Crowd, paper: Signer) -> None:
    for number in range(ROUNDS):
        subject = f"leaving {number}"
        (signed_in,) = exchanged(many, paper.token(sub=subject))
        secret = signed_in.json["token"]
        rotate = partial(many.ask, "POST", "session/rotate", {}, secret=secret)
        leave = partial(many.ask, "DELETE", "sessions", secret=secret)
        deeds = [rotate] * 8 + [leave] + [rotate] * 7
        answers = many.together(*[partial(deed, reader=address()) for deed in deeds])
        assert {answer.status for answer in answers} <= {200, 204, 401}
        assert 204 in {answer.status for answer in answers}
        account = many.rows(select(Identity).where(Identity.subject == subject))[0]
        left = many.rows(select(Signed).where(Signed.reader_id == account.reader_id, Signed.revoked_at.is_(None)))
        assert list(left) == []


def asked(many: Crowd, email: str) -> dict[str, str]:
    """What a browser that asked for a code sends to be signed in by it."""
    attempt = many.ask("POST", "session/mail", {"email": email, "page": ""}, reader=address()).json["attempt"]
    [row] = many.rows(select(MailSignIn).where(MailSignIn.digest == secret_digest(attempt)))
    return {"attempt": attempt, "code": codes.code(SECRET, row.site_id, row.id)}


def typed(many: Crowd, *bodies: dict[str, str]) -> Counter[int]:
    """How each code was answered, all of them sent at the same moment."""
    sent = [partial(many.ask, "POST", "session/mail/code", body, reader=address()) for body in bodies]
    return Counter(answer.status for answer in many.together(*sent))


def test_a_code_that_comes_twice_at_once_counts_once_and_one_address_is_one_reader(many: Crowd) -> None:
    for number in range(ROUNDS):
        email = f"r{number}@mail.example"
        assert typed(many, *[asked(many, email)] * AT_ONCE) == {200: 1, 422: AT_ONCE - 1}
        eager = f"e{number}@mail.example"
        assert typed(many, *[asked(many, eager) for _ in range(3)]) == {200: 3}
        for address_of, signed_in in ((email, 1), (eager, 3)):
            [box] = many.rows(select(Mailbox).where(Mailbox.address == address_of))
            assert len(many.rows(select(Signed).where(Signed.reader_id == box.reader_id))) == signed_in
    good = asked(many, "guessed@mail.example")
    wrong = f"{(int(good['code']) + 1) % 10**6:06}"
    assert typed(many, *[good | {"code": wrong}] * AT_ONCE) == {422: AT_ONCE}
    assert typed(many, good) == {422: 1}, "of sixteen guesses at once five counted, and none after them"
    assert not many.faults()


def test_whoever_leaves_and_stays_while_a_worker_comes_is_erased_whole_or_not_at_all(
    many: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = now() + timedelta(hours=25)
    monkeypatch.setattr(working, "now", lambda: at)

    def work() -> None:
        while jobs.run_due(many.engine, at=at, kinds=working.kinds(local=True)):
            pass

    for number in range(ROUNDS):
        me = address()
        text = many.post("leaving", f"What I say, {number}", reader=me).json["comment"]["id"]
        leave = partial(many.ask, "POST", "me/leaving", {"way": "tombstones"}, reader=me)
        assert Counter(one.status for one in many.together(*[leave] * 4)) == {202: 4}
        assert len(many.rows(select(Erasure))) == 1
        assert len(many.rows(select(Job).where(Job.kind == leaving.ERASE, Job.done_at.is_(None)))) == 1
        stay = partial(many.ask, "DELETE", "me/leaving", reader=me)
        answers = many.together(stay, work, stay, stay)
        work()
        [status] = {one.status for one in answers if one}
        [comment] = many.rows(select(Comment).where(Comment.id == text))
        [reader] = many.rows(select(Reader).where(Reader.id == comment.reader_id))
        erased = (reader.name, comment.status, comment.source) == ("", "erased", "")
        assert (status, erased) in {(200, False), (401, True)}
        assert many.ask("GET", "me/profile", reader=me).status == status
        assert many.rows(select(Erasure)) == []
        many.ask("DELETE", "me/leaving", reader=me)
    assert many.miscounted() == {}
    assert not many.faults()
