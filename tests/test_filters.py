"""What a filter lets through: staff's words, what the desk has featured, and what a browser has written itself."""

import re
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from comments_service import choosing, erasing, reading
from comments_service.database import db, now
from comments_service.tables import Comment, Site
from tests import crowds
from tests.conftest import OTHER, PAPER, Browser
from tests.desk import Desk
from tests.test_badges import bind, code_of, mia
from tests.test_marks import mark
from tests.test_ranking import MANY, decide, order, row
from tests.test_reader_contract import published, queries

__all__ = ["mia"]  # a fixture of the badges
SENTENCE = "You have not written anything here from this browser."
THREAD = "/api/v1/sites/daily/thread?key=a1"
SORTS = ("newest", "oldest", "recommended", "best", "liveliest")


@pytest.fixture(autouse=True)
def everybody_is_published(app: Flask) -> None:
    db.session.execute(update(Site).values(moderation="post"))
    db.session.commit()


def mine(browser: Browser, **query: str) -> Any:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return browser.ask("GET", f"mine?key=a1{more}")


def ids(answer: Any) -> list[str]:
    return [comment["id"] for comment in answer.json["comments"]]


def test_staff_is_who_writes_as_staff_replies_too(ada: Browser, bob: Browser, mia: Desk) -> None:
    root = published(bob, "a question")
    bind(ada, code_of(mia))
    answer = published(ada, "an answer", parent=root)
    opening = published(ada, "an opening")
    published(bob, "I am staff too", name="Staff of the Daily")
    assert order(bob, "newest", filter="staff") == [opening, answer]
    assert order(bob, "oldest", filter="staff") == [answer, opening]
    found: Any = bob.client.get(f"{THREAD}&filter=staff").json
    assert [parent["id"] for parent in found["parents"]] == [root]
    assert [(one["parent"], one["replies"], one["replies_next"]) for one in found["comments"]] == [
        (None, [], None), (root, [], None),
    ]  # fmt: skip
    decide(answer, "rejected")
    ada.ask("DELETE", f"comments/{opening}")
    assert order(bob, "newest", filter="staff") == []


