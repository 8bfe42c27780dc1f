"""The links in mails: signed for one purpose and one mailbox, and good until a day. Nothing is stored of them."""

import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from itsdangerous import BadSignature, Signer
from sqlalchemy.orm import Session

from comments_service.errors import NotFound
from comments_service.tables import Mailbox, Site

# How long a link of a purpose is good. One may want to leave after a year; a confirmation is asked for at once.
LIVES = {
    "confirm": timedelta(days=3), "sign-in": timedelta(minutes=10),
    "unsubscribe": timedelta(days=400), "resubscribe": timedelta(days=30),
}  # fmt: skip
MAX_LENGTH = 200


def address(service: str, purpose: str, mailbox: Mailbox, *, secret: str, at: datetime) -> str:
    """The page that a link of a purpose opens."""
    until = int((at + LIVES[purpose]).timestamp())
    token = _signer(purpose, secret).sign(f"{mailbox.site_id}{mailbox.id}{until:x}").decode()
    return f"{service}/m/{quote(token, safe='')}/{purpose}"


def mailbox(session: Session, purpose: str, token: str, *, secret: str, at: datetime) -> tuple[Site, Mailbox]:
    """The mailbox that a link was made for, and its site.

    Raises NotFound for one that is forged, too old, or of a mailbox that is gone.
    """
    found = session.get(Mailbox, read(purpose, token, secret=secret, at=at))
    if found is None:
        raise NotFound("This link is about an address that is not kept here any more.")
    return session.get_one(Site, found.site_id), found


def read(purpose: str, token: str, *, secret: str, at: datetime) -> tuple[str, str]:
    """Site and id of what a link was made for. Raises NotFound for one that is forged or too old."""
    try:
        if len(token) > MAX_LENGTH:
            raise BadSignature(token)
        said = _signer(purpose, secret).unsign(token).decode()
    except (BadSignature, ValueError):
        raise NotFound("This link is not complete. Copy the whole of it from the mail.") from None
    if at > datetime.fromtimestamp(int(said[52:], 16), UTC):
        raise NotFound("This link has expired.")
    return said[:26], said[26:52]


def _signer(purpose: str, secret: str) -> Signer:
    return Signer(secret, salt=f"mail link {purpose}", key_derivation="hmac", digest_method=hashlib.sha256)
