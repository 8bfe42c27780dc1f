"""Comments, what was decided about them, and who recommended them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id

PUBLIC = ("published", "withdrawn")


class Comment(Model):
    """One comment. `status` is one of published, held, rejected, withdrawn."""

    __tablename__ = "comments"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    article_id: Mapped[str] = mapped_column(PublicId)
    root_id: Mapped[str] = mapped_column(PublicId)
    parent_id: Mapped[str | None] = mapped_column(PublicId)
    reader_id: Mapped[str] = mapped_column(PublicId)
    depth: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(Text)
    tree: Mapped[list[Any]] = mapped_column(JSON)
    plain: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(12))
    reasons: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    recommends: Mapped[int] = mapped_column(default=0)
    replies_total: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    edited: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "article_id"], ["articles.site_id", "articles.id"]),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        ForeignKeyConstraint(["site_id", "parent_id"], ["comments.site_id", "comments.id"]),
        # A thread's roots, newest or oldest first.
        Index("ix_comments_roots", "site_id", "article_id", "depth", "id"),
        # A thread's roots, most recommended first.
        Index("ix_comments_best", "site_id", "article_id", "depth", "recommends", "id"),
        # A branch, parents before children.
        Index("ix_comments_branch", "site_id", "root_id", "id"),
        # The desk's queue.
        Index("ix_comments_queue", "site_id", "status", "id"),
        # A reader's own.
        Index("ix_comments_reader", "site_id", "reader_id", "article_id"),
    )


class Decision(Model):
    """One change of status, append-only: who, from what, to what, and why."""

    __tablename__ = "decisions"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    comment_id: Mapped[str] = mapped_column(PublicId)
    by: Mapped[str] = mapped_column(String(60))
    before: Mapped[str] = mapped_column(String(12))
    after: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(60), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "comment_id"], ["comments.site_id", "comments.id"]),
        Index("ix_decisions_comment", "site_id", "comment_id", "id"),
    )


class Recommendation(Model):
    """One reader recommends one comment, once."""

    __tablename__ = "recommendations"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    comment_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    reader_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "comment_id"], ["comments.site_id", "comments.id"]),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
    )
