"""Tell the moderators about a comment, once a reader, and hear later what became of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from comments_service.accounts import GUEST, Visitor, join, writer
from comments_service.database import insert_into, take_turn
from comments_service.errors import Invalid
from comments_service.reacting import still_there
from comments_service.tables import Article, Comment, Decision, Report, ReportNotice
from comments_service.text import is_visible, unprintable

REASONS = ("abuse", "spam", "off-topic", "personal-data", "illegal", "other")
ILLEGAL = "illegal"
MAX_NOTE = 500
MAX_LAW = 2000
MAX_NAME = 100
MAX_EMAIL = 254
# Whether mail arrives there is found out by writing; this finds what cannot be an address.
EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>.]+(\.[^\s@<>.]+)+")


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What a reader says about a comment. All after `note` is the notice that it is against the law, and only that.

    Article 16 of the Digital Services Act says what it has to hold: why, in good faith, and from whom; but not the last
    where it is about the abuse of children.
    """

    reason: str
    note: str = ""
    law: str = ""
    name: str = ""
    email: str = ""
    child_abuse: bool = False
    good_faith: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one report: waiting, kept, removed (by a moderator), or gone (its author took it back)."""

    comment: str
    reason: str
    outcome: str
    reported: datetime
    decided: datetime | None


def report(session: Session, comment_id: str, said: Complaint, *, by: Visitor, at: datetime) -> bool:
    """Tell the moderators about a comment, once a reader; whether it was news. Raises NotFound or Invalid."""
    if said.reason not in REASONS:
        raise Invalid("Choose a reason from the list.", field="reason")
    _require_text(said.note, MAX_NOTE, "A note has at most {most} characters.", field="note")
    if said.reason == ILLEGAL:
        _require_notice(said)
    take_turn(session)
    comment = still_there(session, by, comment_id)
    reader = writer(session, by) or join(session, by, name=GUEST, at=at)
    if comment.reader_id == reader.id:
        raise Invalid("You cannot report your own comment; you can withdraw it.")
    key = {"site_id": by.site.id, "comment_id": comment.id, "reader_id": reader.id}
    added = session.execute(
        insert_into(session, Report)
        .values(**key, reason=said.reason, note=said.note.strip(), at=at)
        .on_conflict_do_nothing()
        .returning(Report.reader_id)
    ).all()
    if not added:
        return False
    if said.reason == ILLEGAL:
        session.add(
            ReportNotice(
                **key, law=said.law.strip(), name=said.name.strip(), email=said.email.strip(),
                child_abuse=said.child_abuse, at=at,
            )
        )  # fmt: skip
    session.execute(
        update(Comment)
        .where(Comment.site_id == by.site.id, Comment.id == comment.id)
        .values(reports=Comment.reports + 1)
    )
    return True


def outcomes(session: Session, of: Article, reader_id: str) -> Sequence[Outcome]:
    """What a reader has reported under one article, and what became of it; the first report first."""
    its_comment = and_(Comment.site_id == Report.site_id, Comment.id == Report.comment_id)
    its_decision = and_(Decision.site_id == Report.site_id, Decision.id == Report.settled_by)
    rows = session.execute(
        select(Report.comment_id, Report.reason, Report.at, Comment.status, Decision.after, Decision.at)
        .join(Comment, its_comment)
        .outerjoin(Decision, its_decision)
        .where(Report.site_id == of.site_id, Report.reader_id == reader_id, Comment.article_id == of.id)
        .order_by(Report.at, Report.comment_id)
    )
    decided = {"published": "kept", "rejected": "removed"}
    gone = {"withdrawn": "gone", "erased": "gone"}
    return [
        Outcome(
            comment=comment_id, reason=reason, reported=at, decided=decided_at,
            outcome=decided.get(after) or gone.get(status, "waiting"),
        )
        for comment_id, reason, at, status, after, decided_at in rows
    ]  # fmt: skip


def _require_notice(said: Complaint) -> None:
    too_long = "This takes at most {most} characters."
    if not is_visible(said.law):
        raise Invalid("Say which law it breaks, and why.", field="law")
    _require_text(said.law, MAX_LAW, too_long, field="law")
    _require_text(said.name, MAX_NAME, too_long, field="name")
    if not said.child_abuse and not is_visible(said.name):
        raise Invalid("Give your name.", field="name")
    if (said.email.strip() or not said.child_abuse) and not EMAIL.fullmatch(said.email.strip()):
        raise Invalid("Give an e-mail address, such as name@mail.example.", field="email")
    _require_text(said.email, MAX_EMAIL, too_long, field="email")
    if not said.good_faith:
        raise Invalid("Confirm that what you say is right and complete, as far as you know.", field="good_faith")


def _require_text(text: str, most: int, sentence: str, *, field: str) -> None:
    if len(text) > most or any(unprintable(character) for character in text):
        raise Invalid(sentence, field=field, most=most)
