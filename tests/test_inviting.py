"""An owner invites; a link that works once lets somebody choose a password and join, or is taken back."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from comments_service import inviting, reading, signing_in, staff
from comments_service.database import db, now
from comments_service.errors import NotFound
from comments_service.tables import Invitation, Membership, Moderator
from tests.desk import BROWSER, DESK, GOOD, Desk, at_desk, come_by_link, make_moderator, signed_in, together

LINK = re.compile(r"http://localhost:8000(/desk/invitation/[A-Za-z0-9_-]{43})")
MIA = {"login": "mia", "name": "Mia <M>", "role": "moderator"}
BOTH = {"password": GOOD, "again": GOOD}
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
GONE = "This invitation has been used or taken back, or it is too old."


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    return signed_in(app.test_client(), "ann")


def invite(ann: Desk) -> str:
    [path] = LINK.findall(ann.post("/desk/sites/daily/people", MIA).text)
    return str(path)


def of(login: str, what: str) -> str:
    return f"/desk/sites/daily/people/{staff.by_login(db.session(), login).id}/{what}"


def test_an_invitation_lets_somebody_in_once_with_a_password_of_their_own(app: Flask, ann: Desk) -> None:
    path = invite(ann)
    token = path.rpartition("/")[2]
    assert token not in ann.get("/desk/sites/daily/people").text
    assert "invited until" in ann.get("/desk/sites/daily/people").text
    assert token.encode() not in db.session.scalars(select(Invitation.digest)).one()
    mia = Desk(app.test_client())
    for _ in range(2):
        welcome = mia.get(path).text
        assert "invites you to the desk of <strong><bdi>The Daily" in welcome
        assert "Mia &lt;M&gt;" in welcome
    for form, reason in (
        ({"password": GOOD, "again": "x"}, "These two are not the same."),
        ({"password": "short", "again": "short"}, "Use 15 characters or more"),
        ({"password": "the daily mia the daily", "again": "the daily mia the daily"}, "one of the first"),
    ):
        assert reason in mia.post(path, form).text
    joined = mia.post(path, BOTH)
    assert joined.location == "/desk/second-factor"
    assert mia.get("/desk/queue").status_code == 200
    for method in ("get", "post"):
        late = getattr(Desk(app.test_client()), method)(path)
        assert late.status_code == 404
        assert GONE in late.text
    assert "invited until" not in ann.get("/desk/sites/daily/people").text
    again = Desk(app.test_client()).post("/desk/sign-in", {"login": "mia", "password": GOOD})
    assert again.location == "/desk/queue"


def test_an_invitation_is_taken_back_replaced_and_runs_out(app: Flask, ann: Desk) -> None:
    first = invite(ann)
    [second] = LINK.findall(ann.post(of("mia", "invite")).text)
    stranger = Desk(app.test_client())
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200
    db.session.execute(update(Invitation).values(expires_at=now()))
    db.session.commit()
    assert stranger.post(second, BOTH).status_code == 404
    assert "invitation too old" in ann.get("/desk/sites/daily/people").text
    [third] = LINK.findall(ann.post(of("mia", "invite")).text)
    assert ann.post(of("mia", "revoke")).location == "/desk/sites/daily/people?done=uninvited"
    assert stranger.post(third, BOTH).status_code == 404
    assert db.session.scalars(select(Moderator.login)).all() == ["ann"], "nothing is left of the login"
    assert LINK.findall(ann.post("/desk/sites/daily/people", MIA).text), "and it can be invited anew"


def test_whoever_came_in_otherwise_or_is_out_again_is_invited_no_more(app: Flask, ann: Desk) -> None:
    for ending in ("link", "remove", "disable"):
        path = invite(ann)
        mia = staff.by_login(db.session(), "mia")
        if ending == "link":
            come_by_link(mia)
        elif ending == "remove":
            staff.remove(db.session(), reading.site(db.session(), "daily"), mia.id)
        else:
            signing_in.disable(db.session(), mia, at=now())
        db.session.commit()
        assert Desk(app.test_client()).post(path, BOTH).status_code == 404, ending
        assert ann.post(of("mia", "revoke")).status_code == 404
        db.session.execute(update(Moderator).where(Moderator.login == "mia").values(login=f"gone-{ending}"))
        db.session.commit()
    assert db.session.scalars(select(Membership.role)).all().count("moderator") == 2


def test_an_invitation_opens_no_site_that_its_host_does_not_own(app: Flask, ann: Desk) -> None:
    """Ann knows the link; whoever lets Mia in elsewhere before she came must not let Ann in there."""
    path = invite(ann)
    staff.add(db.session(), reading.site(db.session(), "other"), login="mia", name="Mia", role="owner", at=now())
    db.session.commit()
    for method in ("GET", "POST"):
        answer = Desk(app.test_client()).client.open(path, method=method, base_url=DESK, data=BOTH, headers=OWN_PAGE)
        assert (answer.status_code, GONE in answer.text) == (404, True)
    again = ann.post(of("mia", "invite"))
    assert (again.status_code, "works on other sites too" in again.text) == (403, True)
    staff.add(db.session(), reading.site(db.session(), "other"), login="ann", name="Ann", role="owner", at=now())
    db.session.commit()
    assert Desk(app.test_client()).post(path, BOTH).status_code == 303, "who owns both may"


def test_no_other_owner_sees_or_ends_an_invitation_and_of_two_who_accept_one_joins(
    app: Flask, ann: Desk, engine: Engine
) -> None:
    path = invite(ann)
    make_moderator("olga", "Olga", other="owner")
    olga = signed_in(app.test_client(), "olga")
    for what in ("invite", "revoke"):
        assert olga.post(of("mia", what)).status_code == 404
        assert olga.post(of("mia", what).replace("daily", "other")).status_code == 404
    token, at = path.rpartition("/")[2], now()
    answers = together(engine, *[lambda session: inviting.accept(session, token, GOOD, **BROWSER, at=at)] * 3)
    assert sorted(type(answer).__name__ for answer in answers) == ["NotFound"] * 2 + ["str"]
    [secret] = [answer for answer in answers if isinstance(answer, str)]
    assert at_desk(secret).login == "mia"
    with pytest.raises(NotFound):
        inviting.look(db.session(), "x" * 43, at=at + timedelta(days=1))
