"""What readers of a site are told, and how long what says something of them is kept: chosen by its owners."""

from collections.abc import Mapping

from flask import Response, request

from comments_service import disclosing, retention
from comments_service.database import db, now
from comments_service.disclosing import Disclosure
from comments_service.errors import Refused
from comments_service.tables import Site
from comments_service.web.desk import guard
from comments_service.web.desk.forms import done, page
from comments_service.web.desk.guard import asks_again, desk


@desk.get("/sites/<site_key>/privacy")
def privacy_page(site_key: str) -> Response:
    """Every term, and the last changes."""
    site = guard.site_for(site_key, role="owner")
    return _page(site)


@desk.post("/sites/<site_key>/privacy")
@asks_again
def choose_retention(site_key: str) -> Response:
    """Keep things for longer or not so long; what becomes too old by that is gone within the hour."""
    site = guard.site_for(site_key, role="owner")
    typed = {term.name: request.form.get(term.name, "") for term in retention.CHOSEN}
    try:
        wanted = retention.read(typed)
    except Refused as refused:
        return _page(site, typed=typed, refused=refused)
    retention.choose(db.session(), site, wanted, by=guard.current(), at=now())
    db.session.commit()
    return done(f"/desk/sites/{site_key}/privacy", "kept")


@desk.post("/sites/<site_key>/privacy/told")
def choose_disclosure(site_key: str) -> Response:
    """Tell readers something else where they write or leave an address."""
    site = guard.site_for(site_key, role="owner")
    form = request.form
    typed = Disclosure(
        consent=form.get("consent", ""), privacy_url=form.get("privacy_url", ""), terms_url=form.get("terms_url", "")
    )
    try:
        wanted = disclosing.read(typed)
    except Refused as refused:
        return _page(site, told=typed, refused=refused)
    disclosing.choose(db.session(), site, wanted, by=guard.current(), at=now())
    db.session.commit()
    return done(f"/desk/sites/{site_key}/privacy", "saved")


def _page(
    site: Site, *, typed: Mapping[str, str] | None = None, told: Disclosure | None = None,
    refused: Refused | None = None,
) -> Response:
    standing = {term.name: str(retention.days(site, term)) for term in retention.CHOSEN}
    fixed = [term for term in retention.TERMS if not term.chosen]
    return page(
        "desk/privacy.html", refused=refused, site=site, typed=typed or standing, chosen=retention.CHOSEN,
        disclosure=told or disclosing.of(site), most=disclosing.MAX_CONSENT,
        by_site=[term for term in fixed if term.of_site], by_all=[term for term in fixed if not term.of_site],
        names=retention.BY_NAME, changes=retention.changes(db.session(), site), role="owner", area="sites",
        part="privacy",
    )  # fmt: skip
