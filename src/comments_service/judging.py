"""Ask the rules about a comment, and move it to what was decided: the one place where a status changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session, aliased

from comments_service import levels, ranking, searching, text
from comments_service.database import id_at
from comments_service.rules import Facts, Policy, Verdict, judge
from comments_service.tables import Article, Comment, Decision, DecisionEvidence, Outbox, Reader, Site
from comments_service.tables.comments import GONE

STRICTNESS = ("published", "held", "rejected")
ANNOUNCED = ("published", "held")
PERSONS = ("moderator", "cli")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who decides: rules, author, moderator or cli; a moderator with id and name."""

    kind: str
    name: str = ""
    moderator_id: str | None = None


# Made once: what an alias is made of costs more than the query that it stands in.
EARLIER = aliased(Comment)
RULES = Actor(kind="rules")
AUTHOR = Actor(kind="author")


def said_before(reader: Reader, article_id: str, plain: str, *, but: str = "") -> ColumnElement[bool]:
    """Whether a reader has said the same under an article, apart from the comment `but`; a part of a query."""
    return exists().where(
        EARLIER.site_id == reader.site_id,
        EARLIER.reader_id == reader.id,
        EARLIER.article_id == article_id,
        EARLIER.plain == plain,
        EARLIER.id != but,
    )


def ask_rules(
    comment: Comment, *, site: Site, reader: Reader, repeated: bool, swapped: int | None = None
) -> Verdict:
    """What the site's rules say about a comment's present text; `swapped` is the revision that it replaces."""
    facts = Facts(
        plain=comment.plain, links=len(text.links(comment.tree)), approved=reader.approved, repeated=repeated,
        level=level_of(reader, at=comment.created), swapped=swapped,
    )  # fmt: skip
    policy = Policy(
        moderation=site.moderation, banned_words=site.banned_words, held_words=site.held_words,
        hold_new_links=site.hold_new_links,
    )  # fmt: skip
    return judge(facts, policy)


def level_of(reader: Reader, *, at: datetime) -> str:
    """What a reader was at a moment, by the record of now: whoever's name is vouched for has a skeleton."""
    known = reader.skeleton is not None
    record = levels.Record(
        age=at - reader.created, approved=reader.approved, rejected=reader.rejected, verified=known
    )
    return levels.level(record)


def apply(session: Session, comment: Comment, verdict: Verdict, *, at: datetime) -> None:
    """Move a comment to where its rules want it. What a person has decided, rules can only make stricter."""
    comment.reasons = [{"rule": o.rule, "reason": o.reason, "evidence": o.evidence} for o in verdict.objections]
    status = verdict.status
    if comment.judged_by == "person":
        status = max(comment.status, status, key=STRICTNESS.index)
    if status != comment.status:
        move(session, comment, status, by=RULES, at=at)


def move(
    session: Session,
    comment: Comment,
    status: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    undoes: Decision | None = None,
    upheld: int = 0,
) -> Decision:
    """Change a status, with its row in the journal, the counters, the article's version and the outbox.

    `upheld` is how many reports more it finds right.
    """
    was_public, was_listed, before = comment.is_public, comment.is_listed, comment.status
    comment.status = status
    comment.shown = comment.shown or status == "published"
    if by.kind in PERSONS and undoes is None:
        comment.judged_by = "person"
    decision = Decision(
        site_id=comment.site_id, id=id_at(at, after=comment.id), comment_id=comment.id, by=by.kind,
        moderator_id=by.moderator_id, before=before, after=status, revision=comment.revision, at=at,
        undoes=undoes.id if undoes else None,
    )  # fmt: skip
    session.flush()
    session.add(decision)
    session.flush()
    _keep_evidence(session, decision, by, reason=reason, objections=comment.reasons if by.kind == "rules" else [])
    if status in ANNOUNCED and status != before:
        session.add(
            Outbox(site_id=comment.site_id, event=f"comment.{status}", payload={"comment": comment.id}, due_at=at)
        )
    upheld += ranking.settled_with(session, comment, before=before)
    if upheld or (status != before and (was_public or comment.is_public)):
        change = (status == "published") - (before == "published")
        touch(session, comment, by=change, place=comment.is_listed - was_listed, upheld=upheld)
    session.flush()
    return decision


def announce(session: Session, decision: Decision) -> None:
    """Let those be told of a decision of the desk whom it concerns."""
    said = {"comment": decision.comment_id, "decision": decision.id}
    session.add(Outbox(site_id=decision.site_id, event="comment.decided", payload=said, due_at=decision.at))
    session.flush()


def _keep_evidence(
    session: Session, decision: Decision, by: Actor, *, reason: str, objections: list[dict[str, str]]
) -> None:
    if not (by.name or reason or objections):
        return
    session.add(
        DecisionEvidence(
            site_id=decision.site_id, decision_id=decision.id, name=by.name, reason=reason, objections=objections
        )
    )


def touch(session: Session, comment: Comment, *, by: int, place: int = 0, upheld: int = 0) -> None:
    """Bytes that strangers see have changed: move the article's version, the counters by so many, and what is found.

    `place` says whether the comment has come into the lists (1) or gone out of them (-1), and `upheld` how many reports
    more were right, which changes an order.
    """
    searching.keep(session, comment)
    # Atomic in the database: two moderators in two processes never lose a count. A comment comes before what it
    # answers, and the article last, here as everywhere: in another order, two of us could wait for each other.
    _count_above(session, comment, by=by, place=place)
    ranking.reported(session, comment, by=upheld)
    session.execute(
        update(Article)
        .where(Article.site_id == comment.site_id, Article.id == comment.article_id)
        .values(comments=Article.comments + by, version=Article.version + 1)
    )


def _count_above(session: Session, comment: Comment, *, by: int, place: int) -> None:
    """Count a comment at its root and at what it answers, where a tombstone comes or goes with what hangs on it."""
    above = comment.parent_id
    while place and above not in {None, comment.root_id}:
        row = session.execute(
            update(Comment)
            .where(Comment.site_id == comment.site_id, Comment.id == above)
            .values(answers=Comment.answers + place)
            .returning(Comment.parent_id, Comment.status, Comment.shown, Comment.answers, Comment.place_kept)
        ).one()
        hangs = row.shown and row.status in GONE and not row.place_kept
        came_or_went = hangs and row.answers == max(place, 0)
        above = row.parent_id if came_or_went else None
    at_root = place if above else 0
    if (by or at_root) and comment.parent_id is not None:
        ranking.replied(session, comment, by=by, answers=at_root)


def history(session: Session, comment: Comment) -> Sequence[Decision]:
    """The decisions about one comment, newest first."""
    return session.scalars(
        select(Decision)
        .where(Decision.site_id == comment.site_id, Decision.comment_id == comment.id)
        .order_by(Decision.id.desc())
        .limit(50)
    ).all()
