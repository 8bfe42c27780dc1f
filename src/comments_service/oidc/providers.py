"""The OpenID providers of a site: registered by its owner, changed, and switched off and on again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service.accounts import clean_name
from comments_service.database import take_turn
from comments_service.errors import Conflict, Invalid, NotFound
from comments_service.oidc import discovery
from comments_service.sealing import PROVIDER, Keyring
from comments_service.tables import Provider, Site

SECRET, APPLE = "secret", "apple"
MOST = 8
MAX_NAME, MAX_ISSUER, MAX_CLIENT_ID, MAX_SECRET = 40, 200, 255, 4000
APPLE_ID = re.compile(r"[A-Z0-9]{10}")
NO_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What an owner types; without a `secret`, a change keeps the one there is. Of Apple, it is the private key.

    `key` is the place in addresses that a new one should get, which its name is made into otherwise.
    """

    name: str = ""
    issuer: str = ""
    client_id: str = ""
    secret: str = ""
    kind: str = SECRET
    team_id: str = ""
    key_id: str = ""
    key: str = ""


# What is the same for every site.
PRESETS: Mapping[str, Wish] = {
    "google": Wish(name="Google", issuer="https://accounts.google.com"),
    "microsoft": Wish(name="Microsoft", issuer="https://login.microsoftonline.com/common/v2.0"),
    "apple": Wish(name="Apple", issuer="https://appleid.apple.com", kind=APPLE),
}


def add(session: Session, site: Site, wish: Wish, *, keyring: Keyring, local: bool, at: datetime) -> Provider:
    """A new provider, which readers are offered at once. `local` lets one on this machine's loopback address be used.

    Raises Invalid with the field, or Conflict for too many.
    """
    _alone(session, site)
    there = listing(session, site)
    if len(there) >= MOST:
        raise Conflict("There are {most} providers already.", most=MOST)
    provider = Provider(site_id=site.id, key=free_key(wish.key or wish.name, {row.key for row in there}), created=at)
    _set(provider, wish, keyring=keyring, local=local)
    session.add(provider)
    session.flush()
    _show(session, site)
    return provider


def change(session: Session, site: Site, key: str, wish: Wish, *, keyring: Keyring, local: bool) -> Provider:
    """Make a provider what its owner wants; its place in addresses stays. Raises NotFound or Invalid."""
    _alone(session, site)
    provider = find(session, site, key)
    _set(provider, wish, keyring=keyring, local=local)
    session.flush()
    _show(session, site)
    return provider


def switch(session: Session, site: Site, key: str, *, on: bool, at: datetime) -> None:
    """Offer a provider or not; who is signed in stays so. Raises NotFound."""
    _alone(session, site)
    provider = find(session, site, key)
    provider.disabled_at = None if on else provider.disabled_at or at
    session.flush()
    _show(session, site)


def find(session: Session, site: Site, key: str) -> Provider:
    """A provider of a site, switched off or not. Raises NotFound."""
    its = (Provider.site_id == site.id, Provider.key == key)
    found = session.scalars(select(Provider).where(*its)).first()
    if found is None:
        raise NotFound("There is no such provider.")
    return found


def offered(session: Session, site: Site, key: str) -> Provider:
    """A provider with which readers may sign in. Raises NotFound."""
    found = find(session, site, key)
    if found.disabled_at is not None:
        raise NotFound("There is no such provider.")
    return found


def listing(session: Session, site: Site) -> Sequence[Provider]:
    """The providers of a site, in the order in which they came."""
    return session.scalars(select(Provider).where(Provider.site_id == site.id).order_by(Provider.id)).all()


def wish_of(provider: Provider) -> Wish:
    """What an owner has typed of a provider, without its secret."""
    return Wish(
        name=provider.name, issuer=provider.issuer, client_id=provider.client_id, kind=provider.kind,
        team_id=provider.team_id, key_id=provider.key_id,
    )  # fmt: skip


