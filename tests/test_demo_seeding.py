"""The demo's conversation: the same for the same seed, told through the verbs, and with something of everything."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from comments_service.app import create_app
from comments_service.database import db
from comments_service.demo.seeding import CROWDED, make_site, plan
from comments_service.demo.stories import read_stories
from comments_service.settings import Settings
from comments_service.tables import (
    Article,
    Comment,
    Decision,
    DecisionEvidence,
    Moderator,
    Outbox,
    Recommendation,
    Report,
    ShareCount,
    Site,
)  # fmt: skip

BEGUN = datetime(2026, 11, 24, 10, tzinfo=UTC)
PAPER = "http://127.0.0.1:8001"
Told = list[tuple[str, str, str, timedelta]]


def _told(seed: int, begun: datetime = BEGUN) -> Told:
    lines = plan(read_stories(begun), seed=seed, begun=begun)
    return [(line.slug, line.voice.name, line.voice.text, begun - line.at) for line in lines]


@pytest.fixture(scope="module")
def seeded(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    file = tmp_path_factory.mktemp("seeded") / "comments.sqlite"
    shutil.copy(template, file)
    app = create_app(
        Settings(secret_key="x" * 32, database_url=f"sqlite:///{file}", public_url="http://localhost:8000")
    )
    with app.app_context():
        make_site(db.session(), paper=PAPER, seed=1, at=BEGUN)
        db.session.commit()
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_the_same_seed_tells_the_same_conversation_on_any_day() -> None:
    assert _told(7) == _told(7, BEGUN + timedelta(days=40, hours=5))


def test_another_seed_tells_another_conversation() -> None:
    one, other = _told(7), _told(8)
    assert one != other
    assert [line[2] for line in one] != [line[2] for line in other]


@pytest.mark.parametrize("seed", [0, 1, 2, 99])
def test_time_runs_forward_and_every_answer_comes_after_what_it_answers(seed: int) -> None:
    lines = plan(read_stories(BEGUN), seed=seed, begun=BEGUN)
    published = {story.slug: story.published for story in read_stories(BEGUN)}
    at = {id(line.voice): line.at for line in lines}
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert all(published[line.slug] < line.at < BEGUN for line in lines)
    assert all(at[id(line.parent)] + timedelta(seconds=50) < line.at for line in lines if line.parent)
    assert all(line.parent is None or line.parent.name != line.voice.name for line in lines)


def test_hardly_a_sentence_is_said_twice() -> None:
    said = Counter(text for _, _, text, _ in _told(1))
    assert max(said.values()) == 1
    assert not re.search(r"[{}]|lorem", " ".join(said))


def test_what_is_in_the_database_is_what_was_planned(seeded: Flask) -> None:
    stored = db.session.execute(
        select(Article.key, Comment.name, Comment.source, Comment.created)
        .join(Article, (Article.site_id == Comment.site_id) & (Article.id == Comment.article_id))
        .order_by(Comment.id)
    )
    assert [(key, name, source, BEGUN - created) for key, name, source, created in stored] == _told(1)


def test_every_counter_equals_its_rows(seeded: Flask) -> None:
    for article in db.session.scalars(select(Article)):
        public = select(func.count()).where(Comment.article_id == article.id, Comment.status == "published")
        clicks = select(func.coalesce(func.sum(ShareCount.clicks), 0)).where(ShareCount.article_id == article.id)
        assert article.comments == db.session.scalar(public), article.key
        assert article.shares == db.session.scalar(clicks), article.key
    for comment in db.session.scalars(select(Comment)):
        votes = select(func.count()).where(Recommendation.comment_id == comment.id)
        below = select(func.count()).where(
            Comment.root_id == comment.id, Comment.id != comment.id, Comment.status == "published"
        )
        assert comment.recommends == db.session.scalar(votes)
        assert comment.replies_total == (0 if comment.parent_id else db.session.scalar(below))


def test_there_is_something_of_everything_to_be_seen(seeded: Flask) -> None:
    comments = {article.key: article for article in db.session.scalars(select(Article))}
    assert comments[CROWDED].comments == 300
    assert comments["winter-tides"].comments == 0
    assert comments["winter-tides"].title.startswith("Winter tide tables")
    assert [key for key, article in comments.items() if article.closed_at] == ["rovers-five-nil"]
    assert db.session.scalar(select(func.max(Comment.depth))) == 5
    texts = db.session.scalars(select(Comment.plain).where(Comment.status == "published")).all()
    assert any(re.search("[\u0600-\u06ff]{3}", text) for text in texts)
    statuses = Counter(db.session.scalars(select(Comment.status)))
    assert statuses["held"] >= 5
    assert statuses["rejected"] >= 10
    assert statuses["withdrawn"] == 2
    assert db.session.scalar(select(func.count()).select_from(Report)) == 3


def test_the_held_ones_say_why_and_the_rejected_ones_have_a_decision(seeded: Flask) -> None:
    for comment in db.session.scalars(select(Comment).where(Comment.status == "held")):
        assert comment.reasons
        assert comment.judged_by == "rules"
    rules = {reason["rule"] for found in db.session.scalars(select(Comment.reasons)) for reason in found}
    assert {"first-comment", "many-links", "held-word", "banned-word"} <= rules
    said = select(DecisionEvidence.reason).join(Decision, Decision.id == DecisionEvidence.decision_id)
    assert {"abuse", "spam", "off-topic", "personal-data"} <= set(db.session.scalars(said))


def test_nobody_is_notified_of_what_is_past(seeded: Flask) -> None:
    assert db.session.scalar(select(func.count()).where(Outbox.sent_at.is_(None))) == 0


def test_a_second_start_adds_nothing_but_a_new_address_of_the_paper(seeded: Flask) -> None:
    before = db.session.scalar(select(func.count()).select_from(Comment))
    again = make_site(db.session(), paper="http://127.0.0.1:9001", seed=5, at=BEGUN + timedelta(days=3))
    db.session.flush()
    assert again.created == BEGUN
    assert db.session.scalar(select(func.count()).select_from(Comment)) == before
    assert db.session.scalars(select(Site.origins)).all() == [[PAPER, "http://127.0.0.1:9001"]]
    assert db.session.scalars(select(Moderator.password_hash)).all() == [None]
    db.session.rollback()
