"""What readers take along is everything that is kept of them, no spreadsheet runs it, and erasing leaves none of it."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, select

from comments_service import personal, takeout
from comments_service.database import Model, db, now
from comments_service.mailing import mailboxes
from comments_service.tables import Expert, Follow, Moderator, Mute, Notice, NoticeSettings, Reader, StaffReader
from tests.conftest import Browser
from tests.desk import make_moderator
from tests.signing import signer
from tests.test_conversation import article, published
from tests.test_erasing import NAME, WORD, everything
from tests.test_noticing import reader_of
from tests.test_own_page import work_later
from tests.test_sso import sign_in

REGISTERED = {kept.name: kept for kept in personal.KEPT}


def refers(table: Table) -> bool:
    """Whether rows of a table belong to a reader or to what a reader wrote."""
    named = {"reader_id", "comment_id", "decision_id", "address", "email"} & set(table.columns.keys())
    owners = {key.column.table.name for key in table.foreign_keys} & set(REGISTERED)
    return bool(named or owners) or table.name in REGISTERED


def test_every_column_that_says_something_of_a_reader_has_its_entry() -> None:
    for table in Model.metadata.sorted_tables:
        if table.name in personal.OF_NOBODY or not refers(table):
            continue
        assert table.name in REGISTERED, f"{table.name} refers to readers: say in personal.py what is given out of it"
        kept = REGISTERED[table.name]
        named = [*kept.given, *kept.withheld]
        assert sorted(named) == sorted(set(table.columns.keys()) - {"site_id"}), table.name
    assert set(personal.OF_NOBODY) <= set(Model.metadata.tables)


@pytest.fixture
def canary(app: Flask, ada: Browser, bob: Browser) -> Browser:
    """A reader of whom there is a row in each table, with a word in it that is nowhere else."""
    assert sign_in(ada, signer(db.session()).token(name=NAME, email=f"{WORD}@x.example", sub=WORD)).status_code == 200
    mine, other = published(ada, f"first {WORD}", name=NAME), published(bob, "Bob says", name="Bob")
    ada.ask("PATCH", f"comments/{mine}", {"body": f"=second {WORD}"})
    ada.ask("PUT", f"comments/{other}/recommendation")
    told = {"law": WORD, "name": NAME, "email": f"{WORD}@x.example", "good_faith": True}
    report = ada.ask("POST", f"comments/{other}/reports", {"reason": "illegal", "note": f"-{WORD}"} | told)
    assert report.status_code == 200, report.json
    reader = db.session.scalars(select(Reader).where(Reader.name == NAME)).one()
    mailboxes.claim(db.session(), reader, f"{WORD}@y.example", language="en", at=now())
    make_moderator("mia", "Mia", daily="owner")
    key = {"site_id": reader.site_id, "reader_id": reader.id}
    its = key | {"created": now()}
    mia = db.session.scalars(select(Moderator.id)).one()
    db.session.add_all([StaffReader(**its, moderator_id=mia), Expert(**its, article_id=article().id, section=WORD)])
    db.session.add_all(
        [
            Notice(**key, event="rejected", source=mine, comment_id=mine, word=WORD, created=now()),
            NoticeSettings(**key, chosen={"reply": WORD}),
            Mute(**key, muted_id=reader_of(other).id, at=now()), Follow(**key, article_id=article().id, at=now()),
        ]
    )  # fmt: skip
    db.session.commit()
    ada.ask("POST", "me/leaving", {"way": "removal"})
    return ada


def test_the_files_hold_everything_and_no_formula(canary: Browser) -> None:
    answer = canary.ask("GET", "me/data")
    found: dict[str, list[dict[str, Any]]] = json.loads(answer.text)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-comments.json"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    # A table that is new has to be filled by the fixture above.
    assert {name for name, rows in found.items() if rows} == {*REGISTERED, "about", "articles"}
    for name, column in (("comments", "source"), ("revisions", "source"), ("reports", "note"), ("mailboxes", "address"),
                         ("identities", "email"), ("report_notices", "law")):  # fmt: skip
        assert WORD in found[name][0][column]
    assert "digest" not in answer.text
    table = list(csv.reader(io.StringIO(canary.ask("GET", "me/data?format=csv").text.removeprefix("\ufeff"))))
    assert table[0] == ["value", "table", "row", "column"]
    assert len(table) - 1 == sum(len(row) for rows in found.values() for row in rows)
    cells = {(name, column): value for value, name, _, column in table}
    assert (cells["comments", "source"], cells["reports", "note"]) == (f"'=second {WORD}", f"'-{WORD}")
    assert canary.ask("GET", "me/data?format=xml").status_code == 422


@pytest.mark.parametrize("start", takeout.FORMULA)
def test_what_a_spreadsheet_would_run_is_text(start: str) -> None:
    for typed in (f"{start}1+1", f"{start}cmd|' /C calc'!A0", f'{start}",{start}x'):
        line = takeout.as_csv({"comments": [{"source": typed}]}).removeprefix("\ufeff")
        (_, (value, *_)) = csv.reader(io.StringIO(line, newline=""))
        assert value == f"'{typed}"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_formula_hides_behind_the_separator_of_another_country(separator: str) -> None:
    between = (separator, "\n", '"', '",')
    hidden = [f"a{gap}{start}cmd|' /C calc'!A0{separator}" for start in "=+-@" for gap in between]
    file = takeout.as_csv({"comments": [{"source": text} for text in hidden]}).removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(file, newline=""), delimiter=separator))
    assert len(rows) == len(hidden) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(takeout.FORMULA)]


def test_nothing_of_who_has_left_is_in_a_table_a_file_or_a_log(
    canary: Browser, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert WORD in everything()
    capfd.readouterr()
    work_later(monkeypatch, days=1, minutes=1)
    assert all(word not in everything() for word in (WORD, NAME.lower()))
    db.session.remove()
    written = "".join(capfd.readouterr()).lower()
    assert all(word not in written for word in (WORD, NAME.lower()))
    if db.engine.dialect.name == "sqlite":
        file = Path(db.engine.url.database or "")
        raw = b"".join(part.read_bytes() for part in sorted(file.parent.glob(f"{file.name}*"))).lower()
        assert len(raw) > 50_000
        assert all(word.encode() not in raw for word in (WORD, NAME.lower(), WORD[:6]))
