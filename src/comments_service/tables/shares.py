"""Shares, and how often each network's link was clicked."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime


class Share(Model):
    """One share action. No reader, no session and no time finer than an hour: it cannot be traced to a person."""

    __tablename__ = "shares"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    parent_id: Mapped[str | None] = mapped_column(String(16))
    article_id: Mapped[str] = mapped_column(PublicId)
    comment_id: Mapped[str | None] = mapped_column(PublicId)
    network: Mapped[str] = mapped_column(String(20))
    hour: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "article_id"], ["articles.site_id", "articles.id"]),
        ForeignKeyConstraint(["site_id", "comment_id"], ["comments.site_id", "comments.id"]),
        ForeignKeyConstraint(["site_id", "parent_id"], ["shares.site_id", "shares.id"]),
        Index("ix_shares_article", "site_id", "article_id", "hour"),
    )


class ShareCount(Model):
    """How often one network's link was clicked under one article."""

    __tablename__ = "share_counts"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    article_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    network: Mapped[str] = mapped_column(String(20), primary_key=True)
    clicks: Mapped[int] = mapped_column(default=0)
    __table_args__ = (ForeignKeyConstraint(["site_id", "article_id"], ["articles.site_id", "articles.id"]),)
