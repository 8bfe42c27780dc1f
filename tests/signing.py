"""A paper's own server: it signs who its reader is."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy.orm import Session

from comments_service import reading, sso_keys
from comments_service.database import now
from comments_service.sealing import Keyring
from tests.conftest import SEALING_KEY

KEYRING = Keyring((SEALING_KEY,))
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"7" * 32)
PUBLIC = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass
class Signer:
    """One key of one site, as the paper holds it."""

    kid: str
    issuer: str
    audience: str
    secret: Any
    algorithm: str

    def claims(self, **change: Any) -> dict[str, Any]:
        """What a token of this moment says; a claim that is changed to `...` is left out."""
        clock = int(now().timestamp())
        usual = {
            "iss": self.issuer, "aud": self.audience, "sub": "reader-7", "iat": clock, "exp": clock + 300,
            "jti": secrets.token_urlsafe(12), "name": "Nora Reed",
        }  # fmt: skip
        return {name: value for name, value in (usual | change).items() if value is not ...}

    def token(self, *, header: Mapping[str, Any] | None = None, **change: Any) -> str:
        """A signed token."""
        headers = {"kid": self.kid, **(header or {})}
        return jwt.encode(self.claims(**change), self.secret, algorithm=self.algorithm, headers=headers)

    def by_hand(self, header: Any, payload: Any, *, secret: bytes | None = None) -> str:
        """A token of which every byte may be wrong but the HMAC."""
        key = self.secret.encode() if secret is None else secret
        head = ".".join(spelled(x if isinstance(x, bytes) else json.dumps(x).encode()) for x in (header, payload))
        return f"{head}.{spelled(hmac.digest(key, head.encode(), hashlib.sha256))}"


def spelled(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signer(session: Session, site_key: str = "daily", **wished: str) -> Signer:
    """A new key of a site; with `public_key=PUBLIC` it is EdDSA."""
    site = reading.site(session, site_key)
    key, made = sso_keys.add(session, site, sso_keys.NewKey(**wished), keyring=KEYRING, at=now())
    signs = PRIVATE if wished.get("public_key") else made or wished["secret"]
    session.commit()
    return Signer(key.kid, key.issuer, site_key, signs, key.algorithm)
