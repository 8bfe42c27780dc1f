"""The people of one site; its owners let others in, and out."""

from flask import Response, request

from comments_service import binding, inviting, signing_in, staff
from comments_service.database import db, now
from comments_service.errors import Conflict, Invalid, Refused
from comments_service.tables import Moderator, Site
from comments_service.web.desk import guard
from comments_service.web.desk.forms import done, page
from comments_service.web.desk.guard import asks_again, desk


@desk.get("/sites/<site_key>/people")
def people(site_key: str) -> Response:
    """Who works on a site."""
    return _people(guard.site_for(site_key))


@desk.post("/sites/<site_key>/people")
@asks_again
def add_person(site_key: str) -> Response:
    """Let somebody in; a new person's invitation is shown this once."""
    site = guard.site_for(site_key, role="owner")
    typed = {name: request.form.get(name, "") for name in ("login", "name", "role")}
    try:
        person, new = staff.add(db.session(), site, **typed, at=now(), by=guard.current())
    except (Invalid, Conflict) as refused:
        return _people(site, typed=typed, refused=refused)
    token = inviting.invite(db.session(), site, person, by=guard.current(), at=now()) if new else None
    db.session.commit()
    return _invitation(site, person, token) if token else done(_path(site_key), "member")


@desk.post("/sites/<site_key>/people/<moderator_id>/invite")
@asks_again
def invite_again(site_key: str, moderator_id: str) -> Response:
    """Make a new invitation in the place of one that waits; it is shown this once."""
    site = guard.site_for(site_key, role="owner")
    token = inviting.again(db.session(), site, moderator_id, by=guard.current(), at=now())
    person = staff.member(db.session(), site, moderator_id)
    db.session.commit()
    return _invitation(site, person, token)


@desk.post("/sites/<site_key>/people/<moderator_id>/revoke")
@asks_again
def revoke_invitation(site_key: str, moderator_id: str) -> Response:
    """Take an invitation back."""
    inviting.revoke(db.session(), guard.site_for(site_key, role="owner"), moderator_id)
    db.session.commit()
    return done(_path(site_key), "uninvited")


@desk.post("/sites/<site_key>/people/second-factor")
@asks_again
def ask_second_factor(site_key: str) -> Response:
    """Ask a second factor of moderators too, or of owners alone."""
    guard.site_for(site_key, role="owner").moderators_second_factor = "moderators" in request.form
    db.session.commit()
    return done(_path(site_key), "saved")


@desk.post("/sites/<site_key>/people/<moderator_id>/role")
@asks_again
def change_role(site_key: str, moderator_id: str) -> Response:
    """Make a moderator an owner, or the other way round."""
    site = guard.site_for(site_key, role="owner")
    try:
        staff.set_role(db.session(), site, moderator_id, role=request.form.get("role", ""))
    except (Invalid, Conflict) as refused:
        return _people(site, problem=refused)
    db.session.commit()
    return done(_path(site_key), "role")


@desk.post("/sites/<site_key>/people/<moderator_id>/remove")
@asks_again
def remove_person(site_key: str, moderator_id: str) -> Response:
    """Take somebody's role away."""
    site = guard.site_for(site_key, role="owner")
    try:
        staff.remove(db.session(), site, moderator_id)
    except Conflict as refused:
        return _people(site, problem=refused)
    db.session.commit()
    if moderator_id == guard.current().id:
        return done("/desk/sites", "removed")
    return done(_path(site_key), "removed")


@desk.post("/sites/<site_key>/people/<moderator_id>/link")
@asks_again
def link_person(site_key: str, moderator_id: str) -> Response:
    """Make a new link for somebody who has none, or has forgotten a password."""
    site = guard.site_for(site_key, role="owner")
    token = signing_in.make_link_for(db.session(), guard.current(), site, moderator_id, at=now())
    person = staff.member(db.session(), site, moderator_id)
    db.session.commit()
    return _people(site, link=_link(token), link_for=person)


def _invitation(site: Site, person: Moderator, token: str) -> Response:
    return _people(site, invitation=inviting.link(guard.own_address(), token), link_for=person)


def _people(
    site: Site,
    *,
    typed: dict[str, str] | None = None,
    refused: Refused | None = None,
    problem: Refused | None = None,
    link: str | None = None,
    invitation: str | None = None,
    link_for: Moderator | None = None,
) -> Response:
    if refused or problem:
        db.session.rollback()
    return page(
        "desk/people.html", refused=refused or problem, site=site, people=staff.members(db.session(), site),
        typed=typed, problem=problem, link=link, invitation=invitation, link_for=link_for, role=guard.role_on(site),
        area="sites", part="people", writing=binding.of_site(db.session(), site), at=now(),
        invited=inviting.pending(db.session(), site), proven=staff.with_second_factor(db.session(), site),
        local=guard.is_local(),
    )  # fmt: skip


def _link(token: str) -> str:
    return signing_in.link(guard.own_address(), token)


def _path(site_key: str) -> str:
    return f"/desk/sites/{site_key}/people"
