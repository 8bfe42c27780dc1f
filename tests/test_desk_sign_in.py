"""Into the desk by password or by a link that works once, out of it again, and one's own account."""

import posixpath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, delete, event, func, select, update

from comments_service import mail_sign_in, staff
from comments_service.database import db
from comments_service.errors import Invalid
from comments_service.tables import Moderator, Session
from comments_service.web.desk.guard import HOME, safe_next
from comments_service.web.limits import limiter
from tests.conftest import PAPER
from tests.desk import DESK, GOOD, Desk, link_for, make_moderator, signed_in, with_password


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    return Desk(app.test_client())


@pytest.fixture
def password(ann: Desk) -> str:
    with_password(staff.by_login(db.session(), "ann"))
    db.session.execute(delete(Session))
    db.session.commit()
    return GOOD


def sign_in(desk: Desk, login: str, password: str, **more: str) -> Any:
    return desk.post("/desk/sign-in", {"login": login, "password": password, **more})


def sessions() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Session).where(Session.revoked_at.is_(None))) or 0


def test_a_link_signs_in_once_and_only_by_its_button(ann: Desk, app: Flask) -> None:
    path = link_for("ann")
    for _ in range(3):
        assert "This link signs you in once" in ann.get(path).text
    assert sessions() == 0
    assert ann.post(path).location == "/desk/account"
    assert ann.get("/desk/sign-in").location == HOME
    late = Desk(app.test_client()).post(path)
    assert late.status_code == 404
    assert "This link has been used, or it is too old. Ask for a new one." in late.text
    assert sessions() == 1


def test_a_link_leads_to_the_choice_of_a_password_or_where_it_says(ann: Desk) -> None:
    assert 'name="next"' not in ann.get(link_for("ann")).text
    assert 'name="next" value="/desk/queue"' in ann.get(f"{link_for('ann')}?next=/desk/queue").text
    assert ann.post(link_for("ann"), {"next": "/desk/queue"}).location == "/desk/queue"
    assert ann.post(link_for("ann"), {"next": "//evil.example"}).location == HOME
    with_password(staff.by_login(db.session(), "ann"))
    assert ann.post(link_for("ann")).location == HOME


