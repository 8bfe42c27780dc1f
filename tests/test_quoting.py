"""A reply shows what it answered as it was then: when that was edited since, and only while it stands."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from comments_service import reading
from comments_service.database import db
from comments_service.tables import Comment, Revision
from tests import crowds
from tests.conftest import Browser
from tests.desk import make_moderator, signed_in
from tests.pages import Plain
from tests.test_conversation import decide, published, thread

THREAD = "/s/daily/t/a1"
THEN = "I said *this* first: canary"


@pytest.fixture
def reader(app: Flask) -> Plain:
    return Plain(app.test_client(use_cookies=False))


def edit(browser: Browser, comment: str, text: str) -> Any:
    """Change a text; where that made something else of what others had answered, the desk approves it again."""
    answer = browser.ask("PATCH", f"comments/{comment}", {"body": text})
    assert answer.status_code == 200
    if answer.json["comment"]["status"] == "held":
        site = reading.site(db.session(), "daily")
        decide(comment, version=db.session.get_one(Comment, (site.id, comment)).version)
    return answer.json["comment"]


def answered(browser: Browser, root: str) -> list[str | None]:
    return [reply["answered"] for reply in browser.ask("GET", f"comments/{root}/replies").json["comments"]]


def test_each_reply_quotes_the_text_that_it_answered(ada: Browser, bob: Browser) -> None:
    root = published(ada, "the first text")
    published(bob, "to the first", parent=root)
    assert answered(ada, root) == [None]
    edit(ada, root, "the **second** text")
    bob.post("to the second", parent=root)
    assert answered(ada, root) == ["the first text", None]
    edit(ada, root, "the third text")
    late = bob.post("to the third", parent=root).json["comment"]
    assert late["answered"] is None
    wanted = ["the first text", "the second text", None]
    assert answered(ada, root) == wanted
    assert [reply["answered"] for reply in thread(ada)[0]["replies"]] == wanted
    assert [c["answered"] for c in bob.ask("GET", "me?key=a1").json["comments"]] == wanted[::-1]
    found = ada.ask("GET", "search?key=a1&q=third").json["comments"]
    assert [comment["answered"] for comment in found] == [None, None]
    assert edit(bob, late["id"], "to the third, better")["answered"] is None


def test_an_own_reply_keeps_its_quote_when_it_is_edited(ada: Browser, bob: Browser) -> None:
    root = published(ada, "the first text")
    reply = published(bob, "to the first", parent=root)
    edit(ada, root, "the second text")
    assert edit(bob, reply, "to the first, better")["answered"] == "the first text"


@pytest.mark.parametrize("state", ["withdrawn", "rejected", "held"])
def test_of_a_text_that_was_taken_down_nothing_is_quoted(ada: Browser, bob: Browser, reader: Plain, state: str) -> None:
    root = published(ada, THEN)
    reply = published(bob, "an answer", parent=root)
    edit(ada, root, "something else")
    assert "canary" in ada.ask("GET", f"comments/{reply}/focus").text
    if state == "withdrawn":
        ada.ask("DELETE", f"comments/{root}")
    else:
        site = reading.site(db.session(), "daily")
        decide(root, state, version=db.session.get_one(Comment, (site.id, root)).version)
    for path in ("focus", "replies"):
        assert "canary" not in bob.ask("GET", f"comments/{reply}/{path}").text
    assert "canary" not in bob.ask("GET", "me?key=a1").text
    for page in (
        f"{THREAD}?sort=oldest",
        f"/c/{reply}",
        f"{THREAD}/feed.atom",
        "/s/daily/feed.json",
        f"{THREAD}/jsonld",
    ):
        assert "canary" not in reader.get(page).text


def test_pages_feeds_and_desk_show_it(ada: Browser, bob: Browser, reader: Plain) -> None:
    root = published(ada, THEN)
    reply = published(bob, "an answer", parent=root)
    quoted = "I said this first: canary"
    paths = (THREAD, f"{THREAD}/fragment.html", f"/c/{reply}", f"{THREAD}/feed.atom")
    edit(ada, root, "something else")
    for path in paths:
        assert quoted in reader.get(path).text, path
    item = json.loads(reader.get(f"{THREAD}/feed.json").text)["items"][0]
    assert item["content_html"] == (
        f"<p>In answer to what was edited since, and said then:</p><blockquote>{quoted}</blockquote><p>an answer</p>"
    )
    make_moderator("mia", "Mia", daily="moderator")
    desk = signed_in(ada.client, "mia")
    for page in (f"/desk/comments/daily/{reply}", "/desk/queue?status=published"):
        shown = desk.get(page).text
        assert "As it was when it was answered" in shown
        assert "<em>this</em> first: canary" in shown


def test_what_is_quoted_stays_short_and_is_plain_text(ada: Browser, bob: Browser) -> None:
    flag = "\N{REGIONAL INDICATOR SYMBOL LETTER D}\N{REGIONAL INDICATOR SYMBOL LETTER E}"
    root = published(ada, f"<b>x</b> [a](https://gov.example)\n\n- {flag * 300}")
    published(bob, "an answer", parent=root)
    edit(ada, root, "short")
    (quote,) = answered(ada, root)
    assert quote is not None
    assert quote == "<b>x</b> a …"
    edit(bob, str(ada.ask("GET", f"comments/{root}/replies").json["comments"][0]["id"]), "answers")
    assert len(quote) <= 200


def test_a_text_edited_again_and_again_costs_its_readers_nothing(ada: Browser, bob: Browser) -> None:
    root = published(ada, "text 0")
    for n in range(3):
        bob.post(f"answer {n}", parent=root)

    def cost() -> tuple[int, int]:
        db.session.expire_all()
        with crowds.queries(db.session()) as sent:
            page = ada.ask("GET", "thread?key=a1")
            return sent(), len(page.data)

    edit(ada, root, "text 1")
    few = cost()
    for n in range(2, 32):
        edit(ada, root, f"text {n % 10}")
    many = cost()
    assert many[0] == few[0] == 3
    assert many[1] <= few[1] + 10


def test_a_reply_of_a_release_that_did_not_know_is_quoted_nowhere(ada: Browser, bob: Browser) -> None:
    root = published(ada, "the first text")
    published(bob, "an answer", parent=root)
    edit(ada, root, "the second text")
    assert db.session.query(Revision).count() == 1
    db.session.execute(update(Comment).values(answers_revision=None))
    db.session.commit()
    assert answered(ada, root) == [None]
