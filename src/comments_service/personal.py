"""The registry of what is kept of a reader: every column of every table that says something about one person.

What readers get when they ask for their data is made of it (`takeout`). `tests/test_own_data.py` holds it against the
tables: a new column without an entry fails there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute

from comments_service.database import Model
from comments_service.tables import (
    Comment,
    Decision,
    Erasure,
    Expert,
    Follow,
    Identity,
    Mailbox,
    Mute,
    Notice,
    NoticeSettings,
    Reader,
    Recommendation,
    Report,
    ReportNotice,
    Revision,
    Session,
    StaffReader,
)

Of = Callable[[Reader], ColumnElement[bool]]


@dataclass(frozen=True)
class Kept:
    """What one table says of a reader: whose rows are `of` that reader, which columns are `given` out, and which not.

    `withheld` says why. `site_id` is the same in all and never given.
    """

    table: type[Model]
    of: Of
    given: tuple[str, ...]
    withheld: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called when it is given out."""
        return str(self.table.__tablename__)


def _of_reader(site: InstrumentedAttribute[str], reader: InstrumentedAttribute[str]) -> Of:
    return lambda of: and_(site == of.site_id, reader == of.id)


def _of_comment(site: InstrumentedAttribute[str], comment: InstrumentedAttribute[str]) -> Of:
    def its(of: Reader) -> ColumnElement[bool]:
        own = select(Comment.id).where(Comment.site_id == of.site_id, Comment.reader_id == of.id)
        return and_(site == of.site_id, comment.in_(own))

    return its


OWNER = {"reader_id": "the same in all rows: it is the id of the reader"}
MADE = "made of another column, so that it is found or shown faster"
ORDER = "a place in an order of the list, counted from what others did"
STAFF = "somebody of the staff"

KEPT: tuple[Kept, ...] = (
    Kept(
        Reader, _of_reader(Reader.site_id, Reader.id), ("id", "name", "created", "approved", "rejected"),
        {"skeleton": MADE},
    ),
    Kept(
        Identity, _of_reader(Identity.site_id, Identity.reader_id),
        ("issuer", "subject", "email", "email_verified", "profile_url", "source", "created", "updated"),
        OWNER | {"id": "of the row alone"},
    ),
    Kept(
        Mailbox, _of_reader(Mailbox.site_id, Mailbox.reader_id),
        ("address", "language", "created", "verified_at", "unsubscribed_at"), OWNER | {"id": "of the row alone"},
    ),
    Kept(
        Session, lambda of: and_(Session.site_id == of.site_id, Session.reader_id == of.id),
        ("device", "origin", "opened_by", "created", "seen_at", "replaced_at", "revoked_at"),
        OWNER | {
            "id": "of the row alone", "digest": "what a secret is known by", "family": "joins rows of one sign-in",
            "purpose": "always reader", "audience": "always the site", "moderator_id": "always empty",
            "proved_at": "of the staff alone",
        },
    ),
    Kept(
        Comment, _of_reader(Comment.site_id, Comment.reader_id),
        (
            "id", "article_id", "parent_id", "name", "source", "status", "created", "edited", "revision", "badges",
            "recommends", "reports", "replies_total", "featured_at", "pinned_at",
        ),
        OWNER | {
            "root_id": MADE, "depth": MADE, "tree": MADE, "plain": MADE, "wrote_as": MADE, "answers": MADE,
            "answers_revision": "about the comment that is answered", "shown": "how the list is made",
            "place_kept": "how the list is made", "judged_by": "how the queue is made",
            "version": "how writes are told apart",
            "reasons": "the rules of the site; what they said is told beside the comment",
            "best": ORDER, "lively": ORDER, "latest": ORDER, "repliers": ORDER, "upheld": ORDER,
        },
    ),
    Kept(
        Revision, _of_comment(Revision.site_id, Revision.comment_id), ("comment_id", "revision", "source", "until"),
        {"tree": MADE},
    ),
    Kept(
        Decision, _of_comment(Decision.site_id, Decision.comment_id),
        ("comment_id", "by", "before", "after", "revision", "mark", "at"),
        {"id": "of the row alone", "moderator_id": STAFF, "undoes": "joins two rows"},
    ),
    Kept(
        Recommendation, _of_reader(Recommendation.site_id, Recommendation.reader_id), ("comment_id", "at"), OWNER
    ),
    Kept(
        Report, _of_reader(Report.site_id, Report.reader_id), ("comment_id", "reason", "note", "at"),
        OWNER | {"settled_by": "joins it with a decision about somebody else's comment"},
    ),
    Kept(
        ReportNotice, _of_reader(ReportNotice.site_id, ReportNotice.reader_id),
        ("comment_id", "law", "name", "email", "child_abuse", "at"), OWNER,
    ),
    Kept(
        Expert, _of_reader(Expert.site_id, Expert.reader_id), ("article_id", "section", "created"),
        OWNER | {"id": "of the row alone", "moderator_id": STAFF},
    ),
    Kept(
        StaffReader, _of_reader(StaffReader.site_id, StaffReader.reader_id), ("created",),
        OWNER | {"moderator_id": "the reader's own name at the desk"},
    ),
    Kept(
        Notice, _of_reader(Notice.site_id, Notice.reader_id),
        ("event", "comment_id", "word", "number", "created", "read_at"),
        OWNER | {
            "id": "of the row alone", "source": "keeps the same from being told twice",
            "mail_at": "when a mail may tell it", "letter_id": "joins it with a mail",
        },
    ),
    Kept(
        NoticeSettings, _of_reader(NoticeSettings.site_id, NoticeSettings.reader_id), ("chosen", "weekly_at"),
        OWNER | {"feed_digest": "what a secret is known by", "letter_id": "joins it with a mail"},
    ),
    Kept(
        Mute, _of_reader(Mute.site_id, Mute.reader_id), ("at",),
        OWNER | {"muted_id": "somebody else's id, which nobody is told"},
    ),
    Kept(Follow, _of_reader(Follow.site_id, Follow.reader_id), ("article_id", "at"), OWNER),
    Kept(Erasure, _of_reader(Erasure.site_id, Erasure.reader_id), ("way", "asked_at", "due_at"), OWNER),
)  # fmt: skip

# Tables that refer to comments, or hold addresses, and say nothing about a reader.
OF_NOBODY: Mapping[str, str] = {
    "mail_sign_ins": "who asks for a code is nobody yet; it goes within minutes, and with the reader of the address",
    "shares": "counts clicks of nobody, and knows no reader",
    "searchable": "the words of published comments, folded",
    "decision_evidence": "what staff gave as a reason; the author is told it as a sentence",
}
