"""Publishers, their sites, and the articles that are talked about."""

import secrets
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class Publisher(Model):
    """Who owns sites; one installation may serve several."""

    __tablename__ = "publishers"
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    created: Mapped[datetime] = mapped_column(UtcDateTime)


class Site(Model):
    """One publication: its key in the script tag, the origins its pages live on, and its policy.

    `moderation` is pre, post or first. A conversation closes so many days after its article came out, if
    `closes_after_days` says so. `page_key` signs the metadata that a page may carry. `version` moves with the
    settings that readers can see.
    """

    __tablename__ = "sites"
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    publisher_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("publishers.id"))
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    origins: Mapped[list[str]] = mapped_column(JSON)
    moderation: Mapped[str] = mapped_column(String(20), default="first")
    guests: Mapped[bool] = mapped_column(default=True)
    banned_words: Mapped[list[str]] = mapped_column(JSON, default=list)
    held_words: Mapped[list[str]] = mapped_column(JSON, default=list)
    closes_after_days: Mapped[int | None]
    page_key: Mapped[str] = mapped_column(String(64), default=lambda: secrets.token_hex(32))
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    def show(self, *, name: str | None = None, guests: bool | None = None, moderation: str | None = None) -> None:
        """Change what readers can see of the site, and its version with it; what is None stays as it is."""
        new = (name or self.name, self.guests if guests is None else guests, moderation or self.moderation)
        if new == (self.name, self.guests, self.moderation):
            return
        self.name, self.guests, self.moderation = new
        # Counted by the database: two owners at once never make one number of two changes.
        self.version = Site.version + 1


class Article(Model):
    """One article of one site. `version` moves only when bytes that strangers can see have changed.

    `source` says who vouches for title, section, authors and tags: path (nobody yet), api, page or fetch;
    `vouched_at` is when they said so, so that an old page in a cache never undoes what is newer. One that `stays_open`,
    because its paper said so, does not close with its age.
    """

    __tablename__ = "articles"
    __table_args__ = (UniqueConstraint("site_id", "key"),)
    site_id: Mapped[str] = mapped_column(PublicId, ForeignKey("sites.id"), primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(500))
    url: Mapped[str] = mapped_column(String(2000))
    title: Mapped[str] = mapped_column(String(300))
    section: Mapped[str] = mapped_column(String(100), default="")
    authors: Mapped[list[str]] = mapped_column(JSON, default=list)
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(10), default="path")
    vouched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stays_open: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)
    comments: Mapped[int] = mapped_column(default=0)
    shares: Mapped[int] = mapped_column(default=0)


class ArticleAlias(Model):
    """Another key under which the same article is asked for, after a move."""

    __tablename__ = "article_aliases"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    key: Mapped[str] = mapped_column(String(500), primary_key=True)
    article_id: Mapped[str] = mapped_column(PublicId)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "article_id"], ["articles.site_id", "articles.id"]),
        Index("ix_article_aliases_article", "site_id", "article_id"),
    )
