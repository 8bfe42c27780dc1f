"""Close the conversations that have become old, on the sites whose owners want that."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, and_, or_, select, update
from sqlalchemy.orm import Session

from comments_service.database import id_at
from comments_service.leasing import in_turn
from comments_service.tables import Article, Site

EVERY = timedelta(minutes=10)
# SQLite lets one write at a time: so many rows, then the readers' turn.
AT_ONCE = 500
log = structlog.get_logger()


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
                .values(closed_at=at, version=Article.version + 1)
                .returning(Article.id)
            ).all()
            session.commit()
        closed += len(done)
        if len(done) < AT_ONCE:
            break
    if closed:
        log.info("old conversations closed", site=site_key, articles=closed)
    return closed
