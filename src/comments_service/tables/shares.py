"""Share clicks, counted by article and network."""

from sqlalchemy import ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId


class ShareCount(Model):
    """How often one network's link was clicked under one article."""

    __tablename__ = "share_counts"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    article_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    network: Mapped[str] = mapped_column(String(20), primary_key=True)
    clicks: Mapped[int] = mapped_column(default=0)
    __table_args__ = (ForeignKeyConstraint(["site_id", "article_id"], ["articles.site_id", "articles.id"]),)
