"""Erase one person from a site: name and words are gone everywhere, and places stay where replies hang on them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, and_, bindparam, delete, exists, false, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from comments_service import ranking, recounting, searching
from comments_service.database import id_at, take_turn
from comments_service.errors import NotFound
from comments_service.judging import Actor
from comments_service.mailing import mailboxes
from comments_service.tables import (
    Article,
    Comment,
    Decision,
    DecisionEvidence,
    Expert,
    Follow,
    IdempotencyKey,
    Identity,
    Mute,
    Notice,
    NoticeSettings,
    Outbox,
    Reader,
    Recommendation,
    Report,
    ReportNotice,
    Revision,
    Searchable,
    Site,
    StaffReader,
)
from comments_service.tables import Session as ReaderSession

AT_ONCE = 500
ERASURE = Actor(kind="erasure")
# What is left of a comment besides its place.
NOTHING: dict[str, Any] = {
    "name": "", "source": "", "tree": [], "plain": "", "reasons": [], "badges": [], "wrote_as": "", "featured_at": None,
    "pinned_at": None,
}  # fmt: skip


def who_wrote(session: Session, site: Site, comment_id: str) -> Reader:
    """The reader behind a comment of a site. Raises NotFound."""
    comment = session.get(Comment, (site.id, comment_id))
    if comment is None:
        raise NotFound("There is no such comment.")
    return session.get_one(Reader, (site.id, comment.reader_id))


def amount(session: Session, reader: Reader) -> int:
    """How many comments a person has on the site that are not erased yet."""
    its = (Comment.site_id == reader.site_id, Comment.reader_id == reader.id, Comment.status != "erased")
    return session.scalar(select(func.count()).select_from(Comment).where(*its)) or 0


def begin(session: Session, reader: Reader, *, at: datetime) -> None:
    """Close every door first, so that nothing new is written while the old goes; commit this before the rest."""
    take_turn(session)
    # Whoever signs in at this moment refers to this row: so their session is seen below, and ends with the others.
    session.execute(
        select(Reader.id).where(Reader.site_id == reader.site_id, Reader.id == reader.id).with_for_update()
    )
    its = {"site_id": reader.site_id, "reader_id": reader.id}
    of_sessions = and_(ReaderSession.site_id == reader.site_id, ReaderSession.reader_id == reader.id)
    session.execute(update(ReaderSession).where(of_sessions, ReaderSession.revoked_at.is_(None)).values(revoked_at=at))
    # The device and the origin of an ended session would be kept for a month.
    session.execute(update(ReaderSession).where(of_sessions).values(device="", origin=""))
    for table in (Identity, StaffReader, Expert, Follow, Mute, Notice, NoticeSettings):
        session.execute(delete(table).filter_by(**its))
    session.execute(delete(Mute).filter_by(site_id=reader.site_id, muted_id=reader.id))
    mailboxes.forget(session, reader.site_id, reader.id)
    reader.name, reader.skeleton = "", None
    session.flush()


def erase_some(session: Session, site_id: str, reader_id: str, *, at: datetime, keep_places: bool = False) -> int:
    """Erase up to five hundred comments, or so many recommendations; commit, and call it again until it returns 0.

    Comments that nobody has answered vanish; with `keep_places`, each that was published leaves its place.
    """
    take_turn(session)
    reader = session.get_one(Reader, (site_id, reader_id))
    return (
        _comments(session, reader, at=at, keep_places=keep_places)
        or _recommendations(session, reader)
        or _notes(session, reader)
        or _unanswered(session, reader)
    )


def finish(session: Session) -> None:
    """Let no page of the index of words hold what was taken out of it; commit, and `empty_log` afterwards."""
    searching.rewrite(session)


def empty_log(engine: Engine) -> None:
    """Let SQLite's log, which holds old pages, be written to its file and emptied.

    Raises RuntimeError while somebody reads what is in it.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
    if busy:
        raise RuntimeError("the log of the database is in use")


def _comments(session: Session, reader: Reader, *, at: datetime, keep_places: bool) -> int:
    """As `judging.move` would, for many at once."""
    some = _locked(session, reader)
    if not some:
        return 0
    ids = [one.id for one in some]
    _words_beside(session, reader.site_id, ids)
    journal = [
        {
            "site_id": reader.site_id, "id": id_at(at, after=one.id), "comment_id": one.id, "by": ERASURE.kind,
            "before": one.status, "after": "erased", "revision": one.revision, "at": at,
        }
        for one in some
    ]  # fmt: skip
    session.execute(insert(Decision), journal)
    kept = (Comment.status == "published") if keep_places else false()
    session.execute(
        update(Comment)
        .where(Comment.site_id == reader.site_id, Comment.id.in_(ids))
        .values(NOTHING | {"status": "erased", "version": Comment.version + 1, "place_kept": kept})
        .execution_options(synchronize_session=False)
    )
    parents = {one.parent_id for one in some if one.parent_id}
    # A root counts the answers in its branch, and reports there that were right.
    roots = {one.root_id for one in some if one.parent_id or one.status == "rejected"}
    recounting.recount_above(session, reader.site_id, parents=parents, roots=roots)
    published = Counter({one.article_id: 0 for one in some})
    published.update(one.article_id for one in some if one.status == "published")
    _move(session, reader.site_id, published)
    return len(ids)


