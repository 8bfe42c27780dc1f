"""First sight of an article, the keys it is known by, and what its paper says about it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from comments_service import identity, jobs, page_reading, page_tokens
from comments_service.database import insert_into, new_id
from comments_service.errors import Conflict, Invalid, NotFound, Refused
from comments_service.fetching import NotFetched
from comments_service.metadata import MAX_TITLE, Statement, checked
from comments_service.tables import Article, ArticleAlias, Site

MAX_ALIASES = 20
LOOK_AT_PAGE = "look-at-page"
log = structlog.get_logger()


def first_sight(
    session: Session, site: Site, *, key: str, url: str, at: datetime, token: str | None = None
) -> Article:
    """The article of a key, made when it is new; a hundred first comments at once make one row.

    `token` is what the page carries from its paper; without one that counts, the title is the path until the worker
    has looked at the page, because nothing that a caller claims is believed. Raises Invalid or UnknownOrigin.
    """
    if token:
        try:
            return believe(session, site, token, key=key, at=at)
        except Refused as refused:
            # The paper's mistake, or a forger's: neither is the reader's, whose comment is taken all the same.
            log.warning("article token refused", site=site.key, reason=refused.detail)
    known = find(session, site, key)
    if known is not None:
        return known
    identity.own_key(key, site.origins)
    address = identity.own_url(url, site.origins)
    # Where the key is an address, that is the article's: whoever comments first cannot bind it to another page.
    article, new = _make(session, site, key=key, url=key if identity.is_url(key) else address)
    if new:
        jobs.enqueue(session, site.id, LOOK_AT_PAGE, {"article": article.id}, at=at)
    return article


def believe(session: Session, site: Site, token: str, *, key: str, at: datetime) -> Article:
    """The article of a key, with what its page's signed token says of it. Raises Invalid or UnknownOrigin."""
    signed_key, said = page_tokens.read(token, site, at=at)
    if signed_key != key:
        raise Invalid("The article token speaks of another article.", field="article_token")
    identity.own_key(key, site.origins)
    said = checked(said, site.origins)
    article = find(session, site, key) or _make(session, site, key=key, url=said.url)[0]
    if _is_news(article, said):
        _take_over(session, article, said)
    return article


def find(session: Session, site: Site, key: str) -> Article | None:
    """The article with this key or alias, if there is one."""
    own = session.scalars(select(Article).where(Article.site_id == site.id, Article.key == key)).first()
    return own or session.scalars(
        select(Article)
        .join(ArticleAlias, (ArticleAlias.site_id == Article.site_id) & (ArticleAlias.article_id == Article.id))
        .where(ArticleAlias.site_id == site.id, ArticleAlias.key == key)
    ).first()


def get(session: Session, site: Site, key: str) -> Article:
    """The article with this key or alias. Raises NotFound."""
    found = find(session, site, key)
    if found is None:
        raise NotFound("There is no such article.")
    return found


def put(
    session: Session, site: Site, key: str, said: Statement, *, closed: bool | None, aliases: Sequence[str] | None
) -> tuple[Article, bool]:
    """Make or change an article; the flag says whether it is new. What is None stays as it is.

    A new key that comes with the key of a known article among its aliases moves that article to the new key.
    Raises Invalid, UnknownOrigin, or Conflict when an alias belongs to another article.
    """
    identity.own_key(key, site.origins)
    said = checked(said, site.origins)
    known = find(session, site, key) or _moved(session, site, key, aliases or [])
    article, new = (known, False) if known else _make(session, site, key=key, url=said.url)
    describe(article, said)
    if closed is not None:
        close(article, closed=closed, at=said.at)
        if article.stays_open == closed:
            article.stays_open = not closed
            if site.closes_after_days is not None:
                # When it closes by itself, or that it does not, is public too.
                _public_bytes_changed(article)
    if aliases is not None:
        _set_aliases(session, article, [alias for alias in dict.fromkeys(aliases) if alias != article.key])
    session.flush()
    return article, new


def describe(article: Article, said: Statement) -> None:
    """Take over a checked statement, unless the paper has said something newer."""
    if not _is_news(article, said):
        return
    seen = article.title, article.url, article.published_at
    if seen != (said.title, said.url, said.published_at):
        _public_bytes_changed(article)
    article.url, article.title, article.section = said.url, said.title, said.section
    article.authors, article.tags, article.published_at = list(said.authors), list(said.tags), said.published_at
    article.source, article.vouched_at = said.source, said.at


