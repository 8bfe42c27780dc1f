"""Readers and their sessions. A guest is a reader too."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class Reader(Model):
    """One person on one site, with the record that the rules and the desk look at."""

    __tablename__ = "readers"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    approved: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    __table_args__ = (ForeignKeyConstraint(["site_id"], ["sites.id"]),)


class Session(Model):
    """A browser that may act as a reader. The browser makes the secret, only its SHA-256 is kept here."""

    __tablename__ = "sessions"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    reader_id: Mapped[str] = mapped_column(PublicId)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    origin: Mapped[str] = mapped_column(String(300))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("site_id", "digest"),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
    )
