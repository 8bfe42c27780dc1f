"""An owner asks what is wrong: a healthy installation is told so, and each ill one what to do."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, create_engine, select, text, update
from sqlalchemy.orm import Session

from comments_service import checkup, recounting
from comments_service.cli import main
from comments_service.database import db, new_id, now
from comments_service.mailing import suppressing
from comments_service.tables import Article, Comment, Job, Outbox, Recommendation, Report, Site
from tests.conftest import SEALING_KEY, Browser

SECRET = "0123456789abcdef" * 4


class Installation(NamedTuple):
    """A migrated database with one site, and the environment that points to it."""

    environ: dict[str, str]
    file: Path
    engine: Engine

    def doctor(self, *options: str, **environ: str) -> Result:
        return CliRunner().invoke(main, ["doctor", *options], env=self.environ | environ)


@pytest.fixture
def paper(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    for name in ("SECRET_KEY_FILE", "REDIS_URL", "PUBLIC_URL", "DESK_URL", "TRUSTED_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    static = tmp_path / "static"
    static.mkdir()
    (static / "embed.js").write_text("")
    monkeypatch.setattr(checkup, "STATIC", static)
    file = tmp_path / "comments.sqlite"
    shutil.copy(template, file)
    engine = create_engine(f"sqlite:///{file}")
    with Session(engine) as session:
        session.add(Site(key="daily", name="The Daily", origins=["https://paper.example", "http://127.0.0.1:8001"]))
        session.commit()
    mail = {"MAIL_URL": f"file://{tmp_path}/mail", "MAIL_FROM": "comments@paper.example"}
    secrets = {"SECRET_KEY": SECRET, "SEALING_KEYS": SEALING_KEY}
    yield Installation({**secrets, "DATABASE_URL": f"sqlite:///{file}", **mail}, file, engine)
    engine.dispose()


def assert_problem(told: Result, *words: str) -> None:
    [line] = [line for line in told.stdout.splitlines() if line.startswith("Problem: ")]
    for word in words:
        assert word in line
    assert told.exit_code == 1
    assert "No problem" not in told.output


def test_a_healthy_installation_is_told_so(paper: Installation) -> None:
    told = paper.doctor()
    assert (told.exit_code, told.output) == (0, "No problem was found.\n")


def test_settings_that_would_not_start_are_named(paper: Installation) -> None:
    told = paper.doctor(SECRET_KEY="short")  # noqa: S106 - that it is refused is the test
    assert told.exit_code == 2
    assert told.stderr.startswith("SECRET_KEY ")


def test_a_desk_on_the_readers_host_is_an_advice(paper: Installation) -> None:
    told = paper.doctor(PUBLIC_URL="https://c.paper.example", TRUSTED_PROXIES="127.0.0.1")
    assert told.exit_code == 0
    assert told.output.startswith("Advice: ")
    assert "DESK_URL" in told.output
    apart = {"PUBLIC_URL": "https://c.paper.example", "DESK_URL": "https://desk.paper.example"}
    assert paper.doctor(**apart, TRUSTED_PROXIES="127.0.0.1").output == "No problem was found.\n"


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"PUBLIC_URL": "http://c.paper.example", "DESK_URL": "https://d.paper.example"}, "PUBLIC_URL"),
        (
            {"PUBLIC_URL": "https://c.paper.example", "DESK_URL": "http://d.example", "TRUSTED_PROXIES": "::1"},
            "DESK_URL",
        ),
        ({"PUBLIC_URL": "https://c.paper.example", "DESK_URL": "https://d.paper.example"}, "TRUSTED_PROXIES"),
        (
            {
                "PUBLIC_URL": "https://c.paper.example", "DESK_URL": "https://d.paper.example",
                "TRUSTED_PROXIES": "::1", "SEALING_KEYS": "",
            },
            "SEALING_KEYS",
        ),
        ({"REDIS_URL": "redis://:canary@127.0.0.1:1/0"}, "REDIS_URL"),
    ],
)
def test_settings_that_point_to_trouble(paper: Installation, environ: dict[str, str], words: str) -> None:
    told = paper.doctor(**environ)
    assert_problem(told, words)
    assert "canary" not in told.output


def test_a_database_that_is_missing_empty_away_or_damaged(paper: Installation) -> None:
    gone = paper.file.parent / "gone.sqlite"
    assert_problem(paper.doctor(DATABASE_URL=f"sqlite:///{gone}"), "comments-service migrate")
    assert not gone.exists()
    gone.touch()
    assert_problem(paper.doctor(DATABASE_URL=f"sqlite:///{gone}"), "comments-service migrate")
    told = paper.doctor(DATABASE_URL="postgresql://u:canary@127.0.0.1:1/x")
    assert_problem(told, "DATABASE_URL")
    assert "canary" not in told.output
    gone.write_bytes(b"no database at all" * 100)
    assert_problem(paper.doctor(DATABASE_URL=f"sqlite:///{gone}"), "backup")


def test_a_database_that_is_not_in_wal_mode(paper: Installation) -> None:
    with paper.engine.connect() as connection:
        connection.execute(text("PRAGMA journal_mode=DELETE"))
    assert_problem(paper.doctor(), "WAL", "comments-service migrate")
    assert CliRunner().invoke(main, ["migrate"], env=paper.environ).exit_code == 0
    assert paper.doctor().exit_code == 0


def test_a_disk_that_is_full_or_read_only(paper: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(checkup, "LEAST_FREE", 1 << 80)
        assert_problem(paper.doctor(), "less than 1 GB")
    folder = paper.file.parent
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder)
    assert_problem(paper.doctor(), str(folder), "cannot be written")


def test_a_widget_that_was_not_built(paper: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "STATIC", paper.file.parent / "nowhere")
    assert_problem(paper.doctor(), "widget", "pip install")


def test_a_service_without_a_site_is_told_how_to_add_one(paper: Installation) -> None:
    with paper.engine.begin() as connection:
        connection.execute(text("DELETE FROM sites"))
    told = paper.doctor()
    assert told.exit_code == 0
    assert "comments-service site add" in told.output


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("http://paper.example", "https"),
        ("https://paper.example/", "slash"),
        ("https://Paper.example", "small letters"),
        ("paper.example", "origin"),
    ],
)
def test_an_origin_that_is_unsafe_or_never_sent(paper: Installation, origin: str, words: str) -> None:
    with Session(paper.engine) as session:
        session.scalars(select(Site)).one().origins = [origin]
        session.commit()
    assert_problem(paper.doctor(), "daily", origin, words)


def test_an_outbox_that_nobody_empties_and_what_was_given_up(paper: Installation) -> None:
    def add(row: Outbox | Job) -> None:
        with Session(paper.engine) as session:
            session.add(row)
            session.commit()

    with Session(paper.engine) as session:
        site_id = session.scalars(select(Site.id)).one()
    hour_ago = now() - timedelta(hours=1)
    add(Outbox(site_id=site_id, event="comment.held", payload={}, due_at=hour_ago))
    assert_problem(paper.doctor(), "outbox", "comments-service worker")
    with Session(paper.engine) as session:
        session.execute(update(Outbox).values(dead_at=now()))
        session.commit()
    assert_problem(paper.doctor(), "1 events were given up", "--retry")
    add(Job(site_id=site_id, kind="x", payload={}, due_at=now(), dead_at=now(), attempts=5))
    told = paper.doctor("--retry")
    assert told.exit_code == 0
    assert "2 events and jobs are in line again" in told.output
    with Session(paper.engine) as session:
        assert session.scalars(select(Job)).one().attempts == 0


@pytest.fixture
def talked_about(ada: Browser, bob: Browser, engine: Engine, site_id: str) -> str:
    """A thread of three with a recommendation, a report and a share; the id of its first comment."""
    db.session.execute(update(Site).values(moderation="post"))
    db.session.commit()
    root = str(ada.post("First").json["comment"]["id"])
    bob.post("Second", parent=root, name="Bob")
    ada.post("Third", parent=root)
    bob.ask("PUT", f"comments/{root}/recommendation")
    db.session.rollback()
    reader = db.session.scalars(select(Comment.reader_id).where(Comment.name == "Bob")).one()
    db.session.add(Report(site_id=site_id, comment_id=root, reader_id=reader, reason="spam", note="", at=now()))
    db.session.execute(update(Comment).where(Comment.id == root).values(reports=1))
    db.session.commit()
    return root


def test_counters_are_exact_after_a_conversation(talked_about: str) -> None:
    assert recounting.differences(db.session()) == {}
    assert recounting.recount(db.session()) == 0


@pytest.mark.parametrize(
    ("column", "name", "right"),
    [
        (Article.comments, "comments of articles", 3),
        (Article.shares, "shares of articles", 0),
        (Comment.replies_total, "replies of comments", 2),
        (Comment.recommends, "recommendations of comments", 1),
        (Comment.reports, "reports of comments", 1),
        (Comment.repliers, "repliers of comments", 1),
        (Comment.upheld, "upheld reports of comments", 0),
    ],
)
def test_a_counter_that_is_wrong_is_found_and_set_right(talked_about: str, column: Any, name: str, right: int) -> None:
    wrong = update(column.class_).values({column: 77})
    db.session.execute(wrong.where(Comment.id == talked_about) if column.class_ is Comment else wrong)
    before = db.session.scalars(select(Article.version)).one()
    assert recounting.differences(db.session()) == {name: 1}
    assert recounting.recount(db.session()) == 1
    db.session.commit()
    assert recounting.differences(db.session()) == {}
    where = select(column).where(column.class_.id == talked_about) if column.class_ is Comment else select(column)
    assert db.session.scalars(where).one() == right
    assert db.session.scalars(select(Article.version)).one() == before + 1


def test_counters_of_another_site_are_never_mixed_in(talked_about: str, outsider: Browser) -> None:
    other = outsider.post("Elsewhere").json["comment"]["id"]
    db.session.rollback()
    db.session.add(
        Recommendation(
            site_id=db.session.scalars(select(Site.id).where(Site.key == "other")).one(), comment_id=other,
            reader_id=db.session.scalars(select(Comment.reader_id).where(Comment.id == other)).one(), at=now(),
        )
    )  # fmt: skip
    db.session.commit()
    assert recounting.differences(db.session()) == {"recommendations of comments": 1}


def test_the_command_recounts(paper: Installation) -> None:
    with Session(paper.engine) as session:
        site_id = session.scalars(select(Site.id)).one()
        session.add(
            Article(site_id=site_id, id=new_id(), key="a", url="https://paper.example/a", title="/a", comments=5)
        )
        session.commit()
    assert_problem(paper.doctor(), "comments of articles", "--recount")
    told = paper.doctor("--recount")
    assert told.exit_code == 0
    assert "1 counters were set right" in told.output


def test_mail_that_is_off_is_an_advice_and_one_that_cannot_leave_a_problem(paper: Installation) -> None:
    off = paper.doctor(MAIL_URL="")
    assert off.exit_code == 0
    assert off.output.startswith("Advice: Mail is off")
    (paper.file.parent / "taken").write_text("")
    assert_problem(paper.doctor(MAIL_URL=f"file://{paper.file.parent}/taken/mail"), "handed over", "mail-test")


def test_addresses_that_refuse_mail_are_counted(paper: Installation) -> None:
    with Session(paper.engine) as session:
        suppressing.suppress(session, b"d" * 16, reason="refused", status="5.1.1", at=now())
        session.commit()
    assert paper.doctor().output.startswith("Advice: Addresses that refuse mail: 1.")
