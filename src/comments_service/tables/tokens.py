"""Keys and tokens of callers; only digests are kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class IdempotencyKey(Model):
    """One write of one caller: digests of caller plus key and of the body, and the answer that was given."""

    __tablename__ = "idempotency_keys"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary(32))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id"], ["sites.id"]),
        # What is older than a day is swept.
        Index("ix_idempotency_keys_at", "at"),
    )


class SpentToken(Model):
    """A form token, or a paper's sign-in token, that was used; its row goes when that would have expired anyway."""

    __tablename__ = "spent_tokens"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id"], ["sites.id"]),
        Index("ix_spent_tokens_at", "at"),
    )


class ApiToken(Model):
    """What lets a paper's own server act on one site; `scopes` holds words such as articles:write."""

    __tablename__ = "api_tokens"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (ForeignKeyConstraint(["site_id"], ["sites.id"]),)


class SsoKey(Model):
    """A key under which a paper signs who its readers are; `kid` names it in their tokens.

    `algorithm` is HS256, whose secret is `sealed`, or EdDSA, of which there is the `public_key` alone. `issuer` is what
    the tokens have to say of where they come from: account names are unique within it.
    """

    __tablename__ = "sso_keys"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    kid: Mapped[str] = mapped_column(String(64))
    algorithm: Mapped[str] = mapped_column(String(10))
    issuer: Mapped[str] = mapped_column(String(200))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    public_key: Mapped[str | None] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id"], ["sites.id"]),
        UniqueConstraint("site_id", "kid"),
        CheckConstraint(
            "(algorithm = 'HS256' AND sealed IS NOT NULL AND public_key IS NULL)"
            " OR (algorithm = 'EdDSA' AND sealed IS NULL AND public_key IS NOT NULL)",
            name="one_kind",
        ),
    )
