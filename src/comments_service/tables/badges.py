"""Who writes with a badge: browsers of the staff, and readers whom the desk knows as experts."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class StaffReader(Model):
    """A reader of a site who is a moderator of it: what is written by that reader carries the badge of the staff.

    It gives no right at all, and counts only as long as the moderator is a member of the site.
    """

    __tablename__ = "staff_readers"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    reader_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    moderator_id: Mapped[str] = mapped_column(PublicId, ForeignKey("moderators.id"))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        Index("ix_staff_readers_moderator", "moderator_id", "site_id"),
    )


class StaffCode(Model):
    """What binds one browser to a moderator on one site, once and soon. Only its SHA-256 is kept here."""

    __tablename__ = "staff_codes"
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    site_id: Mapped[str] = mapped_column(PublicId, ForeignKey("sites.id"))
    moderator_id: Mapped[str] = mapped_column(PublicId, ForeignKey("moderators.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (Index("ix_staff_codes_moderator", "moderator_id", "site_id"),)


class Expert(Model):
    """A reader whom the desk calls an expert under one article or, where `article_id` is empty, in one section."""

    __tablename__ = "experts"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    reader_id: Mapped[str] = mapped_column(PublicId)
    article_id: Mapped[str | None] = mapped_column(PublicId)
    section: Mapped[str] = mapped_column(String(100), default="")
    moderator_id: Mapped[str | None] = mapped_column(PublicId, ForeignKey("moderators.id"))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        ForeignKeyConstraint(["site_id", "article_id"], ["articles.site_id", "articles.id"]),
        Index("ix_experts_reader", "site_id", "reader_id"),
    )
