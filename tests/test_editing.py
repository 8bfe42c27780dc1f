"""An edit counts by the server's clock, is judged again, and makes nothing else of what others rely on."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from comments_service import form_tokens, moderating, reading
from comments_service.database import db, now
from comments_service.editing import EDIT_WINDOW, GRACE, is_something_else
from comments_service.judging import Actor
from comments_service.posting import UNDO_WINDOW
from comments_service.tables import Comment, DecisionEvidence
from comments_service.text import render
from comments_service.web import reader_api
from comments_service.web.pages import acting
from tests.conftest import Browser
from tests.desk import make_moderator, signed_in
from tests.pages import Page, Plain
from tests.test_conversation import decide, published

GOOD = "The old bridge should be repaired before winter comes"
MENDED = "The old bridge should be repaired before the winter comes."
WRITE = "/s/daily/t/a1/write?url=https://paper.example/a1"
OTHER = "Buy cheap pills in my shop, nothing is better"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Ask again when so much time has gone by."""
    began = now()

    def wait(time: timedelta) -> None:
        monkeypatch.setattr(reader_api, "now", lambda: began + time)

    return wait


def change(browser: Browser, comment: str, body: str, **more: str) -> Any:
    return browser.ask("PATCH", f"comments/{comment}", {"body": body, **more})


def begun(browser: Browser, comment: str) -> Any:
    return browser.ask("POST", f"comments/{comment}/editing")


def row(comment: str) -> Comment:
    db.session.expire_all()
    found = db.session.get(Comment, (reading.site(db.session(), "daily").id, comment))
    assert found is not None
    return found


def test_what_was_begun_in_time_may_be_sent_a_minute_late(ada: Browser, later: Any) -> None:
    comment = published(ada, GOOD)
    later(EDIT_WINDOW - timedelta(seconds=5))
    token = begun(ada, comment).json["edit_token"]
    later(EDIT_WINDOW + timedelta(seconds=5))
    assert change(ada, comment, MENDED).status_code == 409
    assert begun(ada, comment).status_code == 409
    assert change(ada, comment, MENDED, edit_token=token).json["comment"]["source"] == MENDED
    later(EDIT_WINDOW + GRACE + timedelta(seconds=5))
    assert change(ada, comment, GOOD, edit_token=token).status_code == 409


def another(token: str) -> str:
    """A token whose signature differs in one letter that counts, as the very last does not wholly."""
    return token[:-5] + ("B" if token[-5] == "A" else "A") + token[-4:]


@pytest.mark.parametrize(
    "forge", [lambda _: "", another, lambda t: t.partition(".")[2], lambda t: t.partition(".")[0]]
)
def test_a_token_is_made_by_the_service_alone(ada: Browser, later: Any, forge: Any) -> None:
    comment = published(ada, GOOD)
    token = begun(ada, comment).json["edit_token"]
    later(EDIT_WINDOW + timedelta(seconds=5))
    assert change(ada, comment, MENDED, edit_token=forge(token)).status_code == 409


def test_a_token_is_of_one_comment_and_its_author_alone(ada: Browser, bob: Browser, later: Any) -> None:
    one, other, his = published(ada, GOOD), published(ada, "Another one"), published(bob, "His")
    token = begun(ada, other).json["edit_token"]
    assert begun(bob, one).status_code == 403
    later(EDIT_WINDOW + timedelta(seconds=5))
    assert change(ada, one, MENDED, edit_token=token).status_code == 409
    assert change(bob, his, "Mine", edit_token=token).status_code == 409


@pytest.mark.parametrize(
    ("before", "after", "swapped"),
    [
        (GOOD, MENDED, False), (GOOD, OTHER, True), (GOOD, f"{GOOD} https://a.example", True),
        ("See https://a.example there", "See there https://a.example", False),
        ("See https://a.example there", "See https://b.example there", True),
        ("See https://a.example there", "See there", False), ("**Good** words", "Good *words*", False),
        ("[here](https://a.example) it is", "[here](https://evil.example) it is", True),
    ],
)  # fmt: skip
def test_something_else_is_other_words_or_a_new_link(before: str, after: str, swapped: bool) -> None:
    assert is_something_else(render(before), render(after)) == swapped


def test_an_approved_comment_that_becomes_something_else_goes_back_to_the_desk(app: Flask, ada: Browser) -> None:
    comment = published(ada, GOOD)
    assert change(ada, comment, MENDED).json["comment"]["status"] == "published"
    held = change(ada, comment, OTHER).json["comment"]
    assert held["status"] == "held"
    assert held["reason"].startswith("You have made something else of a comment")
    assert ada.ask("GET", "thread?key=a1").json["comments"] == []
    [objection] = row(comment).reasons
    assert (objection["rule"], objection["evidence"]) == ("swapped-text", "1")
    assert db.session.query(DecisionEvidence).all()[-1].objections == [objection]
    make_moderator("ann", "Ann", daily="owner")
    card = signed_in(app.test_client(), "ann").get("/desk/queue").text
    before, _, after = card.partition('aria-label="The text now"')
    assert "changed into something else" in before
    assert "The old bridge should be repaired before winter comes" in before
    assert "Buy cheap pills" in after
    decide(comment, version=row(comment).version)
    assert change(ada, comment, OTHER + "!").json["comment"]["status"] == "published"


