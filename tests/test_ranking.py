"""What stands first: the stored numbers follow what readers and moderators do, are exact, and are read from indexes."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, update

from comments_service import choosing, moderating, ordering, posting, reading, recounting
from comments_service.accounts import arrive
from comments_service.database import db, minute_of, now
from comments_service.tables import Article, Comment, Site
from tests import crowds
from tests.conftest import PAPER, Browser
from tests.test_reader_contract import MIA, published, queries

MANY = 2_000
# Which index serves which list; every list has one.
SERVED = {
    ("newest", "all"): "ix_comments_roots",
    ("oldest", "all"): "ix_comments_roots",
    ("recommended", "all"): "ix_comments_best",
    ("best", "all"): "ix_comments_rank",
    ("liveliest", "all"): "ix_comments_lively",
    ("newest", "unanswered"): "ix_comments_unanswered",
    ("oldest", "unanswered"): "ix_comments_unanswered",
    ("recommended", "unanswered"): "ix_comments_unanswered_recommended",
    ("best", "unanswered"): "ix_comments_unanswered_rank",
    ("liveliest", "unanswered"): "ix_comments_unanswered",
    ("newest", "staff"): "ix_comments_by_staff",
    ("oldest", "staff"): "ix_comments_by_staff",
    ("recommended", "staff"): "ix_comments_by_staff_recommended",
    ("best", "staff"): "ix_comments_by_staff_rank",
    ("liveliest", "staff"): "ix_comments_by_staff_lively",
    ("newest", "featured"): "ix_comments_chosen",
    ("oldest", "featured"): "ix_comments_chosen",
    ("recommended", "featured"): "ix_comments_chosen_recommended",
    ("best", "featured"): "ix_comments_chosen_rank",
    ("liveliest", "featured"): "ix_comments_chosen_lively",
}


@pytest.fixture(autouse=True)
def everybody_is_published(app: Flask) -> None:
    db.session.execute(update(Site).values(moderation="post"))
    db.session.commit()


@pytest.fixture
def exact() -> Iterator[None]:
    """In the end, every counter and every place is what its rows say."""
    yield
    db.session.rollback()
    assert recounting.differences(db.session()) == {}


@pytest.fixture
def eve(ada: Browser) -> Browser:
    return Browser(ada.client, secret="E" * 43)


def row(comment_id: str) -> Comment:
    db.session.rollback()
    return db.session.scalars(select(Comment).where(Comment.id == comment_id)).one()


def numbers(comment_id: str) -> tuple[int, int]:
    """How many others have answered in the branch of a root, and how many reports there were right."""
    found = row(comment_id)
    return found.repliers, found.upheld


def decide(comment_id: str, verdict: str) -> None:
    found = row(comment_id)
    moderating.decide(
        db.session(), reading.site(db.session(), "daily"), comment_id, verdict=verdict, version=found.version, by=MIA,
        at=now(),
    )  # fmt: skip
    db.session.commit()


def undo(comment_id: str) -> None:
    found = row(comment_id)
    site = reading.site(db.session(), "daily")
    moderating.undo(db.session(), site, comment_id, version=found.version, by=MIA, at=now())
    db.session.commit()


def order(browser: Browser, sort: str, **query: str) -> list[str]:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return [comment["id"] for comment in browser.ask("GET", f"thread?key=a1&sort={sort}{more}").json["comments"]]


@pytest.mark.usefixtures("exact")
def test_the_best_comes_first_and_the_liveliest_first(ada: Browser, bob: Browser, eve: Browser) -> None:
    quiet, liked, answered = (published(ada, f"number {n}") for n in range(3))
    bob.ask("PUT", f"comments/{liked}/recommendation")
    assert order(ada, "best") == [liked, answered, quiet]
    published(bob, "an answer", parent=answered)
    assert order(ada, "best") == [answered, liked, quiet]
    assert order(ada, "liveliest")[0] == answered
    published(eve, "another", parent=quiet)
    published(bob, "and more", parent=quiet)
    assert order(ada, "liveliest")[:2] == [quiet, answered]
    assert row(quiet).best == ordering.best(minute_of(quiet), repliers=2)
    assert row(liked).best == ordering.best(minute_of(liked), recommends=1)
    bob.ask("DELETE", f"comments/{liked}/recommendation")
    assert row(liked).best == ordering.best(minute_of(liked))


@pytest.mark.usefixtures("exact")
def test_repliers_are_counted_once_and_never_the_author(ada: Browser, bob: Browser, eve: Browser) -> None:
    root = published(ada, "root")
    first = published(bob, "one", parent=root)
    second = published(bob, "two", parent=first)
    published(ada, "thank you", parent=second)
    assert numbers(root) == (1, 0)
    published(eve, "me too", parent=second)
    assert numbers(root) == (2, 0)
    bob.ask("DELETE", f"comments/{first}")
    assert numbers(root) == (2, 0)
    bob.ask("DELETE", f"comments/{second}")
    assert numbers(root) == (1, 0)
    assert bob.ask("POST", f"comments/{second}/restore").status_code == 200
    assert numbers(root) == (2, 0)


@pytest.mark.usefixtures("exact")
def test_what_waits_or_was_rejected_lifts_nothing(ada: Browser, bob: Browser) -> None:
    root = published(ada, "root")
    before = row(root).best, row(root).lively
    db.session.execute(update(Site).values(moderation="pre"))
    db.session.commit()
    held = bob.post("waits", parent=root).json["comment"]["id"]
    assert (row(root).best, row(root).lively) == before
    decide(held, "published")
    assert row(root).best > before[0]
    decide(held, "rejected")
    assert (row(root).best, row(root).lively) == before


@pytest.mark.usefixtures("exact")
def test_a_report_counts_when_a_moderator_finds_it_right(ada: Browser, bob: Browser, eve: Browser) -> None:
    root = published(ada, "root")
    rude = published(bob, "rude", parent=root)
    for reader in (ada, eve):
        assert reader.ask("POST", f"comments/{rude}/reports", {"reason": "abuse"}).status_code == 200
    assert numbers(root) == (1, 0)
    decide(rude, "rejected")
    assert numbers(root) == (0, 2)
    assert row(root).best == ordering.best(minute_of(root), upheld=2)
    undo(rude)
    assert numbers(root) == (1, 0)
    decide(rude, "published")
    assert numbers(root) == (1, 0)
    # What they said was right after all.
    decide(rude, "rejected")
    assert numbers(root) == (0, 2)
    decide(rude, "published")
    assert numbers(root) == (1, 0)


@pytest.mark.usefixtures("exact")
def test_an_order_that_changes_is_another_version_also_where_the_comment_was_hidden(ada: Browser, bob: Browser) -> None:
    root = published(ada, "root")
    rude = published(bob, "rude", parent=root)
    ada.ask("POST", f"comments/{rude}/reports", {"reason": "abuse"})
    decide(rude, "held")
    known = {"If-None-Match": ada.ask("GET", "thread?key=a1&sort=best").headers["ETag"]}
    decide(rude, "rejected")
    path = "/api/v1/sites/daily/thread?key=a1&sort=best"
    assert ada.client.get(path, headers=known).status_code == 200


@pytest.mark.parametrize("column", [Comment.best, Comment.lively])
def test_a_place_that_is_wrong_is_found_and_put_right(ada: Browser, bob: Browser, column: Any) -> None:
    root = published(ada, "root")
    published(bob, "answer", parent=root)
    bob.ask("PUT", f"comments/{root}/recommendation")
    right = getattr(row(root), column.key)
    db.session.execute(update(Comment).where(Comment.id == root).values({column: 77}))
    version = db.session.scalars(select(Article.version)).one()
    assert recounting.differences(db.session()) == {"places of comments": 1}
    assert recounting.recount(db.session()) == 1
    db.session.commit()
    assert getattr(row(root), column.key) == right
    assert db.session.scalars(select(Article.version)).one() == version + 1


def test_a_mark_of_the_staff_that_is_wrong_is_found_and_put_right(ada: Browser, bob: Browser) -> None:
    mine, other = published(ada, "mine"), published(bob, "other")
    db.session.execute(update(Comment).where(Comment.id == mine).values(badges=["author", "staff"]))
    db.session.execute(update(Comment).where(Comment.id == other).values(wrote_as="staff", badges=["expert"]))
    assert recounting.differences(db.session()) == {"staff marks of comments": 2}
    assert recounting.recount(db.session()) == 2
    db.session.commit()
    assert (row(mine).wrote_as, row(other).wrote_as) == ("staff", "")


def test_answering_costs_no_more_in_a_branch_of_thousands(ada: Browser, bob: Browser) -> None:
    session = db.session()
    written = {size: crowds.fan(session, crowds.article(session, f"of {size}"), size)[0] for size in (30, 1_200)}
    published(bob, "known by now")

    def answer(size: int) -> None:
        by = arrive(session, "daily", origin=PAPER, secret="B" * 43, at=now())
        article = session.scalars(select(Article).where(Article.key == f"of {size}")).one()
        draft = posting.Draft(name="Bob", body="An answer", parent=written[size])
        posting.post(session, draft, article=article, by=by, at=now())

    few, many = (crowds.rows_read(session, partial(answer, size)) for size in (30, 1_200))
    assert many < few * 2
    session.commit()
    # More comments than are looked at at once; that there were answers was not counted when they were written.
    assert recounting.recount(session) > 1
    session.commit()
    assert recounting.differences(session) == {}


def test_every_list_is_paged_without_gap_or_overlap_by_three_queries(
    ada: Browser, bob: Browser, engine: Engine
) -> None:
    ids = [published(ada, f"number {n}") for n in range(23)]
    for place in (3, 7, 11):
        bob.ask("PUT", f"comments/{ids[place]}/recommendation")
    db.session.execute(update(Comment).values(wrote_as="staff", featured_at=now()))
    db.session.commit()
    cursors = {}
    for sort, only in SERVED:
        path = f"/api/v1/sites/daily/thread?key=a1&sort={sort}&filter={only}"
        with queries(engine) as sent:
            answer: Any = ada.client.get(path)
            # Of a flat list, what its replies answer is asked for where there are any.
            assert sent() == (2 if only in choosing.FLAT else 3)
        with queries(engine) as sent:
            assert ada.client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
            assert sent() == 1
        cursors[sort, only] = answer.json["next"]
        rest: Any = ada.client.get(f"{path}&cursor={answer.json['next']}").json
        shown = [comment["id"] for comment in answer.json["comments"] + rest["comments"]]
        assert (len(answer.json["comments"]), rest["next"]) == (20, None)
        assert sorted(shown) == sorted(ids)
    # A cursor is good for its own list alone.
    for (sort, only), cursor in cursors.items():
        for other, other_only in SERVED.keys() - {(sort, only)}:
            path = f"thread?key=a1&sort={other}&filter={other_only}&cursor={cursor}"
            assert ada.ask("GET", path).json["field"] == "cursor"


def test_unanswered_are_those_that_nobody_has_answered(ada: Browser, bob: Browser) -> None:
    one, other, gone = (published(ada, f"number {n}") for n in range(3))
    ada.ask("DELETE", f"comments/{gone}")
    assert order(ada, "newest", filter="unanswered") == [other, one]
    answer = published(bob, "an answer", parent=one)
    assert order(ada, "newest", filter="unanswered") == [other]
    bob.ask("DELETE", f"comments/{answer}")
    assert order(ada, "newest", filter="unanswered") == [other, one]


@pytest.mark.parametrize("query", ["sort=loudest", "filter=loudest", "filter=mine", "filter=", "sort=best%00"])
def test_an_unknown_order_or_filter_is_refused(ada: Browser, query: str) -> None:
    assert ada.ask("GET", f"thread?key=a1&{query}").status_code == 422


def test_every_list_is_read_from_its_index_and_a_far_page_costs_what_the_first_does(app: Flask) -> None:
    session = db.session()
    beside = crowds.roots(session, crowds.article(session, "beside"), MANY)
    article = crowds.article(session)
    ids = crowds.roots(session, article, MANY)
    # Most have been answered, and some are better than others, as far as a planner can see.
    answered = [one for n, one in enumerate(beside + ids) if n % 20]
    session.execute(update(Comment).where(Comment.id.in_(answered)).values(replies_total=1))
    few = [one for n, one in enumerate(beside + ids) if n % 20 == 7]
    session.execute(update(Comment).where(Comment.id.in_(few)).values(wrote_as="staff", featured_at=now()))
    length = func.length(Comment.plain)
    session.execute(update(Comment).values(recommends=length, best=Comment.best + 60 * length, lively=Comment.best))
    crowds.analyze(session)
    session.refresh(article)
    last = session.scalars(select(Comment).where(Comment.id == ids[MANY // 2])).one()
    assert SERVED.keys() == {(sort, only) for sort in choosing.SORTS for only in choosing.FILTERS}
    for (sort, only), index in SERVED.items():
        far = choosing.cursor(article, last, sort=sort, only=only)
        costs = []
        for cursor in (None, far):
            chosen = choosing.chosen(article, sort=sort, only=only, cursor=cursor, most=21)
            plan = crowds.explained(session, partial(session.execute, chosen))
            assert f"{index} " in plan, (sort, only, plan)
            # On the first page of all, what is pinned is put above the twenty others.
            if cursor or only != "all":
                assert not re.search("TEMP B-TREE|Sort", plan), (sort, only, plan)
            assert "Seq Scan" not in plan, (sort, only, plan)
            read = partial(reading.thread, session, article, sort=sort, only=only, cursor=cursor)
            costs.append(crowds.rows_read(session, read))
        assert costs[1] <= costs[0] * 2, (sort, only)
