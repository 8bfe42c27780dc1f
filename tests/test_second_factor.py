"""Whoever learns a password alone stays outside the desk: codes, recovery codes, and who has to have them."""

import re
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from comments_service import second_factor, signing_in, staff
from comments_service.database import db, now
from comments_service.errors import Invalid
from comments_service.sealing import Keyring
from comments_service.settings import Settings
from comments_service.tables import RecoveryCode, SecondFactor, Session, SignInTry
from comments_service.web.desk import guard
from tests.desk import DESK, GOOD, UNSAFE, Desk, at_desk, come_by_link, link_for, make_moderator, routes, signed_in

from tests.desk import together, with_password  # isort: skip
from tests.signing import KEYRING

SEED = re.compile(r'class="seed">(.*?)</code>')
RECOVERY = re.compile(r"<code>(\d{5} \d{5} \d{5} \d{5})</code>")
# What can do the most harm, or opens more than it shows: a proof of the last minutes, please.
ASKS_AGAIN = {
    "add_person", "ask_second_factor", "begin_second_factor", "change_provider", "change_role", "choose_retention",
    "confirm", "end_writing_of", "invite_again", "link_person", "make_provider", "make_sso_key", "make_token",
    "page_key", "remove_person", "remove_second_factor", "renew_codes", "retire_sso_key", "revoke_invitation",
    "revoke_token", "rotate_page_key", "switch_provider",
}  # fmt: skip
SECRET_PLACES = ("/people", "/tokens", "/sso", "/page-key", "/second-factor", "/providers")
# These lie there too, and are no more than a look, a try of what is kept, or the proof itself.
NOTHING_TO_PROVE = {
    "confirm_second_factor", "people", "provider_list", "provider_page", "second_factor_page", "sso_key_list",
    "token_list", "try_provider",
}  # fmt: skip


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    with_password(staff.by_login(db.session(), "ann"))
    return Desk(app.test_client())


def code(seed: str, at: datetime | None = None) -> str:
    return str(pyotp.TOTP(seed).at(at or now()))


def give(login: str, *, at: datetime) -> str:
    """The seed of a second factor that somebody has confirmed a while ago, with no recovery codes."""
    person = staff.by_login(db.session(), login)
    seed = second_factor.begin(db.session(), person.id, keyring=KEYRING)
    row = db.session.get_one(SecondFactor, person.id)
    row.sealed, row.next_sealed, row.confirmed_at = row.next_sealed, None, at
    db.session.commit()
    return seed


def enrol(desk: Desk) -> tuple[str, list[str]]:
    """The seed and the recovery codes of somebody who went through the pages."""
    [shown] = SEED.findall(desk.post("/desk/second-factor/begin").text)
    seed = re.sub(r"<.*?>", "", shown)
    return seed, RECOVERY.findall(desk.post("/desk/second-factor/confirm", {"code": code(seed)}).text)


def sign_in(desk: Desk, **more: str) -> Any:
    return desk.post("/desk/sign-in", {"login": "ann", "password": GOOD, **more})


def grow_old(desk_session: timedelta = timedelta(minutes=11)) -> None:
    db.session.execute(update(Session).values(created=now() - desk_session, proved_at=None))
    db.session.commit()


def test_a_second_factor_is_set_up_with_its_codes_and_counts_at_the_next_sign_in(app: Flask, ann: Desk) -> None:
    sign_in(ann)
    elsewhere = signed_in(app.test_client(), "ann")
    ann.post("/desk/second-factor/begin")
    assert ann.post("/desk/second-factor/confirm", {"code": "000000"}).status_code == 422
    seed, codes = enrol(ann)
    tries = db.session.scalars(select(SignInTry.digest)).all()
    assert signing_in._name("code", "ann") not in tries, "what was mistyped on the way is forgotten"
    assert len(set(codes)) == 10
    kept = db.session.scalars(select(SecondFactor)).one()
    assert seed.encode() not in (kept.sealed or b"")
    assert elsewhere.get("/desk/account").status_code == 303, "other sessions end"
    shown = ann.get("/desk/second-factor").text
    assert "10 recovery codes left" in shown
    assert seed not in shown.replace("</span><span>", "")
    assert codes[0] not in shown
    new = Desk(app.test_client())
    half = sign_in(new, next="/desk/sites/daily/people")
    assert half.location == "/desk/sign-in/code?next=/desk/sites/daily/people"
    assert new.get("/desk/queue").location == "/desk/sign-in", "a password alone opens nothing"
    page = new.get(half.location)
    assert 'autocomplete="one-time-code"' in page.text
    used = new.post("/desk/sign-in/code", {"code": code(seed)})
    assert used.status_code == 422, "it was used to confirm"
    assert "wait for the next one" in used.text
    answer = new.post("/desk/sign-in/code", {"code": codes[3].replace(" ", ""), "next": "/desk/sites/daily/people"})
    assert answer.location == "/desk/sites/daily/people"
    assert new.client.get_cookie("code") is None
    assert "9 recovery codes left" in new.get("/desk/second-factor").text
    again = Desk(app.test_client())
    sign_in(again)
    assert again.post("/desk/sign-in/code", {"code": codes[3]}).status_code == 422, "a recovery code works once"
    assert again.post("/desk/sign-in/code", {"code": codes[4]}).location == guard.HOME
    renewed = RECOVERY.findall(again.post("/desk/second-factor/codes").text)
    assert len(renewed) == 10
    assert not set(renewed) & set(codes)
    assert again.post("/desk/second-factor/remove").location == "/desk/second-factor?done=factor"
    assert sign_in(Desk(app.test_client())).location == guard.HOME


