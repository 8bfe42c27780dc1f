"""What proves who somebody of the staff is besides a password, and who was invited to be one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class SecondFactor(Model):
    """The seed of somebody's codes, sealed. It counts from `confirmed_at` on.

    `next_sealed` is a seed that was shown and not confirmed yet, so that another device can take over without a gap.
    `last_step` is the half minute of the last code that was taken: none that is as old or older counts again.
    """

    __tablename__ = "second_factors"
    moderator_id: Mapped[str] = mapped_column(PublicId, ForeignKey("moderators.id"), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    next_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Model):
    """A code for the day on which the device is lost. Only its Argon2id digest is kept here."""

    __tablename__ = "recovery_codes"
    moderator_id: Mapped[str] = mapped_column(PublicId, ForeignKey("moderators.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Invitation(Model):
    """A link by which somebody new joins the staff of a site. Only its SHA-256 is kept here."""

    __tablename__ = "invitations"
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    site_id: Mapped[str] = mapped_column(PublicId, ForeignKey("sites.id"))
    moderator_id: Mapped[str] = mapped_column(PublicId, ForeignKey("moderators.id"), unique=True)
    invited_by: Mapped[str] = mapped_column(PublicId, ForeignKey("moderators.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (Index("ix_invitations_site", "site_id"),)
