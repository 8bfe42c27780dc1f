"""The data map of docs/privacy.md, made of the registries. `python -m tests.data_map` writes it anew."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from comments_service import personal, retention
from comments_service.database import Model
from comments_service.retention import Term

PAGE = Path(__file__).parents[1] / "docs/privacy.md"
BEGIN, END = "<!-- made by tests/data_map.py from here -->\n", "<!-- to here -->\n"
WHO = {retention.SWEEP: "swept once an hour", retention.LEAVING: "erased with its reader"}


def made() -> str:
    """How long everything is kept, and which columns each table has."""
    return "\n".join([*_terms(), "", *_tables(), ""])


def written() -> str:
    """What the page says now."""
    return PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def _terms() -> Iterator[str]:
    yield from ("| What | Where | Kept | Owners may choose | How it ends |", "|---|---|---|---|---|")
    for term in retention.TERMS:
        columns = f" ({_listed(term.columns)})" if term.columns else ""
        where = _listed([table.__tablename__ for table in term.tables]) + columns
        choice = f"{term.least} to {term.most} days" if term.chosen else "" if term.of_site else "one for all sites"
        yield f"| {term.what} | {where} | {_length(term)} | {choice} | {WHO[term.job] if _ends(term) else ''} |"


def _ends(term: Term) -> bool:
    return term.lasts is not None or term.job == retention.LEAVING


def _length(term: Term) -> str:
    if term.lasts is None:
        return term.until
    seconds = int(term.lasts.total_seconds())
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{seconds // size} {unit}{'' if seconds == size else 's'}"
    raise ValueError(term.name)


def _tables() -> Iterator[str]:
    yield from ("| Table | Given to its reader on request | Not given, because |", "|---|---|---|")
    known = {kept.name: kept for kept in personal.KEPT}
    for name in sorted({table.__tablename__ for term in retention.TERMS for table in term.tables}):
        if name in known:
            withheld: dict[str, list[str]] = {}
            for column, why in sorted(known[name].withheld.items()):
                withheld.setdefault(why, []).append(column)
            yield f"| `{name}` | {_listed(known[name].given)} | {_because(withheld)} |"
        else:
            why = personal.OF_NOBODY.get(name, "of no reader's own, or a digest")
            columns = [column.name for column in Model.metadata.tables[name].columns]
            yield f"| `{name}` | | {_because({why: columns})} |"


def _because(withheld: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{_listed(columns)}: {why}" for why, columns in withheld.items())


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f"`{column}`" for column in columns)


if __name__ == "__main__":
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + made() + END + rest.partition(END)[2], encoding="utf-8")
