"""API tokens: what lets a paper's own server act on one site. Only the digest of a token is kept."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from comments_service.errors import Invalid, NotFound, NotSignedIn, NotYours
from comments_service.languages import later
from comments_service.tables import ApiToken, Site
from comments_service.text import unprintable

SCOPES = {"articles:write": later("Create and change articles: title, address, authors, tags, open or closed.")}
MAX_NAME = 100
# A fixed beginning lets scanners of source code and logs recognise a leaked token.
PREFIX = "cst_"
SHAPE = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")
USE_NOTED_EVERY = timedelta(minutes=1)


def make(session: Session, site: Site, *, name: str, scopes: Sequence[str], at: datetime) -> str:
    """A new token of a site, shown this once. Raises Invalid for a name or scope that cannot be used."""
    shown = " ".join(name.split())
    if not shown or len(shown) > MAX_NAME or any(unprintable(character) for character in shown):
        raise Invalid("Give the token a name of 1 to {most} characters.", field="name", most=MAX_NAME)
    if not scopes or any(scope not in SCOPES for scope in scopes):
        raise Invalid("Choose what the token may do: {scopes}.", field="scopes", scopes=", ".join(SCOPES))
    raw = PREFIX + secrets.token_urlsafe(32)
    session.add(ApiToken(site_id=site.id, name=shown, digest=_digest(raw), scopes=sorted(set(scopes)), created=at))
    session.flush()
    return raw


def revoke(session: Session, site: Site, token_id: str, *, at: datetime) -> ApiToken:
    """End a token; ending it again changes nothing. Raises NotFound."""
    token = session.get(ApiToken, (site.id, token_id))
    if token is None:
        raise NotFound("There is no such token.")
    token.revoked_at = token.revoked_at or at
    session.flush()
    return token


def listing(session: Session, site: Site) -> Sequence[ApiToken]:
    """The tokens of a site, newest first, the revoked ones too."""
    return session.scalars(
        select(ApiToken).where(ApiToken.site_id == site.id).order_by(ApiToken.id.desc())
    ).all()


def find(session: Session, raw: str, *, scope: str, at: datetime) -> tuple[Site, ApiToken]:
    """The site that a token acts on, and the token. Raises NotSignedIn, or NotYours when it may not do this.

    The lookup is by digest, so its time tells nothing about tokens that exist.
    """
    found = session.execute(
        select(Site, ApiToken)
        .join(ApiToken, ApiToken.site_id == Site.id)
        .where(ApiToken.digest == _digest(raw), ApiToken.revoked_at.is_(None))
    ).first()
    if not SHAPE.fullmatch(raw) or found is None:
        raise NotSignedIn("This token is not valid, or it was revoked.")
    site, token = found
    if scope not in token.scopes:
        raise NotYours("This token may not do this; it needs the scope {scope}.", scope=scope)
    _note_use(session, token, at)
    return site, token


def _note_use(session: Session, token: ApiToken, at: datetime) -> None:
    # At most one write a minute: a paper that sends a thousand articles does not queue on this row.
    if token.used_at is not None and at - token.used_at < USE_NOTED_EVERY:
        return
    session.execute(
        update(ApiToken)
        .where(
            ApiToken.site_id == token.site_id,
            ApiToken.id == token.id,
            or_(ApiToken.used_at.is_(None), ApiToken.used_at <= at - USE_NOTED_EVERY),
        )
        .values(used_at=at)
    )


def _digest(raw: str) -> bytes:
    return hashlib.sha256(raw.encode("utf-8", "replace")).digest()
