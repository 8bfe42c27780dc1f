"""A paper's word on who its reader is: a JWT (RFC 7519), held to one reading before and after the library.

PyJWT pins the algorithm and compares the signature. What it leaves open is closed here (RFC 8725): which headers there
may be, spellings of base64, names that come twice, a list of audiences, and how long a token lives.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Never

import jwt
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from comments_service import accounts, identity, strict_objects
from comments_service.errors import Invalid, NotBelieved
from comments_service.sealing import SSO_KEY, Keyring
from comments_service.tables import Site, SsoKey

MAX_LENGTH = 4096
LIFE = 600
SKEW = 60
MAX_SUBJECT, MAX_JTI, MAX_EMAIL, MAX_URL = 255, 128, 254, 2000
PART = re.compile(r"[A-Za-z0-9_-]+")
HEADER = {"alg", "kid", "typ"}
# What mail programs take without quotes (RFC 5321, "dot-string"), so that no header can be smuggled in.
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
OPTIONS: jwt.types.Options = {
    "require": ["iss", "aud", "sub", "iat", "exp", "jti"],
    "strict_aud": True,
    "enforce_minimum_key_length": True,
    # Times are held against the request's own clock below, and each with a reason of its own.
    "verify_iat": False,
    "verify_exp": False,
    "verify_nbf": False,
}
# What the owner of a site is told, by a code that its own server can act on.
REASONS = {
    "off": "This site has no live SSO key: make one with comments-service site sso-key add.",
    "switch": "The paper's accounts are switched off for this site: an owner switches them on at the desk, Sign-in.",
    "size": f"The token is longer than {MAX_LENGTH} characters.",
    "form": "This is no signed JWT: three parts of base64url with two dots, without padding, spaces or line breaks.",
    "json": "Header or payload is not one plain JSON object in UTF-8 in which each name comes once.",
    "header": "The header may hold alg, kid and typ (JWT) and nothing else.",
    "kid": "The header's kid names none of this site's live keys.",
    "alg": "The header's alg is not the algorithm of the key that its kid names.",
    "signature": "The signature does not fit: the token was signed with another key, or changed.",
    "missing": "A claim is missing: iss, aud, sub, iat, exp and jti have to be there.",
    "iss": "The claim iss is not the issuer that the key was made with.",
    "aud": "The claim aud is not this site's key, as one plain string.",
    "type": "A claim has the wrong type or length: iat, exp and nbf are whole seconds since 1970, others are texts.",
    "sub": f"The claim sub has 1 to {MAX_SUBJECT} printable characters.",
    "jti": f"The claim jti has 1 to {MAX_JTI} printable characters.",
    "lifetime": f"The token lives too long: exp is 1 to {LIFE} seconds after iat.",
    "future": f"The token is not valid yet: its iat or nbf is more than {SKEW} s ahead of this service's clock.",
    "expired": f"The token has expired: its exp is more than {SKEW} s behind this service's clock.",
    "name": "The claim name is no name of 1 to 60 characters on one line.",
    "email": "The claim email is no plain mail address such as name@mail.example.",
    "profile_url": "The claim profile_url is no web address that begins with https:// or http://.",
    "used": "The token was used before: each needs a new jti.",
}  # fmt: skip
Claim = Annotated[str, StringConstraints(max_length=MAX_URL)]


class Claims(BaseModel):
    """What a token says. Claims of the paper's own are passed over, and so are `badges` and any role."""

    model_config = ConfigDict(strict=True)
    sub: Claim
    jti: Claim
    iat: int
    exp: int
    nbf: int | None = None
    name: Claim = ""
    email: Claim = ""
    email_verified: bool = False
    profile_url: Claim = ""


@dataclass(frozen=True)
class Checked:
    """A token that counts, and the key that signed it."""

    key: SsoKey
    claims: Claims


