"""Events become notices: by the worker, from the outbox, and never in the request of whoever caused them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, exists, select
from sqlalchemy.orm import Session

from comments_service import jobs
from comments_service.badges import AUTHOR, STAFF
from comments_service.database import id_at, insert_into, moment_of, now, take_turn
from comments_service.judging import PERSONS
from comments_service.mailing import mailboxes
from comments_service.noticing import wishes
from comments_service.notifying import Event, Sink
from comments_service.tables import Comment, Decision, DecisionEvidence, Follow, Notice, NoticeSettings, Reader, Report

# So many are told at once, so that nobody who writes meanwhile waits for long.
AT_ONCE = 100
REST = timedelta(seconds=1)
FOLLOWERS = "notices.thread"
# The smallest id there is.
FIRST = "0" * 26
OUTCOMES = {"published": "kept", "rejected": "removed"}


@dataclass(frozen=True, kw_only=True)
class News:
    """What somebody is to be told: an event, what it came from, and the comment that it is about."""

    event: str
    source: str
    comment_id: str | None
    word: str = ""
    number: int = 0


def sinks(engine: Engine, others: Mapping[str, Sequence[Sink]]) -> dict[str, Sequence[Sink]]:
    """Who is told of what: the readers whom it concerns, after those who hear of it anyway."""
    mine = {"comment.published": partial(_published, engine), "comment.decided": partial(_decided, engine)}
    return {name: (*others.get(name, ()), *([mine[name]] if name in mine else [])) for name in {**others, **mine}}


def tell(session: Session, site_id: str, told: Mapping[str, News], *, at: datetime) -> None:
    """Tell readers, by their ids, of news, unless they know; nobody who is erased is told anything.

    Ask for it after `take_turn`.
    """
    rows = session.execute(
        select(Reader.id, NoticeSettings.chosen, mailboxes.open_for_reader())
        .outerjoin(
            NoticeSettings,
            and_(NoticeSettings.site_id == Reader.site_id, NoticeSettings.reader_id == Reader.id),
        )
        .where(Reader.site_id == site_id, Reader.id.in_(told), ~Reader.erased())
        .order_by(Reader.id)
        # Nobody erases them until this is kept.
        .with_for_update(of=Reader, read=True, key_share=True)
    )
    made = [
        {
            "site_id": site_id, "id": id_at(at), "reader_id": reader_id, "created": at,
            "event": told[reader_id].event, "source": told[reader_id].source, "comment_id": told[reader_id].comment_id,
            "word": told[reader_id].word, "number": told[reader_id].number,
            "mail_at": wishes.mail_at(wishes.wish(chosen or {}, told[reader_id].event), at) if by_mail else None,
        }
        for reader_id, chosen, by_mail in rows
    ]  # fmt: skip
    if made:
        # Row by row of one prepared statement: a statement with all of them takes Python longer to write than
        # the database to carry out, and on SQLite everybody waits for that.
        session.connection().execute(insert_into(session, Notice).on_conflict_do_nothing(), made)


def followers(session: Session, site_id: str, payload: Mapping[str, Any]) -> None:
    """Tell some of those who follow a conversation of a new comment in it, and the next ones by a job of their own."""
    comment = session.get(Comment, (site_id, payload["comment"]))
    if comment is None or comment.status != "published":
        return
    # Who is answered is told that already.
    known = {comment.reader_id, _answered(session, comment)}
    ids = session.scalars(
        select(Follow.reader_id)
        .where(*_following(comment, since=moment_of(payload["event"])), Follow.reader_id > payload["after"])
        .order_by(Follow.reader_id)
        .limit(AT_ONCE)
    ).all()
    at, news = now(), News(event="thread", source=comment.id, comment_id=comment.id)
    take_turn(session)
    tell(session, site_id, {one: news for one in ids if one not in known}, at=at)
    if len(ids) == AT_ONCE:
        # A moment later: the worker rests when nothing is due, and lets those write who are writing.
        jobs.enqueue(session, site_id, FOLLOWERS, {**payload, "after": ids[-1]}, at=at + REST)


def _published(engine: Engine, event: Event) -> None:
    """Tell whoever is answered, and have those told who follow the conversation."""
    with Session(engine) as session:
        comment = session.get(Comment, (event.site_id, event.payload["comment"]))
        if comment is None or comment.status != "published":
            return
        answered, followed = _answered(session, comment), _is_followed(session, comment, since=moment_of(event.id))
        official = {STAFF, AUTHOR} & set(comment.badges)
        news = News(event="staff_reply" if official else "reply", source=comment.id, comment_id=comment.id)
    if answered in {None, comment.reader_id} and not followed:
        return
    with Session(engine) as session:
        take_turn(session)
        if answered is not None and answered != comment.reader_id:
            tell(session, event.site_id, {answered: news}, at=event.taken_at)
        if followed:
            everybody = {"comment": comment.id, "event": event.id, "after": FIRST}
            jobs.enqueue(session, event.site_id, FOLLOWERS, everybody, at=event.taken_at)
        session.commit()


def _decided(engine: Engine, event: Event) -> None:
    """Tell an author what the desk has decided, and whoever reported the comment what became of that."""
    with Session(engine) as session:
        decision = session.get(Decision, (event.site_id, event.payload["decision"]))
        if decision is None or decision.by not in PERSONS or decision.undoes is not None:
            return
        comment = session.get_one(Comment, (event.site_id, decision.comment_id))
        evidence = session.get(DecisionEvidence, (event.site_id, decision.id))
        told = _of_author(comment, decision, evidence.reason if evidence else "")
        told |= _of_reporters(session, decision, but=comment.reader_id)
    people = list(told)
    for first in range(0, len(people), AT_ONCE):
        with Session(engine) as session:
            take_turn(session)
            some = {reader_id: told[reader_id] for reader_id in people[first : first + AT_ONCE]}
            tell(session, event.site_id, some, at=event.taken_at)
            session.commit()


def _of_author(comment: Comment, decision: Decision, reason: str) -> dict[str, News]:
    # What was decided otherwise meanwhile has a notice of its own.
    if decision.mark:
        name = "featured" if decision.mark == "feature" and comment.featured_at is not None else None
    elif decision.after == decision.before or decision.after != comment.status:
        name = None
    else:
        name = {"published": "approved", "rejected": "rejected"}.get(decision.after)
    if name is None:
        return {}
    word = reason if name == "rejected" else ""
    return {comment.reader_id: News(event=name, source=decision.id, comment_id=comment.id, word=word)}


def _of_reporters(session: Session, decision: Decision, *, but: str) -> dict[str, News]:
    its = (Report.site_id == decision.site_id, Report.comment_id == decision.comment_id)
    readers = session.scalars(select(Report.reader_id).where(*its, Report.settled_by == decision.id))
    news = News(
        event="report", source=decision.id, comment_id=decision.comment_id, word=OUTCOMES.get(decision.after, "")
    )
    return {reader_id: news for reader_id in readers if reader_id != but}


def _answered(session: Session, comment: Comment) -> str | None:
    its = (Comment.site_id == comment.site_id, Comment.id == comment.parent_id)
    return session.scalar(select(Comment.reader_id).where(*its)) if comment.parent_id else None


def _is_followed(session: Session, comment: Comment, *, since: datetime) -> bool:
    followers = (*_following(comment, since=since), Follow.reader_id != comment.reader_id)
    return bool(session.scalar(select(exists().where(*followers))))


def _following(comment: Comment, *, since: datetime) -> tuple[ColumnElement[bool], ...]:
    # What was there before they followed, they have read or did not want to.
    return Follow.site_id == comment.site_id, Follow.article_id == comment.article_id, Follow.at <= since
