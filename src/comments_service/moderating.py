"""The queue, the decisions of moderators, and their undoing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from comments_service.errors import Conflict, Invalid, NotFound
from comments_service.judging import Actor, history, move
from comments_service.tables import Comment, DecisionEvidence, Moderator, Reader, Site

VERDICTS = ("published", "rejected", "held")
WORDS = {"published": "approved", "rejected": "rejected", "held": "held", "withdrawn": "withdrawn"}
PAGE = 30
REASONS = {
    "abuse": "Insults or threatens",
    "hate": "Attacks a group of people",
    "spam": "Advertising or spam",
    "off-topic": "Has nothing to do with the article",
    "personal-data": "Shows somebody's personal data",
    "illegal": "May be against the law",
    "false": "States something proven false",
    "other": "Another reason",
}


def queue(session: Session, site: Site, *, status: str = "held", after: str | None = None) -> Sequence[Comment]:
    """The oldest comments of one status, thirty at a time."""
    query = select(Comment).where(Comment.site_id == site.id, Comment.status == status)
    if after:
        query = query.where(Comment.id > after)
    return session.scalars(query.order_by(Comment.id).limit(PAGE)).all()


def find(session: Session, site: Site, comment_id: str) -> Comment:
    """A comment of one site in any state. Raises NotFound."""
    comment = session.scalars(
        select(Comment)
        .where(Comment.site_id == site.id, Comment.id == comment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if comment is None:
        raise NotFound("There is no such comment.")
    return comment


def decide(
    session: Session,
    site: Site,
    comment_id: str,
    *,
    verdict: str,
    version: int,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Comment:
    """Approve, reject or hold a comment; keeping a reported one settles its reports.

    The same decision twice is one. Raises NotFound, Invalid, or Conflict when another decision came first.
    """
    if verdict not in VERDICTS:
        raise Invalid("Choose to approve, reject or hold.", field="verdict")
    if reason and reason not in REASONS:
        raise Invalid("Choose a reason from the list.", field="reason")
    comment = find(session, site, comment_id)
    if comment.status == verdict and (comment.reports == 0 or verdict != "published"):
        return comment
    if comment.version != version or comment.status == "withdrawn":
        raise Conflict(who_was_first(session, comment))
    _record(session, comment, verdict)
    comment.reports = 0
    move(session, comment, verdict, by=by, at=at, reason=reason)
    return comment


def undo(session: Session, site: Site, comment_id: str, *, version: int, by: Actor, at: datetime) -> Comment:
    """Take the last decision of a moderator back; a new decision like any other.

    Raises NotFound, Conflict when something came after it, or Invalid when there is nothing to undo.
    """
    comment = find(session, site, comment_id)
    last = next(iter(history(session, comment)), None)
    if comment.version != version:
        raise Conflict(who_was_first(session, comment))
    if last is None or last.by not in {"moderator", "cli"} or last.before not in VERDICTS:
        raise Invalid("There is no decision here to undo.")
    _record(session, comment, last.before)
    move(session, comment, last.before, by=by, at=at)
    return comment


def tally(session: Session, site_ids: Sequence[str]) -> dict[str, int]:
    """How many comments of some sites are in each status; `reported` counts those that wait for a look."""
    rows = session.execute(
        select(Comment.status, func.count()).where(Comment.site_id.in_(site_ids)).group_by(Comment.status)
    )
    counted = {str(status): int(number) for status, number in rows}
    reported = session.scalar(
        select(func.count()).where(
            Comment.site_id.in_(site_ids), Comment.status == "published", Comment.reports > 0
        )
    )
    return counted | {"reported": int(reported or 0)}


def who_was_first(session: Session, comment: Comment) -> str:
    """A sentence for a moderator who came second."""
    last = next(iter(history(session, comment)), None)
    if last is None:
        return "It has changed since you saw it."
    evidence = session.get(DecisionEvidence, (last.site_id, last.id))
    people = {"author": "Its author", "rules": "A rule", "cli": "The command line"}
    name = people.get(last.by) or (evidence.name if evidence else "") or _name(session, last.moderator_id)
    if comment.edited is not None and comment.edited > last.at:
        return "Its author has changed the text since you saw it."
    return f"{name} has already {WORDS.get(last.after, last.after)} it."


def _name(session: Session, moderator_id: str | None) -> str:
    moderator = session.get(Moderator, moderator_id) if moderator_id else None
    return moderator.name if moderator else "Another moderator"


def _record(session: Session, comment: Comment, verdict: str) -> None:
    approved = (verdict == "published") - (comment.status == "published" and comment.judged_by == "person")
    rejected = (verdict == "rejected") - (comment.status == "rejected" and comment.judged_by == "person")
    session.execute(
        update(Reader)
        .where(Reader.site_id == comment.site_id, Reader.id == comment.reader_id)
        .values(approved=Reader.approved + approved, rejected=Reader.rejected + rejected)
    )
