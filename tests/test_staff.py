"""Who belongs to the desk, how they prove it, and how often somebody may try."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, LargeBinary, func, select, type_coerce, update
from sqlalchemy.orm import Session as DatabaseSession

from comments_service import desk_sessions, passwords, reading, signing_in, staff, sweeping
from comments_service.database import db, now
from comments_service.errors import Conflict, Invalid, NotFound, NotSignedIn, NotYours, Refused, TooMany
from comments_service.staff import Staff
from comments_service.tables import Moderator, OneTimeLink, Session, SignInTry, Site

GOOD = "four green kettles at noon"
BROWSER = {"device": "Firefox on Linux", "origin": "https://desk.example"}
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


def join(site: Site, login: str, role: str) -> Moderator:
    person, _ = staff.add(db.session(), site, login=login, name=login.title(), role=role, at=now())
    db.session.commit()
    return person


def come_by_link(person: Moderator) -> str:
    token = signing_in.make_link(db.session(), person, at=now())
    secret = signing_in.by_link(db.session(), token, **BROWSER, at=now())
    db.session.commit()
    return secret


def at_desk(secret: str) -> Staff:
    found = desk_sessions.find(db.session(), secret, at=now())
    assert found is not None
    return found


def with_password(person: Moderator) -> Moderator:
    signing_in.set_password(db.session(), at_desk(come_by_link(person)), old="", new=GOOD, at=now())
    db.session.commit()
    return person


def together(engine: Engine, *calls: Callable[[DatabaseSession], object]) -> list[object]:
    """What each call gave or raised, all of them begun at the same moment in transactions of their own."""
    start, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number: int) -> None:
        with DatabaseSession(engine) as session:
            start.wait()
            try:
                answers[number] = calls[number](session)
                session.commit()
            except Refused as refused:
                answers[number] = refused

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_somebody_known_keeps_their_name_on_another_site(ann: Moderator, daily: Site) -> None:
    other = reading.site(db.session(), "other")
    person, new = staff.add(db.session(), other, login=" ANN ", name="An Impostor", role="moderator", at=now())
    assert (person.id, person.name, new) == (ann.id, "Ann", False)
    assert [(role.site_key, role.role) for role in staff.roles_of(db.session(), ann.id)] == [
        ("daily", "owner"), ("other", "moderator"),
    ]  # fmt: skip
    with pytest.raises(Conflict):
        staff.add(db.session(), daily, login="ann", name="Ann", role="moderator", at=now())


@pytest.mark.parametrize("login", ["", "a", "a b", "../a", "a" * 101, "ann\x00", "<b>", "аnn"])
def test_a_login_that_could_be_mistaken_is_refused(daily: Site, login: str) -> None:
    with pytest.raises(Invalid) as refused:
        staff.add(db.session(), daily, login=login, name="Ann", role="owner", at=now())
    assert refused.value.field == "login"


def test_the_last_owner_stays(ann: Moderator, bob: Moderator, daily: Site) -> None:
    for change in (
        lambda: staff.remove(db.session(), daily, ann.id),
        lambda: staff.set_role(db.session(), daily, ann.id, role="moderator"),
    ):
        with pytest.raises(Conflict):
            change()
        db.session.rollback()
    staff.set_role(db.session(), daily, bob.id, role="owner")
    staff.remove(db.session(), daily, ann.id)
    db.session.commit()
    assert [(person.login, role) for person, role in staff.members(db.session(), daily)] == [("bob", "owner")]


def test_an_owner_who_cannot_sign_in_is_no_other_owner(ann: Moderator, bob: Moderator, daily: Site) -> None:
    staff.set_role(db.session(), daily, bob.id, role="owner")
    signing_in.disable(db.session(), bob, at=now())
    with pytest.raises(Conflict):
        staff.remove(db.session(), daily, ann.id)


def test_two_owners_who_remove_each_other_at_once_leave_one(
    engine: Engine, ann: Moderator, bob: Moderator, daily: Site
) -> None:  # fmt: skip
    staff.set_role(db.session(), daily, bob.id, role="owner")
    db.session.commit()
    ids, key = (ann.id, bob.id), daily.key
    db.session.rollback()
    answers = together(
        engine,
        *(lambda session, each=each: staff.remove(session, reading.site(session, key), each) for each in ids),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "NoneType"]
    assert len(staff.members(db.session(), reading.site(db.session(), key))) == 1


def test_strangers_are_no_members(ann: Moderator, outsider: Moderator, daily: Site) -> None:
    for change in (
        lambda: staff.remove(db.session(), daily, outsider.id),
        lambda: staff.set_role(db.session(), daily, outsider.id, role="owner"),
        lambda: staff.member(db.session(), daily, outsider.id),
        lambda: signing_in.make_link_for(db.session(), at_desk(come_by_link(ann)), daily, outsider.id, at=now()),
    ):
        with pytest.raises(NotFound):
            change()


def test_an_owner_cannot_make_a_link_that_opens_a_site_of_others(
    ann: Moderator, bob: Moderator, outsider: Moderator, daily: Site
) -> None:  # fmt: skip
    me = at_desk(come_by_link(ann))
    assert signing_in.make_link_for(db.session(), me, daily, bob.id, at=now())
    staff.add(db.session(), reading.site(db.session(), "other"), login="bob", name="B", role="moderator", at=now())
    with pytest.raises(NotYours):
        signing_in.make_link_for(db.session(), me, daily, bob.id, at=now())


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


def test_a_session_ends_when_nobody_uses_it_and_after_half_a_day_in_any_case(ann: Moderator) -> None:
    secret, start = come_by_link(ann), now()
    assert desk_sessions.find(db.session(), secret, at=start + timedelta(minutes=29))
    db.session.commit()
    assert desk_sessions.find(db.session(), secret, at=start + timedelta(minutes=58))
    db.session.commit()
    assert desk_sessions.find(db.session(), secret, at=start + timedelta(minutes=89)) is None
    for minutes in range(0, 12 * 60, 25):
        db.session.execute(update(Session).values(seen_at=start + timedelta(minutes=minutes)))
    assert desk_sessions.find(db.session(), secret, at=start + timedelta(hours=11, minutes=59))
    assert desk_sessions.find(db.session(), secret, at=start + timedelta(hours=12, minutes=1)) is None


@pytest.mark.parametrize("secret", ["", "A" * 43, "x" * 5000, "\x00" * 43, "é" * 43])
def test_what_was_never_handed_out_is_nobody(ann: Moderator, secret: str) -> None:
    come_by_link(ann)
    assert desk_sessions.find(db.session(), secret, at=now()) is None


def test_one_sees_and_ends_ones_own_sessions_only(ann: Moderator, outsider: Moderator) -> None:
    first, second = at_desk(come_by_link(ann)), at_desk(come_by_link(ann))
    theirs = at_desk(come_by_link(outsider))
    assert {row.id for row in desk_sessions.listing(db.session(), first, at=now())} == {
        first.session_id, second.session_id,
    }  # fmt: skip
    with pytest.raises(NotFound):
        desk_sessions.end(db.session(), first, theirs.session_id, at=now())
    assert desk_sessions.end_all(db.session(), first.id, at=now(), but=first.session_id) == 1
    assert [row.id for row in desk_sessions.listing(db.session(), first, at=now())] == [first.session_id]
    assert len(desk_sessions.listing(db.session(), theirs, at=now())) == 1


def test_whoever_is_disabled_is_out_at_once(ann: Moderator) -> None:
    secret = come_by_link(ann)
    link = signing_in.make_link(db.session(), ann, at=now())
    signing_in.disable(db.session(), ann, at=now())
    assert desk_sessions.find(db.session(), secret, at=now()) is None
    with pytest.raises(NotFound):
        signing_in.by_link(db.session(), link, **BROWSER, at=now())
    with pytest.raises(Invalid):
        signing_in.make_link(db.session(), ann, at=now())


@pytest.mark.parametrize(
    ("user_agent", "shown"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/19 Safari/605", "Safari on macOS"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156 Safari/537.36 Edg/156", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604", "Safari on iPhone or iPad"),
        ("curl/8", "Another browser"),
        ("", "Another browser"),
        ("<script>" * 5000, "Another browser"),
    ],
)
def test_a_device_is_named_in_a_few_words(user_agent: str, shown: str) -> None:
    assert desk_sessions.device(user_agent) == shown


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
