"""What lets a paper's own machines speak for a site: API tokens, and the key that signs its pages. Owners only."""

from flask import Response, request

from comments_service import page_tokens, tokens
from comments_service.database import db, now
from comments_service.errors import Invalid
from comments_service.tables import Site
from comments_service.web.desk import guard
from comments_service.web.desk.forms import done, page
from comments_service.web.desk.guard import asks_again, desk


@desk.get("/sites/<site_key>/tokens")
def token_list(site_key: str) -> Response:
    """The tokens of a site, without their secrets."""
    return _tokens(guard.site_for(site_key, role="owner"))


@desk.post("/sites/<site_key>/tokens")
@asks_again
def make_token(site_key: str) -> Response:
    """Make a token; it is shown this once."""
    site = guard.site_for(site_key, role="owner")
    name, scopes = request.form.get("name", ""), request.form.getlist("scopes")
    try:
        raw = tokens.make(db.session(), site, name=name, scopes=scopes, at=now())
    except Invalid as refused:
        return _tokens(site, refused=refused, name=name, chosen=scopes)
    db.session.commit()
    return _tokens(site, raw=raw)


@desk.post("/sites/<site_key>/tokens/<token_id>/revoke")
@asks_again
def revoke_token(site_key: str, token_id: str) -> Response:
    """End a token at once."""
    site = guard.site_for(site_key, role="owner")
    tokens.revoke(db.session(), site, token_id, at=now())
    db.session.commit()
    return done(f"/desk/sites/{site_key}/tokens", "revoked")


@desk.get("/sites/<site_key>/page-key")
@asks_again
def page_key(site_key: str) -> Response:
    """The key that signs what the site's pages say of their articles."""
    site = guard.site_for(site_key, role="owner")
    return page("desk/page_key.html", site=site, role="owner", area="sites", part="tokens")


@desk.post("/sites/<site_key>/page-key")
@asks_again
def rotate_page_key(site_key: str) -> Response:
    """Make a new page key."""
    page_tokens.rotate(db.session(), guard.site_for(site_key, role="owner"))
    db.session.commit()
    return done(f"/desk/sites/{site_key}/page-key", "rotated")


def _tokens(
    site: Site, *, refused: Invalid | None = None, name: str = "", chosen: list[str] | None = None, raw: str = ""
) -> Response:  # fmt: skip
    return page(
        "desk/tokens.html", refused=refused, site=site, tokens=tokens.listing(db.session(), site),
        scopes=tokens.SCOPES, name=name, chosen=list(tokens.SCOPES) if chosen is None else chosen, raw=raw,
        role="owner", area="sites", part="tokens",
    )  # fmt: skip