def close(article: Article, *, closed: bool, at: datetime) -> None:
    """End the conversation, or open it again; what is already so stays untouched."""
    if closed == (article.closed_at is not None):
        return
    article.closed_at, article.archived = at if closed else None, False
    _public_bytes_changed(article)


def look_at_page(
    session: Session, site_id: str, article_id: str, *, at: datetime, read: Callable[[str, Site], str]
) -> None:
    """Take over what the article's page says, if nobody has vouched for it yet; `read` gives the HTML of an address.

    Raises NotFetched when a later try may succeed.
    """
    article, site = session.get(Article, (site_id, article_id)), session.get(Site, site_id)
    if article is None or site is None or article.vouched_at is not None:
        return
    session.expunge_all()
    session.rollback()  # no transaction stays open while the network is slow
    try:
        html = read(article.url, site)
    except NotFetched as missed:
        if missed.again:
            raise
        log.info("article page not read", site=site.key, article_id=article_id, reason=missed.reason)
        return
    said = page_reading.statement(html, key=article.key, url=article.url, at=at)
    if said is None:
        log.info("article page says nothing", site=site.key, article_id=article_id)
        return
    _take_over(session, session.get_one(Article, (site_id, article_id)), checked(said, site.origins))


def aliases(session: Session, article: Article) -> list[str]:
    """The other keys of an article."""
    return list(
        session.scalars(
            select(ArticleAlias.key)
            .where(ArticleAlias.site_id == article.site_id, ArticleAlias.article_id == article.id)
            .order_by(ArticleAlias.key)
        )
    )


def _make(session: Session, site: Site, *, key: str, url: str) -> tuple[Article, bool]:
    made = session.execute(
        insert_into(session, Article)
        .values(
            site_id=site.id, id=new_id(), key=key, url=url, title=urlsplit(url).path[:MAX_TITLE],
            section="", authors=[], tags=[], source="path", version=1, comments=0, shares=0,
        )
        .on_conflict_do_nothing(index_elements=["site_id", "key"])
        .returning(Article.id)
    ).first()  # fmt: skip
    article = session.scalars(select(Article).where(Article.site_id == site.id, Article.key == key)).one()
    return article, made is not None


def _moved(session: Session, site: Site, key: str, from_keys: Sequence[str]) -> Article | None:
    known = session.scalars(
        select(Article).where(Article.site_id == site.id, Article.key.in_(from_keys[:MAX_ALIASES])).limit(1)
    ).first()
    if known is not None:
        known.key = key
        _public_bytes_changed(known)
        session.flush()
    return known


def _take_over(session: Session, article: Article, said: Statement) -> None:
    # The row is claimed first: of two statements at once the newer must win, whichever comes first, and what was
    # read off a page never replaces what the paper has said meanwhile.
    unsaid = Article.vouched_at.is_(None)
    claimed = session.execute(
        update(Article)
        .where(
            Article.site_id == article.site_id,
            Article.id == article.id,
            unsaid if said.source == "fetch" else or_(unsaid, Article.vouched_at < said.at),
        )
        .values(source=said.source)
        .returning(Article.id)
    ).all()
    if claimed:
        session.refresh(article)
        describe(article, said)
        session.flush()


def _is_news(article: Article, said: Statement) -> bool:
    return said.source == "api" or article.vouched_at is None or said.at > article.vouched_at


def _set_aliases(session: Session, article: Article, keys: Sequence[str]) -> None:
    if len(keys) > MAX_ALIASES:
        raise Invalid("An article has at most {most} aliases.", field="aliases", most=MAX_ALIASES)
    for key in keys:
        identity.well_formed(key, field="aliases")
    its_own = (ArticleAlias.site_id == article.site_id) & (ArticleAlias.article_id == article.id)
    session.execute(delete(ArticleAlias).where(its_own, ArticleAlias.key.not_in(keys)))
    for key in keys:
        session.execute(
            insert_into(session, ArticleAlias)
            .values(site_id=article.site_id, key=key, article_id=article.id)
            .on_conflict_do_nothing(index_elements=["site_id", "key"])
        )
    stored = set(session.scalars(select(ArticleAlias.key).where(its_own)))
    of_another = session.scalars(select(Article.id).where(Article.site_id == article.site_id, Article.key.in_(keys)))
    if stored != set(keys) or of_another.first() is not None:
        raise Conflict("An alias is a key of another article; two conversations cannot be joined.", field="aliases")


def _public_bytes_changed(article: Article) -> None:
    # Counted by the database, because comments move the same number at the same moment.
    article.version = Article.version + 1