def _locked(session: Session, reader: Reader) -> Sequence[Any]:
    """What is erased next, the newest first: what answers a comment goes before it, so few places have to go twice."""
    its = (Comment.site_id == reader.site_id, Comment.reader_id == reader.id, Comment.status != "erased")
    wanted = select(Comment.id, Comment.parent_id, Comment.root_id).where(*its).order_by(Comment.id.desc())
    found = session.execute(wanted.limit(AT_ONCE)).all()
    # With what will be counted anew, each comment before what it answers, here as everywhere.
    concerned = {an_id for row in found for an_id in row if an_id}
    rows = select(
        Comment.id, Comment.parent_id, Comment.root_id, Comment.article_id, Comment.status, Comment.revision
    ).where(Comment.site_id == reader.site_id, Comment.id.in_(concerned)).order_by(Comment.id.desc())  # fmt: skip
    ids = {row.id for row in found}
    return [row for row in session.execute(rows.with_for_update(key_share=True)) if row.id in ids]


def _move(session: Session, site_id: str, articles: Mapping[str, int]) -> None:
    """Bytes that strangers see under these articles have changed, where so many comments fewer are published."""
    # In their order, as two of us at once must not wait for each other.
    rows = [{"of": article_id, "fewer": articles[article_id]} for article_id in sorted(articles)]
    its_row = (Article.site_id == site_id) & (Article.id == bindparam("of"))
    moved = update(Article).where(its_row)
    if rows:
        moved = moved.values(comments=Article.comments - bindparam("fewer"), version=Article.version + 1)
        session.connection().execute(moved, rows)


def _words_beside(session: Session, site_id: str, ids: list[str]) -> None:
    """What is kept of the words of some comments besides the comments themselves."""
    session.execute(delete(Revision).where(Revision.site_id == site_id, Revision.comment_id.in_(ids)))
    session.execute(delete(Searchable).where(Searchable.site_id == site_id, Searchable.comment_id.in_(ids)))
    decisions = select(Decision.id).where(Decision.site_id == site_id, Decision.comment_id.in_(ids))
    # Who of the desk decided, and for which reason of the list, stays: it says nothing about the person.
    session.execute(
        update(DecisionEvidence)
        .where(DecisionEvidence.site_id == site_id, DecisionEvidence.decision_id.in_(decisions))
        .values(objections=[])
    )
    session.execute(update(Report).where(Report.site_id == site_id, Report.comment_id.in_(ids)).values(note=""))
    session.execute(
        delete(ReportNotice).where(ReportNotice.site_id == site_id, ReportNotice.comment_id.in_(ids))
    )
    # The answer to a post holds its text for a day, so that a repeated request gets the same one.
    answered = IdempotencyKey.answer["comment", "id"].as_string().in_(ids)
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.site_id == site_id, answered))
    session.execute(delete(Notice).where(Notice.site_id == site_id, Notice.comment_id.in_(ids)))
    told_of = Outbox.payload["comment"].as_string().in_(ids)
    session.execute(delete(Outbox).where(Outbox.site_id == site_id, told_of))


def _recommendations(session: Session, reader: Reader) -> int:
    its = (Recommendation.site_id == reader.site_id, Recommendation.reader_id == reader.id)
    ids = session.scalars(select(Recommendation.comment_id).where(*its).limit(AT_ONCE)).all()
    articles = ranking.unrecommended(session, reader.site_id, ids)
    session.execute(delete(Recommendation).where(*its, Recommendation.comment_id.in_(ids)))
    _move(session, reader.site_id, dict.fromkeys(articles, 0))
    return len(ids)


def _unanswered(session: Session, reader: Reader) -> int:
    """What has no place any more and will get none, is to strangers as if it had never been."""
    answer = aliased(Comment)
    comes_back = exists().where(
        answer.site_id == Comment.site_id, answer.parent_id == Comment.id, answer.status != "erased"
    )
    its = (Comment.site_id == reader.site_id, Comment.reader_id == reader.id, Comment.status == "erased")
    some = select(Comment.id).where(*its, Comment.shown, Comment.answers == 0, ~Comment.place_kept, ~comes_back)
    # Apart from the update: PostgreSQL might look for them anew for each row of it.
    ids = session.scalars(some.limit(AT_ONCE)).all()
    hidden = session.execute(
        update(Comment)
        .where(Comment.site_id == reader.site_id, Comment.id.in_(ids))
        .values(shown=False)
        .returning(Comment.article_id)
        .execution_options(synchronize_session=False)
    ).all()
    _move(session, reader.site_id, dict.fromkeys((row.article_id for row in hidden), 0))
    return len(hidden)


def _notes(session: Session, reader: Reader) -> int:
    """What the person has told the moderators about others, in their own words; that they reported is kept."""
    session.execute(delete(ReportNotice).filter_by(site_id=reader.site_id, reader_id=reader.id))
    emptied = session.execute(
        update(Report)
        .where(Report.site_id == reader.site_id, Report.reader_id == reader.id, Report.note != "")
        .values(note="")
        .returning(Report.comment_id)
    ).all()
    return len(emptied)
