"""Decide a comment, and take a decision back. Every change is a row of its own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from comments_service.database import take_turn
from comments_service.errors import Conflict, Invalid, NotFound
from comments_service.judging import PERSONS, Actor, history, move
from comments_service.tables import Comment, Decision, DecisionEvidence, Moderator, Reader, Report, Site

VERDICTS = ("published", "rejected", "held")
WORDS = {"published": "approved", "rejected": "rejected", "held": "held", "withdrawn": "withdrawn"}
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


def find(session: Session, site: Site, comment_id: str) -> Comment:
    """A comment of one site in any state. Raises NotFound."""
    return _known(session.get(Comment, (site.id, comment_id)))


def _locked(session: Session, site: Site, comment_id: str) -> Comment:
    take_turn(session)
    return _known(
        session.scalars(
            select(Comment)
            .where(Comment.site_id == site.id, Comment.id == comment_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).first()
    )


def _known(comment: Comment | None) -> Comment:
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
) -> Decision | None:
    """Approve, reject or hold a comment; approving or rejecting a reported one settles its reports.

    The same decision twice is one: then there is no new row, and None comes back. `version` is the one that was seen.
    Raises NotFound, Invalid, or Conflict when something came in between.
    """
    if verdict not in VERDICTS:
        raise Invalid("Choose to approve, reject or hold.", field="verdict")
    if reason and reason not in REASONS:
        raise Invalid("Choose a reason from the list.", field="reason")
    comment = _locked(session, site, comment_id)
    if _is_decided(comment, verdict, another_reason=bool(reason) and comment.version == version):
        return None
    if comment.version != version or comment.status == "withdrawn":
        raise Conflict(last_word(session, comment, to=by.moderator_id))
    before = _credit(comment)
    if verdict != "held":
        comment.reports = 0
    decision = move(session, comment, verdict, by=by, at=at, reason=reason)
    if verdict != "held":
        _settle(session, comment, decision)
    _correct_record(session, comment, before)
    return decision


def undo(session: Session, site: Site, comment_id: str, *, version: int, by: Actor, at: datetime) -> Decision:
    """Take the last standing decision of a person back, and open the reports that it settled.

    It is a new decision like any other. Raises NotFound, Conflict when something came after it, or Invalid when there
    is nothing to undo.
    """
    comment = _locked(session, site, comment_id)
    if comment.version != version:
        raise Conflict(last_word(session, comment, to=by.moderator_id))
    decisions = standing(history(session, comment))
    if not decisions or decisions[0].by not in PERSONS or decisions[0].before not in VERDICTS:
        raise Invalid("There is no decision here to undo.")
    last, before = decisions[0], _credit(comment)
    comment.reports = _reopen(session, comment, last)
    comment.judged_by = "person" if any(decision.by in PERSONS for decision in decisions[1:]) else "rules"
    undone = move(session, comment, last.before, by=by, at=at, undoes=last)
    _correct_record(session, comment, before)
    return undone


def standing(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions that still count: neither taken back, nor a taking back. In the order given."""
    undone = {decision.undoes for decision in decisions}
    return [decision for decision in decisions if decision.undoes is None and decision.id not in undone]


def last_word(session: Session, comment: Comment, *, to: str | None) -> str:
    """Who has decided what, as a sentence for a moderator who came second; `to` is that moderator's id."""
    last = next(iter(history(session, comment)), None)
    if last is None:
        return "It has changed since you saw it."
    if comment.edited is not None and comment.edited > last.at:
        return "Its author has changed the text since you saw it."
    yours = last.moderator_id is not None and last.moderator_id == to
    who = "You have" if yours else f"{_name(session, last)} has"
    if last.undoes is not None:
        return f"{who} taken a decision back; it is {WORDS.get(last.after, last.after)} now."
    return f"{who} already {WORDS.get(last.after, last.after)} it."


def _is_decided(comment: Comment, verdict: str, *, another_reason: bool) -> bool:
    if comment.status != verdict or another_reason:
        return False
    return verdict == "held" or (comment.judged_by == "person" and comment.reports == 0)


def _name(session: Session, decision: Decision) -> str:
    evidence = session.get(DecisionEvidence, (decision.site_id, decision.id))
    known = {"author": "Its author", "rules": "A rule", "cli": "The command line"}.get(decision.by)
    if known or (evidence and evidence.name):
        return known or (evidence.name if evidence else "")
    moderator = session.get(Moderator, decision.moderator_id) if decision.moderator_id else None
    return moderator.name if moderator else "Another moderator"


def _settle(session: Session, comment: Comment, by: Decision) -> None:
    session.execute(
        update(Report)
        .where(Report.site_id == comment.site_id, Report.comment_id == comment.id, Report.settled_by.is_(None))
        .values(settled_by=by.id)
    )


def _reopen(session: Session, comment: Comment, decision: Decision) -> int:
    of_this = (Report.site_id == comment.site_id, Report.comment_id == comment.id)
    session.execute(update(Report).where(*of_this, Report.settled_by == decision.id).values(settled_by=None))
    return session.scalar(select(func.count()).select_from(Report).where(*of_this, Report.settled_by.is_(None))) or 0


def _credit(comment: Comment) -> tuple[int, int]:
    by_person = comment.judged_by == "person"
    return int(by_person and comment.status == "published"), int(by_person and comment.status == "rejected")


def _correct_record(session: Session, comment: Comment, before: tuple[int, int]) -> None:
    now = _credit(comment)
    session.execute(
        update(Reader)
        .where(Reader.site_id == comment.site_id, Reader.id == comment.reader_id)
        .values(
            approved=Reader.approved + now[0] - before[0],
            rejected=Reader.rejected + now[1] - before[1],
        )
    )
