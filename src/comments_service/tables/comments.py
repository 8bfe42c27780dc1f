"""Comments, their earlier texts, and what readers do with them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    and_,
    false,
    literal_column,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from comments_service.database import Model, PublicId, UtcDateTime, new_id

GONE = ("withdrawn", "rejected", "erased")

# Parts of the table that have indexes of their own. Their conditions are written out in a query too: a planner has to
# see that it asks for nothing else, and does not look at values that are sent apart.
ROOT = "depth = 0"
PUBLISHED_REPLY = "depth > 0 AND status = 'published'"
# SQLite takes the index of which most columns are given: so these have those in them that are the same in all rows.
OF_UNANSWERED = ("site_id", "article_id", "depth", "replies_total", "status")
UNANSWERED = "depth = 0 AND replies_total = 0 AND status = 'published'"
IN_STATE = ("site_id", "article_id", "status")
BY_STAFF = "wrote_as = 'staff' AND status = 'published'"
FEATURED = "featured_at IS NOT NULL AND status = 'published'"


def _of_some(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Comment(Model):
    """One comment. `status` is one of published, held, rejected, withdrawn, erased.

    `version` moves with every change (what a moderator saw is compared with it), `revision` with every new text.
    `judged_by` is rules or person: a person's decision is never overturned by a rule. `shown` says whether strangers
    have ever seen it: only such a comment leaves a tombstone when it is gone. `answers` is how many replies to it have
    a place in the lists, tombstones among them: a tombstone stands only while something hangs on it, or with
    `place_kept`, as its author wanted who has left. `badges` (staff,
    author, expert) say what its author was when it was written, and `wrote_as` is "staff" where that is among them: an
    index can be made of it, in the words of both databases. `answers_revision` is which text of its parent it
    answered, and `answered` that text, if it was replaced since and the query asks for it (`QUOTED`).

    Of a root, `repliers` is how many others than its author have answered in its branch, `upheld` how many reports
    there were right, and `latest` the minutes of its latest answers. Where a comment stands, `best` and `lively`,
    follows from them (`ordering`), and `ranking` alone moves all five.
    """

    __tablename__ = "comments"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_id)
    article_id: Mapped[str] = mapped_column(PublicId)
    root_id: Mapped[str] = mapped_column(PublicId)
    parent_id: Mapped[str | None] = mapped_column(PublicId)
    reader_id: Mapped[str] = mapped_column(PublicId)
    depth: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(Text)
    tree: Mapped[list[Any]] = mapped_column(JSON)
    plain: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(12))
    shown: Mapped[bool] = mapped_column(default=False)
    judged_by: Mapped[str] = mapped_column(String(10), default="rules")
    reasons: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    recommends: Mapped[int] = mapped_column(default=0)
    reports: Mapped[int] = mapped_column(default=0)
    replies_total: Mapped[int] = mapped_column(default=0)
    answers: Mapped[int] = mapped_column(default=0, server_default="0")
    badges: Mapped[list[str]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    wrote_as: Mapped[str] = mapped_column(String(10), default="", server_default="")
    featured_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pinned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place_kept: Mapped[bool] = mapped_column(default=False, server_default=false())
    repliers: Mapped[int] = mapped_column(default=0, server_default="0")
    upheld: Mapped[int] = mapped_column(default=0, server_default="0")
    best: Mapped[int] = mapped_column(default=0, server_default="0")
    lively: Mapped[int] = mapped_column(default=0, server_default="0")
    latest: Mapped[list[int]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    # The root, where whoever writes a reply has locked it together with what is answered: one query less.
    locked_root: "Comment | None" = None
    __allow_unmapped__ = True
    edited: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answers_revision: Mapped[int | None] = mapped_column()
    answered: Mapped[list[Any] | None] = query_expression()
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "article_id"], ["articles.site_id", "articles.id"]),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        ForeignKeyConstraint(["site_id", "parent_id"], ["comments.site_id", "comments.id"]),
        ForeignKeyConstraint(["site_id", "root_id"], ["comments.site_id", "comments.id"]),
        # A thread's roots, newest or oldest first.
        Index("ix_comments_roots", "site_id", "article_id", "depth", "id"),
        # A thread's roots, most recommended first.
        Index("ix_comments_best", "site_id", "article_id", "depth", "recommends", "id"),
        # A thread's roots by what `ordering` says of them; and those that nobody has answered, in every order.
        _of_some("ix_comments_rank", "site_id", "article_id", "best", "id", where=ROOT),
        _of_some("ix_comments_lively", "site_id", "article_id", "lively", "id", where=ROOT),
        _of_some("ix_comments_unanswered", *OF_UNANSWERED, "id", where=UNANSWERED),
        _of_some("ix_comments_unanswered_recommended", *OF_UNANSWERED, "recommends", "id", where=UNANSWERED),
        _of_some("ix_comments_unanswered_rank", *OF_UNANSWERED, "best", "id", where=UNANSWERED),
        # What staff have written under one article and what the desk has featured there, replies too, in every order.
        _of_some("ix_comments_by_staff", *IN_STATE, "id", where=BY_STAFF),
        _of_some("ix_comments_by_staff_recommended", *IN_STATE, "recommends", "id", where=BY_STAFF),
        _of_some("ix_comments_by_staff_rank", *IN_STATE, "best", "id", where=BY_STAFF),
        _of_some("ix_comments_by_staff_lively", *IN_STATE, "lively", "id", where=BY_STAFF),
        _of_some("ix_comments_chosen", *IN_STATE, "id", where=FEATURED),
        _of_some("ix_comments_chosen_recommended", *IN_STATE, "recommends", "id", where=FEATURED),
        _of_some("ix_comments_chosen_rank", *IN_STATE, "best", "id", where=FEATURED),
        _of_some("ix_comments_chosen_lively", *IN_STATE, "lively", "id", where=FEATURED),
        # A branch's latest answers, and whether a reader is among those who answered.
        _of_some("ix_comments_latest", "site_id", "root_id", "id", where=PUBLISHED_REPLY),
        _of_some("ix_comments_repliers", "site_id", "root_id", "reader_id", where=PUBLISHED_REPLY),
        # A branch, parents before children.
        Index("ix_comments_branch", "site_id", "root_id", "id"),
        # The answers to one comment, in their order.
        Index("ix_comments_siblings", "site_id", "parent_id", "id"),
        # What the desk has featured on a site, and what it has pinned on top of a thread: few rows of many.
        _of_some("ix_comments_featured", "site_id", "featured_at", where="featured_at IS NOT NULL"),
        _of_some("ix_comments_pinned", "site_id", "article_id", "pinned_at", where="pinned_at IS NOT NULL"),
        # The desk's queue, and its list of everything.
        Index("ix_comments_queue", "site_id", "status", "id"),
        # One article's comments at the desk, in one state after the other.
        Index("ix_comments_article", "site_id", "article_id", "status", "id"),
        # What readers have reported.
        Index("ix_comments_reported", "site_id", "status", "reports", "id"),
        # A reader's own under one article, newest or oldest first, and a reader's last ones.
        Index("ix_comments_reader", "site_id", "reader_id", "article_id", "id"),
        # All of a reader's own on a site, newest first.
        Index("ix_comments_own", "site_id", "reader_id", "id"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_public(self) -> bool:
        """Whether strangers may know of it."""
        return self.status == "published" or (self.status in GONE and self.shown)

    @classmethod
    def public(cls) -> ColumnElement[bool]:
        """`is_public` as a condition."""
        return or_(cls.status == "published", and_(cls.status.in_(GONE), cls.shown))

    @property
    def is_listed(self) -> bool:
        """Whether it has a place in a thread: a tombstone only while something hangs on it, or its place was kept."""
        return self.status == "published" or (self.is_public and (self.answers > 0 or self.place_kept))

    @classmethod
    def listed(cls) -> ColumnElement[bool]:
        """`is_listed` as a condition."""
        stands = or_(cls.answers > 0, cls.place_kept)
        return or_(cls.status == "published", and_(cls.status.in_(GONE), cls.shown, stands))

    @property
    def is_pinned(self) -> bool:
        """Whether it stands on top of its thread: what is not public is not pinned either."""
        return self.pinned_at is not None and self.status == "published"

    @classmethod
    def pinned(cls) -> ColumnElement[bool]:
        """`is_pinned` as a condition."""
        return and_(cls.pinned_at.is_not(None), cls.status == "published")

    @property
    def public_status(self) -> str:
        """What strangers are told of a public one: that the desk took it down, and not that it was rejected."""
        return "removed" if self.status == "rejected" else self.status

    @classmethod
    def root(cls) -> ColumnElement[bool]:
        """Whether it answers no other; in the words of an index, as are those below."""
        return cls.depth == literal_column("0")

    @classmethod
    def unanswered(cls) -> ColumnElement[bool]:
        """Whether it is a published root without published replies."""
        published = cls.status == literal_column("'published'")
        return and_(cls.root(), cls.replies_total == literal_column("0"), published)

    @classmethod
    def by_staff(cls) -> ColumnElement[bool]:
        """Whether it is published, and staff wrote it as such: nobody else can be the author of a story."""
        return and_(cls.wrote_as == literal_column("'staff'"), cls.status == literal_column("'published'"))

    @classmethod
    def featured(cls) -> ColumnElement[bool]:
        """Whether the desk has featured it, and it is published."""
        return and_(cls.featured_at.is_not(None), cls.status == literal_column("'published'"))

    @classmethod
    def published_reply(cls) -> ColumnElement[bool]:
        """Whether it is a published reply."""
        return and_(cls.depth > literal_column("0"), cls.status == literal_column("'published'"))


class Revision(Model):
    """A text that an edit has replaced."""

    __tablename__ = "revisions"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    comment_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    tree: Mapped[list[Any]] = mapped_column(JSON)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (ForeignKeyConstraint(["site_id", "comment_id"], ["comments.site_id", "comments.id"]),)


class Recommendation(Model):
    """One reader recommends one comment, once."""

    __tablename__ = "recommendations"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    comment_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    reader_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "comment_id"], ["comments.site_id", "comments.id"]),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        Index("ix_recommendations_reader", "site_id", "reader_id"),
    )


class Report(Model):
    """One reader tells the moderators about one comment, once; `settled_by` is the decision that answered it."""

    __tablename__ = "reports"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    comment_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    reader_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_by: Mapped[str | None] = mapped_column(PublicId)
    notice: Mapped["ReportNotice | None"] = relationship(lazy="raise", viewonly=True)
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "comment_id"], ["comments.site_id", "comments.id"]),
        ForeignKeyConstraint(["site_id", "reader_id"], ["readers.site_id", "readers.id"]),
        Index("ix_reports_reader", "site_id", "reader_id"),
    )


class ReportNotice(Model):
    """Why a comment is against the law, and who says so; apart from the report, so that it can be erased."""

    __tablename__ = "report_notices"
    site_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    comment_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    reader_id: Mapped[str] = mapped_column(PublicId, primary_key=True)
    law: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    child_abuse: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "comment_id", "reader_id"], ["reports.site_id", "reports.comment_id", "reports.reader_id"]
        ),
        # What has been kept long enough.
        Index("ix_report_notices_at", "at"),
    )
