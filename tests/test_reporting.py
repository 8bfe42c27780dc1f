"""A report reaches the desk, a notice of illegal content with all it has to hold; its reader hears the outcome."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from comments_service import erasing, form_tokens, sweeping
from comments_service.database import db, now
from comments_service.tables import Comment, Reader, Report, ReportNotice
from tests.conftest import Browser
from tests.desk import make_moderator, signed_in
from tests.pages import Page, Plain
from tests.test_conversation import decide, published

NOTICE = {
    "reason": "illegal", "law": "§ 130 StGB: canary-law", "name": "Clara Canary", "email": "clara@canary.example",
    "good_faith": True,
}  # fmt: skip


def report(browser: Browser, comment: str, **said: Any) -> Any:
    return browser.ask("POST", f"comments/{comment}/reports", said)


def outcomes(browser: Browser) -> list[str]:
    return [each["outcome"] for each in browser.ask("GET", "me?key=a1").json["reports"]]


def version(comment: str) -> int:
    db.session.expire_all()
    return db.session.scalars(select(Comment.version).where(Comment.id == comment)).one()


def notices() -> list[ReportNotice]:
    db.session.expire_all()
    return list(db.session.scalars(select(ReportNotice)))


def test_a_notice_reaches_the_desk_and_nobody_else(
    app: Flask, ada: Browser, bob: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    comment = published(ada, "A bad comment")
    assert report(bob, comment, **NOTICE).json == {"reported": True}
    assert report(bob, comment, **NOTICE | {"law": "another"}).status_code == 200
    [kept] = notices()
    assert (kept.law, kept.name, kept.email, kept.child_abuse) == (
        "§ 130 StGB: canary-law", "Clara Canary", "clara@canary.example", False,
    )  # fmt: skip
    make_moderator("ann", "Ann", daily="owner")
    make_moderator("otto", "Otto", other="owner")
    card = signed_in(app.test_client(), "ann").get("/desk/queue?status=reported").text
    for said in ("canary-law", "Clara Canary", "clara@canary.example"):
        assert said in card
    for path in ("thread?key=a1", "me?key=a1", f"comments/{comment}/focus"):
        for browser in (ada, bob):
            assert "anary" not in browser.ask("GET", path).text
    assert "anary" not in signed_in(app.test_client(), "otto").get("/desk/queue?status=all").text
    told = capsys.readouterr()
    assert "anary" not in told.out + told.err


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"law": ""}, "law"), ({"law": " \u3164 "}, "law"), ({"law": "x" * 2001}, "law"), ({"law": "a\u202eb"}, "law"),
        ({"name": " "}, "name"), ({"name": "x" * 101}, "name"), ({"email": ""}, "email"), ({"email": "clara"}, "email"),
        ({"email": "a@b"}, "email"), ({"email": "a@@b.example"}, "email"), ({"email": "<a@b.example>"}, "email"),
        ({"email": f"{'a' * 250}@b.example"}, "email"), ({"email": "a@b.example\ncc"}, "email"),
        ({"good_faith": False}, "good_faith"), ({"good_faith": "yes"}, "good_faith"), ({"reason": "law"}, "reason"),
        ({"child_abuse": True, "email": "clara"}, "email"), ({"child_abuse": True, "good_faith": False}, "good_faith"),
    ],
)  # fmt: skip
def test_a_notice_that_lacks_something_says_what(
    ada: Browser, bob: Browser, change: dict[str, Any], field: str
) -> None:
    comment = published(ada, "A bad comment")
    answer = report(bob, comment, **NOTICE | change)
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert notices() == []


def test_who_reports_abuse_of_children_need_not_say_who_they_are(ada: Browser, bob: Browser) -> None:
    comment = published(ada, "A bad comment")
    said = {"reason": "illegal", "law": "It shows it", "child_abuse": True, "good_faith": True}
    assert report(bob, comment, **said).status_code == 200
    [kept] = notices()
    assert (kept.name, kept.email, kept.child_abuse) == ("", "", True)


def test_of_any_other_report_nothing_personal_is_kept(ada: Browser, bob: Browser) -> None:
    comment = published(ada, "A rude comment")
    assert report(bob, comment, **NOTICE | {"reason": "abuse", "note": "look"}).status_code == 200
    assert notices() == []


def test_the_outcome_is_told_to_who_reported_and_to_nobody_else(ada: Browser, bob: Browser) -> None:
    kept, taken, gone, undone = (published(ada, f"comment {n}") for n in range(4))
    for comment in (kept, taken, gone, undone):
        report(bob, comment, reason="spam")
    assert outcomes(bob) == ["waiting"] * 4
    decide(kept, "published", version(kept))
    decide(taken, "rejected", version(taken))
    ada.ask("DELETE", f"comments/{gone}")
    assert sorted(outcomes(bob)) == ["gone", "kept", "removed", "waiting"]
    told = {each["comment"]: each for each in bob.ask("GET", "me?key=a1").json["reports"]}
    assert told[taken]["decided"] is not None
    assert told[undone]["decided"] is None
    assert outcomes(ada) == []


def test_what_is_against_the_law_is_never_pushed_off_the_card(app: Flask, ada: Browser, bob: Browser) -> None:
    comment = published(ada, "A bad comment")
    report(bob, comment, **NOTICE)
    for number in range(12):
        report(Browser(app.test_client(), secret=f"{number:0>43}"), comment, reason="spam", note=f"note {number}")
    make_moderator("ann", "Ann", daily="owner")
    assert "canary-law" in signed_in(app.test_client(), "ann").get("/desk/queue?status=reported").text


def test_a_notice_is_erased_with_its_reader_and_half_a_year_after_the_decision(ada: Browser, bob: Browser) -> None:
    one, other = published(ada, "one"), published(ada, "other")
    report(bob, one, **NOTICE)
    report(bob, other, **NOTICE)
    decide(one, "rejected", version(one))
    sweeping.sweep(db.engine, at=now() + timedelta(days=180))
    assert len(notices()) == 2
    sweeping.sweep(db.engine, at=now() + timedelta(days=190))
    assert [notice.comment_id for notice in notices()] == [other]
    reader = db.session.scalars(select(Reader).join(Report, Report.reader_id == Reader.id)).first()
    assert reader is not None
    while erasing.erase_some(db.session(), reader.site_id, reader.id, at=now()):
        db.session.commit()
    db.session.commit()
    assert notices() == []


def test_without_javascript_a_notice_keeps_its_words_and_its_outcome_is_told(
    app: Flask, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_tokens, "USABLE_IN", timedelta(0))
    comment = published(ada, "A bad comment")
    clara = Plain(app.test_client())
    path = f"/s/daily/c/{comment}/report"
    form = clara.fields(clara.get(path))
    form.pop("child_abuse")
    form.pop("good_faith")
    refused = clara.post(path, form | {"reason": "illegal", "law": "canary-law", "name": "Clara"})
    assert refused.status_code == 422
    page = Page(refused.text)
    assert page.all("p", id="wrong-email")
    assert (page.areas["law"], page.all("input", name="name")[0]["value"]) == ("canary-law", "Clara")
    assert page.all("input", name="email")[0]["aria-invalid"] == "true"
    sent = form | {"reason": "illegal", "law": "canary-law", "name": "Clara", "email": "c@mail.example"}
    assert clara.post(path, sent).status_code == 422
    assert clara.post(path, sent | {"good_faith": "on"}).status_code == 200
    assert "Waiting for a moderator" in clara.get("/s/daily/t/a1/yours").text
    decide(comment, "rejected", version(comment))
    told = clara.get("/s/daily/t/a1/yours").text
    assert "A moderator looked at it and took it down." in told
    assert "A bad comment" not in told