def redirect_uri(service: str, site_key: str, key: str) -> str:
    """Where a provider sends readers back to: an address of its own, so that no other can speak in its place."""
    return f"{service}/s/{site_key}/sign-in/oidc/{key}/callback"


def _alone(session: Session, site: Site) -> None:
    take_turn(session)
    session.get(Site, site.id, with_for_update={"key_share": True}, populate_existing=True)


def _show(session: Session, site: Site) -> None:
    rows = [row for row in listing(session, site) if row.disabled_at is None]
    site.show(providers=[{"key": row.key, "name": row.name} for row in rows])
    session.flush()


def free_key(name: str, taken: set[str]) -> str:
    """A place in addresses that is made of a name, and not taken."""
    slug = NO_SLUG.sub("-", name.lower()).strip("-")[:30] or "account"
    return next(key for key in (slug, *(f"{slug}-{n}" for n in range(2, MOST + 2))) if key not in taken)


def _set(provider: Provider, wish: Wish, *, keyring: Keyring, local: bool) -> None:
    if wish.kind not in {SECRET, APPLE}:
        raise Invalid("Choose one of them.", field="kind")
    issuer = _issuer(wish.issuer.strip(), local=local)
    # What is kept was given for one provider. Whoever changes which one that is might be told the secret by it.
    kept = provider.sealed is not None and (provider.kind, provider.issuer) == (wish.kind, issuer)
    needed = wish.kind == APPLE or provider.sealed is not None
    provider.name, provider.kind, provider.issuer = _name(wish.name), wish.kind, issuer
    provider.client_id = _client_id(wish.client_id.strip())
    apple = wish.kind == APPLE
    if apple and not (APPLE_ID.fullmatch(wish.team_id) and APPLE_ID.fullmatch(wish.key_id)):
        field = "key_id" if APPLE_ID.fullmatch(wish.team_id) else "team_id"
        raise Invalid("Apple gives it with the key: ten capital letters and digits.", field=field)
    provider.team_id, provider.key_id = (wish.team_id, wish.key_id) if apple else ("", "")
    if wish.secret.strip() or (needed and not kept):
        secret = _apple_key(wish.secret) if apple else _secret(wish.secret)
        provider.sealed = keyring.seal(secret, owner_id=provider.site_id, purpose=PROVIDER)


def _name(typed: str) -> str:
    try:
        shown = clean_name(typed)
    except Invalid:
        shown = ""
    if not 1 <= len(shown) <= MAX_NAME:
        raise Invalid("Give a name of 1 to {most} characters.", field="name", most=MAX_NAME)
    return shown


def _issuer(typed: str, *, local: bool) -> str:
    if len(typed) > MAX_ISSUER or "?" in typed or not discovery.is_address(typed, local=local):
        raise Invalid(
            "Write the issuer as the provider does: an address that begins with https:// and has no query.",
            field="issuer",
        )
    return typed


def _client_id(typed: str) -> str:
    if not 1 <= len(typed) <= MAX_CLIENT_ID or not typed.isascii() or not typed.isprintable():
        raise Invalid("Copy it from the provider: it has 1 to {most} plain characters.", field="client_id",
                      most=MAX_CLIENT_ID)
    return typed


def _secret(typed: str) -> bytes:
    kept = typed.strip()
    if not 1 <= len(kept) <= MAX_SECRET or not kept.isascii() or not kept.isprintable():
        raise Invalid("Copy it from the provider: it has 1 to {most} plain characters.", field="secret",
                      most=MAX_SECRET)
    return kept.encode()


def _apple_key(pem: str) -> bytes:
    raw = pem.strip().encode()
    try:
        key = load_pem_private_key(raw, None) if len(raw) <= MAX_SECRET else None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise Invalid(
            "This is no key of Apple's. Paste the whole .p8 file, which begins with -----BEGIN PRIVATE KEY-----.",
            field="secret",
        )
    return raw
