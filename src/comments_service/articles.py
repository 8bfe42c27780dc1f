"""First sight of an article, and the keys it is known by."""

from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service import identity
from comments_service.database import insert_into, new_id
from comments_service.tables import Article, ArticleAlias, Site

MAX_TITLE = 300


def first_sight(session: Session, site: Site, *, key: str, url: str) -> Article:
    """The article of a key, made when it is new; a hundred first comments at once make one row.

    Its title is its path: nothing that a page claims about itself is believed. Raises Invalid or UnknownOrigin.
    """
    found = find(session, site, key)
    if found is not None:
        return found
    identity.own_key(key, site.origins)
    address = identity.own_url(url, site.origins)
    # Where the key is an address, that is the article's: whoever comments first cannot bind it to another page.
    return _make(session, site, key=key, url=key if identity.is_url(key) else address)


def find(session: Session, site: Site, key: str) -> Article | None:
    """The article with this key or alias, if there is one."""
    own = session.scalars(select(Article).where(Article.site_id == site.id, Article.key == key)).first()
    return own or session.scalars(
        select(Article)
        .join(ArticleAlias, (ArticleAlias.site_id == Article.site_id) & (ArticleAlias.article_id == Article.id))
        .where(ArticleAlias.site_id == site.id, ArticleAlias.key == key)
    ).first()


def _make(session: Session, site: Site, *, key: str, url: str) -> Article:
    session.execute(
        insert_into(session, Article)
        .values(
            site_id=site.id, id=new_id(), key=key, url=url, title=urlsplit(url).path[:MAX_TITLE],
            section="", authors=[], tags=[], source="path", version=1, comments=0, shares=0,
        )
        .on_conflict_do_nothing(index_elements=["site_id", "key"])
    )  # fmt: skip
    return session.scalars(select(Article).where(Article.site_id == site.id, Article.key == key)).one()
