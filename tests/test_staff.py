"""Who belongs to the desk on which site, and where they are signed in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, update

from comments_service import desk_sessions, reading, signing_in, staff
from comments_service.database import db, now
from comments_service.errors import Conflict, Invalid, NotFound, NotYours
from comments_service.tables import Moderator, Session, Site
from tests.desk import BROWSER, at_desk, come_by_link, join, together

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
    changes: list[Callable[[], object]] = [
        lambda: staff.remove(db.session(), daily, ann.id),
        lambda: staff.set_role(db.session(), daily, ann.id, role="moderator"),
    ]
    for change in changes:
        with pytest.raises(Conflict):
            change()
        db.session.rollback()
    staff.set_role(db.session(), daily, bob.id, role="owner")
    staff.remove(db.session(), daily, ann.id)
    db.session.commit()
    assert [(person.login, role) for person, role in staff.members(db.session(), daily)] == [("bob", "owner")]


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