def check(raw: str, site: Site, keys: Sequence[SsoKey], *, keyring: Keyring, at: datetime) -> Checked:
    """What a token says, if it counts for a site whose live keys are `keys`; whether it was used is not looked at.

    Raises NotBelieved with the reason, and Unavailable where the key cannot be opened.
    """
    if not keys:
        refuse("off")
    key = _key(_header(raw), keys)
    secret: str | bytes = key.public_key or keyring.open(key.sealed or b"", owner_id=site.id, purpose=SSO_KEY)
    claims = _claims(_decoded(raw, key, secret, audience=site.key))
    _hold_to_the_clock(claims, int(at.timestamp()))
    return Checked(key, _clean(claims))


def refuse(code: str) -> Never:
    """Raises NotBelieved: the reader is told what to do, and the owner the reason."""
    raise NotBelieved(accounts.NO_ACCOUNT, code=code, reason=REASONS[code])


def _header(raw: str) -> dict[str, Any]:
    if len(raw) > MAX_LENGTH:
        refuse("size")
    parts = raw.split(".")
    if len(parts) != 3 or not all(map(PART.fullmatch, parts)):
        refuse("form")
    header, _, _ = _object(parts[0]), _object(parts[1]), _bytes(parts[2])
    if set(header) - HEADER or str(header.get("typ", "JWT")).upper() != "JWT":
        refuse("header")
    return header


def _object(part: str) -> dict[str, Any]:
    try:
        return strict_objects.load(_bytes(part))
    except strict_objects.Unusable:
        refuse("json")


def _bytes(part: str) -> bytes:
    try:
        decoded = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        refuse("form")
    # The last letter has bits that decoders drop: one signature could be spelled in several ways.
    if base64.urlsafe_b64encode(decoded).decode().rstrip("=") != part:
        refuse("form")
    return decoded


def _key(header: dict[str, Any], keys: Sequence[SsoKey]) -> SsoKey:
    key = next((key for key in keys if key.kid == header.get("kid")), None)
    if key is None:
        refuse("kid")
    if header.get("alg") != key.algorithm:
        refuse("alg")
    return key


def _decoded(raw: str, key: SsoKey, secret: str | bytes, *, audience: str) -> dict[str, Any]:
    try:
        return jwt.decode(
            raw, secret, algorithms=[key.algorithm], audience=audience, issuer=key.issuer, options=OPTIONS
        )
    except jwt.MissingRequiredClaimError:
        refuse("missing")
    except jwt.InvalidIssuerError:
        refuse("iss")
    except jwt.InvalidAudienceError:
        refuse("aud")
    except jwt.InvalidSignatureError:
        refuse("signature")
    except jwt.PyJWTError:
        refuse("type")


def _claims(found: dict[str, Any]) -> Claims:
    try:
        return Claims.model_validate(found)
    except ValidationError:
        refuse("type")


def _hold_to_the_clock(claims: Claims, clock: int) -> None:
    if not 0 < claims.exp - claims.iat <= LIFE:
        refuse("lifetime")
    if max(claims.iat, claims.nbf or claims.iat) > clock + SKEW:
        refuse("future")
    # With so short a life this is also the bound on how long ago it may have been made.
    if claims.exp < clock - SKEW:
        refuse("expired")


def _clean(claims: Claims) -> Claims:
    for code, value, most in (("sub", claims.sub, MAX_SUBJECT), ("jti", claims.jti, MAX_JTI)):
        if not 1 <= len(value) <= most or not value.isprintable():
            refuse(code)
    if claims.email and (len(claims.email) > MAX_EMAIL or not EMAIL.fullmatch(claims.email)):
        refuse("email")
    return claims.model_copy(
        update={
            "name": _name(claims.name),
            "profile_url": _profile(claims.profile_url),
            "email_verified": bool(claims.email) and claims.email_verified,
        }
    )


def _name(said: str) -> str:
    try:
        return accounts.clean_name(said) if said else ""
    except Invalid:
        refuse("name")


def _profile(said: str) -> str:
    try:
        return said if not said or identity.origin(said) else ""
    except Invalid:
        refuse("profile_url")