def test_a_link_asks_for_the_code_too_and_half_a_session_runs_out(app: Flask, ann: Desk) -> None:
    seed = give("ann", at=now())
    assert ann.post(link_for("ann")).location.startswith("/desk/sign-in/code")
    cookie = ann.client.get_cookie("code")
    assert cookie is not None
    thief = Desk(app.test_client())
    thief.client.set_cookie("session", cookie.value)
    assert thief.get("/desk/queue").status_code == 303
    grow_old()
    assert ann.get("/desk/sign-in/code").location == "/desk/sign-in"
    assert ann.post("/desk/sign-in/code", {"code": code(seed)}).location == "/desk/sign-in"


def test_a_code_counts_for_a_step_to_each_side_and_none_before_the_last_one(ann: Desk) -> None:
    at = now()
    seed, ann_id = give("ann", at=at), staff.by_login(db.session(), "ann").id

    def counts(of: int, typed: str = "") -> bool:
        given = typed or code(seed, at + timedelta(seconds=30 * of))
        try:
            second_factor.prove(db.session(), ann_id, given, keyring=KEYRING, at=at)
        except Invalid:
            return False
        return True

    grouped = code(seed, at - timedelta(seconds=30))
    assert [counts(-2), counts(2), counts(-1, f" {grouped[:3]} {grouped[3:]}"), counts(-1), counts(1), counts(0)] == [
        False, False, True, False, True, False,
    ]  # fmt: skip
    for wrong in ("", "12345", "1234567", "abcdef", "１２３４５６", "\x00", "0" * 20, "9" * 5000):
        assert not counts(0, wrong), wrong


def test_of_two_processes_with_the_same_code_one_gets_in(ann: Desk, engine: Engine) -> None:
    at = now()
    seed, ann_id = give("ann", at=at), staff.by_login(db.session(), "ann").id
    recovery = second_factor.renew(db.session(), ann_id)[0]
    db.session.commit()
    for typed in (code(seed, at), recovery):
        prove = partial(second_factor.prove, moderator_id=ann_id, typed=typed, keyring=KEYRING, at=at)
        answers = together(engine, *[prove] * 4)
        assert sorted(type(answer).__name__ for answer in answers) == ["Invalid"] * 3 + ["NoneType"]
    kept = db.session.scalars(select(RecoveryCode.digest)).all()
    assert all(recovery.replace(" ", "").encode() not in digest for digest in kept)


