"""Publishers, their sites, and the articles that are talked about."""

import secrets
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class Publisher(Model):
    """Who owns sites; one installation may serve several."""

    __tablename__ = "publishers"
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    created: Mapped[datetime] = mapped_column(UtcDateTime)


class Shown(TypedDict, total=False):
    """What readers can see of a site."""

    name: str
    guests: bool
    mail: bool
    providers: list[dict[str, str]]
    moderation: str
    read_only: bool
    closes_after_days: int | None
    guidelines_tree: list[Any] | None
    consent: str
    privacy_url: str
    terms_url: str
    language: str


class Site(Model):
    """One publication: its key in the script tag, the origins its pages live on, and its policy.

    `guests`, `mail` and `sso` are the ways in: under any name, by a code sent by mail, with the paper's account;
    `providers` repeats key and name of the OpenID providers that are offered, so that reading asks for no other row.
    `moderation` is pre, post or first. A conversation closes so many days after its article came out, if
    `closes_after_days` says so; while it is `read_only`, nobody writes anywhere on it. `guidelines_tree` is what
    pages show of `guidelines`, and `language` what they and its feeds speak. `consent` is a line that stands where one
    writes or leaves an address, beside links to the paper's pages at `privacy_url` and `terms_url`. `appeals` tells
    whose comment was rejected how to object. `page_key` signs the metadata that a page may carry.
    `moderators_second_factor` asks a second factor of its moderators too, and not of owners alone. `hold_new_links`
    has whatever a new reader (`levels`) writes with a link wait. `retention` is how many days things are kept, where
    its owners chose others than the defaults. `version` moves with the settings that readers can see.
    """

    __tablename__ = "sites"
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    publisher_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("publishers.id"))
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    origins: Mapped[list[str]] = mapped_column(JSON)
    moderation: Mapped[str] = mapped_column(String(20), default="first")
    guests: Mapped[bool] = mapped_column(default=True)
    mail: Mapped[bool] = mapped_column(default=False, server_default=false())
    sso: Mapped[bool] = mapped_column(default=True, server_default=true())
    providers: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    banned_words: Mapped[list[str]] = mapped_column(JSON, default=list)
    held_words: Mapped[list[str]] = mapped_column(JSON, default=list)
    hint_words: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    guidelines: Mapped[str] = mapped_column(Text, default="", server_default="")
    guidelines_tree: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    consent: Mapped[str] = mapped_column(String(300), default="", server_default="")
    privacy_url: Mapped[str] = mapped_column(String(2000), default="", server_default="")
    terms_url: Mapped[str] = mapped_column(String(2000), default="", server_default="")
    appeals: Mapped[str] = mapped_column(String(500), default="", server_default="")
    closes_after_days: Mapped[int | None]
    read_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    language: Mapped[str] = mapped_column(String(10), default="en", server_default="en")
    moderators_second_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    hold_new_links: Mapped[bool] = mapped_column(default=False, server_default=false())
    retention: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    page_key: Mapped[str] = mapped_column(String(64), default=lambda: secrets.token_hex(32))
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    def show(self, **seen: Unpack[Shown]) -> None:
        """Change what readers can see of the site, and its version with it."""
        changed = {name: value for name, value in seen.items() if value != getattr(self, name)}
        for name, value in changed.items():
            setattr(self, name, value)
        if changed:
            # Counted by the database: two owners at once never make one number of two changes.
            self.version = Site.version + 1


class Article(Model):
    """One article of one site. `version` moves only when bytes that strangers can see have changed.

    `source` says who vouches for title, section, authors and tags: path (nobody yet), api, page or fetch;
    `vouched_at` is when they said so, so that an old page in a cache never undoes what is newer. One that `stays_open`,
    because its paper said so, does not close with its age; `archived` is what age has closed.
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
    archived: Mapped[bool] = mapped_column(default=False, server_default=false())
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
