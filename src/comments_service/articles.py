"""First sight of an article, and who may open a thread."""

from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service.database import insert_into, new_id
from comments_service.errors import Invalid, UnknownOrigin
from comments_service.tables import Article, Site

MAX_KEY = 500
MAX_URL = 2000


def first_sight(session: Session, site: Site, *, key: str, url: str) -> Article:
    """The article of a key, made when it is new; a hundred first comments at once make one row.

    Its title is its path: nothing that a page claims about itself is believed. Raises Invalid or UnknownOrigin.
    """
    found = _find(session, site, key)
    if found is not None:
        return found
    if not key or len(key) > MAX_KEY or len(url) > MAX_URL:
        raise Invalid(f"An article's key has 1 to {MAX_KEY} characters.", field="key")
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" not in site.origins:
        raise UnknownOrigin("This page's address is not on the site's list of origins.", field="url")
    session.execute(
        insert_into(session, Article)
        .values(
            site_id=site.id, id=new_id(), key=key, url=url, title=(parts.path or "/")[:300],
            section="", authors=[], tags=[], source="path", version=1, comments=0, shares=0,
        )
        .on_conflict_do_nothing(index_elements=["site_id", "key"])
    )  # fmt: skip
    made = _find(session, site, key)
    if made is None:
        raise Invalid("The article could not be stored; try again.", field="key")
    return made


def _find(session: Session, site: Site, key: str) -> Article | None:
    return session.scalars(select(Article).where(Article.site_id == site.id, Article.key == key)).first()
