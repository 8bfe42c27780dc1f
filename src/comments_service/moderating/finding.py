"""One comment at the desk, and what was decided about it last."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service.database import take_turn
from comments_service.errors import Conflict, NotFound
from comments_service.judging import history
from comments_service.languages import later
from comments_service.quoting import QUOTED
from comments_service.tables import Comment, Decision, DecisionEvidence, Moderator, Site

# What somebody is told who comes second: by who it was, and by what has become of the comment.
YOU = {
    "published": later("You have already approved it."),
    "rejected": later("You have already rejected it."),
    "held": later("You have already held it."),
    "withdrawn": later("You have already withdrawn it."),
    "erased": later("You have already erased it."),
    "feature": later("You have already featured it."),
    "unfeature": later("You have already unfeatured it."),
    "pin": later("You have already pinned it."),
    "unpin": later("You have already unpinned it."),
}
SOMEBODY = {
    "published": later("{name} has already approved it."),
    "rejected": later("{name} has already rejected it."),
    "held": later("{name} has already held it."),
    "withdrawn": later("{name} has already withdrawn it."),
    "erased": later("{name} has already erased it."),
    "feature": later("{name} has already featured it."),
    "unfeature": later("{name} has already unfeatured it."),
    "pin": later("{name} has already pinned it."),
    "unpin": later("{name} has already unpinned it."),
}
YOU_BACK = {
    "published": later("You have taken a decision back; it is public now."),
    "rejected": later("You have taken a decision back; it is rejected now."),
    "held": later("You have taken a decision back; it is held now."),
    "feature": later("You have taken a decision back; it is featured now."),
    "unfeature": later("You have taken a decision back; it is not featured now."),
    "pin": later("You have taken a decision back; it is pinned now."),
    "unpin": later("You have taken a decision back; it is not pinned now."),
}
SOMEBODY_BACK = {
    "published": later("{name} has taken a decision back; it is public now."),
    "rejected": later("{name} has taken a decision back; it is rejected now."),
    "held": later("{name} has taken a decision back; it is held now."),
    "feature": later("{name} has taken a decision back; it is featured now."),
    "unfeature": later("{name} has taken a decision back; it is not featured now."),
    "pin": later("{name} has taken a decision back; it is pinned now."),
    "unpin": later("{name} has taken a decision back; it is not pinned now."),
}
CHANGED = later("It has changed since you saw it.")
NOT_A_MODERATOR = {"author": later("Its author"), "rules": later("A rule"), "cli": later("The command line")}


def find(session: Session, site: Site, comment_id: str) -> Comment:
    """A comment of one site in any state. Raises NotFound."""
    return _known(session.get(Comment, (site.id, comment_id), options=[QUOTED]))


def locked(session: Session, site: Site, comment_id: str) -> Comment:
    """A comment that nobody else changes meanwhile. Raises NotFound."""
    take_turn(session)
    return _known(
        session.scalars(
            select(Comment)
            .where(Comment.site_id == site.id, Comment.id == comment_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).first()
    )


def _known(comment: Comment | None) -> Comment:
    if comment is None:
        raise NotFound("There is no such comment.")
    return comment


def standing(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions that still count: neither taken back, nor a taking back. In the order given."""
    undone = {decision.undoes for decision in decisions}
    return [decision for decision in decisions if decision.undoes is None and decision.id not in undone]


def last_word(session: Session, comment: Comment, *, to: str | None) -> Conflict:
    """Who has decided what, as a moderator who came second is told; `to` is that moderator's id."""
    last = next(iter(history(session, comment)), None)
    if last is None:
        return Conflict(CHANGED)
    if comment.edited is not None and comment.edited > last.at:
        return Conflict("Its author has changed the text since you saw it.")
    back, done = last.undoes is not None, last.mark or last.after
    if last.moderator_id is not None and last.moderator_id == to:
        return Conflict((YOU_BACK if back else YOU).get(done, CHANGED))
    said = (SOMEBODY_BACK if back else SOMEBODY).get(done, CHANGED)
    return Conflict(said, name=_name(session, last))


def _name(session: Session, decision: Decision) -> str:
    evidence = session.get(DecisionEvidence, (decision.site_id, decision.id))
    known = NOT_A_MODERATOR.get(decision.by)
    if known or (evidence and evidence.name):
        return known or (evidence.name if evidence else "")
    moderator = session.get(Moderator, decision.moderator_id) if decision.moderator_id else None
    return moderator.name if moderator else later("Another moderator")
