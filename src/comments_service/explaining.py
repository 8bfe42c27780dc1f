"""What authors are told about a comment of theirs that is not public. The desk has words of its own for the same."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service.rules import RULES
from comments_service.tables import Comment, Decision, DecisionEvidence

# By the reason that a moderator has chosen for a rejection.
BY_MODERATOR = {
    "abuse": "A moderator read it as insulting or threatening.",
    "hate": "A moderator read it as an attack on a group of people.",
    "spam": "A moderator took it for advertising or spam.",
    "off-topic": "A moderator found that it is not about the article.",
    "personal-data": "A moderator found that it shows somebody's personal data.",
    "illegal": "A moderator found that it may be against the law.",
    "false": "A moderator found that it states something proven false.",
    "other": "A moderator decided so.",
}


def by_rules(comment: Comment) -> str | None:
    """Why the rules keep a comment from being seen, if they do."""
    if comment.status not in {"held", "rejected"}:
        return None
    asked = [RULES[objection["rule"]] for objection in comment.reasons if objection["rule"] in RULES]
    # The strictest of them decided, so its word comes before the others'.
    rejecting = [rule for rule in asked if rule.outcome == "rejected"]
    return next((rule.told for rule in rejecting + asked), None)


def reasons(session: Session, comments: Sequence[Comment]) -> dict[str, str]:
    """Why each of one site's comments that is not public is not, by its id; one query at most."""
    told = {comment.id: sentence for comment in comments if (sentence := by_rules(comment))}
    refused = [c for c in comments if c.status == "rejected" and c.judged_by == "person"]
    if not refused:
        return told
    rows = session.execute(
        select(Decision.comment_id, DecisionEvidence.reason)
        .outerjoin(
            DecisionEvidence,
            (DecisionEvidence.site_id == Decision.site_id) & (DecisionEvidence.decision_id == Decision.id),
        )
        .where(
            Decision.site_id == refused[0].site_id,
            Decision.comment_id.in_([comment.id for comment in refused]),
            Decision.after == "rejected",
        )
        .order_by(Decision.id)
    )
    # The last decision counts; where a person gave no reason, a rule's would be a guess.
    last = {comment_id: BY_MODERATOR.get(reason or "", BY_MODERATOR["other"]) for comment_id, reason in rows}
    return told | last
