"""Call the author of a comment an expert, and take that back."""

from flask import Response, make_response, redirect, request

from comments_service import experts, moderating
from comments_service.database import db, now
from comments_service.web.desk import guard
from comments_service.web.desk.guard import desk


@desk.post("/comments/<site_key>/<comment_id>/expert")
def make_expert(site_key: str, comment_id: str) -> Response:
    """Give the badge under the comment's article, or in its section."""
    found = moderating.find(db.session(), guard.site_for(site_key), comment_id)
    scope = request.form.get("scope", "")
    experts.grant(db.session(), found, scope=scope, moderator_id=guard.current().id, at=now())
    db.session.commit()
    return _back()


@desk.post("/experts/<site_key>/<expert_id>/end")
def end_expert(site_key: str, expert_id: str) -> Response:
    """Take the badge back."""
    experts.end(db.session(), guard.site_for(site_key), expert_id)
    db.session.commit()
    return _back()


def _back() -> Response:
    return make_response(redirect(guard.safe_next(request.form.get("back", "")), 303))
