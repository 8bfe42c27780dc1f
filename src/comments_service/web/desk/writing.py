"""Write as staff: a link for one's own browser on the site, and the end of it. A badge, and no right at all."""

from flask import Response

from comments_service import binding, staff
from comments_service.database import db, now
from comments_service.web.desk import guard
from comments_service.web.desk.forms import done, page
from comments_service.web.desk.guard import asks_again, desk


@desk.get("/writing")
def writing() -> Response:
    """Where one writes as staff."""
    return _writing()


@desk.post("/writing/<site_key>/code")
def make_code(site_key: str) -> Response:
    """Make a link for one browser; it is shown this once."""
    site = guard.site_for(site_key)
    code = binding.make_code(db.session(), site, guard.current().id, at=now())
    place = binding.place(db.session(), site)
    db.session.commit()
    return _writing(code=code, place=place)


@desk.post("/writing/<site_key>/end")
def end_writing(site_key: str) -> Response:
    """End the badge of all of one's own browsers on a site."""
    binding.unbind(db.session(), guard.site_for(site_key), guard.current().id)
    db.session.commit()
    return done("/desk/writing", "writing")


@desk.post("/sites/<site_key>/people/<moderator_id>/end-writing")
@asks_again
def end_writing_of(site_key: str, moderator_id: str) -> Response:
    """End the badge of a member's browsers."""
    site = guard.site_for(site_key, role="owner")
    binding.unbind(db.session(), site, staff.member(db.session(), site, moderator_id).id)
    db.session.commit()
    return done(f"/desk/sites/{site_key}/people", "writing")


def _writing(*, code: str = "", place: str = "") -> Response:
    me = guard.current()
    return page(
        "desk/writing.html", numbers=binding.browsers(db.session(), me.site_ids, me.id), code=code, place=place,
        minutes=binding.LIVES.seconds // 60, area="account",
    )  # fmt: skip
