"""What owners changed of a site, and the salts that are thrown away."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId, UtcDateTime, new_id


class SiteChange(Model):
    """One change of a site's settings by one of its staff: `before` and `after` hold what changed. Append-only."""

    __tablename__ = "site_changes"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    moderator_id: Mapped[str] = mapped_column(PublicId, ForeignKey("moderators.id"))
    what: Mapped[str] = mapped_column(String(20))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (ForeignKeyConstraint(["site_id"], ["sites.id"]),)


class NetworkSalt(Model):
    """What networks are counted under from `since` on, for half a day."""

    __tablename__ = "network_salts"
    since: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