def test_many_small_steps_are_measured_against_what_was_approved(ada: Browser) -> None:
    words = [f"first{chr(97 + n)}" for n in range(10)]
    comment = published(ada, " ".join(words))
    statuses = []
    for number in range(4):
        words[number] = f"other{chr(97 + number)}words"
        statuses.append(change(ada, comment, " ".join(words)).json["comment"]["status"])
    assert statuses == ["published", "published", "held", "held"]


def test_neither_a_withdrawal_taken_back_nor_a_step_back_moves_what_it_is_measured_against(ada: Browser) -> None:
    words = [f"first{chr(97 + n)}" for n in range(8)]
    comment = published(ada, " ".join(words))
    words[:2] = ["othera", "anotherb"]
    assert change(ada, comment, " ".join(words)).json["comment"]["status"] == "published"
    assert ada.ask("DELETE", f"comments/{comment}").status_code == 200
    assert ada.ask("POST", f"comments/{comment}/restore").json["comment"]["status"] == "published"
    words[2:4] = ["moreover", "elsewhere"]
    assert change(ada, comment, " ".join(words)).json["comment"]["status"] == "held"
    assert ada.ask("DELETE", f"comments/{comment}").status_code == 200
    assert ada.ask("POST", f"comments/{comment}/restore").json["comment"]["status"] == "held"


def test_where_comments_appear_at_once_only_what_others_reacted_to_is_kept(ada: Browser, bob: Browser) -> None:
    reading.site(db.session(), "daily").moderation = "post"
    db.session.commit()
    alone, liked, answered = (ada.post(f"{GOOD} {word}").json["comment"]["id"] for word in ("one", "two", "three"))
    assert bob.ask("PUT", f"comments/{liked}/recommendation").status_code == 200
    assert bob.post("I agree", parent=answered).status_code == 201
    assert change(ada, alone, OTHER).json["comment"]["status"] == "published"
    for comment in (liked, answered):
        assert change(ada, comment, MENDED).json["comment"]["status"] == "published"
        assert change(ada, comment, f"{OTHER} {comment}").json["comment"]["status"] == "held"
        assert change(ada, comment, f"{GOOD} {comment}").json["comment"]["status"] == "published"


def test_an_approval_that_was_taken_back_vouches_for_nothing(ada: Browser) -> None:
    comment = published(ada, GOOD)
    assert change(ada, comment, OTHER).json["comment"]["status"] == "held"
    decide(comment, version=row(comment).version)
    site = reading.site(db.session(), "daily")
    mia = Actor(kind="moderator", name="Mia")
    moderating.undo(db.session(), site, comment, version=row(comment).version, by=mia, at=now())
    db.session.commit()
    assert change(ada, comment, OTHER + "!").json["comment"]["status"] == "held"
    assert row(comment).reasons[0]["rule"] == "swapped-text"


def test_a_word_of_the_lists_counts_in_an_edit_too(ada: Browser) -> None:
    comment = published(ada, GOOD)
    assert change(ada, comment, f"{GOOD} spamword").json["comment"]["status"] == "rejected"


@pytest.fixture
def clara(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Plain:
    monkeypatch.setattr(form_tokens, "USABLE_IN", timedelta(0))
    return Plain(app.test_client())


def test_without_javascript_an_edit_that_was_opened_in_time_may_come_late(
    clara: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = wrote(clara, GOOD)
    path, began = f"/s/daily/c/{mine}/edit", now()
    form = clara.get(path)
    monkeypatch.setattr(acting, "now", lambda: began + EDIT_WINDOW + timedelta(seconds=5))
    late = clara.get(path)
    assert clara.fields(late)["edit_token"] == ""
    assert clara.submit(late, path, body=MENDED).status_code == 409
    empty = clara.submit(form, path, body=" ")
    assert empty.status_code == 422
    assert clara.submit(empty, path, body=MENDED).status_code == 200
    assert row(mine).source == MENDED


def test_without_javascript_a_withdrawal_can_be_undone_within_ten_seconds(
    clara: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = wrote(clara, GOOD)
    path = f"/s/daily/c/{mine}/withdraw"
    gone = clara.submit(clara.get(path), path)
    assert ("Your comment is withdrawn" in gone.text, row(mine).status) == (True, "withdrawn")
    undo = Page(gone.text).all("form")[0]["action"]
    assert undo.endswith(f"/s/daily/c/{mine}/restore")
    assert clara.post(undo, clara.fields(gone), Origin="https://evil.example").status_code == 403
    back = clara.submit(gone, undo)
    assert (back.status_code, row(mine).status) == (202, "held")
    assert "Your comment is waiting for a moderator" in back.text
    gone, began = clara.submit(clara.get(path), path), now()
    monkeypatch.setattr(acting, "now", lambda: began + UNDO_WINDOW + timedelta(seconds=1))
    late = clara.submit(gone, undo)
    assert late.status_code == 409
    assert "can no longer be brought back" in late.text
    assert not Page(late.text).all("form")
    assert not Page(clara.get(path).text).all("form")


def wrote(reader: Plain, body: str) -> str:
    form = reader.get(WRITE)
    assert reader.submit(form, WRITE, name="Clara", body=body).status_code == 202
    return str(db.session.scalars(select(Comment.id).order_by(Comment.id.desc())).first())
