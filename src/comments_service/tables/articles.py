"""Sites and the articles that are talked about."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class Site(Model):
    """One publication: its key in the script tag, the origins its pages live on, and its policy."""

    __tablename__ = "sites"
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    origins: Mapped[list[str]] = mapped_column(JSON)
    moderation: Mapped[str] = mapped_column(String(20), default="first")
    banned_words: Mapped[list[str]] = mapped_column(JSON, default=list)
    held_words: Mapped[list[str]] = mapped_column(JSON, default=list)


class Article(Model):
    """One article of one site. `version` moves only when bytes that strangers can see have changed."""

    __tablename__ = "articles"
    __table_args__ = (UniqueConstraint("site_id", "key"),)
    site_id: Mapped[str] = mapped_column(PublicId, ForeignKey("sites.id"), primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(500))
    url: Mapped[str] = mapped_column(String(2000))
    title: Mapped[str] = mapped_column(String(300))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    comments: Mapped[int] = mapped_column(default=0)
    shares: Mapped[int] = mapped_column(default=0)
