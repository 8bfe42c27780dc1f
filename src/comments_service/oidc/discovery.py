"""What a provider says of itself (OpenID Connect Discovery 1.0), and the keys that sign its word (RFC 7517).

Both are kept in the process for some minutes: a provider that is slow or gone for a moment keeps nobody out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

import structlog

from comments_service import fetching, identity
from comments_service.errors import Invalid, Refused, Unavailable
from comments_service.fetching import NotFetched

log = structlog.get_logger()
PATH = "/.well-known/openid-configuration"
KEPT_FOR = timedelta(minutes=10)
# Keys change now and then; a token under an unknown one is no reason to ask again with each.
KEYS_AGAIN_AFTER = timedelta(minutes=1)
MOST_KEPT, MOST_KEYS = 256, 50
# Asymmetric ones alone (RFC 8725, section 3.1): no public key is ever taken for a shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
# Microsoft's document for the accounts of all houses; which one it was is said in the token's `tid`.
TENANT = "{tenantid}"
TENANT_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NO_ANSWER = "{address} gives no usable answer. Look at the spelling, and whether it is public and answers by https."
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Metadata:
    """What is needed of a provider's document; `issuer` may hold `{tenantid}`."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    algorithms: tuple[str, ...]
    by_post: bool
    names_itself: bool


class _Memory(dict[str, tuple[datetime, Kept]]):
    """What was read, by its address, until it is old."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()

    def keep(self, address: str, found: Kept, at: datetime) -> Kept:
        with self._lock:
            if len(self) >= MOST_KEPT:
                self.clear()
            self[address] = (at, found)
        return found

    def known(self, address: str, at: datetime, within: timedelta) -> Kept | None:
        found = self.get(address)
        return found[1] if found and timedelta(0) <= at - found[0] < within else None


_documents: _Memory[Metadata] = _Memory()
_keys: _Memory[tuple[Mapping[str, Any], ...]] = _Memory()


def read(issuer: str, *, local: bool, at: datetime) -> Metadata:
    """A provider's document, read now. Raises Invalid with what its owner can do about it."""
    address = issuer.removesuffix("/") + PATH
    found = _asked(address, local=local)
    said = str(found.get("issuer", ""))[: identity.MAX_URL]
    if said != issuer and not _is_template(said, issuer):
        raise Invalid(
            "The document at {address} says that its issuer is {found}. Write exactly that.",
            field="issuer", address=address, found=said or "?",
        )  # fmt: skip
    endpoints = {name: _endpoint(found, name, address=address, local=local) for name in ENDPOINTS}
    supported = found.get("id_token_signing_alg_values_supported", ["RS256"])
    algorithms = tuple(name for name in ALGORITHMS if isinstance(supported, list) and name in supported)
    if not algorithms:
        raise Invalid("This provider signs in no way that counts here.", field="issuer")
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    known = Metadata(
        issuer=said, algorithms=algorithms, **endpoints,
        by_post=isinstance(methods, list) and "client_secret_basic" not in methods,
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )  # fmt: skip
    return _documents.keep(issuer, known, at)


def look(issuer: str, *, local: bool, at: datetime) -> None:
    """Read all that signing in needs of a provider, its keys too. Raises Invalid with what its owner can do."""
    found = read(issuer, local=local, at=at)
    _keys.pop(found.jwks_uri, None)
    keys(found, local=local, at=at)


def known(issuer: str, *, local: bool, at: datetime) -> Metadata:
    """A provider's document, as it was read of late. Raises Unavailable, and tells the log why."""
    found = _documents.known(issuer, at, KEPT_FOR)
    if found is not None:
        return found
    try:
        return read(issuer, local=local, at=at)
    except Invalid as wrong:
        raise unavailable(issuer, wrong.detail) from None


def keys(metadata: Metadata, *, local: bool, at: datetime, anew: bool = False) -> tuple[Mapping[str, Any], ...]:
    """A provider's public keys; with `anew`, because one was missing. Raises Invalid."""
    address = metadata.jwks_uri
    found = _keys.known(address, at, KEYS_AGAIN_AFTER if anew else KEPT_FOR)
    if found is not None:
        return found
    listed = _asked(address, local=local).get("keys")
    usable = [key for key in listed[:MOST_KEYS] if isinstance(key, dict)] if isinstance(listed, list) else []
    if not usable:
        raise Invalid(NO_ANSWER, field="issuer", address=address)
    return _keys.keep(address, tuple(usable), at)


def unavailable(issuer: str, why: str) -> Unavailable:
    """What a reader is told of what only the owner can mend; the log is told why."""
    log.warning("a provider of identities cannot be used", issuer=issuer, why=why)
    return Unavailable("Signing in there does not work right now. Try again later, or sign in another way.")


def issuer_of(metadata: Metadata, claims: Mapping[str, Any]) -> str | None:
    """The issuer that a token has to name; of a document for many houses, that of the house it says it is of.

    None for one that names no house.
    """
    if TENANT not in metadata.issuer:
        return metadata.issuer
    tenant = claims.get("tid")
    house = isinstance(tenant, str) and TENANT_ID.fullmatch(tenant)
    return metadata.issuer.replace(TENANT, str(tenant)) if house else None


def forget() -> None:
    """Forget what was read: whoever has changed something at a provider wants it read anew."""
    _documents.clear()
    _keys.clear()


ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def _asked(address: str, *, local: bool) -> Mapping[str, Any]:
    try:
        status, found = fetching.ask_json(address, local=local)
    except NotFetched as failed:
        log.info("a provider of identities was not read", address=address, why=failed.reason)
        status, found = 0, {}
    if status != 200:
        raise Invalid(NO_ANSWER, field="issuer", address=address)
    return found


def _is_template(said: str, issuer: str) -> bool:
    """Whether a document is for many houses, and the issuer that was typed a name for all of them."""
    before, there, after = said.partition(TENANT)
    inside = issuer.removeprefix(before).removesuffix(after) if there else ""
    return bool(inside) and inside in {"common", "organizations"} and issuer == f"{before}{inside}{after}"


def _endpoint(found: Mapping[str, Any], name: str, *, address: str, local: bool) -> str:
    said = found.get(name)
    if isinstance(said, str) and is_address(said, local=local):
        return said
    raise Invalid(
        "The document at {address} has no usable {name}.", field="issuer", address=address, name=name
    )


def is_address(url: str, *, local: bool) -> bool:
    """Whether a provider may be reached there: by https, or for a trial on one machine at its loopback address."""
    try:
        origin = identity.origin(url)
    except Refused:
        return False
    loopback = re.fullmatch(r"http://(127\.0\.0\.1|\[::1\])(:\d+)?", origin)
    return "#" not in url and (origin.startswith("https://") or (local and bool(loopback)))
