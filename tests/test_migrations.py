"""An owner upgrades, steps back, and upgrades again: on each database the schema is the models', and no row is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, MetaData, Table, TypeDecorator, create_engine, select, update
from sqlalchemy.orm import Session

from comments_service import searching
from comments_service.database import Model, PublicId, new_id
from comments_service.demo import seeding
from comments_service.matching import terms
from comments_service.migrating import config, upgrade
from comments_service.tables import Article, Comment, Provider, Searchable, Site, SsoKey

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
REVISIONS = [script.revision for script in ScriptDirectory.from_config(config("")).walk_revisions()]
VALUES = {str: "x", int: 1, bytes: b"\x01" * 16, bool: True, datetime: NOON, object: []}  # object is JSON
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'comments.sqlite'}"
    return str(request.getfixturevalue("empty_postgresql"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = create_engine(url)
    yield made
    made.dispose()


def differences(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        opts = {"compare_type": True, "compare_server_default": False, "include_object": _is_of_the_models}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, Model.metadata))


def _is_of_the_models(_item: object, name: str | None, *_rest: object) -> bool:
    # The index of words is of another kind on each database; that it is used is tested with searching.
    return not (name or "").startswith(("searchable_words", "ix_searchable_words"))


def fill(engine: Engine) -> None:
    """The demo's conversation, and one row in each table that it leaves empty."""
    with Session(engine) as session:
        seeding.make_site(session, paper="https://paper.example", seed=1, at=NOON)
        site_id = session.scalars(select(Site.id)).one()
        # Of one kind or the other, which no row of one value for each type can be.
        session.add(SsoKey(site_id=site_id, kid="x", algorithm="HS256", issuer="x", sealed=b"x", created=NOON))
        own = {"name": "x", "issuer": "x", "client_id": "x", "kind": "secret"}
        session.add(Provider(site_id=site_id, key="x", created=NOON, **own))
        session.flush()
        for table in Model.metadata.sorted_tables:
            if session.execute(select(table).limit(1)).first() is None:
                session.execute(table.insert().values(_row(session, table)))
        session.commit()


def _row(session: Session, table: Table) -> dict[str, Any]:
    row = {column.name: _value(column) for column in table.columns if not column.nullable}
    for constraint in table.foreign_key_constraints:
        parent = session.execute(select(constraint.referred_table).limit(1)).mappings().first()
        if parent is not None:
            row |= {key.parent.name: parent[key.column.name] for key in constraint.elements}
    return row


def _value(column: Column[Any]) -> Any:
    if isinstance(column.type, PublicId):
        return new_id()
    stored = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return VALUES[stored.python_type]


def content(engine: Engine) -> Rows:
    """Everything in the database but Alembic's own."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in found.sorted_tables
            if table.name != "alembic_version"
        }


def lost(before: Rows, after: Rows) -> list[str]:
    """The tables of both schemas of which a row is not what it was, in the columns of both."""
    return [name for name in before.keys() & after.keys() if not _same(before[name], after[name])]


def _same(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> bool:
    if not before or not after:
        return before == after
    columns = before[0].keys() & after[0].keys()
    stored = [sorted(repr([row[column] for column in sorted(columns)]) for row in rows) for rows in (before, after)]
    return stored[0] == stored[1]


def test_the_schema_is_that_of_the_models(url: str, engine: Engine) -> None:
    upgrade(url)
    assert differences(engine) == []


def test_each_step_can_be_taken_back_and_again_without_losing_a_row(
    url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """The newest ones, and in the long run all of them."""
    steps = REVISIONS if request.config.getoption("--long") else REVISIONS[:8]
    everything = seeding.plan
    monkeypatch.setattr(seeding, "plan", lambda *told, **more: everything(*told, **more)[:60])
    upgrade(url)
    fill(engine)
    full = content(engine)
    assert all(full.values())
    for revision in steps:
        before = content(engine)
        command.downgrade(config(url), "-1")
        without = content(engine)
        assert lost(before, without) == [], f"down from {revision}"
        command.upgrade(config(url), revision)
        assert lost(without, content(engine)) == [], f"up to {revision}"
        assert content(engine).keys() == before.keys()
        command.downgrade(config(url), "-1")
    command.downgrade(config(url), "base")
    assert content(engine) == {}
    upgrade(url)
    assert differences(engine) == []


def found(engine: Engine) -> tuple[dict[str, str], set[str]]:
    """The words that are kept of each comment, and every comment that the search finds by the first of its own."""
    with Session(engine) as session:
        kept = {row.comment_id: row.words for row in session.scalars(select(Searchable))}
        known = [(session.get_one(Article, (c.site_id, c.article_id)), c) for c in session.scalars(select(Comment))]
        hits = {
            hit.id
            for article, comment in known if comment.status == "published"
            for hit in searching.find(session, article, terms(comment.plain.split()[0]), cursor=None).comments
        }  # fmt: skip
        return kept, hits


def test_comments_from_before_are_found_after_the_upgrade(
    url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = seeding.plan
    monkeypatch.setattr(seeding, "plan", lambda *told, **more: everything(*told, **more)[:60])
    upgrade(url)
    fill(engine)
    everybody, told = found(engine)
    assert len(told) > 10
    command.downgrade(config(url), "0006")
    upgrade(url)
    assert found(engine) == (everybody, told)


def test_who_wrote_as_staff_is_known_after_the_upgrade(
    url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = seeding.plan
    monkeypatch.setattr(seeding, "plan", lambda *told, **more: everything(*told, **more)[:60])
    upgrade(url)
    fill(engine)
    command.downgrade(config(url), "0014")
    with Session(engine) as session:
        ids = sorted(session.scalars(select(Comment.id)).all())
        given = {ids[0]: ["staff", "author"], ids[1]: ["staff"], ids[2]: ["expert"], ids[3]: []}
        for comment_id, badges in given.items():
            session.execute(update(Comment).where(Comment.id == comment_id).values(badges=badges))
        session.commit()
    upgrade(url)
    with Session(engine) as session:
        rows = session.execute(select(Comment.id, Comment.wrote_as).where(Comment.id.in_(given)).order_by(Comment.id))
        assert [row.wrote_as for row in rows] == ["staff", "staff", "", ""]


def test_every_migration_is_in_the_one_line() -> None:
    scripts = ScriptDirectory.from_config(config(""))
    assert len(scripts.get_heads()) == 1
    assert len(REVISIONS) == len(list((ROOT / "migrations/versions").glob("*.py")))
