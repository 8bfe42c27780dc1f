"""Signed tokens in a page: a JWT (RFC 7519, HS256 alone) over what its paper says of the article.

JWT because every newsroom's language has a library for it, and PyJWT because it pins the algorithm and the key
length; what it leaves open (an audience list, a life of ten years) is closed here.
"""

import secrets
from datetime import UTC, datetime, timedelta

import jwt
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.orm import Session

from comments_service.errors import Invalid
from comments_service.metadata import Statement, moment
from comments_service.tables import Site

MAX_LENGTH = 8000
# A page built once must keep working; what is old never wins over what is newer, so a long life is harmless.
MAX_LIFE = timedelta(days=366)
LEEWAY = timedelta(seconds=60)
_DECODING: jwt.types.Options = {
    "require": ["aud", "iat", "exp"],
    "strict_aud": True,
    "enforce_minimum_key_length": True,
    # Times are held against the request's own clock below.
    "verify_iat": False,
    "verify_exp": False,
    "verify_nbf": False,
}


class Claims(BaseModel):
    """What a token must carry; claims of the paper's own are passed over."""

    model_config = ConfigDict(strict=True)
    iat: int
    exp: int
    key: str
    url: str
    title: str
    section: str = ""
    authors: list[str] = []
    tags: list[str] = []
    published_at: str | None = None


def read(raw: str, site: Site, *, at: datetime) -> tuple[str, Statement]:
    """The key of the article that a token speaks of, and what it says. Raises Invalid."""
    try:
        if len(raw) > MAX_LENGTH:
            raise ValueError
        claims = Claims.model_validate(
            jwt.decode(raw, site.page_key, algorithms=["HS256"], audience=site.key, options=_DECODING)
        )
    # A header nested a thousand deep is read before the signature is.
    except (jwt.PyJWTError, ValidationError, ValueError, RecursionError):
        raise Invalid("The article token is not one of this site.", field="article_token") from None
    said_at = _said_at(claims, at)
    return claims.key, Statement(
        url=claims.url, title=claims.title, section=claims.section, authors=claims.authors, tags=claims.tags,
        published_at=moment(claims.published_at) if claims.published_at else None, source="page", at=said_at,
    )  # fmt: skip


def rotate(session: Session, site: Site) -> str:
    """Give a site a new page key; tokens under the old one are no longer believed. Returns the key."""
    site.page_key = secrets.token_hex(32)
    session.flush()
    return site.page_key


def _said_at(claims: Claims, at: datetime) -> datetime:
    if not 0 < claims.exp - claims.iat <= MAX_LIFE.total_seconds():
        raise Invalid("An article token lives at most {most} days.", field="article_token", most=MAX_LIFE.days)
    clock, leeway = at.timestamp(), LEEWAY.total_seconds()
    if claims.iat > clock + leeway or claims.exp <= clock - leeway:
        raise Invalid("The article token has expired, or is not valid yet.", field="article_token")
    return min(datetime.fromtimestamp(claims.iat, UTC), at)