def test_featured_is_what_the_desk_has_chosen_replies_too(ada: Browser, bob: Browser, mia: Desk) -> None:
    root = published(ada, "a question")
    reply = published(bob, "a good answer", parent=root)
    before = ada.client.get(f"{THREAD}&filter=featured").headers["ETag"]
    mark(mia, reply, "feature")
    answer: Any = ada.client.get(f"{THREAD}&filter=featured", headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert [one["id"] for one in answer.json["comments"]] == [reply]
    assert [one["id"] for one in answer.json["parents"]] == [root]
    mark(mia, root, "feature")
    answer = ada.client.get(f"{THREAD}&filter=featured")
    assert [one["id"] for one in answer.json["comments"]] == [reply, root]
    assert answer.json["parents"] == [], "it is listed itself"
    mark(mia, reply, "unfeature")
    assert order(ada, "newest", filter="featured") == [root]


def test_what_a_listed_reply_answers_is_told_only_as_strangers_may_know_it(
    ada: Browser, bob: Browser, mia: Desk
) -> None:
    root = published(ada, "a word")
    reply = published(bob, "an answer", parent=root)
    mark(mia, reply, "feature")
    ada.ask("DELETE", f"comments/{root}")
    (parent,) = bob.client.get(f"{THREAD}&filter=featured").json["parents"]  # type: ignore[index]  # it is an object
    assert (parent["status"], parent["tree"], parent["name"]) == ("withdrawn", None, "")


def test_a_filter_costs_three_queries_and_is_kept_by_every_cache(
    ada: Browser, bob: Browser, mia: Desk, engine: Engine
) -> None:
    mark(mia, published(bob, "an answer", parent=published(ada, "a question")), "feature")
    with queries(engine) as sent:
        answer = ada.client.get(f"{THREAD}&filter=featured")
        assert sent() == 3
    assert answer.headers["Cache-Control"].startswith("public")
    known = {"If-None-Match": answer.headers["ETag"]}
    with queries(engine) as sent:
        assert ada.client.get(f"{THREAD}&filter=featured", headers=known).status_code == 304
        assert sent() == 1


@pytest.mark.parametrize("sort", SORTS)
def test_every_flat_list_is_paged_without_gap_or_overlap(ada: Browser, bob: Browser, mia: Desk, sort: str) -> None:
    bind(ada, code_of(mia))
    root = published(ada, "the first")
    written = [root, *(published(ada, f"number {n}", parent=root) for n in range(22))]
    for place in (3, 7, 11):
        bob.ask("PUT", f"comments/{written[place]}/recommendation")
    db.session.execute(update(Comment).values(featured_at=now()))
    db.session.commit()
    for path in ("thread?key=a1&filter=staff", "thread?key=a1&filter=featured", "mine?key=a1"):
        first = ada.ask("GET", f"{path}&sort={sort}").json
        rest = ada.ask("GET", f"{path}&sort={sort}&cursor={first['next']}").json
        shown = [comment["id"] for comment in first["comments"] + rest["comments"]]
        assert (len(first["comments"]), rest["next"]) == (20, None)
        assert sorted(shown) == sorted(written)
        if sort == "recommended":
            assert set(shown[:3]) == {written[place] for place in (3, 7, 11)}


def test_mine_is_what_this_browser_wrote_with_what_waits_and_what_was_rejected(
    ada: Browser, bob: Browser, mia: Desk
) -> None:
    root = published(bob, "a question")
    db.session.execute(update(Site).values(moderation="pre"))
    db.session.commit()
    one, two, three = (ada.post(f"number {n}", parent=root).json["comment"]["id"] for n in range(3))
    decide(two, "rejected")
    ada.ask("DELETE", f"comments/{three}")
    answer = mine(ada)
    assert [(comment["id"], comment["status"]) for comment in answer.json["comments"]] == [
        (two, "rejected"), (one, "held"),
    ]  # fmt: skip
    assert all(comment["reason"] for comment in answer.json["comments"])
    assert [parent["id"] for parent in answer.json["parents"]] == [root]
    assert answer.json["told"] is None
    assert ids(mine(ada, sort="oldest")) == [one, two]


def test_mine_is_for_one_browser_and_kept_by_no_cache(ada: Browser, bob: Browser, outsider: Browser) -> None:
    written = published(ada, "of Ada")
    assert ids(mine(ada)) == [written]
    for somebody in (Browser(ada.client, secret=""), Browser(ada.client, secret="N" * 43), bob):
        answer = mine(somebody)
        assert (answer.status_code, answer.json["comments"], answer.json["next"]) == (200, [], None)
        assert answer.json["told"] == SENTENCE
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Vary"] == "Origin"
        assert "ETag" not in answer.headers
    german = {"Origin": PAPER, "Accept-Language": "de"}
    told: Any = ada.client.get("/api/v1/sites/daily/mine?key=a1", headers=german).json
    assert told["told"] != SENTENCE


def test_mine_knows_nobody_of_another_site(ada: Browser, outsider: Browser) -> None:
    published(ada, "of Ada")
    there = Browser(ada.client, site="other", origin=OTHER, secret=ada.secret)
    assert ids(mine(there)) == []
    # From a page of another site, and of a site that there is not.
    assert mine(Browser(ada.client, origin=OTHER, secret=ada.secret)).status_code == 403
    assert mine(Browser(ada.client, site="none", secret=ada.secret)).status_code == 404
    assert ids(mine(outsider)) == []


def test_a_cursor_of_mine_is_good_for_its_own_reader_order_and_article_alone(ada: Browser, bob: Browser) -> None:
    for n in range(21):
        published(ada, f"number {n}")
        published(bob, f"number {n}")
    following = mine(ada).json["next"]
    assert len(ids(mine(ada, cursor=following))) == 1
    refused = [
        mine(bob, cursor=following), mine(ada, cursor=following, sort="oldest"), mine(ada, cursor=f"{following}A"),
        ada.ask("GET", f"thread?key=a1&cursor={following}"),
        ada.ask("GET", f"thread?key=a1&filter=staff&cursor={following}"),
        mine(ada, cursor=ada.ask("GET", "thread?key=a1").json["next"]),
    ]  # fmt: skip
    assert [(answer.status_code, answer.json["field"]) for answer in refused] == [(422, "cursor")] * len(refused)


@pytest.mark.parametrize("query", ["sort=loudest", "sort=", "cursor=x", "sort=best%00"])
def test_what_mine_does_not_know_is_refused(ada: Browser, query: str) -> None:
    published(ada, "one")
    assert ada.ask("GET", f"mine?key=a1&{query}").status_code == 422


@pytest.mark.parametrize("name", ["mine", "Staff", "staff ", "staff%00", "author", "featured' OR '1", "all,staff"])
def test_a_filter_that_there_is_not_is_refused(ada: Browser, name: str) -> None:
    assert ada.ask("GET", f"thread?key=a1&filter={name}").status_code == 422
    assert ada.client.get(f"/s/daily/t/a1?filter={name}&url={PAPER}/a1").status_code == 404


def test_an_erased_person_wrote_as_nobody(ada: Browser, bob: Browser, mia: Desk) -> None:
    bind(ada, code_of(mia))
    written = published(ada, "as staff")
    published(bob, "an answer", parent=written)
    assert row(written).wrote_as == "staff"
    session = db.session()
    reader = erasing.who_wrote(session, reading.site(session, "daily"), written)
    erasing.begin(session, reader, at=now())
    while erasing.erase_some(session, reader.site_id, reader.id, at=now()):
        session.commit()
    assert session.scalars(select(Comment.wrote_as).where(Comment.id == written)).one() == ""
    assert order(bob, "newest", filter="staff") == []


def test_the_pages_show_a_filtered_reply_with_what_it_answers(ada: Browser, bob: Browser, mia: Desk) -> None:
    root = published(bob, "a question", name="Bob")
    bind(ada, code_of(mia))
    published(ada, "as we said", parent=root)
    page = bob.client.get("/s/daily/t/a1?filter=staff").text
    assert "as we said" in page
    assert "a question" not in page
    assert f'href="http://localhost:8000/s/daily/c/{root}">in reply to <bdi>Bob</bdi>' in page
    mark(mia, root, "feature")
    assert "Show 1 reply" in bob.client.get("/s/daily/t/a1?filter=featured").text
    mark(mia, root, "unfeature")
    empty = bob.client.get("/s/daily/t/a1?filter=featured").text
    assert "The newsroom has not featured a comment here yet." in empty
    assert "Show all comments" in empty
    assert "filter=mine" not in empty


def test_what_a_reader_wrote_is_found_by_its_index_however_much_others_write(app: Flask) -> None:
    session = db.session()
    article = crowds.article(session)
    crowds.roots(session, article, MANY)
    ids = crowds.roots(session, article, 40)
    last = row(ids[20])
    costs: dict[tuple[str, bool], list[int]] = {}
    for _ in range(2):
        for sort in choosing.SORTS:
            for cursor in (None, choosing.cursor(article, last, sort=sort, only=choosing.MINE)):
                own = choosing.own(article, last.reader_id, sort=sort, cursor=cursor, most=21)
                plan = crowds.explained(session, partial(session.execute, own))
                # Of a reader with few comments, all and those under one article are found by either.
                assert re.search("ix_comments_(reader|own) ", plan), (sort, plan)
                assert "Seq Scan" not in plan, (sort, plan)
                read = partial(reading.own, session, article, last.reader_id, sort=sort, cursor=cursor)
                costs.setdefault((sort, cursor is None), []).append(crowds.rows_read(session, read))
        crowds.roots(session, article, 2 * MANY)
    for before, after in costs.values():
        assert after <= before * 1.2


def test_the_newest_and_oldest_of_a_reader_are_read_in_the_order_of_the_index(app: Flask) -> None:
    session = db.session()
    article = crowds.article(session)
    ids = crowds.roots(session, article, MANY)
    middle = row(ids[MANY // 2])
    for sort in ("newest", "oldest"):
        far = choosing.cursor(article, middle, sort=sort, only=choosing.MINE)
        costs = []
        for cursor in (None, far):
            own = choosing.own(article, middle.reader_id, sort=sort, cursor=cursor, most=21)
            plan = crowds.explained(session, partial(session.execute, own))
            assert not re.search("TEMP B-TREE|Sort", plan), (sort, plan)
            read = partial(reading.own, session, article, middle.reader_id, sort=sort, cursor=cursor)
            costs.append(crowds.rows_read(session, read))
        assert costs[1] <= costs[0] * 2, sort
