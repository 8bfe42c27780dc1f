"""Bring a sign-in from a page of ours to the page of a paper that asked for it: by a code that counts once, at once.

The code is signed, and holds nothing that opens anything: it is worth a session only to whoever has the verifier of the
challenge that began the attempt (RFC 7636), on a page of the same origin. So neither a page that opens our window, nor
one that is led to the paper with somebody else's code, gets anything by it.
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service import reader_sessions
from comments_service.accounts import OIDC, Visitor, stays
from comments_service.errors import NotSignedIn
from comments_service.oidc import attempts, signing_in
from comments_service.oidc.attempts import Attempt
from comments_service.oidc.exchanging import NOT_HERE
from comments_service.tables import Reader

LIFE = timedelta(seconds=60)
MAX_LENGTH = 1000
VERIFIER = re.compile(r"[A-Za-z0-9_-]{43}")


def code(attempt: Attempt, reader: Reader, *, secret: str, at: datetime) -> str:
    """What a page of the attempt's origin can trade for a session of this reader."""
    until = int((at + LIFE).timestamp())
    said = [attempt.site_key, reader.id, attempt.origin, attempt.challenge, until, secrets.token_urlsafe(16)]
    raw = _serializer(secret).dumps(said)
    return raw if isinstance(raw, str) else raw.decode()


def redeem(
    session: Session, given: str, verifier: str, *, by: Visitor, secret: str, at: datetime
) -> tuple[Reader, str]:
    """Who signed in, and the secret of the session, shown this once. Raises NotSignedIn."""
    try:
        said = _serializer(secret).loads(given) if len(given) <= MAX_LENGTH else None
    except BadSignature:
        said = None
    if not isinstance(said, list) or not VERIFIER.fullmatch(verifier):
        raise NotSignedIn(NOT_HERE)
    site_key, reader_id, origin, challenge, until, once = said
    proved = hmac.compare_digest(attempts.challenge(verifier), str(challenge))
    if (site_key, origin) != (by.site.key, by.origin) or until <= at.timestamp() or not proved:
        raise NotSignedIn(NOT_HERE)
    signing_in.spend(session, by.site, once, at=at)
    reader = session.get(Reader, (by.site.id, reader_id))
    if reader is None or not session.scalar(select(stays(reader))):
        raise NotSignedIn(NOT_HERE)
    return reader, reader_sessions.start(session, reader, opened_by=OIDC, origin=by.origin, at=at, device=by.device)


def _serializer(secret: str) -> URLSafeSerializer:
    kind = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(secret, salt="oidc handing over", signer_kwargs=kind)
