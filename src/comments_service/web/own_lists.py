"""What one browser has written, and what else it alone gets: held and rejected comments are among it."""

from datetime import datetime
from typing import Literal

from comments_service import articles, explaining, muting, reacting, reading, reporting
from comments_service.accounts import Visitor, known_name
from comments_service.database import db
from comments_service.noticing import listing
from comments_service.web import incoming, shapes, speaking
from comments_service.web.authors import author


class ReportOutcome(shapes.Answer):
    """What became of a report: a moderator has kept or removed the comment, it is gone, or nobody has decided yet."""

    comment: str
    outcome: Literal["waiting", "kept", "removed", "gone"]
    reported: shapes.Moment
    decided: shapes.Moment | None


class Muted(shapes.Answer):
    """Somebody who is muted; `author` is the same sign as at their comments."""

    author: str
    name: str


class Me(shapes.Answer):
    """What belongs to one browser alone, under one article; `now` is the server's clock. A guest is not `signed_in`.

    `unread` is how many notices are, a hundred for more, and `following` whether this conversation is followed.
    `muted` is whom the account behind it has muted, if there is one.
    """

    name: str | None
    signed_in: bool
    comments: list[shapes.Own]
    recommended: list[str]
    reported: list[str]
    reports: list[ReportOutcome]
    unread: int
    following: bool
    muted: list[Muted]
    now: shapes.Moment


class OwnPage(shapes.Answer):
    """What this browser has written, and what its replies answer; `told` says why the list is empty, if it is."""

    comments: list[shapes.Own]
    parents: list[shapes.Comment]
    next: str | None
    told: str | None


def under(visitor: Visitor, key: str, *, at: datetime) -> Me:
    """All of it under one article, with what else nobody but its reader may know there; little for a stranger."""
    reader = visitor.reader
    article = articles.find(db.session(), visitor.site, key) if reader else None
    mine = Me(
        name=known_name(reader), signed_in=visitor.signed_in, now=at,
        comments=[], recommended=[], reported=[], reports=[], unread=0, following=False, muted=muted_by(visitor),
    )  # fmt: skip
    if reader:
        mine.unread, mine.following = listing.glance(db.session(), reader, article)
    if reader and article:
        rows = reading.mine(db.session(), article, reader.id)
        told = explaining.reasons(db.session(), rows)
        mine.comments = [shapes.own(row, told.get(row.id)) for row in rows]
        mine.recommended = reacting.recommended(db.session(), article, reader.id)
        found = reporting.outcomes(db.session(), article, reader.id)
        mine.reports = [ReportOutcome.model_validate(each, from_attributes=True) for each in found]
        mine.reported = [report.comment for report in mine.reports]
    return mine


def muted_by(visitor: Visitor) -> list[Muted]:
    """Whom the account of a visitor has muted."""
    found = muting.muted(db.session(), visitor)
    return [Muted(author=author(row.site_id, row.id), name=row.name) for row in found]


def page(visitor: Visitor, query: incoming.OwnQuery) -> OwnPage:
    """One page of it; nothing for somebody whom this site does not know. Raises Invalid for a damaged cursor."""
    reader = visitor.reader
    article = articles.find(db.session(), visitor.site, query.key) if reader else None
    found = reading.Thread()
    if reader and article:
        found = reading.own(db.session(), article, reader.id, sort=query.sort, cursor=query.cursor)
    why = explaining.reasons(db.session(), found.comments)
    return OwnPage(
        comments=[shapes.own(row, why.get(row.id)) for row in found.comments],
        parents=[shapes.comment(row) for row in found.parents],
        next=found.next,
        told=None if found.comments else speaking.say("You have not written anything here from this browser."),
    )
