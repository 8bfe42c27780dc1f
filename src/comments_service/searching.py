"""Search inside one conversation. Only what strangers may see is ever kept here, so only that can be found."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, cast, column, delete, func, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from comments_service import cursors, matching
from comments_service.database import insert_into
from comments_service.errors import Invalid
from comments_service.quoting import QUOTED
from comments_service.tables import Article, Comment, Searchable

FOUND = 20
MAX_QUERY = 100
# No word of a text begins like this, so nobody can write one that stands for an article.
ARTICLE = "§"
WORDS_INDEX = table("searchable_words", column("rowid"))


@dataclass(frozen=True)
class Hits:
    """Some comments that hold what was asked for, newest first, and the cursor of those that follow."""

    comments: Sequence[Comment] = ()
    next: str | None = None


def asked(query: str) -> list[matching.Term]:
    """What a query asks for; nothing when it holds no word. Raises Invalid when it is too long."""
    if len(query) > MAX_QUERY:
        raise Invalid("A search has at most {most} characters; yours has {n}.", field="q", most=MAX_QUERY, n=len(query))
    return matching.terms(query)


def find(session: Session, of: Article, terms: Sequence[matching.Term], *, cursor: str | None) -> Hits:
    """One page of the published comments under an article that hold every term, by one query.

    Raises Invalid for a damaged cursor, or one of another search.
    """
    if not terms:
        return Hits()
    name = f"search {of.id} {terms}"
    # The words come first, whatever a planner thinks: in a long thread it would rather read comment after comment until
    # a page is full. Those of one article are known by its word; the site is compared below.
    holding = select(Searchable.comment_id).where(_holds(session, [matching.Term((_place(of.id),)), *terms]))
    found_by_words = holding.cte("found").prefix_with("MATERIALIZED")
    query = (
        select(Comment)
        .options(QUOTED)
        .where(Comment.site_id == of.site_id, Comment.article_id == of.id, Comment.status == "published")
        .where(Comment.id.in_(select(found_by_words.c.comment_id)))
        .order_by(Comment.id.desc())
    )
    if cursor:
        query = query.where(Comment.id < cursors.read(cursor, name)[1])
    found = session.scalars(query.limit(FOUND + 1)).all()
    page = found[:FOUND]
    following = cursors.make(name, number=0, last=page[-1].id) if len(found) > FOUND else None
    return Hits(page, following)


def keep(session: Session, comment: Comment) -> None:
    """Have a comment found by the words that it has now, or by none when strangers may not read it."""
    if comment.status != "published":
        session.execute(
            delete(Searchable).where(
                Searchable.site_id == comment.site_id, Searchable.comment_id == comment.id
            )
        )  # fmt: skip
        return
    words = indexed(comment.article_id, comment.plain)
    row = {"site_id": comment.site_id, "comment_id": comment.id, "words": words}
    session.execute(
        insert_into(session, Searchable)
        .values(row)
        .on_conflict_do_update(index_elements=["site_id", "comment_id"], set_={"words": words})
    )


def rewrite(session: Session) -> None:
    """Write SQLite's index anew, whose pages may hold words for a while that were taken out; see architecture.md."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO searchable_words(searchable_words) VALUES ('optimize')"))


def indexed(article_id: str, plain: str) -> str:
    """What is kept of a comment: its article, and its words."""
    return " ".join([_place(article_id), *matching.words(plain)])


def _place(article_id: str) -> str:
    return ARTICLE + article_id


def _holds(session: Session, terms: Sequence[matching.Term]) -> ColumnElement[bool]:
    if session.get_bind().dialect.name == "sqlite":
        wanted = literal_column("searchable_words").op("MATCH")(_fts5(terms))
        return Searchable.row.in_(select(WORDS_INDEX.c.rowid).where(wanted))
    vector = func.array_to_tsvector(func.string_to_array(Searchable.words, literal_column("' '")), type_=TSVECTOR)
    # A tsvector made of an array knows no places: the few rows that hold all words of a phrase are read for it.
    phrases = (f" {' '.join(term.words)}{'' if term.begins else ' '}" for term in terms if len(term.words) > 1)
    return and_(
        vector.bool_op("@@")(cast(_tsquery(terms), TSQUERY)),
        *((Searchable.words + " ").contains(phrase) for phrase in phrases),
    )


def _fts5(terms: Sequence[matching.Term]) -> str:
    # Words are letters and digits alone, so that nothing in them could end a string.
    return " AND ".join(f'"{" ".join(term.words)}"{"*" if term.begins else ""}' for term in terms)


def _tsquery(terms: Sequence[matching.Term]) -> str:
    return " & ".join(
        f"'{word}'{':*' if term.begins and at == len(term.words) - 1 else ''}"
        for term in terms
        for at, word in enumerate(term.words)
    )
