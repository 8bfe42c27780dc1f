"""The keys under which a paper signs who its readers are: added, replaced without a gap, and retired."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from comments_service.database import take_turn
from comments_service.errors import Conflict, Invalid, NotFound
from comments_service.sealing import SSO_KEY, Keyring
from comments_service.tables import Site, SsoKey

HS256, EDDSA = "HS256", "EdDSA"
# RFC 7518, section 3.2: a key of the size of the hash output, or larger.
LEAST_SECRET, MOST_SECRET = 32, 512
MOST_LIVE = 2
MAX_ISSUER = 200
MAX_PEM = 2000
KID = re.compile(r"[A-Za-z0-9_-]{1,64}")
USE_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """What an owner wants: a `public_key` in PEM makes it EdDSA, else it is HS256 with the `secret`, or one of ours.

    An empty `issuer` is that of the newest key, or else the site's first origin; an empty `kid` is made up.
    """

    secret: str = ""
    public_key: str = ""
    issuer: str = ""
    kid: str = ""


def add(session: Session, site: Site, wished: NewKey, *, keyring: Keyring, at: datetime) -> tuple[SsoKey, str]:
    """A new key of a site, and the secret where it was made here, shown this once.

    Raises Invalid for what cannot be used, and Conflict while two keys are live or for a kid that was used before.
    """
    take_turn(session)
    # Two owners at once wait here for each other, so that there are never three.
    session.get(Site, site.id, with_for_update={"key_share": True})
    kid = wished.kid or secrets.token_urlsafe(9)
    if not KID.fullmatch(kid):
        raise Invalid("A kid has 1 to 64 letters, digits, - and _.", field="kid")
    known = listing(session, site)
    if sum(key.retired_at is None for key in known) >= MOST_LIVE:
        raise Conflict("Two keys are live already. Retire one of them first.")
    if any(key.kid == kid for key in known):
        raise Conflict("This site has had a key of that kid. Choose another one.", field="kid")
    issuer = _issuer(wished.issuer or (known[0].issuer if known else site.origins[0]))
    key = SsoKey(site_id=site.id, kid=kid, issuer=issuer, algorithm=EDDSA if wished.public_key else HS256, created=at)
    made = "" if wished.public_key or wished.secret else secrets.token_urlsafe(LEAST_SECRET)
    if wished.public_key:
        key.public_key = _public_key(wished.public_key)
    else:
        key.sealed = keyring.seal(_secret(wished.secret or made), owner_id=site.id, purpose=SSO_KEY)
    session.add(key)
    session.flush()
    return key, made


def retire(session: Session, site: Site, kid: str, *, at: datetime) -> SsoKey:
    """Believe what is signed with a key no longer; who is signed in stays so. Retiring it again changes nothing.

    Raises NotFound.
    """
    key = session.scalars(select(SsoKey).where(SsoKey.site_id == site.id, SsoKey.kid == kid)).first()
    if key is None:
        raise NotFound("There is no such key.")
    key.retired_at = key.retired_at or at
    session.flush()
    return key


def listing(session: Session, site: Site) -> Sequence[SsoKey]:
    """The keys of a site, newest first, the retired ones too."""
    return session.scalars(select(SsoKey).where(SsoKey.site_id == site.id).order_by(SsoKey.id.desc())).all()


def live(session: Session, site: Site) -> Sequence[SsoKey]:
    """The keys that count; with none, the paper's own accounts are not used on the site."""
    return session.scalars(
        select(SsoKey).where(SsoKey.site_id == site.id, SsoKey.retired_at.is_(None)).order_by(SsoKey.id)
    ).all()


def note_use(session: Session, key: SsoKey, *, at: datetime) -> None:
    """Keep when a key was last used, to the hour: readers who sign in at once do not queue on its row."""
    if key.last_used_at is not None and at - key.last_used_at < USE_NOTED_EVERY:
        return
    old = or_(SsoKey.last_used_at.is_(None), SsoKey.last_used_at <= at - USE_NOTED_EVERY)
    session.execute(
        update(SsoKey)
        .where(SsoKey.site_id == key.site_id, SsoKey.id == key.id, old)
        .values(last_used_at=at)
        .execution_options(synchronize_session=False)
    )


def _issuer(typed: str) -> str:
    if not 1 <= len(typed) <= MAX_ISSUER or typed != typed.strip() or not typed.isprintable():
        raise Invalid("An issuer has 1 to {most} characters on one line.", field="issuer", most=MAX_ISSUER)
    return typed


def _secret(given: str) -> bytes:
    raw = given.encode()
    if not LEAST_SECRET <= len(raw) <= MOST_SECRET:
        raise Invalid("A secret has {least} to {most} bytes.", field="secret", least=LEAST_SECRET, most=MOST_SECRET)
    return raw


def _public_key(pem: str) -> str:
    try:
        key = load_pem_public_key(pem.strip().encode()) if len(pem) <= MAX_PEM else None
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise Invalid(
            "This is no public Ed25519 key in PEM; one begins with -----BEGIN PUBLIC KEY-----.", field="public_key"
        )
    return pem.strip()
