"""All that is kept of one reader, to be taken along: as JSON, and as a table that no spreadsheet runs."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from comments_service import personal
from comments_service.tables import Article, Comment, Reader, Site

Rows = Sequence[Mapping[str, Any]]
# What makes a cell a formula to one spreadsheet or another (OWASP, "CSV Injection"), the wide forms of Japanese too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - the look-alikes are meant


def collect(session: Session, site: Site, reader: Reader, *, at: datetime) -> dict[str, Rows]:
    """Everything, by the name of its table; and the articles that the comments are about."""
    about: Rows = [{"site": site.name, "key": site.key, "made": _plain(at)}]
    own = select(Comment.article_id).where(Comment.site_id == reader.site_id, Comment.reader_id == reader.id)
    its = (Article.site_id == reader.site_id, Article.id.in_(own))
    articles = session.execute(select(Article.id, Article.title, Article.url).where(*its).order_by(Article.id))
    found = {kept.name: _rows(session, kept, reader) for kept in personal.KEPT}
    return {"about": about, **found, "articles": [dict(row) for row in articles.mappings()]}


def as_json(found: Mapping[str, Rows]) -> str:
    """One object: a list of rows for each table."""
    return json.dumps(found, ensure_ascii=False, indent=1)


def as_csv(found: Mapping[str, Rows]) -> str:
    """One line for each value: the value, its table, the number of its row there, and the column.

    The value stands first. Then its quotes begin the line, and hold whichever separator a spreadsheet goes by: behind
    another field, they would end for one that wants semicolons, and a formula could follow one inside the value.
    """
    written = io.StringIO()
    # So that Excel takes it for UTF-8.
    written.write("\ufeff")
    lines = csv.writer(written, quoting=csv.QUOTE_ALL)
    lines.writerow(("value", "table", "row", "column"))
    for table, rows in found.items():
        for number, row in enumerate(rows, start=1):
            lines.writerows((_cell(value), table, number, column) for column, value in row.items())
    return written.getvalue()


def _rows(session: Session, kept: personal.Kept, reader: Reader) -> Rows:
    columns = [getattr(kept.table, name) for name in kept.given]
    query = select(*columns).where(kept.of(reader)).order_by(*inspect(kept.table).primary_key)
    return [{name: _plain(row[name]) for name in kept.given} for row in session.execute(query).mappings()]


def _plain(value: Any) -> Any:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(FORMULA) else text
