"""Where mail goes, where it must not go, and how much of it went of late."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class Mailbox(Model):
    """A mail address that a reader gave on one site, in its one spelling. Nothing in the API ever shows it.

    Until `verified_at` it is a claim, which gives no right; verified, it belongs to one reader of the site. `language`
    is that of the page where it was given.
    """

    __tablename__ = "mailboxes"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    reader_id: Mapped[str] = mapped_column(PublicId)
    address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(10))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unsubscribed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("site_id", "reader_id", "address"),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        Index(
            "uq_mailboxes_verified",
            "site_id",
            "address",
            unique=True,
            sqlite_where=text("verified_at IS NOT NULL"),
            postgresql_where=text("verified_at IS NOT NULL"),
        ),
    )


class MailSignIn(Model):
    """Somebody in one browser has asked to sign in by mail, and has not done so yet.

    `digest` is of the secret that this browser holds, `origin` where it asked, and `page` where it goes on. Neither the
    code nor the link is kept: both are computed from the row's id (`mailing/codes.py`). `tries` were made with a code.
    """

    __tablename__ = "mail_sign_ins"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    origin: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(10))
    page: Mapped[str] = mapped_column(String(2000))
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("site_id", "digest"),
        ForeignKeyConstraint(["site_id"], ["sites.id"]),
        Index("ix_mail_sign_ins_expires_at", "expires_at"),
    )


class SuppressedAddress(Model):
    """An address that takes no mail, by its keyed digest.

    `reason` is refused, by the server that we gave it to, or bounced, later; `status` is that of RFC 3463.
    """

    __tablename__ = "suppressed_addresses"
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    reason: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MailAllowance(Model):
    """What went to one inbox within a day: `sent` is a list of [letter, seconds since 1970], of one quota."""

    __tablename__ = "mail_allowances"
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    quota: Mapped[str] = mapped_column(String(10), primary_key=True)
    sent: Mapped[list[Any]] = mapped_column(JSON)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (Index("ix_mail_allowances_last_at", "last_at"),)


class SiteMail(Model):
    """How many mails left for one site in the hour that began then."""

    __tablename__ = "site_mail"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    sent: Mapped[int]
    __table_args__ = (ForeignKeyConstraint(["site_id"], ["sites.id"]),)
