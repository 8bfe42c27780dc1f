"""One token in two processes at once signs one browser in, and one new account is one reader."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service.tables import Identity, Reader, SsoKey
from comments_service.tables import Session as Signed
from tests.conftest import postgresql_database
from tests.crowd import AT_ONCE, Answer, Crowd, crowd, sqlite_database
from tests.signing import Signer, signer

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
