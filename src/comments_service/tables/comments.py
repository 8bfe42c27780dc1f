"""Comments, their earlier texts, and what readers do with them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKeyConstraint, Index, String, Text, and_, or_
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class Comment(Model):
    """One comment. `status` is one of published, held, rejected, withdrawn.

    `version` moves with every change (what a moderator saw is compared with it), `revision` with every new text.
    `judged_by` is rules or person: a person's decision is never overturned by a rule. `shown` says whether strangers
    have ever seen it: only such a comment leaves a tombstone when it is withdrawn.
    """

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
    shown: Mapped[bool] = mapped_column(default=False)
    judged_by: Mapped[str] = mapped_column(String(10), default="rules")
    reasons: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    recommends: Mapped[int] = mapped_column(default=0)
    reports: Mapped[int] = mapped_column(default=0)
    replies_total: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    edited: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "article_id"], ["articles.site_id", "articles.id"]),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        ForeignKeyConstraint(["site_id", "parent_id"], ["comments.site_id", "comments.id"]),
        ForeignKeyConstraint(["site_id", "root_id"], ["comments.site_id", "comments.id"]),
        # A thread's roots, newest or oldest first.
        Index("ix_comments_roots", "site_id", "article_id", "depth", "id"),
        # A thread's roots, most recommended first.
        Index("ix_comments_best", "site_id", "article_id", "depth", "recommends", "id"),
        # A branch, parents before children.
        Index("ix_comments_branch", "site_id", "root_id", "id"),
        # The desk's queue, and its list of everything.
        Index("ix_comments_queue", "site_id", "status", "id"),
        # One article's comments at the desk, in one state after the other.
        Index("ix_comments_article", "site_id", "article_id", "status", "id"),
        # What readers have reported.
        Index("ix_comments_reported", "site_id", "status", "reports", "id"),
        # A reader's own under one article, and a reader's last ones.
        Index("ix_comments_reader", "site_id", "reader_id", "article_id"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_public(self) -> bool:
        """Whether strangers may know of it."""
        return self.status == "published" or (self.status == "withdrawn" and self.shown)

    @classmethod
    def public(cls) -> ColumnElement[bool]:
        """`is_public` as a condition."""
        return or_(cls.status == "published", and_(cls.status == "withdrawn", cls.shown))


class Revision(Model):
    """A text that an edit has replaced."""

    __tablename__ = "revisions"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    comment_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    tree: Mapped[list[Any]] = mapped_column(JSON)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (ForeignKeyConstraint(["site_id", "comment_id"], ["comments.site_id", "comments.id"]),)


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
        Index("ix_recommendations_reader", "site_id", "reader_id"),
    )


class Report(Model):
    """One reader tells the moderators about one comment, once; `settled_by` is the decision that answered it."""

    __tablename__ = "reports"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    comment_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    reader_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_by: Mapped[str | None] = mapped_column(PublicId)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "comment_id"], ["comments.site_id", "comments.id"]),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        Index("ix_reports_reader", "site_id", "reader_id"),
    )
