"""Speak with a provider: where a reader is sent, and what comes back (OpenID Connect Core 1.0, section 3.1)."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote_plus, urlencode

import jwt

from comments_service import fetching
from comments_service.errors import Invalid, NotSignedIn
from comments_service.fetching import NotFetched
from comments_service.oidc import attempts, discovery, id_tokens, providers
from comments_service.oidc.attempts import Attempt
from comments_service.oidc.discovery import Metadata
from comments_service.oidc.id_tokens import NotCounted, Person
from comments_service.sealing import PROVIDER, Keyring
from comments_service.tables import Provider

MAX_CODE = 2000
SCOPES = "openid email profile"
APPLE_SCOPES = "openid email"
APPLE_LIFE = timedelta(minutes=5)
NOT_HERE = "This was begun in another browser, or too long ago. Please begin again."
NOT_BELIEVED = "What came back from there does not count here. Please begin again."
DECLINED = "You were not signed in there, so you are not signed in here."


@dataclass(frozen=True, kw_only=True)
class World:
    """What is the same for all providers: the service's secret and address, what opens secrets, whether it is local."""

    secret: str
    service: str
    keyring: Keyring
    local: bool


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a provider sent a browser back with."""

    code: str
    issuer: str
    error: str


def address(provider: Provider, attempt: Attempt, world: World, *, at: datetime) -> str:
    """Where the reader of an attempt signs in. Raises Unavailable."""
    metadata = discovery.known(provider.issuer, local=world.local, at=at)
    apple = provider.kind == providers.APPLE
    wanted = {
        "response_type": "code", "client_id": provider.client_id,
        "redirect_uri": _redirect_uri(provider, attempt, world),
        "scope": APPLE_SCOPES if apple else SCOPES, "state": attempt.state(world.secret),
        "nonce": attempt.nonce(world.secret), "code_challenge_method": "S256",
        "code_challenge": attempts.challenge(attempt.verifier(world.secret)),
    }  # fmt: skip
    if apple:
        # Apple gives an address no other way.
        wanted["response_mode"] = "form_post"
    join = "&" if "?" in metadata.authorization_endpoint else "?"
    return f"{metadata.authorization_endpoint}{join}{urlencode(wanted)}"


def person(provider: Provider, attempt: Attempt, answer: Answer, *, world: World, at: datetime) -> Person:
    """Whom a provider's answer speaks of. Raises NotSignedIn for one that does not count, and Unavailable."""
    metadata = discovery.known(provider.issuer, local=world.local, at=at)
    if answer.error:
        raise NotSignedIn(DECLINED)
    # Which of several providers has answered (RFC 9207), beside the address that it has to itself.
    wrong_issuer = answer.issuer != metadata.issuer if answer.issuer else metadata.names_itself
    if wrong_issuer or not 1 <= len(answer.code) <= MAX_CODE:
        raise NotSignedIn(NOT_BELIEVED)
    raw = _token(provider, attempt, answer.code, metadata=metadata, world=world, at=at)
    try:
        return id_tokens.check(
            raw, metadata, lambda anew: discovery.keys(metadata, local=world.local, at=at, anew=anew),
            client_id=provider.client_id, nonce=attempt.nonce(world.secret), at=at,
        )  # fmt: skip
    except NotCounted as refused:
        discovery.log.warning("an ID token does not count", issuer=provider.issuer, why=refused.reason)
        raise NotSignedIn(NOT_BELIEVED) from None
    except Invalid as wrong:
        raise discovery.unavailable(provider.issuer, wrong.detail) from None


def _token(
    provider: Provider, attempt: Attempt, code: str, *, metadata: Metadata, world: World, at: datetime
) -> str:  # fmt: skip
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": _redirect_uri(provider, attempt, world),
        "code_verifier": attempt.verifier(world.secret),
    }  # fmt: skip
    secret = _secret(provider, metadata, world, at=at)
    by_header = bool(secret) and not metadata.by_post and provider.kind != providers.APPLE
    if not by_header:
        form |= {"client_id": provider.client_id} | ({"client_secret": secret} if secret else {})
    authorization = _basic(provider.client_id, secret) if by_header else ""
    try:
        status, found = fetching.ask_json(
            metadata.token_endpoint, form=form, authorization=authorization, local=world.local
        )
    except NotFetched as failed:
        raise discovery.unavailable(provider.issuer, failed.reason) from None
    token = found.get("id_token")
    if status == 200 and isinstance(token, str):
        return token
    error = str(found.get("error", ""))[:40]
    if error in {"invalid_grant", ""}:
        raise NotSignedIn(NOT_BELIEVED)
    # Such as invalid_client: the secret is wrong, or has expired.
    raise discovery.unavailable(provider.issuer, f"its token endpoint says {error}")


def _redirect_uri(provider: Provider, attempt: Attempt, world: World) -> str:
    return providers.redirect_uri(world.service, attempt.site_key, provider.key)


def _secret(provider: Provider, metadata: Metadata, world: World, *, at: datetime) -> str:
    if provider.sealed is None:
        return ""
    opened = world.keyring.open(provider.sealed, owner_id=provider.site_id, purpose=PROVIDER).decode()
    if provider.kind != providers.APPLE:
        return opened
    # Apple's secret is a token of one's own, which lives as short as one likes.
    said = {
        "iss": provider.team_id, "sub": provider.client_id, "aud": metadata.issuer,
        "iat": int(at.timestamp()), "exp": int((at + APPLE_LIFE).timestamp()),
    }  # fmt: skip
    return jwt.encode(said, opened, algorithm="ES256", headers={"kid": provider.key_id})


def _basic(client_id: str, secret: str) -> str:
    # Each is encoded as in a form first (RFC 6749, section 2.3.1).
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"
