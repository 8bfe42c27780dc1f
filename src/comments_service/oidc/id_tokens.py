"""A provider's word on a reader: its ID token (OpenID Connect Core 1.0, section 3.1.3.7), held to one reading.

PyJWT compares the signature with the one algorithm that header, key and provider agree on; what it leaves open is
closed here (RFC 8725).
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from pydantic import BaseModel, ConfigDict, ValidationError

from comments_service import accounts
from comments_service.errors import Invalid
from comments_service.oidc import discovery
from comments_service.oidc.discovery import Metadata
from comments_service.sso_tokens import EMAIL, MAX_EMAIL, MAX_SUBJECT

MAX_LENGTH, MAX_ISSUER = 16_384, 200
SKEW = 60
OPTIONS: jwt.types.Options = {
    "require": ["iss", "aud", "sub", "iat", "exp"],
    "enforce_minimum_key_length": True,
    "verify_aud": False,
    # Times are held against the request's own clock.
    "verify_iat": False,
    "verify_exp": False,
    "verify_nbf": False,
}
Keys = Callable[[bool], Sequence[Mapping[str, Any]]]


class NotCounted(Exception):
    """A token that says nothing here; `reason` is for the log, and holds nothing of the token."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Claims(BaseModel):
    """What counts of a token."""

    model_config = ConfigDict(strict=True)
    iss: str
    sub: str
    aud: str | list[str]
    iat: int | float
    exp: int | float
    nbf: int | float = 0
    nonce: str
    azp: str | None = None


@dataclass(frozen=True)
class Person:
    """Whom a provider speaks of. An address counts as verified only where the provider says so in so many words."""

    issuer: str
    subject: str
    name: str
    email: str
    email_verified: bool


def check(raw: str, metadata: Metadata, keys: Keys, *, client_id: str, nonce: str, at: datetime) -> Person:
    """Whom a token speaks of, if it counts; `keys` gives those of the provider, and read anew if asked to.

    Raises NotCounted.
    """
    header = _header(raw)
    if header.get("alg") not in metadata.algorithms:
        raise NotCounted("alg")
    found = _decoded(raw, header, keys)
    try:
        claims = Claims.model_validate(found)
    except ValidationError:
        raise NotCounted("type") from None
    if claims.iss != discovery.issuer_of(metadata, found):
        raise NotCounted("iss")
    # One that is for others too was made for somebody else as well, who could use it here.
    if claims.aud not in (client_id, [client_id]):
        raise NotCounted("aud")
    if claims.azp not in (None, client_id):
        raise NotCounted("azp")
    if not hmac.compare_digest(claims.nonce.encode(), nonce.encode()):
        raise NotCounted("nonce")
    clock = at.timestamp()
    if claims.exp <= clock - SKEW or max(claims.iat, claims.nbf) > clock + SKEW:
        raise NotCounted("time")
    if not 1 <= len(claims.sub) <= MAX_SUBJECT or not claims.sub.isprintable() or len(claims.iss) > MAX_ISSUER:
        raise NotCounted("sub")
    return _person(claims, found)


def _header(raw: str) -> Mapping[str, Any]:
    try:
        if len(raw) > MAX_LENGTH:
            raise NotCounted("size")
        found = jwt.get_unverified_header(raw)
    except jwt.PyJWTError:
        raise NotCounted("form") from None
    # What has to be understood (RFC 7515, section 4.1.11) is not understood here.
    if "crit" in found:
        raise NotCounted("crit")
    return found


def _decoded(raw: str, header: Mapping[str, Any], keys: Keys) -> dict[str, Any]:
    algorithm = str(header["alg"])
    for anew in (False, True):
        fitting = [key for key in keys(anew) if _fits(key, algorithm, header.get("kid"))]
        if len(fitting) == 1:
            return _verified(raw, fitting[0], algorithm)
    raise NotCounted("kid")


def _fits(key: Mapping[str, Any], algorithm: str, kid: object) -> bool:
    kind = {"R": "RSA", "P": "RSA", "E": "EC"}[algorithm[0]] if algorithm != "EdDSA" else "OKP"
    right = key.get("kty") == kind and key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm
    return right and (kid is None or key.get("kid") == kid)


def _verified(raw: str, key: Mapping[str, Any], algorithm: str) -> dict[str, Any]:
    try:
        public = jwt.PyJWK(dict(key), algorithm)
        found = jwt.decode(raw, public, algorithms=[algorithm], options=OPTIONS)
    except jwt.PyJWTError:
        raise NotCounted("signature") from None
    # Microsoft's keys name the house that they are of: none signs for another.
    of_house = key.get("issuer")
    if isinstance(of_house, str) and of_house.replace(discovery.TENANT, str(found.get("tid"))) != found.get("iss"):
        raise NotCounted("key")
    return found


def _person(claims: Claims, found: Mapping[str, Any]) -> Person:
    email = found.get("email")
    usable = isinstance(email, str) and len(email) <= MAX_EMAIL and EMAIL.fullmatch(email)
    # Apple once wrote it as a text.
    said = found.get("email_verified")
    verified = said is True or said == "true"
    kept = email if usable and isinstance(email, str) else ""
    return Person(claims.iss, claims.sub, _name(found.get("name")), kept, email_verified=bool(kept) and verified)


def _name(said: object) -> str:
    try:
        return accounts.clean_name(said) if isinstance(said, str) else ""
    except Invalid:
        return ""
