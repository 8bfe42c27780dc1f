"""Where a page of a list ended, as a word that only this service reads: opaque, versioned, and checked for damage."""

import base64
import binascii
import hashlib
import struct

from comments_service.database import id_bytes, id_text
from comments_service.errors import Invalid

VERSION = 1
# Version, a number such as recommends, the id of the last comment shown, and a digest of both and of the list.
PLACE = struct.Struct(">Bi16s")
CHECK_BYTES = 4


def make(of: str, *, number: int, last: str) -> str:
    """The cursor behind comment `last` of the list `of`; `number` is what the list is sorted by before the id."""
    place = PLACE.pack(VERSION, number, id_bytes(last))
    return base64.urlsafe_b64encode(place + _check(of, place)).decode().rstrip("=")


def read(cursor: str, of: str, *, field: str = "cursor") -> tuple[int, str]:
    """Number and id of the place where the page ended; `field` is where the cursor came from.

    Raises Invalid when it is damaged or of another list.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        version, number, last = PLACE.unpack(raw[: PLACE.size])
    except (ValueError, binascii.Error, struct.error):
        raise _unusable(field) from None
    # Base64 is read leniently; only the one spelling that was given out counts.
    if version != VERSION or make(of, number=number, last=id_text(last)) != cursor:
        raise _unusable(field)
    return number, id_text(last)


def _check(of: str, place: bytes) -> bytes:
    return hashlib.blake2b(place + of.encode(), digest_size=CHECK_BYTES).digest()


def _unusable(field: str) -> Invalid:
    return Invalid("This cursor does not belong to this list; start again from the first page.", field=field)
