"""The same request sent twice is answered twice and carried out once (Idempotency-Key)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from comments_service.accounts import Visitor
from comments_service.errors import Conflict, Invalid
from comments_service.tables import IdempotencyKey

KEPT = timedelta(hours=24)
MIN_KEY, MAX_KEY = 22, 100  # 128 bits need 22 base64 characters


@dataclass(frozen=True)
class Attempt:
    """One request that may be sent again."""

    site_id: str
    digest: bytes
    body: bytes


def attempt(by: Visitor, key: str, body: bytes) -> Attempt:
    """What is remembered of a request. Raises Invalid for a key that could be guessed."""
    if not MIN_KEY <= len(key) <= MAX_KEY:
        raise Invalid(f"An Idempotency-Key has {MIN_KEY} to {MAX_KEY} random characters.")
    scoped = (by.digest or b"") + key.encode()
    return Attempt(by.site.id, hashlib.sha256(scoped).digest(), hashlib.sha256(body).digest())


def earlier_answer(session: Session, of: Attempt, *, at: datetime) -> dict[str, Any] | None:
    """The answer given before, if any. Raises Conflict when the key came with another body."""
    found = session.get(IdempotencyKey, (of.site_id, of.digest))
    if found is None:
        return None
    if found.at < at - KEPT:
        session.delete(found)
        session.flush()
        return None
    if found.body != of.body:
        raise Conflict("This Idempotency-Key was used with another text.")
    return found.answer


def remember(session: Session, of: Attempt, answer: dict[str, Any], *, at: datetime) -> None:
    """Keep the answer in the transaction of the write; the primary key lets only one of two at once through."""
    session.add(IdempotencyKey(site_id=of.site_id, digest=of.digest, body=of.body, answer=answer, at=at))
    session.flush()
