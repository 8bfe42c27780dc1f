"""Ask the rules about a comment, and move it to what was decided: the one place where a status changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session, aliased

from comments_service import searching, text
from comments_service.database import id_at
from comments_service.rules import Facts, Policy, Verdict, judge
from comments_service.tables import Article, Comment, Decision, DecisionEvidence, Outbox, Reader, Site

STRICTNESS = ("published", "held", "rejected")
ANNOUNCED = ("published", "held")
PERSONS = ("moderator", "cli")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who decides: rules, author, moderator or cli; a moderator with id and name."""

    kind: str
    name: str = ""
    moderator_id: str | None = None


RULES = Actor(kind="rules")
AUTHOR = Actor(kind="author")


def said_before(reader: Reader, article_id: str, plain: str, *, but: str = "") -> ColumnElement[bool]:
    """Whether a reader has said the same under an article, apart from the comment `but`; a part of a query."""
    earlier = aliased(Comment)
    return exists().where(
        earlier.site_id == reader.site_id,
        earlier.reader_id == reader.id,
        earlier.article_id == article_id,
        earlier.plain == plain,
        earlier.id != but,
    )


def ask_rules(comment: Comment, *, site: Site, reader: Reader, repeated: bool) -> Verdict:
    """What the site's rules say about a comment's present text."""
    facts = Facts(
        plain=comment.plain, links=len(text.links(comment.tree)), approved=reader.approved, repeated=repeated
    )
    policy = Policy(moderation=site.moderation, banned_words=site.banned_words, held_words=site.held_words)
    return judge(facts, policy)


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
) -> Decision:
    """Change a status, with its row in the journal, the counters, the article's version and the outbox."""
    before, comment.status = comment.status, status
    public = comment.is_public
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
    objections = comment.reasons if by.kind == "rules" else []
    if by.name or reason or objections:
        session.add(
            DecisionEvidence(
                site_id=comment.site_id, decision_id=decision.id, name=by.name, reason=reason, objections=objections
            )
        )
    if status in ANNOUNCED and status != before:
        session.add(
            Outbox(site_id=comment.site_id, event=f"comment.{status}", payload={"comment": comment.id}, due_at=at)
        )
    change = (status == "published") - (before == "published")
    if change or (public and status == "withdrawn"):
        touch(session, comment, by=change)
    session.flush()
    return decision


def touch(session: Session, comment: Comment, *, by: int) -> None:
    """Bytes that strangers see have changed: move the article's version, the counters by so many, and what is found."""
    searching.keep(session, comment)
    # Atomic in the database: two moderators in two processes never lose a count. The comment comes before its
    # article, here as everywhere: in another order, two of us could wait for each other.
    if by and comment.parent_id is not None:
        session.execute(
            update(Comment)
            .where(Comment.site_id == comment.site_id, Comment.id == comment.root_id)
            .values(replies_total=Comment.replies_total + by)
        )
    session.execute(
        update(Article)
        .where(Article.site_id == comment.site_id, Article.id == comment.article_id)
        .values(comments=Article.comments + by, version=Article.version + 1)
    )


def history(session: Session, comment: Comment) -> Sequence[Decision]:
    """The decisions about one comment, newest first."""
    return session.scalars(
        select(Decision)
        .where(Decision.site_id == comment.site_id, Decision.comment_id == comment.id)
        .order_by(Decision.id.desc())
        .limit(50)
    ).all()
