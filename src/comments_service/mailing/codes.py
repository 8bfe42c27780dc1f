"""What a mail for signing in holds: six digits, and the proof in its link.

Both are computed from the id of the row and the service's secret, so that a copy of the database opens nothing.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode

DIGITS = 6
PROOF_BYTES = 24


def code(secret: str, site_id: str, asked_id: str) -> str:
    """Six digits, for whoever types them."""
    return f"{int.from_bytes(_keyed(secret, 'code', site_id, asked_id), 'big') % 10**DIGITS:0{DIGITS}}"


def proof(secret: str, site_id: str, asked_id: str) -> str:
    """32 characters, for whoever follows the link."""
    return urlsafe_b64encode(_keyed(secret, "link", site_id, asked_id)[:PROOF_BYTES]).decode()


def fits(typed: str, *known: str) -> bool:
    """Whether it is one of these, compared in constant time."""
    close = "".join(typed.split()).encode("utf-8", "replace")
    return any(hmac.compare_digest(close, one.encode()) for one in known)


def _keyed(secret: str, what: str, site_id: str, asked_id: str) -> bytes:
    return hmac.digest(secret.encode(), f"mail sign-in {what}\n{site_id}{asked_id}".encode(), hashlib.sha256)
