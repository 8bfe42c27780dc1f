"""Have a comment stand out: featured, or pinned on top of its conversation. Each time is a row in the journal."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from comments_service.database import id_at
from comments_service.errors import Invalid
from comments_service.judging import Actor, announce, touch
from comments_service.moderating.finding import last_word, locked
from comments_service.tables import Article, Comment, Decision, DecisionEvidence, Site

# What each does: to which column, and whether it is set.
MARKS = {
    "feature": ("featured_at", True), "unfeature": ("featured_at", False),
    "pin": ("pinned_at", True), "unpin": ("pinned_at", False),
}  # fmt: skip
OPPOSITE = {"feature": "unfeature", "unfeature": "feature", "pin": "unpin", "unpin": "pin"}
MOST_PINNED = 3


def mark(
    session: Session, site: Site, comment_id: str, *, act: str, version: int, by: Actor, at: datetime
) -> Decision | None:
    """Feature or pin a public comment, or end that. The same twice is one: then None comes back.

    Raises NotFound, Invalid for what cannot be marked so, or Conflict when something came in between.
    """
    if act not in MARKS:
        raise Invalid("Choose to feature or to pin.", field="act")
    comment = locked(session, site, comment_id)
    column, on = MARKS[act]
    if (getattr(comment, column) is not None) == on:
        return None
    if comment.version != version:
        raise last_word(session, comment, to=by.moderator_id)
    return _set(session, comment, act, by=by, at=at)


def take_back(session: Session, comment: Comment, last: Decision, *, by: Actor, at: datetime) -> Decision:
    """Undo the last mark of a comment that is locked. Raises Invalid when there is no more room for it."""
    return _set(session, comment, OPPOSITE[last.mark], by=by, at=at, undoes=last)


def _set(
    session: Session, comment: Comment, act: str, *, by: Actor, at: datetime, undoes: Decision | None = None
) -> Decision:  # fmt: skip
    if comment.status != "published":
        raise Invalid("Only a public comment can be featured or pinned.")
    column, on = MARKS[act]
    if act == "pin":
        _require_room(session, comment)
    setattr(comment, column, at if on else None)
    decision = Decision(
        site_id=comment.site_id, id=id_at(at, after=comment.id), comment_id=comment.id, by=by.kind,
        moderator_id=by.moderator_id, before=comment.status, after=comment.status, revision=comment.revision, at=at,
        undoes=undoes.id if undoes else None, mark=act,
    )  # fmt: skip
    session.add(decision)
    session.flush()
    if by.name:
        session.add(DecisionEvidence(site_id=comment.site_id, decision_id=decision.id, name=by.name, objections=[]))
    touch(session, comment, by=0)
    if act == "feature":
        announce(session, decision)
    session.flush()
    return decision


def _require_room(session: Session, comment: Comment) -> None:
    if comment.parent_id is not None:
        raise Invalid("Only a comment that answers no other can be pinned; a reply can be featured.")
    # Two moderators who pin at the same moment: the article's row is a lock on every database.
    of_article = (Article.site_id == comment.site_id) & (Article.id == comment.article_id)
    session.execute(select(Article.id).where(of_article).with_for_update(key_share=True))
    pinned = session.scalar(
        select(func.count()).where(
            Comment.site_id == comment.site_id,
            Comment.article_id == comment.article_id,
            Comment.pinned(),
        )
    )
    if (pinned or 0) >= MOST_PINNED:
        raise Invalid("There is room for {n} pinned comments here. Unpin one of them first.", n=MOST_PINNED)
