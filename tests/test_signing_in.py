"""The two ways into the desk, and how often somebody may try them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, LargeBinary, func, select, type_coerce
from sqlalchemy.orm import Session as DatabaseSession

from comments_service import desk_sessions, passwords, reading, second_factor, signing_in, staff, sweeping
from comments_service.database import db, now
from comments_service.errors import Conflict, Invalid, NotFound, NotSignedIn, TooMany
from comments_service.tables import Moderator, OneTimeLink, Session, SignInTry, Site
from tests.desk import BROWSER, GOOD, at_desk, come_by_link, join, together, with_password
from tests.signing import KEYRING

HOME = "198.51.100.0"


@pytest.fixture
def daily(app: Flask) -> Site:
    return reading.site(db.session(), "daily")


@pytest.fixture
def ann(daily: Site) -> Moderator:
    return join(daily, "ann", "owner")


@pytest.fixture
def bob(daily: Site) -> Moderator:
    return join(daily, "bob", "moderator")


@pytest.fixture
def outsider(app: Flask) -> Moderator:
    return join(reading.site(db.session(), "other"), "olga", "owner")


def test_an_owner_who_cannot_sign_in_is_no_other_owner(ann: Moderator, bob: Moderator, daily: Site) -> None:
    staff.set_role(db.session(), daily, bob.id, role="owner")
    signing_in.disable(db.session(), bob, at=now())
    with pytest.raises(Conflict):
        staff.remove(db.session(), daily, ann.id)


def test_only_digests_of_links_and_sessions_are_kept(ann: Moderator) -> None:
    token = signing_in.make_link(db.session(), ann, at=now())
    secret = signing_in.by_link(db.session(), token, **BROWSER, at=now())
    assert len(token) == len(secret) == 43
    for column in (OneTimeLink.digest, Session.digest):
        [kept] = db.session.scalars(select(type_coerce(column, LargeBinary)))
        assert token.encode() not in bytes(kept)
        assert secret.encode() not in bytes(kept)


def test_of_many_who_use_a_link_at_once_one_comes_in(engine: Engine, ann: Moderator) -> None:
    token, at = signing_in.make_link(db.session(), ann, at=now()), now()
    db.session.commit()
    answers = together(engine, *[lambda session: signing_in.by_link(session, token, **BROWSER, at=at)] * 8)
    assert sorted(type(answer).__name__ for answer in answers) == ["NotFound"] * 7 + ["str"]
    assert db.session.scalar(select(func.count()).select_from(Session)) == 1


def test_a_link_ends_after_a_day_and_with_the_next_one(ann: Moderator) -> None:
    at = now()
    first = signing_in.make_link(db.session(), ann, at=at)
    second = signing_in.make_link(db.session(), ann, at=at)
    for token, when in ((first, at), (second, at + timedelta(hours=24)), ("", at), ("A" * 43, at), (second[:-1], at)):
        with pytest.raises(NotFound):
            signing_in.by_link(db.session(), token, **BROWSER, at=when)
    assert signing_in.by_link(db.session(), second, **BROWSER, at=at + timedelta(hours=23, minutes=59))


@pytest.mark.parametrize(
    "password",
    [
        "", "x", "fourteen chars", "passwordpassword", "qwertyuiop12345", "123456789012345", "aaaaaaaaaaaaaaaaaaa",
        "iloveyouiloveyou", "Passw0rd!Passw0rd!", "dailydailydaily1", "the daily the daily", "ann-ann-ann-ann-ann",
        "DailyAnn20262026", "abcdefghijklmnopq", "a" * 129, "letmeinletmeinletmein",
    ],
)  # fmt: skip
def test_a_password_that_is_tried_first_is_refused(ann: Moderator, password: str) -> None:
    me = at_desk(come_by_link(ann))
    with pytest.raises(Invalid) as refused:
        signing_in.set_password(db.session(), me, old="", new=password, at=now())
    assert refused.value.field == "password"


@pytest.mark.parametrize("password", [GOOD, "harbour lamps before dawn", "gxqzvwkrmnbtplj", "горшок медведь луна тень"])
def test_a_long_password_needs_no_odd_characters(ann: Moderator, password: str) -> None:
    signing_in.set_password(db.session(), at_desk(come_by_link(ann)), old="", new=password, at=now())
    assert signing_in.by_password(db.session(), "Ann", password, **BROWSER, at=now())


def test_a_password_is_kept_as_argon2id_with_the_parameters_of_owasp(ann: Moderator) -> None:
    kept = with_password(ann).password_hash
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(kept, GOOD)
    assert not passwords.matches(kept, GOOD + " ")


def test_the_same_letters_typed_on_another_machine_are_the_same_password(ann: Moderator) -> None:
    assert passwords.matches(passwords.digest("caf\u00e9 kettles at noon"), "cafe\u0301 kettles at noon")


@pytest.mark.parametrize("kept", [None, "", "nonsense", "$argon2id$v=19$m=19456,t=2,p=1$x$y"])
def test_nothing_matches_where_no_password_is_kept(kept: str | None) -> None:
    assert not passwords.matches(kept, "nobody")


def test_a_new_password_takes_the_old_one_and_ends_every_other_session(ann: Moderator) -> None:
    with_password(ann)
    here = signing_in.by_password(db.session(), "ann", GOOD, **BROWSER, at=now())
    there = signing_in.by_password(db.session(), "ann", GOOD, **BROWSER, at=now())
    link = signing_in.make_link(db.session(), ann, at=now())
    with pytest.raises(Invalid) as refused:
        signing_in.set_password(db.session(), at_desk(here), old="wrong", new="harbour lamps before dawn", at=now())
    assert refused.value.field == "old_password"
    signing_in.set_password(db.session(), at_desk(here), old=GOOD, new="harbour lamps before dawn", at=now())
    assert at_desk(here)
    assert desk_sessions.find(db.session(), there, at=now()) is None
    with pytest.raises(NotFound):
        signing_in.by_link(db.session(), link, **BROWSER, at=now())


def test_whoever_is_let_in_while_the_password_changes_is_not(
    engine: Engine, ann: Moderator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_password(ann)
    half = Session(purpose="desk", audience="code", moderator_id=ann.id, origin="", device="", opened_by="password",
                   digest=b"h" * 32, created=now(), seen_at=now())  # fmt: skip
    db.session.add(half)
    recovery = second_factor.renew(db.session(), ann.id)[0]
    db.session.commit()
    checked, ann_id = passwords.matches, ann.id
    assert db.session.get_one(Session, half.id).revoked_at is None

    def changed_meanwhile(*told: str) -> bool:
        monkeypatch.setattr(passwords, "matches", checked)
        right = checked(*told)
        with DatabaseSession(engine) as other:
            person = other.get_one(Moderator, ann_id)
            person.password_hash = passwords.digest("another one, chosen in haste")
            desk_sessions.end_all(other, ann_id, at=now())
            other.commit()
        return right

    monkeypatch.setattr(passwords, "matches", changed_meanwhile)
    with pytest.raises(NotSignedIn):
        signing_in.by_password(db.session(), "ann", GOOD, **BROWSER, at=now())
    with pytest.raises(Invalid):
        signing_in.by_code(db.session(), half, recovery, keyring=KEYRING, at=now())
    assert db.session.scalars(select(Session).where(Session.revoked_at.is_(None))).all() == []


def test_who_came_by_a_link_a_moment_ago_needs_no_old_password(ann: Moderator) -> None:
    with_password(ann)
    me = at_desk(come_by_link(ann))
    assert not signing_in.needs_old_password(db.session(), me, at=now())
    assert signing_in.needs_old_password(db.session(), me, at=now() + timedelta(minutes=31))


def test_every_cause_of_a_failed_sign_in_sounds_the_same(ann: Moderator, bob: Moderator, outsider: Moderator) -> None:
    with_password(ann)
    with_password(outsider)
    signing_in.disable(db.session(), outsider, at=now())
    said = set()
    for login, password in (("ann", "wrong"), ("nobody", GOOD), ("bob", ""), ("olga", GOOD), ("", ""), ("\x00", GOOD)):
        with pytest.raises(NotSignedIn) as refused:
            signing_in.by_password(db.session(), login, password, **BROWSER, at=now())
        said.add(refused.value.detail)
    assert said == {signing_in.WRONG}


def test_tries_of_one_login_wait_longer_and_longer_but_never_for_good(ann: Moderator) -> None:
    at = now()
    waits = []
    for _ in range(20):
        try:
            signing_in.count_try(db.session(), "ann", address=HOME, at=at)
            waits.append(0)
        except TooMany as refused:
            waits.append(refused.seconds)
            at += timedelta(seconds=refused.seconds)
            signing_in.count_try(db.session(), "ann", address=HOME, at=at)
        db.session.commit()
    assert waits[:9] == [0, 0, 0, 0, 0, 2, 4, 8, 16]
    assert set(waits[10:]) == {60}


def test_the_tries_are_counted_for_a_login_wherever_they_come_from(ann: Moderator) -> None:
    at = now()
    for number in range(5):
        signing_in.count_try(db.session(), "ANN " if number else "ann", address=f"203.0.113.{number}", at=at)
    db.session.commit()
    with pytest.raises(TooMany):
        signing_in.count_try(db.session(), "ann", address="192.0.2.1", at=at)
    db.session.rollback()
    signing_in.count_try(db.session(), "bob", address="192.0.2.1", at=at)


def test_the_tries_are_counted_for_an_address_whoever_is_tried(app: Flask) -> None:
    at, stopped = now(), 0
    for number in range(60):
        try:
            signing_in.count_try(db.session(), f"login{number}", address=HOME, at=at)
            db.session.commit()
        except TooMany:
            db.session.rollback()
            stopped += 1
    assert stopped == 30
    signing_in.count_try(db.session(), "ann", address="192.0.2.1", at=at)


def test_many_tries_at_once_are_counted_one_by_one(engine: Engine) -> None:
    at = now()
    answers = together(engine, *[lambda session: signing_in.count_try(session, "ann", address=HOME, at=at)] * 12)
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType"] * 5 + ["TooMany"] * 7


def test_the_right_password_and_half_a_day_make_the_tries_forgotten(ann: Moderator) -> None:
    with_password(ann)
    at = now()
    for _ in range(4):
        signing_in.count_try(db.session(), "ann", address=HOME, at=at)
    signing_in.by_password(db.session(), "ann", GOOD, **BROWSER, at=at)
    for _ in range(5):
        signing_in.count_try(db.session(), "ann", address=HOME, at=at)
    db.session.commit()
    with pytest.raises(TooMany):
        signing_in.count_try(db.session(), "ann", address=HOME, at=at)
    db.session.rollback()
    for _ in range(5):
        signing_in.count_try(db.session(), "ann", address=HOME, at=at + timedelta(hours=13))


def test_old_tries_and_sessions_are_swept(engine: Engine, ann: Moderator) -> None:
    come_by_link(ann)
    signing_in.count_try(db.session(), "ann", address=HOME, at=now())
    db.session.commit()
    sweeping.sweep(engine, at=now() + timedelta(hours=23))
    db.session.expire_all()
    assert db.session.scalar(select(func.count()).select_from(SignInTry)) == 2
    sweeping.sweep(engine, at=now() + timedelta(days=31))
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(SignInTry)) == 0
    assert db.session.scalar(select(func.count()).select_from(Session)) == 0
