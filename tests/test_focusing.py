"""A link to one comment: what it answers, its neighbours and its first answers come in one request of one price."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from comments_service import focusing, reading
from comments_service.database import db
from comments_service.tables import Article, Comment
from tests import crowds
from tests.conftest import Browser
from tests.test_conversation import decide, published

MANY = 10_000


def ids(comments: list[dict[str, Any]]) -> list[str]:
    return [str(comment["id"]) for comment in comments]


def focus(browser: Browser, comment: str) -> Any:
    return browser.ask("GET", f"comments/{comment}/focus").json


def walked(browser: Browser, comment: str, cursor: str | None) -> list[str]:
    """All that stands on one side of a comment, twenty at a time."""
    found: list[str] = []
    while cursor:
        page = browser.ask("GET", f"comments/{comment}/beside?cursor={cursor}").json
        assert len(page["comments"]) <= focusing.PAGE
        found += ids(page["comments"])
        cursor = page["next"]
    return found


def test_the_nearest_fifty_that_a_comment_answers_and_the_root(ada: Browser) -> None:
    written = crowds.chain(db.session(), crowds.article(db.session()), 120)
    for place in (0, 1, 49, 50, 51, 119):
        found = focus(ada, written[place])
        assert found["comment"]["id"] == written[place]
        nearest = written[max(0, place - 50) : place]
        assert ids(found["ancestors"]) == (nearest if place <= 50 else [written[0], *nearest])
        assert ids(found["replies"]) == written[place + 1 : place + 2]
        assert (found["siblings"], found["prev"], found["next"]) == ([], None, None)


def test_the_neighbours_of_a_root_stand_as_in_the_thread_newest_first(ada: Browser) -> None:
    shown = crowds.roots(db.session(), crowds.article(db.session()), 400)[::-1]
    found = focus(ada, shown[332])
    assert ids(found["siblings"]) == shown[322:332] + shown[333:343]
    assert walked(ada, shown[332], found["next"]) == shown[343:]
    back = ada.ask("GET", f"comments/{shown[332]}/beside?cursor={found['prev']}").json
    assert ids(back["comments"]) == shown[302:322]
    assert len(walked(ada, shown[332], found["prev"])) == 322


def test_the_neighbours_of_a_reply_stand_in_the_order_they_were_said(ada: Browser) -> None:
    root, *replies = crowds.fan(db.session(), crowds.article(db.session()), 60)
    found = focus(ada, replies[30])
    assert ids(found["ancestors"]) == [root]
    assert ids(found["siblings"]) == replies[20:30] + replies[31:41]
    assert walked(ada, replies[30], found["next"]) == replies[41:]
    first, last = focus(ada, replies[0]), focus(ada, replies[-1])
    assert (first["prev"], ids(first["siblings"])) == (None, replies[1:11])
    assert (last["next"], ids(last["siblings"])) == (None, replies[-11:-1])
    assert ids(focus(ada, root)["replies"]) == replies[:10]


def test_who_may_not_be_seen_is_in_no_list(ada: Browser, bob: Browser) -> None:
    root = published(ada, "root")
    reply, other, gone = (published(bob, f"reply {n}", parent=root) for n in range(3))
    third = Browser(ada.client, secret="C" * 43)
    held = third.post("canary", parent=root).json["comment"]["id"]
    rejected = third.post("canary spamword", parent=root).json["comment"]["id"]
    bob.ask("DELETE", f"comments/{gone}")
    found = ada.ask("GET", f"comments/{reply}/focus")
    assert ids(found.json["siblings"]) == [other]
    assert ids(focus(ada, root)["replies"]) == [reply, other]
    assert focus(ada, gone)["comment"]["status"] == "withdrawn"
    assert "canary" not in found.text
    for unseen in (held, rejected, "0" * 26):
        for path in ("focus", "beside?cursor=x"):
            answer = ada.ask("GET", f"comments/{unseen}/{path}")
            assert (answer.status_code, answer.json["detail"]) == (404, "There is no such comment.")


def test_a_withdrawn_one_is_told_as_such_without_its_words(ada: Browser, bob: Browser) -> None:
    root = published(ada, "canary")
    published(bob, "a reply", parent=root)
    ada.ask("DELETE", f"comments/{root}")
    answer = bob.ask("GET", f"comments/{root}/focus")
    assert (answer.status_code, answer.json["comment"]["status"]) == (200, "withdrawn")
    assert "canary" not in answer.text


def test_a_cursor_belongs_to_one_list_of_neighbours(ada: Browser, bob: Browser) -> None:
    roots = crowds.roots(db.session(), crowds.article(db.session()), 30)
    cursor = focus(ada, roots[15])["next"]
    reply = published(ada, "root")
    for comment, wrong in ((roots[3], cursor[:-1]), (reply, cursor), (roots[3], "damaged"), (roots[3], "")):
        answer = ada.ask("GET", f"comments/{comment}/beside?cursor={wrong}")
        assert (answer.status_code, answer.json["field"]) == (422, "cursor")
    assert ada.ask("GET", f"comments/{roots[3]}/beside").status_code == 422


@pytest.mark.parametrize(("shape", "place"), [(crowds.chain, 5_000), (crowds.fan, 5_000), (crowds.roots, 332)])
def test_a_comment_among_ten_thousand_costs_what_one_among_sixty_costs(
    ada: Browser, shape: Callable[[Session, Article, int], list[str]], place: int
) -> None:
    session = db.session()
    small = shape(session, crowds.article(session, "small"), 120)[60]
    large = shape(session, crowds.article(session, "large"), MANY)[place]

    def cost(comment_id: str) -> tuple[int, int]:
        def read() -> None:
            _, _, comment = reading.around(session, "daily", comment_id)
            found = focusing.focus(session, comment)
            for cursor in (found.prev, found.next):
                if cursor:
                    focusing.beside(session, comment, cursor=cursor)

        session.expire_all()
        with crowds.queries(session) as sent:
            read()
            number = sent()
        session.expire_all()
        return number, crowds.rows_read(session, read)

    few, many = cost(small), cost(large)
    assert many[0] == few[0] == (3 if shape is crowds.chain else 5)
    assert many[1] < few[1] * 1.5


def test_a_link_leads_to_what_was_decided_since(ada: Browser, bob: Browser) -> None:
    root = published(ada, "root")
    reply = published(bob, "canary", parent=root)
    site_id = reading.site(db.session(), "daily").id
    tag = {"If-None-Match": ada.ask("GET", f"comments/{root}/focus").headers["ETag"]}
    path = f"/api/v1/sites/daily/comments/{root}/focus"
    assert ada.client.get(path, headers=tag).status_code == 304
    before = focus(ada, root)["version"]
    for verdict, status in (("rejected", 200), ("held", 404)):
        decide(reply, verdict, version=db.session.get_one(Comment, (site_id, reply)).version)
        answer = ada.ask("GET", f"comments/{reply}/focus")
        assert (answer.status_code, "canary" in answer.text) == (status, False)
    assert ada.client.get(path, headers=tag).status_code == 200
    assert focus(ada, root)["version"] > before
