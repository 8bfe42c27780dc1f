"""What was decided about comments: append-only, with names and words kept apart so that they can be erased."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class Decision(Model):
    """One change of status: by whom (rules, author, moderator, cli, erasure), from what, to what, on which text.

    `undoes` is the decision that this one takes back. With `mark` (feature, unfeature, pin, unpin) it changed no
    status, but whether the desk has the comment stand out.
    """

    __tablename__ = "decisions"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    comment_id: Mapped[str] = mapped_column(PublicId)
    by: Mapped[str] = mapped_column(String(10))
    moderator_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("moderators.id"))
    before: Mapped[str] = mapped_column(String(12))
    after: Mapped[str] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column(default=1)
    undoes: Mapped[str | None] = mapped_column(PublicId)
    mark: Mapped[str] = mapped_column(String(10), default="", server_default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "comment_id"], ["comments.site_id", "comments.id"]),
        Index("ix_decisions_comment", "site_id", "comment_id", "id"),
        Index("ix_decisions_moderator", "moderator_id", "id"),
    )


class DecisionEvidence(Model):
    """Why: the reason given, and each rule's objection with the word it rests on."""

    __tablename__ = "decision_evidence"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    decision_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(60), default="")
    objections: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    __table_args__ = (ForeignKeyConstraint(["site_id", "decision_id"], ["decisions.site_id", "decisions.id"]),)
