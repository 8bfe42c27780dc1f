"""A reader whose network is bad sends a comment again and again, and it is there once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from comments_service import form_tokens
from comments_service.database import db, now
from comments_service.tables import Comment, Reader
from comments_service.web import reader_api
from tests.conftest import PAPER, SECRET_KEY, Browser

KEY = "3v9Xq0Zk7PbLw2RtY8sNfA"


def send(who: Browser, body: str = "Once", under: str = KEY, **more: Any) -> Any:
    draft = {"key": "a1", "url": f"{who.origin}/a1", "name": "Ada", "body": body} | more
    return who.ask("POST", "comments", draft, under)


def stored() -> int:
    return db.session.scalar(select(func.count()).select_from(Comment)) or 0


def test_the_same_comment_sent_again_gets_the_same_answer(ada: Browser) -> None:
    first = send(ada)
    again = [send(ada) for _ in range(3)]
    assert {(answer.status_code, answer.text) for answer in again} == {(202, first.text)}
    assert stored() == 1


def test_a_published_one_is_answered_201_both_times(ada: Browser) -> None:
    send(ada)
    db.session.scalars(select(Reader)).one().approved = 1
    db.session.commit()
    assert [send(ada, "Known by now", KEY[::-1]).status_code for _ in range(2)] == [201, 201]


def test_what_was_rejected_is_answered_as_rejected_again(ada: Browser) -> None:
    answers = [send(ada, "buy spamword") for _ in range(2)]
    assert [(answer.status_code, answer.json["comment"]["status"]) for answer in answers] == [(202, "rejected")] * 2


def test_layout_and_form_token_make_no_other_comment(ada: Browser) -> None:
    def raw(text: str) -> Any:
        headers = {"Origin": PAPER, "Authorization": f"Bearer {ada.secret}", "Idempotency-Key": KEY}
        return ada.client.post(
            "/api/v1/sites/daily/comments", data=text, content_type="application/json", headers=headers
        )

    first = send(ada, "Café")
    fields = f'"name": "Ada",\n "key":"a1", "url": "{PAPER}/a1"'
    for body in ("Café", "Caf\\u00e9"):
        token = ada.form_token("a1")
        again = raw(f'{{"form_token": "{token}", "parent": null, "body": "{body}", {fields}}}')
        assert (again.status_code, again.text) == (202, first.text)
    # Its form was spent with the first one, and what is answered from memory needs none.
    assert send(ada, "Café", form_token="").text == first.text
    assert stored() == 1


@pytest.mark.parametrize(
    "other",
    [{"body": "Twice"}, {"name": "Eve"}, {"key": "a2"}, {"url": f"{PAPER}/2"}, {"article_token": "x"}],
)
def test_another_text_under_the_same_key_is_a_conflict(ada: Browser, other: dict[str, str]) -> None:
    send(ada)
    answer = send(ada, **other)
    assert (answer.status_code, "another text" in answer.json["detail"]) == (409, True)
    assert stored() == 1


def test_a_failure_is_not_remembered(ada: Browser) -> None:
    assert send(ada, parent="0" * 26).status_code == 404
    assert send(ada, body="").status_code == 422
    assert send(ada).status_code == 202


def test_a_key_is_nobody_elses(ada: Browser, bob: Browser, outsider: Browser) -> None:
    mine = send(ada).json["comment"]["id"]
    theirs = [send(who).json["comment"]["id"] for who in (bob, outsider)]
    assert len({mine, *theirs}) == 3


def test_whoever_overheard_a_request_but_not_its_secret_learns_nothing(ada: Browser) -> None:
    send(ada, "Only ada and the desk know this")
    for secret in ("C" * 43, "", "short", "A" * 42 + "%"):
        thief = Browser(ada.client, secret=secret)
        answer = send(thief, "Only ada and the desk know this")
        assert answer.status_code in {202, 401}
        assert answer.json.get("comment", {}).get("id") != ada.ask("GET", "me?key=a1").json["comments"][0]["id"]


@pytest.mark.parametrize("key", ["short", "x" * 21, "x" * 101])
def test_a_key_that_could_be_guessed_is_refused(ada: Browser, key: str) -> None:
    answer = send(ada, under=key)
    assert (answer.status_code, "Idempotency-Key" in answer.json["detail"]) == (422, True)


def test_a_key_is_remembered_for_a_day(ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    first = send(ada)
    began = now()
    monkeypatch.setattr(reader_api, "now", lambda: began + timedelta(hours=23))
    assert send(ada).text == first.text
    monkeypatch.setattr(reader_api, "now", lambda: began + timedelta(hours=24, minutes=1))
    token = form_tokens.issue("daily", "a1", secret=SECRET_KEY, at=began + timedelta(hours=24))
    later = send(ada, "A day later", form_token=token)
    assert later.json["comment"]["id"] != first.json["comment"]["id"]
    assert send(ada, "Once").status_code == 409
