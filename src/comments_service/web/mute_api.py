"""Whom a reader with an account has muted; of the family of `reader_api`."""

from flask import Response

from comments_service import muting
from comments_service.accounts import require_lasting
from comments_service.database import db, now
from comments_service.web import incoming, limits, own_lists
from comments_service.web.authors import author
from comments_service.web.reader_api import answer_with, api, visitor_at
from comments_service.web.shapes import Answer
from comments_service.web.specification import answers


class Mutes(Answer):
    """Whom the account behind this browser has muted; a guest's browser keeps that itself, and the list is empty."""

    muted: list[own_lists.Muted]


@api.get("/mutes", responses=answers({200: Mutes}, 401, 403, 404, 422))
def mutes(path: incoming.SitePath) -> Response:
    """Whom the reader has muted."""
    visitor = visitor_at(path.site_key)
    require_lasting(visitor)
    return answer_with(Mutes(muted=own_lists.muted_by(visitor)))


@api.put("/comments/<comment_id>/mute", responses=answers({204: None}, 401, 403, 404, 422, 429))
def mute(path: incoming.CommentPath) -> tuple[str, int]:
    """Mute who wrote a comment."""
    visitor = visitor_at(path.site_key)
    muting.mute(db.session(), path.comment_id, by=visitor, at=now())
    limits.admit(visitor)
    db.session.commit()
    return "", 204


@api.delete("/mutes/<author>", responses=answers({204: None}, 401, 403, 404, 422, 429))
def unmute(path: incoming.AuthorPath) -> tuple[str, int]:
    """Mute somebody no more."""
    visitor = visitor_at(path.site_key)
    # The sign is keyed and one-way: it is looked for among the few that are muted.
    found = [row.id for row in muting.muted(db.session(), visitor) if author(row.site_id, row.id) == path.author]
    muting.unmute(db.session(), next(iter(found), ""), by=visitor)
    db.session.commit()
    return "", 204
