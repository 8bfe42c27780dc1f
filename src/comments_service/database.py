"""The declarative base, the session, the clock and the ids that every table shares."""

import os
import re
import sqlite3
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, LargeBinary, MetaData, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

ID_BYTES = 16
# 26 digits of five bits, of which the last two bits are none of the 128.
SPELLING = re.compile("[0-9a-v]{25}[048cgkos]")
DIGITS = "0123456789abcdefghijklmnopqrstuv"
PAIRS = tuple(one + other for one in DIGITS for other in DIGITS)
PLACES = tuple(range(120, -1, -10))
# How long a write on SQLite waits for those before it.
BUSY_MS = 5000
ROUND_MS = 20


class Model(DeclarativeBase):
    """Base of all tables; constraint names are fixed so that migrations can drop them on any database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Model, disable_autonaming=True)


def engine_options(url: str) -> dict[str, Any]:
    """How the service talks to its database: it never waits long, and never repeats parameters in an error."""
    if not url.startswith("postgresql"):
        return {"hide_parameters": True}
    arguments = {"connect_timeout": 2, "options": "-c statement_timeout=5000"}
    return {"hide_parameters": True, "pool_pre_ping": True, "pool_timeout": 5, "connect_args": arguments}


def is_missing_table(error: DBAPIError) -> bool:
    """Whether a statement failed because the schema is older than this release."""
    if getattr(error.orig, "sqlstate", None) in {"42P01", "42703"}:
        return True
    return str(error.orig).startswith(("no such table", "no such column", "table "))


def now() -> datetime:
    """The time in UTC, read once a request and passed on."""
    return datetime.now(UTC)


def new_id() -> str:
    """A time-sortable public id of this moment."""
    return id_at(now())


def id_at(at: datetime, *, after: str | None = None) -> str:
    """A time-sortable public id: 48 bits of milliseconds and 80 random bits, as 26 base32hex characters.

    With `after`, the new id sorts behind that one even when the clock went back meanwhile.
    """
    milliseconds = int(at.timestamp() * 1000)
    if after is not None:
        milliseconds = max(milliseconds, int.from_bytes(id_bytes(after)[:6], "big") + 1)
    return id_text(milliseconds.to_bytes(6, "big") + os.urandom(10))


def moment_of(public_id: str) -> datetime:
    """When a public id was made."""
    return datetime.fromtimestamp(int.from_bytes(id_bytes(public_id)[:6], "big") / 1000, UTC)


def minute_of(public_id: str) -> int:
    """The minute since 1970 in which an id was made. As ids sort, so do their minutes."""
    return int.from_bytes(id_bytes(public_id)[:6], "big") // 60_000


def insert_into(session: Session, table: type[Model]) -> Any:
    """An INSERT of this database's own dialect, which is what knows `on_conflict_do_nothing` and its sisters."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table)


def id_bytes(text: str) -> bytes:
    """The sixteen bytes behind a public id. Raises ValueError when it is none, or one in another spelling."""
    # Decoders pass over two bits at the end, and capitals: whatever counts or caches by id would see many.
    if not SPELLING.fullmatch(text):
        raise ValueError("not the one spelling of an id")
    # The digits of base32hex are those of Python's numbers to the base 32, which are read many times faster.
    return (int(text, 32) >> 2).to_bytes(ID_BYTES, "big")


def id_text(raw: bytes) -> str:
    """A public id as it is written outside: base32hex (RFC 4648) in small letters."""
    bits = int.from_bytes(raw, "big") << 2
    # Two digits at a time: the library takes twice as long, and a long list has thousands of ids.
    return "".join([PAIRS[bits >> at & 1023] for at in PLACES])


def take_turn(session: Session) -> None:
    """Begin to write before reading what the write rests on, so that nothing changes in between.

    SQLite has no row locks, but lets one transaction write at a time: this waits for it. PostgreSQL locks by row.
    """
    connection = session.connection()
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or driver.in_transaction:
        return
    # SQLite asks ever more seldom, so that whoever has waited longest is served last, and under load never. Asking
    # anew in short rounds gives everybody the same chance.
    driver.execute(f"PRAGMA busy_timeout={ROUND_MS}")
    end = time.monotonic() + BUSY_MS / 1000
    while not driver.in_transaction and time.monotonic() < end:
        with suppress(sqlite3.OperationalError):
            driver.execute("BEGIN IMMEDIATE")
    driver.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    if not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


class PublicId(TypeDecorator[str]):
    """16 bytes in the table, 26 sortable characters outside; a malformed id matches no row."""

    impl = LargeBinary(ID_BYTES)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        try:
            return id_bytes(value)
        except ValueError:
            return b""

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else id_text(bytes(value))


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC on both databases; SQLite stores it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was given")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@event.listens_for(Engine, "connect")
def _durable(connection: Any, _record: Any) -> None:
    # A 201 means "on disk": FULL is set on every connection; WAL is set once, by the migration (it races on connect).
    if type(connection).__module__.startswith("sqlite3"):
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        # What is deleted is written over with zeros: who was erased is in no free page of the file either.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()
