"""The sites of whoever is at the desk: listed, made, and changed by their owners."""

from flask import Response, request

from comments_service import languages, sites
from comments_service.database import db
from comments_service.errors import NotYours, Refused
from comments_service.sites import MODERATION, Wishes, lines
from comments_service.tables import Site
from comments_service.web.desk import guard
from comments_service.web.desk.forms import done, page
from comments_service.web.desk.guard import desk


@desk.get("/sites")
def site_list() -> Response:
    """All sites on which one has a role."""
    return page("desk/sites.html", area="sites")


@desk.get("/sites/new")
def new_site_page() -> Response:
    """Ask for a new site."""
    _require_owner_of_any()
    return _new(Wishes(name="", origins=[]), key="")


@desk.post("/sites/new")
def new_site() -> Response:
    """Make a site; whoever makes it owns it."""
    _require_owner_of_any()
    key, wishes = request.form.get("key", "").strip(), _typed()
    try:
        sites.add(db.session(), key, wishes, owner=guard.current().id)
    except Refused as refused:
        return _new(wishes, key=key, refused=refused)
    db.session.commit()
    return done(f"/desk/sites/{key}", "made")


@desk.get("/sites/<site_key>")
def site_page(site_key: str) -> Response:
    """One site: its script tag and its settings, which its owners may change."""
    site = guard.site_for(site_key)
    return _site(site, _as_it_is(site))


@desk.post("/sites/<site_key>")
def change_site(site_key: str) -> Response:
    """Change a site."""
    site = guard.site_for(site_key, role="owner")
    wishes = _typed()
    try:
        sites.change(db.session(), site, wishes)
    except Refused as refused:
        return _site(site, wishes, refused=refused)
    db.session.commit()
    return done(f"/desk/sites/{site_key}", "saved")


def _require_owner_of_any() -> None:
    if not guard.current().owns_any:
        raise NotYours("Only somebody who owns a site may make another.")


def _typed() -> Wishes:
    form = request.form
    return Wishes(
        name=form.get("name", ""),
        origins=lines(form.get("origins", "")),
        moderation=form.get("moderation", ""),
        banned_words=lines(form.get("banned_words", "")),
        held_words=lines(form.get("held_words", "")),
        hint_words=lines(form.get("hint_words", "")),
        guidelines=form.get("guidelines", ""),
        appeals=form.get("appeals", ""),
        closes_after=form.get("closes_after", ""),
        read_only="read_only" in form,
        hold_new_links="hold_new_links" in form,
        language=form.get("language", languages.ENGLISH),
    )


def _as_it_is(site: Site) -> Wishes:
    return Wishes(
        name=site.name, origins=site.origins, moderation=site.moderation,
        banned_words=site.banned_words, held_words=site.held_words, hint_words=site.hint_words,
        guidelines=site.guidelines, closes_after=str(site.closes_after_days or ""), read_only=site.read_only,
        language=site.language, appeals=site.appeals, hold_new_links=site.hold_new_links,
    )  # fmt: skip


def _new(wishes: Wishes, *, key: str, refused: Refused | None = None) -> Response:
    return page("desk/site_new.html", refused=refused, wishes=wishes, key=key, moderation=MODERATION, area="sites")


def _site(site: Site, wishes: Wishes, *, refused: Refused | None = None) -> Response:
    return page(
        "desk/site.html", refused=refused, site=site, wishes=wishes, moderation=MODERATION,
        role=guard.role_on(site), service=guard.public_address(), area="sites", part="site",
    )  # fmt: skip
