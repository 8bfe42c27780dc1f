"""What readers are told, what they want to be told, and which conversations they follow."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id

UNREAD = text("read_at IS NULL")
FOR_MAIL = text("mail_at IS NOT NULL AND letter_id IS NULL")


class Notice(Model):
    """One person is told of one event, once: `source` is the comment, the decision or the week that it came from.

    `word` says more: of a rejection the reason that was chosen, of a report its outcome. `number` is how many comments
    a week had. From `mail_at` on a mail may tell it, and `letter_id` is the one that does.
    """

    __tablename__ = "notices"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    reader_id: Mapped[str] = mapped_column(PublicId)
    event: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(PublicId)
    comment_id: Mapped[str | None] = mapped_column(PublicId)
    word: Mapped[str] = mapped_column(String(60), default="", server_default="")
    number: Mapped[int] = mapped_column(default=0, server_default="0")
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    letter_id: Mapped[str | None] = mapped_column(PublicId)
    __table_args__ = (
        # A second try of the same work tells nobody twice.
        UniqueConstraint("site_id", "reader_id", "event", "source"),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        ForeignKeyConstraint(["site_id", "comment_id"], ["comments.site_id", "comments.id"]),
        Index("ix_notices_reader", "site_id", "reader_id", "id"),
        Index("ix_notices_unread", "site_id", "reader_id", "id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("ix_notices_mail", "mail_at", sqlite_where=FOR_MAIL, postgresql_where=FOR_MAIL),
        # What is erased, and what is old.
        Index("ix_notices_comment", "site_id", "comment_id"),
        Index("ix_notices_created", "created"),
    )


class NoticeSettings(Model):
    """What one reader wants to be told, and when: `chosen` holds what differs from the defaults, by its event.

    `weekly_at` is when the next weekly notice is due. `feed_digest` is the SHA-256 of the secret in the address of the
    reader's own feed. `letter_id` is the last letter that told notices.
    """

    __tablename__ = "notice_settings"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    reader_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    chosen: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    weekly_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    feed_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    letter_id: Mapped[str | None] = mapped_column(PublicId)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        Index("ix_notice_settings_weekly_at", "weekly_at"),
    )


class Mute(Model):
    """One reader with an account wants neither to read nor to be told what another writes."""

    __tablename__ = "mutes"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    reader_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    muted_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        # The usual name is that of the first one.
        ForeignKeyConstraint(
            ["site_id", "muted_id"], ["readers.site_id", "readers.id"], name="fk_mutes_site_id_muted_readers"
        ),
        Index("ix_mutes_muted", "site_id", "muted_id"),
    )


class Follow(Model):
    """One reader wants to hear of new comments under one article."""

    __tablename__ = "follows"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    article_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    reader_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "article_id"], ["articles.site_id", "articles.id"]),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        Index("ix_follows_reader", "site_id", "reader_id", "article_id"),
    )
