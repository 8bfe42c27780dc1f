"""What one browser has begun and not finished: signed, and kept by that browser alone, in a cookie for ten minutes.

`state`, `nonce` (OpenID Connect Core 1.0, section 3.1.2.1) and the verifier of PKCE (RFC 7636) are computed from one
random value in it and the service's secret. An answer of a provider that comes to another browser finds no attempt
there, so nobody is signed in as somebody else (RFC 9700, section 4.7), and nothing is stored of who only begins.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

LIFE = timedelta(minutes=10)
# Cookies have 4 kB with everything around them.
MAX_LENGTH = 3800


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Where somebody wants to sign in, and where to go on: at `page`, which is `origin`'s.

    A page of a paper sends the `challenge` of a verifier of its own, with which alone it gets what comes of this.
    """

    site_key: str
    provider: str
    page: str
    origin: str
    challenge: str
    random: str
    until: int

    def state(self, secret: str) -> str:
        """What the provider has to bring back."""
        return _keyed(secret, "state", self.random)

    def nonce(self, secret: str) -> str:
        """What the provider has to sign."""
        return _keyed(secret, "nonce", self.random)

    def verifier(self, secret: str) -> str:
        """What proves to the provider that its code was asked for here."""
        return _keyed(secret, "verifier", self.random)


def begin(site_key: str, provider: str, *, page: str, origin: str, challenge: str = "", at: datetime) -> Attempt:
    """A new attempt."""
    return Attempt(
        site_key=site_key, provider=provider, page=page, origin=origin, challenge=challenge,
        random=secrets.token_urlsafe(32), until=int((at + LIFE).timestamp()),
    )  # fmt: skip


def written(attempt: Attempt, secret: str) -> str:
    """The attempt as its browser keeps it."""
    raw = _serializer(secret).dumps(asdict(attempt))
    return raw if isinstance(raw, str) else raw.decode()


def read(kept: str, state: str, *, secret: str, at: datetime) -> Attempt | None:
    """The attempt that a browser has kept, if it is ours, not too old, and the one that this answer is for."""
    try:
        attempt = Attempt(**_serializer(secret).loads(kept)) if len(kept) <= MAX_LENGTH else None
    except (BadSignature, TypeError):
        return None
    if attempt is None or attempt.until <= at.timestamp():
        return None
    return attempt if hmac.compare_digest(attempt.state(secret).encode(), state.encode("utf-8", "replace")) else None


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, section 4.2)."""
    return _spelled(hashlib.sha256(verifier.encode()).digest())


def _keyed(secret: str, what: str, random: str) -> str:
    return _spelled(hmac.digest(secret.encode(), f"oidc {what} {random}".encode(), hashlib.sha256))


def _spelled(digest: bytes) -> str:
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _serializer(secret: str) -> URLSafeSerializer:
    kind = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(secret, salt="oidc attempt", signer_kwargs=kind)
