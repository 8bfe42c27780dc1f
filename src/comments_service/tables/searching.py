"""What is searched: the folded words of every published comment."""

from sqlalchemy import ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from comments_service.database import Model, PublicId


class Searchable(Model):
    """The words of one published comment, with a space between them; the first one stands for its article.

    `row` is what SQLite's index of words counts rows by. Both indexes are made by a migration: a table of FTS5 that
    triggers fill from this one, and on PostgreSQL a GIN index over the words as a tsvector.
    """

    __tablename__ = "searchable"
    row: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[str] = mapped_column(PublicId)
    comment_id: Mapped[str] = mapped_column(PublicId)
    words: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        UniqueConstraint("site_id", "comment_id"),
        ForeignKeyConstraint(["site_id", "comment_id"], ["comments.site_id", "comments.id"]),
    )