def test_a_link_is_never_told_to_the_log_or_to_another_page(
    ann: Desk, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    path = link_for("ann")
    answer = ann.get(path)
    ann.post(path)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert path.rpartition("/")[2] not in capsys.readouterr().err


def test_a_password_signs_in_and_leads_where_one_wanted_to_go(ann: Desk, password: str) -> None:
    wanted = ann.get("/desk/sites/daily/people")
    assert wanted.location == "/desk/sign-in?next=/desk/sites/daily/people"
    assert 'value="/desk/sites/daily/people"' in ann.get(wanted.location).text
    assert sign_in(ann, " Ann ", password, next="/desk/sites/daily/people").location == "/desk/sites/daily/people"
    assert "Ann" in ann.get("/desk/account").text


def test_a_wrong_password_keeps_the_login_and_says_the_same_as_an_unknown_login(ann: Desk, password: str) -> None:
    wrong, unknown = sign_in(ann, "ann", "wrong"), sign_in(ann, "nobody", password)
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("ann", "nobody") == unknown.text
    assert 'value="ann"' in wrong.text
    assert "wrong" not in wrong.text.replace('id="wrong"', "").replace('describedby="wrong"', "")
    assert password not in unknown.text


def test_a_known_and_an_unknown_login_cost_the_same_work(
    ann: Desk, password: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[str] = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, *args: Any) -> bool:
        work.append("hash")
        return verify(hasher, *args)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    event.listen(engine, "before_cursor_execute", lambda *args: work.append(str(args[2]).split(" WHERE")[0]))
    each = []
    for login in ("the first from here", "ann", "nobody", "not a login"):
        work.clear()
        sign_in(ann, login, "wrong")
        each.append(list(work))
    assert each[1] == each[2] == each[3]
    assert each[1].count("hash") == 1


def test_guessing_is_slowed_for_a_login_and_no_restart_forgets_it(ann: Desk, password: str) -> None:
    for _ in range(5):
        assert sign_in(ann, "ann", "wrong").status_code == 401
    limiter.reset()
    slowed = sign_in(ann, "ann", password)
    assert slowed.status_code == 429
    assert slowed.headers["Retry-After"] in {"1", "2"}
    assert "Try again in" in slowed.text
    assert sessions() == 0
    assert sign_in(ann, "nobody", "wrong").status_code == 401


def test_guessing_is_slowed_for_an_address(ann: Desk) -> None:
    answers = [sign_in(ann, f"login{number}", "wrong").status_code for number in range(32)]
    assert answers[:30] == [401] * 30
    assert answers[30:] == [429] * 2


def test_signing_in_again_leaves_no_session_behind(ann: Desk, password: str) -> None:
    sign_in(ann, "ann", password)
    before = ann.client.get_cookie("session")
    ann.post(link_for("ann"))
    after = ann.client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert sessions() == 1


def test_a_session_that_somebody_planted_is_not_taken_over(ann: Desk, password: str) -> None:
    ann.client.set_cookie("session", "P" * 43)
    sign_in(ann, "ann", password)
    cookie = ann.client.get_cookie("session")
    assert cookie is not None
    assert cookie.value != "P" * 43


@pytest.mark.parametrize(
    "target",
    [
        "", "/", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:/evil.example",
        "/desk/../evil", "/desk//evil.example", "/deskk", "desk/queue", "javascript:alert(1)", "/desk/\r\nX: a",
        "/desk/\tqueue", " /desk/queue", "/desk/\x00", "/desk/é", "///desk/queue", "/evil?/desk/", "//desk/queue",
        "/desk/%5c%5cevil", "http:///desk/queue", "/desk\\queue", "/desk@evil.example",
    ],
)  # fmt: skip
def test_nobody_is_led_away_from_the_desk(target: str) -> None:
    assert safe_next(target) in {HOME, "/desk/%5c%5cevil"}


def test_of_256_ways_out_none_leads_out() -> None:
    """As a browser reads them, whether the desk goes on to them or a mail for signing in leads to them."""
    ways = ("//", "/\\", "\\/", "///", "https://", "https:/", "https:", "http:\\\\", "/%2f", "/desk//", "/desk/..//",
            "/desk/%2e%2e//", "/desk/.%2E/", "/desk\\", "/desk@", f"{PAPER}@")  # fmt: skip
    ends, around = ("{}", "{}/desk", "{}%2fdesk", "x@{}/desk"), ("{}", " {}", "\t{}", "{}\n")
    targets = {shell.format(way + end.format("evil.example")) for way in ways for end in ends for shell in around}
    assert len(targets) == 256
    for target in targets:
        led = urlsplit(urljoin(f"{DESK}/desk/sign-in", safe_next(target)))
        assert led.netloc == urlsplit(DESK).netloc, target
        assert posixpath.normpath(unquote(led.path)).split("/")[1] == "desk", target
        with pytest.raises(Invalid):
            mail_sign_in._page(target, PAPER)


@pytest.mark.parametrize("target", ["/desk", "/desk/queue?site=daily&status=held", "/desk/sites/daily#people"])
def test_every_page_of_the_desk_may_be_gone_on_to(target: str) -> None:
    assert safe_next(target) == target


def test_the_answer_never_leads_away_either(ann: Desk, password: str) -> None:
    assert sign_in(ann, "ann", password, next="https://evil.example/").location == HOME
    assert ann.get("/desk/sign-in?next=//evil.example").location == HOME


def test_a_name_is_changed_and_a_bad_one_stays_in_its_field_with_the_reason(app: Flask, ann: Desk) -> None:
    me = signed_in(app.test_client(), "ann")
    bad = me.post("/desk/account/name", {"name": "<b>" + "x" * 60})
    assert bad.status_code == 422
    assert "Give a name of 1 to 60 characters." in bad.text
    assert "&lt;b&gt;xxx" in bad.text
    assert "<b>xxx" not in bad.text
    assert me.post("/desk/account/name", {"name": "Ann <Archer>"}).location == "/desk/account?done=saved"
    told = me.get("/desk/account?done=saved").text
    assert "Saved." in told
    assert "Ann &lt;Archer&gt;" in told
    assert "&lt;" not in me.get("/desk/sites?done=<b>").text.replace("Ann &lt;Archer&gt;", "")


def test_a_password_is_chosen_typed_twice_and_other_sessions_end(app: Flask, ann: Desk) -> None:
    here, there = signed_in(app.test_client(), "ann"), signed_in(app.test_client(), "ann")
    assert "Choose a password" in here.get("/desk/account").text
    for form, reason in (
        ({"password": GOOD, "again": GOOD + "!"}, "These two are not the same."),
        ({"password": "short", "again": "short"}, "Use 15 characters or more"),
        ({"password": "dailydailydaily1", "again": "dailydailydaily1"}, "one of the first that somebody would try"),
    ):
        told = here.post("/desk/account/password", form)
        assert told.status_code == 422
        assert reason in told.text
        assert f'value="{form["password"]}"' not in told.text
    assert here.post("/desk/account/password", {"password": GOOD, "again": GOOD}).status_code == 303
    assert here.get("/desk/account").status_code == 200
    assert there.get("/desk/account").status_code == 303


def test_a_stolen_session_cannot_change_the_password_or_guess_the_old_one(ann: Desk, password: str) -> None:
    sign_in(ann, "ann", password)
    new = {"password": "harbour lamps before dawn", "again": "harbour lamps before dawn"}
    answers = [ann.post("/desk/account/password", {**new, "old_password": f"guess {n}"}) for n in range(7)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 2
    assert "This is not the password you have now." in answers[0].text
    assert sign_in(Desk(ann.client.application.test_client()), "ann", password).status_code == 429


def test_sessions_are_listed_with_device_and_ended(app: Flask, ann: Desk) -> None:
    here, there = signed_in(app.test_client(), "ann"), signed_in(app.test_client(), "ann")
    make_moderator("olga", "Olga", other="owner")
    outsider = signed_in(app.test_client(), "olga")
    db.session.execute(update(Session).values(device="Firefox on <Linux>"))
    db.session.commit()
    listed = here.get("/desk/sessions").text
    assert listed.count("Firefox on &lt;Linux&gt;</strong>") == 2
    assert listed.count("this one") == 1
    [path] = [word for word in listed.split('"') if word.endswith("/end")]
    assert outsider.post(path).status_code == 404
    assert there.get("/desk/account").status_code == 200
    assert here.post(path).location == "/desk/sessions?done=ended"
    assert there.get("/desk/account").status_code == 303
    again = signed_in(app.test_client(), "ann")
    assert here.post("/desk/sessions/end-others").status_code == 303
    assert again.get("/desk/account").status_code == 303
    assert here.get("/desk/account").status_code == 200
    again = signed_in(app.test_client(), "ann")
    assert here.post("/desk/sessions/end-all").location == "/desk/sign-in"
    assert here.get("/desk/account").status_code == again.get("/desk/account").status_code == 303
    assert outsider.get("/desk/account").status_code == 200


def test_no_default_password_exists_anywhere(app: Flask, ann: Desk) -> None:
    assert db.session.scalars(select(Moderator.password_hash)).all() == [None]
    for password in ("", "ann", "admin", "password", "None"):
        answer = ann.client.post(
            "/desk/sign-in", base_url=DESK, data={"login": "ann", "password": password}, headers={"Origin": DESK}
        )
        assert answer.status_code == 401
