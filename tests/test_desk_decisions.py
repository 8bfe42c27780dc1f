"""A moderator decides and takes it back, with a journal of every step; the second of two is told who was first."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from comments_service import recounting
from comments_service.database import db
from comments_service.tables import Comment, Decision, DecisionEvidence, Reader, Report, Site
from tests.conftest import Browser
from tests.desk import TOKEN, Desk, make_moderator, signed_in

FETCH = {"Sec-Fetch-Dest": "empty"}


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    return signed_in(app.test_client(), "ann")


@pytest.fixture
def mia(app: Flask) -> Desk:
    make_moderator("mia", "Mia", daily="moderator")
    return signed_in(app.test_client(), "mia")


def act(desk: Desk, comment_id: str, what: str = "decide", **form: Any) -> Any:
    """What the page's script sends."""
    token = TOKEN.search(desk.get("/desk/account").text)
    assert token is not None
    headers = {"Sec-Fetch-Site": "same-origin", "X-CSRF-Token": token[1], **FETCH}
    path = f"/desk/comments/daily/{comment_id}/{what}"
    return desk.client.post(path, base_url="http://localhost:8000", data={"version": 1, **form}, headers=headers)


def decided(comment_id: str) -> list[tuple[str, str, str]]:
    """The journal of one comment: by whom, from what, to what."""
    rows = db.session.scalars(select(Decision).where(Decision.comment_id == comment_id).order_by(Decision.id))
    return [(row.by, row.before, row.after) for row in rows]


def record() -> tuple[int, int]:
    db.session.expire_all()
    reader = db.session.scalars(select(Reader).order_by(Reader.id)).first()
    assert reader is not None
    return reader.approved, reader.rejected


def open_to_all() -> None:
    db.session.execute(update(Site).values(moderation="post"))
    db.session.commit()


def test_approve_reject_and_undo_are_rows_of_their_own(ada: Browser, ann: Desk) -> None:
    held = ada.post("text").json["comment"]["id"]
    assert act(ann, held, verdict="published").json == {"status": "published", "version": 2, "new": True, "said": ""}
    assert record() == (1, 0)
    assert act(ann, held, "undo", version=2).json["status"] == "held"
    assert record() == (0, 0)
    answer = act(ann, held, verdict="rejected", reason="spam", version=3)
    assert (answer.json["status"], answer.json["version"], record()) == ("rejected", 4, (0, 1))
    assert decided(held)[1:] == [
        ("moderator", "held", "published"), ("moderator", "published", "held"), ("moderator", "held", "rejected"),
    ]  # fmt: skip
    why = db.session.scalars(select(DecisionEvidence).where(DecisionEvidence.reason != "")).one()
    assert (why.name, why.reason) == ("Ann", "spam")


def test_the_same_decision_twice_is_one_and_says_whose_it_was(ada: Browser, ann: Desk, mia: Desk) -> None:
    held = ada.post("text").json["comment"]["id"]
    act(ann, held, verdict="published")
    second = act(mia, held, verdict="published")
    assert second.status_code == 200
    assert (second.json["new"], second.json["said"]) == (False, "Ann has already approved it.")
    assert act(ann, held, verdict="published").json["said"] == "You have already approved it."
    assert len(decided(held)) == 2
    assert record() == (1, 0)


def test_the_second_moderator_is_told_and_may_decide_all_the_same(ada: Browser, ann: Desk, mia: Desk) -> None:
    held = ada.post("text").json["comment"]["id"]
    act(ann, held, verdict="rejected", reason="spam")
    second = act(mia, held, verdict="published")
    assert (second.status_code, second.json["detail"]) == (409, "Ann has already rejected it.")
    assert act(mia, held, verdict="published", version=2).json["status"] == "published"
    assert record() == (1, 0)


def test_what_its_author_changed_meanwhile_is_not_decided_unseen(ada: Browser, ann: Desk) -> None:
    held = ada.post("text").json["comment"]["id"]
    ada.ask("PATCH", f"comments/{held}", {"body": "another"})
    answer = act(ann, held, verdict="published")
    assert (answer.status_code, "changed the text" in answer.json["detail"]) == (409, True)


