"""How readers come in: the ways that are open, and the keys under which a paper signs who they are. Owners only."""

from flask import Response, current_app, request

from comments_service import sites, sso_keys
from comments_service.database import db, now
from comments_service.errors import Refused
from comments_service.sso_keys import NewKey
from comments_service.tables import Site
from comments_service.web.desk import guard
from comments_service.web.desk.forms import done, page
from comments_service.web.desk.guard import asks_again, desk


@desk.get("/sites/<site_key>/sso")
def sso_key_list(site_key: str) -> Response:
    """The keys of a site, without their secrets."""
    return _keys(guard.site_for(site_key, role="owner"))


@desk.post("/sites/<site_key>/sso")
@asks_again
def make_sso_key(site_key: str) -> Response:
    """Make a key; a secret is shown this once."""
    site = guard.site_for(site_key, role="owner")
    wished = NewKey(public_key=request.form.get("public_key", ""), issuer=request.form.get("issuer", "").strip())
    try:
        key, secret = sso_keys.add(db.session(), site, wished, keyring=guard.keyring(), at=now())
    except Refused as refused:
        return _keys(site, wished, refused=refused)
    made = {"kid": key.kid, "alg": key.algorithm, "iss": key.issuer, "aud": site.key, "secret": secret}
    db.session.commit()
    return _keys(site, made=made)


@desk.post("/sites/<site_key>/ways")
def open_ways(site_key: str) -> Response:
    """Switch the ways in on and off."""
    site = guard.site_for(site_key, role="owner")
    ways = {name: name in request.form for name in ("guests", "mail", "sso")}
    sites.open_ways(db.session(), site, sites.Ways(**ways))
    db.session.commit()
    return done(f"/desk/sites/{site_key}/sso", "saved")


@desk.post("/sites/<site_key>/sso/<kid>/retire")
@asks_again
def retire_sso_key(site_key: str, kid: str) -> Response:
    """Believe a key no longer."""
    sso_keys.retire(db.session(), guard.site_for(site_key, role="owner"), kid, at=now())
    db.session.commit()
    return done(f"/desk/sites/{site_key}/sso", "retired")


def _keys(
    site: Site, wished: NewKey | None = None, *, refused: Refused | None = None, made: dict[str, str] | None = None
) -> Response:
    return page(
        "desk/sso.html", refused=refused, site=site, keys=sso_keys.listing(db.session(), site), made=made or {},
        sends_mail=current_app.config["SETTINGS"].mail_url is not None,
        wished=wished or NewKey(), role="owner", area="sites", part="sso",
    )  # fmt: skip
