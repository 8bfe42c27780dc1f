"""A reader signs in with the paper's account, and is nobody else and no more than that."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from comments_service import reading, sso, sso_keys, sso_tokens
from comments_service.accounts import NO_ACCOUNT
from comments_service.database import db, now
from comments_service.sealing import Keyring
from comments_service.sweeping import sweep
from comments_service.tables import Identity, Membership, Reader, Session, SpentToken, SsoKey
from tests.conftest import OTHER, Browser
from tests.signing import KEYRING, PUBLIC, Signer, signer


@pytest.fixture
def paper(app: Flask) -> Signer:
    return signer(db.session())


def sign_in(who: Browser, token: str) -> Any:
    """Trade a token for a session, which the browser then keeps."""
    answer = who.ask("POST", "sso", {"token": token})
    if answer.status_code == 200:
        who.secret = answer.json["token"]
    return answer


def why(who: Browser, token: str) -> str:
    """The code of a refusal that tells its reader what to do and its owner the reason, and nothing of the token."""
    answer = who.ask("POST", "sso", {"token": token})
    assert answer.status_code == 401, answer.json
    assert answer.json["detail"] == NO_ACCOUNT
    assert answer.json["reason"] == sso_tokens.REASONS[answer.json["code"]]
    assert token not in answer.text
    return str(answer.json["code"])


def count(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("wished", [{}, {"public_key": PUBLIC}, {"secret": "s" * 32}])
def test_a_reader_signs_in_and_writes_under_the_name_of_the_account(ada: Browser, wished: dict[str, str]) -> None:
    answer = sign_in(ada, signer(db.session(), **wished).token())
    assert answer.status_code == 200, answer.json
    assert answer.json["name"] == "Nora Reed"
    assert len(ada.secret) == 43
    assert ada.post("Hello", name="Prime Minister").json["comment"]["name"] == "Nora Reed"
    assert ada.ask("GET", "me?key=a1").json["signed_in"] is True
    row = db.session.scalars(select(Session).where(Session.opened_by == "sso")).one()
    assert (row.purpose, row.origin, row.moderator_id, count(Membership)) == ("reader", ada.origin, None, 0)
    assert ada.secret.encode() not in row.digest


def test_the_account_is_issuer_and_subject_and_what_the_paper_says_is_kept_anew(ada: Browser, paper: Signer) -> None:
    said: dict[str, Any] = {"email": "nora@mail.example", "email_verified": True, "profile_url": "https://paper.example/u/7"}
    sign_in(ada, paper.token(**said))
    sign_in(ada, paper.token(name="Nora Stone", email="stone@mail.example"))
    account, reader = db.session.scalars(select(Identity)).one(), db.session.scalars(select(Reader)).one()
    assert (account.issuer, account.subject) == ("https://paper.example", "reader-7")
    assert (account.email, account.email_verified, account.profile_url) == ("stone@mail.example", False, "")
    assert reader.name == "Nora Stone"
    sign_in(ada, paper.token(sub="reader-8"))
    assert count(Reader) == 2


def test_the_same_subject_of_another_issuer_or_site_is_somebody_else(
    ada: Browser, outsider: Browser, paper: Signer
) -> None:
    elsewhere = signer(db.session(), issuer="https://login.example")
    for who, one in ((ada, paper), (ada, elsewhere), (outsider, signer(db.session(), "other"))):
        assert sign_in(who, one.token(email="a@mail.example", email_verified=True)).status_code == 200
    assert count(Reader) == count(Identity) == 3


def test_a_token_without_a_name_leaves_the_name_to_the_reader(ada: Browser, paper: Signer) -> None:
    assert sign_in(ada, paper.token(name=...)).json["name"] is None
    assert ada.post("Hello", name="Chosen").json["comment"]["name"] == "Chosen"


def test_nothing_in_a_token_gives_a_right(ada: Browser, paper: Signer) -> None:
    token = paper.token(role="owner", roles=["moderator"], admin=True, badges=["staff", "expert"])
    assert sign_in(ada, token).status_code == 200
    assert ada.post("Hello").json["comment"]["badges"] == []
    assert ada.client.get("/desk/queue", headers={"Authorization": f"Bearer {ada.secret}"}).status_code == 303
    assert count(Membership) == 0


def test_a_site_may_let_only_those_with_an_account_write(ada: Browser, bob: Browser, paper: Signer) -> None:
    reading.site(db.session(), "daily").guests = False
    db.session.commit()
    assert bob.post("Hello").status_code == 401
    sign_in(ada, paper.token())
    assert ada.post("Hello").status_code == 202


def test_a_token_counts_once(ada: Browser, bob: Browser, outsider: Browser, paper: Signer) -> None:
    token = paper.token(jti="once")
    assert sign_in(ada, token).status_code == 200
    assert why(bob, token) == "used"
    assert why(bob, paper.token(jti="once", sub="reader-9")) == "used", "the jti counts, and not the text"
    assert sign_in(outsider, signer(db.session(), "other").token(jti="once")).status_code == 200


def test_looking_at_a_token_uses_nothing_up(ada: Browser, paper: Signer) -> None:
    token, site = paper.token(), reading.site(db.session(), "daily")
    assert not sso.look(db.session(), token, site=site, keyring=KEYRING, at=now()).used
    assert sign_in(ada, token).status_code == 200
    found = sso.look(db.session(), token, site=site, keyring=KEYRING, at=now())
    assert (found.used, found.known) == (True, True)


def test_a_token_that_was_refused_is_not_used_up(ada: Browser, paper: Signer) -> None:
    assert why(ada, paper.token(jti="once", aud="other")) == "aud"
    assert sign_in(ada, paper.token(jti="once")).status_code == 200


def test_what_is_remembered_of_a_token_is_swept_after_its_end(ada: Browser, paper: Signer) -> None:
    sign_in(ada, paper.token())
    db.session.remove()
    sweep(db.engine, at=now() + timedelta(seconds=sso_tokens.LIFE + 2 * sso_tokens.SKEW))
    assert count(SpentToken) == 1
    db.session.remove()
    sweep(db.engine, at=now() + timedelta(days=2))
    assert count(SpentToken) == 0


def test_the_word_of_another_site_counts_for_nothing(ada: Browser, outsider: Browser, paper: Signer) -> None:
    other = signer(db.session(), "other")
    assert why(ada, other.token()) == "kid"
    assert why(ada, other.token(aud="daily", iss=paper.issuer)) == "kid"
    borrowed = Signer(paper.kid, paper.issuer, "daily", other.secret, "HS256")
    assert why(ada, borrowed.token()) == "signature"
    assert why(outsider, paper.token()) == "kid"


def test_a_page_elsewhere_cannot_sign_anybody_in(ada: Browser, paper: Signer) -> None:
    ada.origin = OTHER
    assert ada.ask("POST", "sso", {"token": paper.token()}).status_code == 403
    assert count(SpentToken) == 0


def test_a_site_without_a_live_key_takes_no_accounts(ada: Browser, paper: Signer) -> None:
    site = reading.site(db.session(), "daily")
    sso_keys.retire(db.session(), site, paper.kid, at=now())
    db.session.commit()
    assert why(ada, paper.token()) == "off"


def test_a_site_may_take_no_accounts_at_all_for_a_while(ada: Browser, paper: Signer) -> None:
    reading.site(db.session(), "daily").sso = False
    db.session.commit()
    assert why(ada, paper.token()) == "switch"


def test_a_retired_key_counts_no_more_and_who_is_signed_in_stays_so(ada: Browser, paper: Signer) -> None:
    sign_in(ada, paper.token())
    after = signer(db.session())
    assert after.issuer == paper.issuer
    sso_keys.retire(db.session(), reading.site(db.session(), "daily"), paper.kid, at=now())
    db.session.commit()
    assert why(ada, paper.token()) == "kid"
    assert ada.ask("GET", "me?key=a1").json["signed_in"] is True
    assert sign_in(ada, after.token()).status_code == 200
    assert count(Reader) == 1


def test_last_use_is_noted_once_an_hour(ada: Browser, paper: Signer) -> None:
    sign_in(ada, paper.token())
    key = db.session.scalars(select(SsoKey)).one()
    first = key.last_used_at
    assert first is not None
    sso_keys.note_use(db.session(), key, at=first + timedelta(minutes=59))
    db.session.expire_all()
    assert key.last_used_at == first
    sso_keys.note_use(db.session(), key, at=first + timedelta(minutes=61))
    db.session.expire_all()
    assert key.last_used_at == first + timedelta(minutes=61)


def test_a_missing_sealing_key_is_the_owners_to_mend_and_no_failure(
    ada: Browser, paper: Signer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for keys in ((), ("another-sealing-key-0123456789abcdefghij",)):
        with monkeypatch.context() as patch:
            patch.setattr("comments_service.web.session_api.Keyring", lambda _own, keys=keys: Keyring(keys))
            answer = ada.ask("POST", "sso", {"token": paper.token()})
        assert answer.status_code == 503
        assert "The site's owner has to look at it" in answer.json["detail"]
        assert "SEALING_KEYS lacks its key" in capfd.readouterr().err
    assert ada.post("Guests write on").status_code == 202


def test_no_log_and_no_answer_holds_a_token_or_secret(
    ada: Browser, paper: Signer, capfd: pytest.CaptureFixture[str]
) -> None:
    token = paper.token(email="canary@mail.example")
    said = sign_in(ada, token).text + ada.ask("GET", "me?key=a1").text
    why(ada, token)
    logged = capfd.readouterr().err
    for secret in (token, token.rpartition(".")[2], paper.secret, ada.secret, "canary@mail.example", "Nora Reed"):
        assert secret not in logged
    assert "canary@mail.example" not in said
    assert paper.secret not in said


def test_no_byte_of_the_database_holds_a_secret(app: Flask, ada: Browser, paper: Signer, template: Path) -> None:
    token = paper.token()
    sign_in(ada, token)
    values = [
        value for table in db.metadata.sorted_tables for row in db.session.execute(select(table)) for value in row
    ]
    raw = b" ".join(value if isinstance(value, bytes) else repr(value).encode() for value in values)
    if db.engine.dialect.name == "sqlite":
        raw += b"".join(file.read_bytes() for file in template.parent.glob("shared.sqlite*"))
    for secret in (paper.secret, ada.secret, token, token.rpartition(".")[2]):
        assert secret.encode() not in raw
