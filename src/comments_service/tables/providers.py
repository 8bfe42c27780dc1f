"""Whose word on readers a site takes, besides its paper's own."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class Provider(Model):
    """An OpenID provider with which readers of one site sign in; `key` is its place in addresses, `name` on buttons.

    `kind` is secret, where `sealed` is the client secret if there is one, or apple, where it is the private key that
    signs one, which Apple calls `key_id` of the team `team_id`. It is offered until it is `disabled_at`.
    """

    __tablename__ = "oidc_providers"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str] = mapped_column(String(200))
    client_id: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(10))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    team_id: Mapped[str] = mapped_column(String(20), default="", server_default="")
    key_id: Mapped[str] = mapped_column(String(20), default="", server_default="")
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id"], ["sites.id"]),
        UniqueConstraint("site_id", "key"),
        CheckConstraint(
            "kind = 'secret' OR (kind = 'apple' AND sealed IS NOT NULL AND team_id != '' AND key_id != '')",
            name="one_kind",
        ),
    )
