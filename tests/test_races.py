"""Everybody at once, on both databases and in two processes: nothing is lost, nothing is counted twice."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from comments_service import accounts, erasing, form_tokens, moderating, reacting
from comments_service.database import BUSY_MS, engine_options, now, take_turn
from comments_service.errors import Conflict
from comments_service.judging import Actor
from comments_service.tables import Article, Comment, Decision, Reader, Recommendation, Site, SpentToken
from comments_service.tables import Session as Signed
from tests.conftest import PAPER, postgresql_database
from tests.crowd import Answer, Crowd, crowd, sqlite_database
from tests.test_serving import SECRET

MIA = Actor(kind="moderator", name="Mia")
NOA = Actor(kind="moderator", name="Noa")
AUTHOR = 60_000
VOTERS = 1000
FAULTS = {500, 502, 503, 504}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def many(request: pytest.FixtureRequest, template: Path) -> Iterator[Crowd]:
    database = sqlite_database(template) if request.param == "sqlite" else postgresql_database()
    with database as url, crowd(url) as found:
        yield found


@pytest.fixture(autouse=True)
def everything_is_counted(many: Crowd) -> Iterator[None]:
    many.moderation("post")
    yield
    assert many.faults() == []
    assert many.miscounted() == {}


def statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def written(many: Crowd, article: str, body: str = "Something", *, reader: int = AUTHOR, **more: str) -> str:
    answer = many.post(article, body, reader=reader, **more)
    assert answer.status in {201, 202}, answer.json
    return str(answer.json["comment"]["id"])


def comment(many: Crowd, comment_id: str) -> Comment:
    found: Comment = many.rows(select(Comment).where(Comment.id == comment_id))[0]
    return found


def recommenders(many: Crowd, comment_id: str) -> int:
    return len(many.rows(select(Recommendation.reader_id).where(Recommendation.comment_id == comment_id)))


def sessions_of(many: Crowd, reader: int) -> int:
    digest = accounts.secret_digest(many.secret(reader))
    return len(many.rows(select(Signed.id).where(Signed.digest == digest)))


def test_a_thousand_readers_recommend_one_comment(many: Crowd) -> None:
    target = written(many, "news")
    path = f"comments/{target}/recommendation"
    answers = many.at_once(lambda n: many.ask("PUT", path, reader=n + 1), VOTERS)
    assert statuses(answers) == {200: VOTERS}
    assert comment(many, target).recommends == recommenders(many, target) == VOTERS
    assert max(answer.json["recommends"] for answer in answers) == VOTERS


def test_one_new_reader_recommends_a_thousand_times(many: Crowd) -> None:
    target = written(many, "eager")

    def again(n: int) -> int:
        # Some come by the two processes of the service, which would stop the rest; that comes from a third, this one.
        if n % 20 == 0:
            return many.ask("PUT", f"comments/{target}/recommendation", reader=50_000).status
        with Session(many.engine) as session:
            by = accounts.arrive(session, "daily", origin=PAPER, secret=many.secret(50_000), at=now())
            reacting.recommend(session, target, by=by, at=now())
            session.commit()
        return 200

    assert Counter(many.at_once(again, VOTERS)) == {200: VOTERS}
    assert comment(many, target).recommends == recommenders(many, target) == 1
    assert sessions_of(many, 50_000) == 1


def test_a_storm_of_ups_and_downs_ends_as_its_rows_say(many: Crowd) -> None:
    target = written(many, "storm")
    path = f"comments/{target}/recommendation"
    chosen = random.Random(7)  # noqa: S311 - which of two verbs comes next is no secret
    deeds = [(chosen.choice(["PUT", "DELETE"]), 1 + chosen.randrange(20)) for _ in range(300)]
    answers = many.at_once(lambda n: many.ask(deeds[n][0], path, reader=deeds[n][1]), len(deeds))
    # Whoever takes back what they never gave, before they have given anything, is not known yet.
    assert set(statuses(answers)) <= {200, 401}
    assert comment(many, target).recommends == recommenders(many, target) <= 20


def test_a_hundred_first_comments_make_one_article(many: Crowd) -> None:
    answers = many.at_once(lambda n: many.post("fresh", f"First! {n}", reader=1000 + n), 100)
    assert statuses(answers) == {201: 100}
    [article] = many.rows(select(Article).where(Article.key == "fresh"))
    assert article.comments == 100
    assert len(many.rows(select(Comment.id).where(Comment.article_id == article.id))) == 100


def test_two_first_deeds_of_one_browser_make_one_reader(many: Crowd) -> None:
    for reader in range(2000, 2008):
        answers = many.together(*(partial(many.post, f"twin{reader}", f"Deed {i}", reader=reader) for i in range(4)))
        assert statuses(answers) == {201: 4}
        assert sessions_of(many, reader) == 1
    lonely = select(Reader.id).where(~select(Signed.id).where(Signed.reader_id == Reader.id).exists())
    assert many.rows(lonely) == []


def test_replies_while_their_parent_is_withdrawn(many: Crowd) -> None:
    for n in range(5):
        root = written(many, f"gone{n}", reader=3000 + n)
        answers = many.together(
            *(partial(many.post, f"gone{n}", f"Reply {i}", reader=3100 + i, parent=root) for i in range(6)),
            partial(many.ask, "DELETE", f"comments/{root}", reader=3000 + n),
        )
        assert answers[-1].status == 200
        assert set(statuses(answers[:-1])) <= {201, 404, 422}
        there = len(many.rows(select(Comment.id).where(Comment.parent_id == root)))
        assert comment(many, root).status == "withdrawn"
        assert comment(many, root).replies_total == there == statuses(answers[:-1])[201]


def test_an_edit_and_an_approval_at_once(many: Crowd) -> None:
    many.moderation("pre")
    for n in range(10):
        reader = 4000 + n
        held = written(many, "edited", "As the moderator sees it", reader=reader)
        edited, approved = many.together(
            partial(_edit, many, held, reader), partial(_decide, many, held, "published", version=1, by=MIA)
        )
        assert edited is None
        row = comment(many, held)
        assert row.source == "As it is now"
        # Either she saw the old text and is told, or the edit came after her and was judged for itself.
        if approved is None:
            assert row.judged_by == "person"
        else:
            assert (row.status, "changed the text" in approved) == ("held", True)


def test_two_moderators_on_one_comment(many: Crowd) -> None:
    many.moderation("pre")
    for n in range(10):
        held = written(many, "desk", reader=5000 + n)
        told = many.together(
            partial(_decide, many, held, "published", version=1, by=MIA),
            partial(_decide, many, held, "rejected", version=1, by=NOA),
        )
        status = comment(many, held).status
        first, done = ("Mia", "approved") if status == "published" else ("Noa", "rejected")
        assert sorted(filter(None, told)) == [f"{first} has already {done} it."]
        decided = many.rows(select(Decision.id).where(Decision.comment_id == held, Decision.by == "moderator"))
        assert len(decided) == 1


def test_a_comment_that_is_sent_twice_at_once_is_one(many: Crowd) -> None:
    for n in range(8):
        key = f"{n:0>22}"
        answers = many.together(*[partial(many.post, "again", f"Once, number {n}", reader=6000 + n, key=key)] * 4)
        assert statuses(answers) == {201: 4}
        assert len({answer.json["comment"]["id"] for answer in answers}) == 1
    [article] = many.rows(select(Article).where(Article.key == "again"))
    assert article.comments == 8


def test_a_form_that_is_sent_twice_at_once_is_good_for_one(many: Crowd) -> None:
    for n in range(8):
        token = form_tokens.issue("daily", "form", secret=SECRET, at=now() - timedelta(minutes=1))
        answers = many.together(
            *(partial(many.post, "form", f"{n} {i}", reader=7000 + n, form_token=token) for i in range(4))
        )
        assert statuses(answers) == {201: 1, 422: 3}
    assert len(many.rows(select(SpentToken.digest))) >= 8


def test_nothing_of_somebody_who_is_erased_while_they_write_is_left(many: Crowd) -> None:
    for n in range(5):
        person = 9000 + n
        root = written(many, "erasing", reader=person)
        answers = many.together(
            *(partial(many.post, "erasing", f"Still here {i}", reader=person) for i in range(6)),
            partial(_erase, many, root),
        )
        assert {answer.status for answer in answers if answer} <= {201, 401}
        of_person = select(Comment.status).where(Comment.reader_id == comment(many, root).reader_id)
        assert set(many.rows(of_person)) == {"erased"}


def test_readers_and_moderators_do_everything_at_once(many: Crowd) -> None:
    roots = [written(many, "busy", f"Root {n}", reader=8000 + n) for n in range(4)]
    chosen = random.Random(11)  # noqa: S311 - what comes next is no secret

    def deed(n: int) -> int:
        root, reader = roots[n % 4], 8100 + n
        kind = chosen.randrange(6)
        if kind == 0:
            return many.post("busy", f"Reply {n}", reader=reader, parent=root).status
        if kind == 1:
            return many.ask("PATCH", f"comments/{root}", {"body": f"Edit {n}"}, reader=8000 + n % 4).status
        if kind == 2:
            verdict = chosen.choice(["published", "held"])
            _decide(many, root, verdict, version=comment(many, root).version, by=MIA)
            return 200
        if kind == 3:
            return many.ask("POST", f"comments/{root}/reports", {"reason": "spam"}, reader=reader).status
        if kind == 4:
            return many.ask("POST", "shares", _share(), reader=reader).status
        return many.ask("PUT", f"comments/{root}/recommendation", reader=reader).status

    got = Counter(many.at_once(deed, 200))
    assert set(got) & FAULTS == set()
    assert got[200] + got[201] + got[204] > 50


def test_every_connection_to_sqlite_waits_for_the_disk_and_for_its_turn(template: Path) -> None:
    expected = {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1, "busy_timeout": BUSY_MS}
    with sqlite_database(template) as url:
        engine = create_engine(url, **engine_options(url))
        sessions = [Session(engine) for _ in range(12)]
        for session in sessions:
            take_turn(session)
            session.rollback()
            assert {name: session.scalar(text(f"PRAGMA {name}")) for name in expected} == expected
        for session in sessions:
            session.close()
        engine.dispose()


def _decide(many: Crowd, comment_id: str, verdict: str, *, version: int, by: Actor) -> str | None:
    """What the moderator is told, if somebody was first."""
    with Session(many.engine) as session:
        site = session.scalars(select(Site)).one()
        try:
            moderating.decide(session, site, comment_id, verdict=verdict, version=version, by=by, at=now())
        except Conflict as told:
            return told.detail
        session.commit()
    return None


def _erase(many: Crowd, comment_id: str) -> None:
    with Session(many.engine) as session:
        person = erasing.who_wrote(session, session.scalars(select(Site)).one(), comment_id)
        erasing.begin(session, person, at=now())
        session.commit()
        while erasing.erase_some(session, person.site_id, person.id, at=now()):
            session.commit()
        session.commit()


def _edit(many: Crowd, comment_id: str, reader: int) -> str | None:
    """What the author is told, if it did not work."""
    answer = many.ask("PATCH", f"comments/{comment_id}", {"body": "As it is now"}, reader=reader)
    return None if answer.status == 200 else str(answer.json["detail"])


def _share() -> dict[str, Any]:
    return {"key": "busy", "url": "https://paper.example/busy", "network": "copy"}
