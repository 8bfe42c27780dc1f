"""Answers kept for a day, so that a retried post is stored once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime


class IdempotencyKey(Model):
    """One write of one caller: digests of caller plus key and of the body, and the answer that was given."""

    __tablename__ = "idempotency_keys"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary(32))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (ForeignKeyConstraint(["site_id"], ["sites.id"]),)
