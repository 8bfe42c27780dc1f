"""What one browser has written, as a list that it alone gets: held and rejected comments are among it."""

from comments_service import articles, explaining, reading
from comments_service.accounts import Visitor
from comments_service.database import db
from comments_service.web import incoming, shapes, speaking


class OwnPage(shapes.Answer):
    """What this browser has written, and what its replies answer; `told` says why the list is empty, if it is."""

    comments: list[shapes.Own]
    parents: list[shapes.Comment]
    next: str | None
    told: str | None


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