def test_undo_walks_back_step_by_step_and_then_stops(ada: Browser, ann: Desk) -> None:
    held = ada.post("text").json["comment"]["id"]
    act(ann, held, verdict="published")
    act(ann, held, verdict="rejected", version=2)
    assert act(ann, held, "undo", version=3).json["status"] == "published"
    assert act(ann, held, "undo", version=4).json["status"] == "held"
    assert act(ann, held, "undo", version=5).status_code == 422
    comment = db.session.scalars(select(Comment)).one()
    assert (comment.judged_by, record(), recounting.differences(db.session())) == ("rules", (0, 0), {})


def test_an_undo_opens_the_reports_that_the_decision_had_settled(ada: Browser, bob: Browser, ann: Desk) -> None:
    open_to_all()
    public = ada.post("text").json["comment"]["id"]
    bob.ask("POST", f"comments/{public}/reports", {"reason": "spam", "note": ""})
    act(ann, public, verdict="published")
    assert db.session.scalars(select(Comment.reports)).one() == 0
    assert db.session.scalars(select(Report.settled_by)).one() is not None
    assert record() == (1, 0)
    act(ann, public, "undo", version=2)
    assert db.session.scalars(select(Comment.reports)).one() == 1
    assert (record(), recounting.differences(db.session())) == ((0, 0), {})


def test_what_a_rule_rejected_can_be_approved_and_a_persons_word_stands(ada: Browser, ann: Desk) -> None:
    rejected = ada.post("a spamword").json["comment"]["id"]
    assert act(ann, rejected, verdict="published").json["status"] == "published"
    ada.ask("DELETE", f"comments/{rejected}")
    late = act(ann, rejected, verdict="rejected", version=3)
    assert (late.status_code, late.json["detail"]) == (409, "Its author has already withdrawn it.")


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"verdict": "maybe"}, 422),
        ({}, 422),
        ({"verdict": "rejected", "reason": "dislike"}, 422),
        ({"verdict": "published", "version": "one"}, 409),
        ({"verdict": "published", "version": "9" * 40}, 409),
    ],
)
def test_a_form_that_was_tampered_with_decides_nothing(ada: Browser, ann: Desk, form: Any, status: int) -> None:
    held = ada.post("text").json["comment"]["id"]
    assert act(ann, held, **form).status_code == status
    assert decided(held) == [("rules", "new", "held")]


def test_a_forged_form_decides_nothing(ada: Browser, ann: Desk) -> None:
    held = ada.post("text").json["comment"]["id"]
    path, form = f"/desk/comments/daily/{held}/decide", {"verdict": "published", "version": 1}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "null"}):
        assert ann.client.post(path, base_url="http://localhost:8000", data=form, headers=headers).status_code == 403
    assert decided(held) == [("rules", "new", "held")]


def test_without_a_script_the_same_place_comes_back_with_a_notice_that_undoes(ada: Browser, ann: Desk) -> None:
    held = ada.post("text").json["comment"]["id"]
    back = "/desk/queue?site=daily&status=held"
    form = {"verdict": "rejected", "reason": "spam", "version": 1, "back": back}
    answer = ann.post(f"/desk/comments/daily/{held}/decide", form)
    assert (answer.status_code, answer.location.startswith(back)) == (303, True)
    page = ann.get(answer.location).text
    assert "You rejected it" in page
    assert f'action="/desk/comments/daily/{held}/undo"' in page
    # The notice is read off the journal, so it is still there when the page is loaded again.
    assert "You rejected it" in ann.get(answer.location).text
    answer = ann.post(f"/desk/comments/daily/{held}/undo", {"version": 2, "back": answer.location})
    assert answer.location.count("notice=") == 1
    assert "took the decision back; it was held again" in ann.get(answer.location).text


def test_without_a_script_the_second_is_offered_to_decide_all_the_same(ada: Browser, ann: Desk, mia: Desk) -> None:
    held = ada.post("text").json["comment"]["id"]
    act(ann, held, verdict="rejected", reason="spam")
    answer = mia.post(f"/desk/comments/daily/{held}/decide", {"verdict": "published", "version": 1, "back": ""})
    page = mia.get(answer.location).text
    assert "Ann has already rejected it." in page
    assert "Approve it all the same" in page


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/desk\\evil", "/api/v1", "javascript:x"])
def test_no_form_leads_away_from_the_desk(ada: Browser, ann: Desk, back: str) -> None:
    held = ada.post("text").json["comment"]["id"]
    form = {"verdict": "published", "version": 1, "back": back}
    answer = ann.post(f"/desk/comments/daily/{held}/decide", form)
    assert answer.location.startswith("/desk/queue?notice=")
