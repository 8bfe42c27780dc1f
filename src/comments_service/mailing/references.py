"""How one address is named where it must not be read: by a keyed digest, here and in what comes back to us."""

import hashlib
import hmac
from base64 import b32hexdecode, b32hexencode

from comments_service import email_addresses

BYTES = 16


def digest(secret: str, address: str) -> bytes:
    """What stands for a normal address: the same in every letter, and nothing to who has not the secret."""
    return _keyed(secret, "mail address", address.lower())


def inbox_digest(secret: str, address: str) -> bytes:
    """What stands for the inbox of an address, however the address is varied."""
    return _keyed(secret, "mail inbox", email_addresses.inbox(address))


def reference(secret: str, letter_id: str, address: str) -> str:
    """The left part of a Message-ID: letter, digest of the address, and a signature over both.

    Whoever sends us a delivery report proves by it that there was such a mail, and to whom. An address that a report
    names proves nothing: anybody can write one.
    """
    to = _written(digest(secret, address))
    return f"{letter_id}.{to}.{_signature(secret, letter_id, to)}"


def addressee(secret: str, message_id: str) -> bytes | None:
    """The digest of the address that a mail of ours went to; nothing for a Message-ID that is not ours."""
    parts = message_id.strip().strip("<>").partition("@")[0].split(".")
    if len(parts) != 3 or not hmac.compare_digest(
        _signature(secret, parts[0], parts[1]).encode(), parts[2].encode("utf-8", "replace")
    ):
        return None
    return b32hexdecode(parts[1].upper() + "======")


def _signature(secret: str, letter_id: str, to: str) -> str:
    return _written(_keyed(secret, "mail reference", f"{letter_id}.{to}"))


def _keyed(secret: str, purpose: str, said: str) -> bytes:
    return hmac.new(secret.encode(), f"{purpose}\n{said}".encode(), hashlib.sha256).digest()[:BYTES]


def _written(raw: bytes) -> str:
    return b32hexencode(raw).decode().rstrip("=").lower()
