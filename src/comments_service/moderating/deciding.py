"""Decide a comment, and take a decision back. Every change is a row of its own."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from comments_service.errors import Invalid
from comments_service.judging import PERSONS, Actor, announce, history, move
from comments_service.languages import later
from comments_service.moderating import marking
from comments_service.moderating.finding import last_word, locked, standing
from comments_service.tables import Comment, Decision, Reader, Report, Site

VERDICTS = ("published", "rejected", "held")
REASONS = {
    "abuse": later("Insults or threatens"),
    "hate": later("Attacks a group of people"),
    "spam": later("Advertising or spam"),
    "off-topic": later("Has nothing to do with the article"),
    "personal-data": later("Shows somebody's personal data"),
    "illegal": later("May be against the law"),
    "false": later("States something proven false"),
    "other": later("Another reason"),
}


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
    comment = locked(session, site, comment_id)
    if _is_decided(comment, verdict, another_reason=bool(reason) and comment.version == version):
        return None
    if comment.version != version or comment.status not in VERDICTS:
        raise last_word(session, comment, to=by.moderator_id)
    before = _credit(comment)
    right = comment.reports if verdict == "rejected" else 0
    if verdict != "held":
        comment.reports = 0
    decision = move(session, comment, verdict, by=by, at=at, reason=reason, upheld=right)
    if verdict != "held":
        _settle(session, comment, decision)
    _correct_record(session, comment, before)
    announce(session, decision)
    return decision


def undo(session: Session, site: Site, comment_id: str, *, version: int, by: Actor, at: datetime) -> Decision:
    """Take the last standing decision of a person back, and open the reports that it settled.

    It is a new decision like any other. Raises NotFound, Conflict when something came after it, or Invalid when there
    is nothing to undo.
    """
    comment = locked(session, site, comment_id)
    if comment.version != version:
        raise last_word(session, comment, to=by.moderator_id)
    decisions = standing(history(session, comment))
    if not decisions or decisions[0].by not in PERSONS or decisions[0].before not in VERDICTS:
        raise Invalid("There is no decision here to undo.")
    last, before = decisions[0], _credit(comment)
    if last.mark:
        return marking.take_back(session, comment, last, by=by, at=at)
    comment.reports, reopened = _reopen(session, comment, last)
    right = reopened if comment.status == "rejected" else 0
    comment.judged_by = "person" if any(d.by in PERSONS and not d.mark for d in decisions[1:]) else "rules"
    undone = move(session, comment, last.before, by=by, at=at, undoes=last, upheld=-right)
    _correct_record(session, comment, before)
    return undone


def _is_decided(comment: Comment, verdict: str, *, another_reason: bool) -> bool:
    if comment.status != verdict or another_reason:
        return False
    return verdict == "held" or (comment.judged_by == "person" and comment.reports == 0)


def _settle(session: Session, comment: Comment, by: Decision) -> None:
    session.execute(
        update(Report)
        .where(Report.site_id == comment.site_id, Report.comment_id == comment.id, Report.settled_by.is_(None))
        .values(settled_by=by.id)
    )


def _reopen(session: Session, comment: Comment, decision: Decision) -> tuple[int, int]:
    """Open the reports that a decision has settled; how many are open now, and how many it were."""
    of_this = (Report.site_id == comment.site_id, Report.comment_id == comment.id)
    reopened = session.execute(
        update(Report).where(*of_this, Report.settled_by == decision.id).values(settled_by=None)
        .returning(Report.reader_id)
    ).all()  # fmt: skip
    still = select(func.count()).select_from(Report).where(*of_this, Report.settled_by.is_(None))
    return session.scalar(still) or 0, len(reopened)


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
