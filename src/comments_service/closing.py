"""Where a conversation stands: open, closed, archived or read-only; and closing those that have become old."""

from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy import Engine, and_, or_, select, update
from sqlalchemy.orm import Session

from comments_service.database import id_at, moment_of
from comments_service.errors import Closed
from comments_service.languages import later
from comments_service.leasing import in_turn
from comments_service.tables import Article, Site

EVERY = timedelta(minutes=10)
# SQLite lets one write at a time: so many rows, then the readers' turn.
AT_ONCE = 500
# A reader is told so long before it happens.
SOON = timedelta(hours=24)
State = Literal["open", "closed", "archived", "read-only"]
SENTENCES = {
    "closed": later("This conversation is closed."),
    "archived": later("This conversation has ended, because its article is old. It is kept to be read."),
    "read-only": later("Writing is paused on this site for now. Everything can be read; please come back later."),
}
log = structlog.get_logger()


def state(site: Site, article: Article | None, *, at: datetime) -> State:
    """Where a conversation stands: a site's pause comes first, and age needs nobody who has closed it yet."""
    if site.read_only:
        return "read-only"
    if article is not None and article.closed_at is not None and article.closed_at <= at:
        return "archived" if article.archived else "closed"
    ends = closes_at(site, article)
    return "open" if ends is None or at < ends else "archived"


def closes_at(site: Site, article: Article | None) -> datetime | None:
    """When the age of an open article ends its conversation, if it does."""
    if article is None or site.closes_after_days is None or article.stays_open or article.closed_at is not None:
        return None
    return (article.published_at or moment_of(article.id)) + timedelta(days=site.closes_after_days)


def closes_soon(site: Site, article: Article | None, *, at: datetime) -> bool:
    """Whether it is time to tell readers that a conversation is about to end."""
    ends = closes_at(site, article)
    return ends is not None and at < ends <= at + SOON


def require_open(site: Site, article: Article, *, at: datetime) -> None:
    """Raises Closed, with the reason, where nobody can write any more."""
    stands = state(site, article, at=at)
    if stands != "open":
        raise Closed(SENTENCES[stands])


def require_writing(site: Site) -> None:
    """Raises Closed while the whole site is paused."""
    if site.read_only:
        raise Closed(SENTENCES["read-only"])


def close_if_due(engine: Engine, *, holder: str, at: datetime) -> None:
    """Close what is old, every ten minutes, whichever process comes first."""
    if in_turn(engine, "close", every=EVERY, holder=holder, at=at):
        close_old(engine, at=at)


def close_old(engine: Engine, *, at: datetime) -> int:
    """Close every open article that was published, or first seen, so many days ago; how many.

    What its paper has opened again stays open.
    """
    with Session(engine) as session:
        sites = session.scalars(select(Site).where(Site.closes_after_days.is_not(None))).all()
        old = [(site.id, site.key, timedelta(days=site.closes_after_days or 0)) for site in sites]
    return sum(_close(engine, site_id, key, before=at - age, at=at) for site_id, key, age in old)


def _close(engine: Engine, site_id: str, site_key: str, *, before: datetime, at: datetime) -> int:
    # An id begins with the moment it was made at.
    old = or_(
        Article.published_at <= before, and_(Article.published_at.is_(None), Article.id < id_at(before))
    )  # fmt: skip
    still_open = and_(Article.site_id == site_id, Article.closed_at.is_(None), Article.stays_open.is_(False), old)
    closed = 0
    while True:
        with Session(engine) as session:
            some = select(Article.id).where(still_open).limit(AT_ONCE)
            done = session.execute(
                update(Article)
                .where(still_open, Article.id.in_(some))
                .values(closed_at=at, archived=True, version=Article.version + 1)
                .returning(Article.id)
            ).all()
            session.commit()
        closed += len(done)
        if len(done) < AT_ONCE:
            break
    if closed:
        log.info("old conversations closed", site=site_key, articles=closed)
    return closed
