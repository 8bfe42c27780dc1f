"""The same request sent twice is answered twice and carried out once (Idempotency-Key)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from comments_service.accounts import Visitor
from comments_service.database import insert_into, take_turn
from comments_service.errors import Conflict, Invalid, NotSignedIn
from comments_service.tables import IdempotencyKey

KEPT = timedelta(hours=24)
MIN_KEY, MAX_KEY = 22, 100  # 128 bits need 22 base64 characters


@dataclass(frozen=True)
class Attempt:
    """One request that may be sent again."""

    site_id: str
    digest: bytes
    body: bytes


def attempt(by: Visitor, key: str, meaning: Mapping[str, Any]) -> Attempt:
    """What is remembered of a request: who sent it under which key, and what it means, however it was written.

    Raises Invalid for a key that could be guessed, and NotSignedIn for a caller whom nothing tells from others.
    """
    if not MIN_KEY <= len(key) <= MAX_KEY:
        raise Invalid("An Idempotency-Key has {least} to {most} random characters.", least=MIN_KEY, most=MAX_KEY)
    if by.digest is None:
        raise NotSignedIn("The browser sent no usable session secret.")
    written = json.dumps(meaning, sort_keys=True, ensure_ascii=True).encode()
    scoped = hashlib.sha256(by.digest + key.encode()).digest()
    return Attempt(by.site.id, scoped, hashlib.sha256(written).digest())


def claim(session: Session, of: Attempt, *, at: datetime) -> dict[str, Any] | None:
    """The answer that was given before; or None, and then the attempt is ours until the transaction ends.

    Of two at once the second waits here for the first, and gets its answer. Raises Conflict when the key came with
    another text.
    """
    take_turn(session)
    insert = insert_into(session, IdempotencyKey).values(
        site_id=of.site_id, digest=of.digest, body=of.body, answer={}, at=at
    )
    claimed = session.execute(
        insert.on_conflict_do_update(
            index_elements=["site_id", "digest"],
            set_={"body": insert.excluded.body, "answer": insert.excluded.answer, "at": insert.excluded.at},
            where=IdempotencyKey.at < at - KEPT,
        ).returning(IdempotencyKey.at)
    ).all()
    if claimed:
        return None
    found = session.get(IdempotencyKey, (of.site_id, of.digest), populate_existing=True)
    if found is None or found.body != of.body:
        raise Conflict("This Idempotency-Key was used with another text.")
    return found.answer


def remember(session: Session, of: Attempt, answer: dict[str, Any]) -> None:
    """Keep the answer to a claimed attempt, in the transaction of the write."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.site_id == of.site_id, IdempotencyKey.digest == of.digest)
        .values(answer=answer)
    )
