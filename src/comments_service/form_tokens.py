"""Prove that a form was opened before it was sent: a signed token that is good for one comment in one thread."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, Signer
from sqlalchemy.orm import Session

from comments_service.database import insert_into, take_turn
from comments_service.errors import Invalid
from comments_service.tables import Site, SpentToken

USABLE_IN = timedelta(milliseconds=2500)
USABLE_FOR = timedelta(hours=24)
NONCE_BYTES = 12


def issue(site_key: str, key: str, *, secret: str, at: datetime) -> str:
    """A token for the next comment under the article of `key`; nothing is stored. `secret` is the service's own."""
    said = f"{int(at.timestamp() * 1000):x}-{secrets.token_urlsafe(NONCE_BYTES)}"
    return _signer(site_key, key, secret).sign(said).decode()


def spend(
    session: Session, site: Site, key: str, token: str, *, secret: str, at: datetime, at_once: bool = False
) -> None:
    """Use a token up, in the transaction of the comment: when that fails, the token stays good.

    `at_once` is for what takes a click and no writing. Raises Invalid for one that is forged, of another thread, too
    young, too old or used before.
    """
    try:
        said = _signer(site.key, key, secret).unsign(token).decode()
    except BadSignature:
        raise _refused("This form belongs to another page. Please send it again.") from None
    age = _age(said, at)
    if age < USABLE_IN and not at_once:
        raise _refused("That was very quick. Please wait a moment and send it again.")
    if age > USABLE_FOR:
        raise _refused("This form was open for more than a day. Please send it again.")
    take_turn(session)
    # What is signed identifies a token, and not its text: base64 can spell one signature in several ways.
    spent = session.execute(
        insert_into(session, SpentToken)
        .values(site_id=site.id, digest=hashlib.sha256(said.encode()).digest(), at=at)
        .on_conflict_do_nothing()
        .returning(SpentToken.at)
    ).all()
    if not spent:
        raise _refused("This form has been sent before. Please send it again.")


def is_unripe(site_key: str, key: str, token: str, *, secret: str, at: datetime) -> bool:
    """Whether a token is a good one that was only sent too soon: the same form may then be sent again."""
    try:
        said = _signer(site_key, key, secret).unsign(token).decode()
    except BadSignature:
        return False
    return _age(said, at) < USABLE_IN


def _age(said: str, at: datetime) -> timedelta:
    return at - datetime.fromtimestamp(int(said.partition("-")[0], 16) / 1000, UTC)


def _signer(site_key: str, key: str, secret: str) -> Signer:
    thread = hashlib.sha256(f"{site_key}\n{key}".encode()).hexdigest()
    return Signer(secret, salt=f"comment form {thread}", key_derivation="hmac", digest_method=hashlib.sha256)


def _refused(detail: str) -> Invalid:
    return Invalid(detail, field="form_token")
