"""Secrets at rest: sealed with keys from the environment, so that a copy of the database gives none of them away.

AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits. Each value is bound to its purpose and to the id of the
site or person that it belongs to as associated data (RFC 5116): of another, or for another use, it does not open.
What is stored is version | key id | nonce | ciphertext and tag. The keys of AES come from the settings by HKDF
(RFC 5869).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from comments_service.errors import Invalid, Unavailable
from comments_service.tables import Provider, SecondFactor, SsoKey

log = structlog.get_logger()
VERSION = b"\x01"
KEY_ID, NONCE, TAG = 4, 12, 16
SHORTEST = len(VERSION) + KEY_ID + NONCE + TAG
SSO_KEY = "sso key"
TOTP_SEED = "totp seed"
PROVIDER = "oidc provider"
# Every column that holds something sealed: for what, and the column with the id of its owner.
SEALED: Mapping[InstrumentedAttribute[bytes | None], tuple[str, InstrumentedAttribute[str]]] = {
    SsoKey.sealed: (SSO_KEY, SsoKey.site_id),
    Provider.sealed: (PROVIDER, Provider.site_id),
    SecondFactor.sealed: (TOTP_SEED, SecondFactor.moderator_id),
    SecondFactor.next_sealed: (TOTP_SEED, SecondFactor.moderator_id),
}
NO_KEY = "Set SEALING_KEYS first (openssl rand -hex 32): without it, no secret is kept in the database."


@dataclass(frozen=True)
class Keyring:
    """The sealing keys as the settings name them, the newest first."""

    keys: tuple[str, ...]

    def seal(self, secret: bytes, *, owner_id: str, purpose: str) -> bytes:
        """What is stored of a secret. Raises Invalid while there is no key."""
        if not self.keys:
            raise Invalid(NO_KEY)
        key_id, cipher = _cipher(self.keys[0])
        nonce = secrets.token_bytes(NONCE)
        return VERSION + key_id + nonce + cipher.encrypt(nonce, secret, _bound_to(owner_id, purpose))

    def open(self, sealed: bytes, *, owner_id: str, purpose: str) -> bytes:
        """The secret behind what is stored. Raises Unavailable, and tells the log which setting to look at."""
        key_id, nonce, rest = _apart(sealed)
        cipher = next((cipher for known, cipher in map(_cipher, self.keys) if known == key_id), None)
        try:
            if cipher is None:
                raise InvalidTag
            return cipher.decrypt(nonce, rest, _bound_to(owner_id, purpose))
        except InvalidTag:
            why = "SEALING_KEYS lacks its key" if cipher is None else "it was changed, or belongs to another row"
            log.error("a sealed secret does not open", purpose=purpose, why=why)
            raise Unavailable("This does not work here right now. The site's owner has to look at it.") from None

    def opens(self, sealed: bytes, *, owner_id: str, purpose: str) -> bool:
        """Whether a stored secret can be opened."""
        try:
            self.open(sealed, owner_id=owner_id, purpose=purpose)
        except Unavailable:
            return False
        return True

    def is_newest(self, sealed: bytes) -> bool:
        """Whether a stored secret is under the newest key."""
        return bool(self.keys) and _apart(sealed)[0] == _cipher(self.keys[0])[0]


def unopened(session: Session, keyring: Keyring) -> int:
    """How many stored secrets do not open with the keys that there are."""
    return sum(
        not keyring.opens(sealed, owner_id=owner_id, purpose=purpose)
        for column, (purpose, owner) in SEALED.items()
        for owner_id, sealed in _stored(session, column, owner)
    )


def reseal(session: Session, keyring: Keyring) -> int:
    """Seal everything that is under an older key under the newest; how many secrets. Raises Unavailable or Invalid."""
    return sum(_reseal(session, keyring, column) for column in SEALED)


def _reseal(session: Session, keyring: Keyring, column: InstrumentedAttribute[bytes | None]) -> int:
    purpose, owner = SEALED[column]
    rows = session.scalars(select(column.class_).where(column.is_not(None)).with_for_update()).all()
    old = [row for row in rows if not keyring.is_newest(getattr(row, column.key))]
    for row in old:
        bound = {"owner_id": getattr(row, owner.key), "purpose": purpose}
        setattr(row, column.key, keyring.seal(keyring.open(getattr(row, column.key), **bound), **bound))
    session.flush()
    return len(old)


def _stored(
    session: Session, column: InstrumentedAttribute[bytes | None], owner: InstrumentedAttribute[str]
) -> Sequence[tuple[str, bytes]]:
    rows = session.execute(select(owner, column).where(column.is_not(None)))
    return [(row[0], row[1] or b"") for row in rows]


def _apart(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    if len(sealed) < SHORTEST or not sealed.startswith(VERSION):
        return b"", b"", b""
    body = sealed[len(VERSION) :]
    return body[:KEY_ID], body[KEY_ID : KEY_ID + NONCE], body[KEY_ID + NONCE :]


@lru_cache(maxsize=16)
def _cipher(key: str) -> tuple[bytes, AESGCM]:
    derived = HKDF(SHA256(), KEY_ID + 32, salt=None, info=b"comments-service sealing v1").derive(key.encode())
    return derived[:KEY_ID], AESGCM(derived[KEY_ID:])


def _bound_to(owner_id: str, purpose: str) -> bytes:
    return f"{purpose}\n{owner_id}".encode()