def test_guessing_codes_is_slowed_and_a_recovery_code_gets_in_all_the_same(app: Flask, ann: Desk) -> None:
    seed = give("ann", at=now())
    person = staff.by_login(db.session(), "ann")
    recovery = second_factor.renew(db.session(), person.id)[0]
    db.session.commit()
    sign_in(ann)
    answers = [ann.post("/desk/sign-in/code", {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert ann.post("/desk/sign-in/code", {"code": code(seed)}).status_code == 429
    assert ann.post("/desk/sign-in/code", {"code": recovery}).location == guard.HOME
    assert db.session.scalars(select(SignInTry.tries)).all() != [], "the network is still counted"


def test_an_owner_outside_the_demo_and_whom_the_site_asks_is_led_to_set_it_up(
    app: Flask, ann: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_moderator("bob", "Bob", daily="moderator")
    bob = signed_in(app.test_client(), "bob")
    sign_in(ann)
    assert ann.get("/desk/queue").status_code == bob.get("/desk/queue").status_code == 200
    assert "so nobody has to set up a code" in ann.get("/desk/sites/daily/people").text
    monkeypatch.setattr(Settings, "local", property(lambda _settings: False))
    open_to_ann = {"/desk/account", "/desk/second-factor"}
    for method, path in routes(app, "GET", *UNSAFE, public=False):
        if method == "GET" and path not in open_to_ann:
            assert ann.get(path).location == "/desk/second-factor", path
    assert ann.post("/desk/sites/daily/tokens", {"name": "x"}).location == "/desk/second-factor"
    fetched = ann.client.get("/desk/queue", base_url=DESK, headers={"Sec-Fetch-Dest": "empty"})
    assert fetched.status_code == 403
    assert bob.get("/desk/queue").status_code == 200
    assert "Set it up first." in ann.get("/desk/second-factor").text
    enrol(ann)
    assert ann.get("/desk/queue").status_code == 200
    assert ann.post("/desk/second-factor/remove").status_code == 403
    assert ann.post("/desk/sites/daily/people/second-factor", {"moderators": "on"}).status_code == 303
    assert bob.get("/desk/queue").location == "/desk/second-factor"
    people = ann.get("/desk/sites/daily/people").text
    assert people.count("second factor</span>") == 1
    assert "so nobody has to set up a code" not in people


def test_without_a_sealing_key_no_seed_is_kept_and_the_page_says_why(
    ann: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(ann)
    monkeypatch.setattr(guard, "Keyring", lambda _keys: Keyring(()))
    told = ann.post("/desk/second-factor/begin")
    assert told.status_code == 422
    assert "SEALING_KEYS" in told.text
    assert db.session.scalars(select(SecondFactor)).all() == []


def test_every_route_that_can_do_harm_wants_a_proof_of_the_last_minutes(app: Flask, ann: Desk) -> None:
    """A new route below one of these places has to be in one of the two lists."""
    rules = [rule for rule in app.url_map.iter_rules() if any(place in rule.rule for place in SECRET_PLACES)]
    placed = {rule.endpoint.removeprefix("desk.") for rule in rules if rule.endpoint.startswith("desk.")}
    assert placed - NOTHING_TO_PROVE <= ASKS_AGAIN
    seed = give("ann", at=now())
    sign_in(ann)
    ann.post("/desk/sign-in/code", {"code": code(seed)})
    csrf = ann.token()
    grow_old()
    asked = set()
    for method, path in routes(app, "GET", *UNSAFE, public=False):
        form = {"csrf_token": csrf, "name": "<b>kept", "moderation": "pre"}
        headers = {"Sec-Fetch-Site": "same-origin"}
        if path.endswith(("/sign-out", "/end-others", "/end-all")):
            continue
        data = None if method == "GET" else form
        answer = ann.client.open(path, method=method, base_url=DESK, data=data, headers=headers)
        if "Is it still you?" in answer.text:
            asked.add(app.url_map.bind("localhost").match(path, method=method)[0].removeprefix("desk."))
            assert answer.status_code == 403
            assert method == "GET" or 'name="name" value="&lt;b&gt;kept"' in answer.text
            headers["Sec-Fetch-Dest"] = "empty"
            script = ann.client.open(path, method=method, base_url=DESK, data=data, headers=headers)
            assert script.status_code == 403
    assert asked == ASKS_AGAIN


def test_a_proof_lets_what_was_typed_through_and_a_wrong_one_does_not(app: Flask, ann: Desk) -> None:
    sign_in(ann)
    grow_old()
    form = {"name": "newsroom", "scopes": ["articles:write"]}
    assert 'type="password"' in ann.post("/desk/sites/daily/tokens", form).text
    wrong = ann.post("/desk/sites/daily/tokens", {**form, "code": "not it"})
    assert wrong.status_code == 403
    assert "This is not the password you have now." in wrong.text
    asked = ann.post("/desk/sites/daily/tokens?from=a&amp=b", form).text
    assert 'action="/desk/sites/daily/tokens?from=a&amp;amp=b"' in asked
    made = ann.post("/desk/sites/daily/tokens", {**form, "code": GOOD})
    assert "This is the new token." in made.text
    assert ann.get("/desk/sites/daily/page-key").status_code == 200
    grow_old()
    asked = ann.get("/desk/sites/daily/page-key")
    assert 'action="/desk/confirm"' in asked.text
    back = ann.post("/desk/confirm", {"next": "/desk/sites/daily/page-key", "code": GOOD})
    assert back.location == "/desk/sites/daily/page-key"
    grow_old()
    assert ann.post("/desk/confirm", {"next": "//evil.example", "code": GOOD}).location == guard.HOME
    grow_old()
    guesses = [ann.post("/desk/confirm", {"code": f"guess {n}"}).status_code for n in range(6)]
    assert guesses == [403] * 5 + [429]


def test_whoever_has_neither_password_nor_code_chooses_one_first(app: Flask) -> None:
    make_moderator("olga", "Olga", daily="owner")
    olga = signed_in(app.test_client(), "olga")
    grow_old()
    assert "Choose it first." in olga.get("/desk/sites/daily/page-key").text
    assert olga.post("/desk/account/password", {"password": GOOD, "again": GOOD}).status_code == 303
    assert olga.get("/desk/sites/daily/page-key").status_code == 200


def test_a_reset_takes_everything_and_a_new_device_takes_over_without_a_gap(ann: Desk) -> None:
    at = now()
    person = staff.by_login(db.session(), "ann")
    old = give("ann", at=at)
    new = second_factor.begin(db.session(), person.id, keyring=KEYRING)
    second_factor.prove(db.session(), person.id, code(old, at), keyring=KEYRING, at=at)
    with pytest.raises(Invalid):
        second_factor.confirm(db.session(), person.id, code(old, at), keyring=KEYRING, at=at)
    second_factor.confirm(db.session(), person.id, code(new, at), keyring=KEYRING, at=at)
    with pytest.raises(Invalid):
        second_factor.prove(db.session(), person.id, code(old, at), keyring=KEYRING, at=at + timedelta(minutes=1))
    signing_in.reset(db.session(), person, at=at)
    assert person.password_hash is None
    assert [*db.session.scalars(select(SecondFactor)), *db.session.scalars(select(RecoveryCode))] == []
    assert at_desk(come_by_link(person)).has_second_factor is False
