"""Accounts elsewhere with which readers sign in: the OpenID providers of a site. Owners only."""

from flask import Response, current_app, request

from comments_service.database import db, now
from comments_service.errors import Invalid, Refused
from comments_service.oidc import discovery, providers
from comments_service.oidc.providers import PRESETS, Wish
from comments_service.settings import Settings
from comments_service.tables import Provider, Site
from comments_service.web.desk import guard
from comments_service.web.desk.forms import done, page
from comments_service.web.desk.guard import asks_again, desk

FIELDS = ("name", "issuer", "client_id", "secret", "kind", "team_id", "key_id", "key")


@desk.get("/sites/<site_key>/providers")
def provider_list(site_key: str) -> Response:
    """The providers of a site, and the form for another one."""
    preset = request.args.get("preset", "")
    return _list(guard.site_for(site_key, role="owner"), PRESETS.get(preset, Wish()))


@desk.post("/sites/<site_key>/providers")
@asks_again
def make_provider(site_key: str) -> Response:
    """Register a provider; it is offered at once."""
    site, wish, own = guard.site_for(site_key, role="owner"), _typed(), _settings()
    try:
        made = providers.add(
            db.session(), site, wish, keyring=guard.keyring(), local=own.local, at=now()
        )
    except Refused as refused:
        db.session.rollback()
        return _list(guard.site_for(site_key, role="owner"), wish, refused=refused)
    key = made.key
    db.session.commit()
    return done(f"/desk/sites/{site_key}/providers/{key}", "saved")


@desk.get("/sites/<site_key>/providers/<provider_key>")
def provider_page(site_key: str, provider_key: str) -> Response:
    """One provider: what to register there, and what was typed of it, without the secret."""
    site = guard.site_for(site_key, role="owner")
    found = providers.find(db.session(), site, provider_key)
    return _one(site, found, providers.wish_of(found))


@desk.post("/sites/<site_key>/providers/<provider_key>")
@asks_again
def change_provider(site_key: str, provider_key: str) -> Response:
    """Change a provider; with the secret left empty, the one that there is stays."""
    site, wish, own = guard.site_for(site_key, role="owner"), _typed(), _settings()
    try:
        providers.change(db.session(), site, provider_key, wish, keyring=guard.keyring(), local=own.local)
    except Invalid as refused:
        db.session.rollback()
        site = guard.site_for(site_key, role="owner")
        return _one(site, providers.find(db.session(), site, provider_key), wish, refused=refused)
    db.session.commit()
    return done(f"/desk/sites/{site_key}/providers/{provider_key}", "saved")


@desk.post("/sites/<site_key>/providers/<provider_key>/switch")
@asks_again
def switch_provider(site_key: str, provider_key: str) -> Response:
    """Offer a provider to readers, or not."""
    site = guard.site_for(site_key, role="owner")
    providers.switch(db.session(), site, provider_key, on=request.form.get("on") == "1", at=now())
    db.session.commit()
    return done(f"/desk/sites/{site_key}/providers/{provider_key}", "saved")


@desk.post("/sites/<site_key>/providers/<provider_key>/try")
def try_provider(site_key: str, provider_key: str) -> Response:
    """Read what the provider says of itself, and say what is wrong with it."""
    site = guard.site_for(site_key, role="owner")
    found = providers.find(db.session(), site, provider_key)
    refused = None
    try:
        discovery.look(found.issuer, local=_settings().local, at=now())
    except Invalid as wrong:
        refused = wrong
    return _one(site, found, providers.wish_of(found), refused=refused, tried=True)


def _typed() -> Wish:
    return Wish(**{name: request.form.get(name, "") for name in FIELDS if name in request.form})


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def _list(site: Site, wish: Wish, *, refused: Refused | None = None) -> Response:
    there = providers.listing(db.session(), site)
    key = providers.free_key(wish.key or wish.name, {row.key for row in there}) if wish.name else ""
    return page(
        "desk/providers.html", refused=refused, site=site, providers=there, wish=wish, presets=PRESETS, key=key,
        redirect=providers.redirect_uri(guard.public_address(), site.key, key) if key else "",
        role="owner", area="sites", part="sso",
    )  # fmt: skip


def _one(
    site: Site, found: Provider, wish: Wish, *, refused: Refused | None = None, tried: bool = False
) -> Response:  # fmt: skip
    return page(
        "desk/provider.html", refused=refused, site=site, provider=found, wish=wish, tried=tried, key="",
        redirect=providers.redirect_uri(guard.public_address(), site.key, found.key),
        role="owner", area="sites", part="sso",
    )  # fmt: skip
