"""Read a thread, a branch, one comment, counts. The number of queries does not depend on the size of anything."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, func, select, true, union_all
from sqlalchemy.orm import Session

from comments_service import choosing, cursors
from comments_service.errors import NotFound
from comments_service.quoting import QUOTED
from comments_service.tables import Article, ArticleAlias, Comment, Site

ROOTS = 20
REPLIES = 3
BATCH = 100
LATEST = 50


@dataclass(frozen=True)
class Branch:
    """Some replies of one root, and the cursor of what follows them."""

    comments: Sequence[Comment]
    next: str | None


@dataclass(frozen=True)
class Thread:
    """Some roots, the first replies of each, and the cursor of the roots that follow.

    Of a list that has replies in it too, `parents` are what these answer and is not listed itself; nothing stands
    under anything there.
    """

    comments: Sequence[Comment] = ()
    next: str | None = None
    replies: dict[str, Branch] = field(default_factory=dict)
    parents: Sequence[Comment] = ()


def site(session: Session, key: str) -> Site:
    """One site by its key. Raises NotFound."""
    found = known_site(session, key)
    if found is None:
        raise NotFound("There is no such site.")
    return found


def known_site(session: Session, key: str) -> Site | None:
    """One site by its key, if there is one."""
    if "\0" in key:
        return None
    return session.scalars(select(Site).where(Site.key == key)).first()


def place(session: Session, site_key: str, key: str) -> tuple[Site, Article | None]:
    """A site and its article of this key or alias, in one query; None while nobody has talked about it.

    Raises NotFound for an unknown site.
    """
    # Each name is looked up by its own index: one condition for both would have PostgreSQL read all articles.
    its_id = select(Site.id).where(Site.key == site_key).scalar_subquery()
    named = select(Article.id).where(Article.site_id == its_id, Article.key == key).scalar_subquery()
    moved = (
        select(ArticleAlias.article_id).where(ArticleAlias.site_id == its_id, ArticleAlias.key == key).scalar_subquery()
    )
    its_article = and_(Article.site_id == Site.id, Article.id == func.coalesce(named, moved))
    found = session.execute(select(Site, Article).outerjoin(Article, its_article).where(Site.key == site_key)).first()
    if found is None:
        raise NotFound("There is no such site.")
    return found[0], found[1]


def around(session: Session, site_key: str, comment_id: str) -> tuple[Site, Article, Comment]:
    """A public comment with its article and site, in one query. A held or rejected one equals an unknown one.

    Raises NotFound.
    """
    found = session.execute(
        select(Site, Article, Comment)
        .join(Comment, Comment.site_id == Site.id)
        .join(Article, (Article.site_id == Comment.site_id) & (Article.id == Comment.article_id))
        .where(Site.key == site_key, Comment.id == comment_id, Comment.public())
        .options(QUOTED)
    ).first()
    if found is None:
        raise NotFound("There is no such comment.")
    return found[0], found[1], found[2]


def anywhere(session: Session, comment_id: str) -> tuple[Site, Article, Comment]:
    """A public comment of whichever site has this id, with its article and site. Raises NotFound.

    A search by primary key in each site, because an id belongs to its site: two with the same one are nobody's.
    """
    found = session.execute(
        select(Site, Article, Comment)
        .join(Comment, Comment.site_id == Site.id)
        .join(Article, (Article.site_id == Comment.site_id) & (Article.id == Comment.article_id))
        .where(Comment.site_id.in_(select(Site.id)), Comment.id == comment_id, Comment.public())
        .options(QUOTED)
        .limit(2)
    ).all()
    if len(found) != 1:
        raise NotFound("There is no such comment.")
    return found[0][0], found[0][1], found[0][2]


def latest(
    session: Session, site: Site, article: Article | None = None, *, featured: bool = False
) -> list[tuple[Comment, Article]]:
    """The newest fifty published comments of a site, or of one of its articles, each with its article.

    Of those that are `featured`, the ones that the desk has chosen last.
    """
    query = (
        select(Comment, Article)
        .join(Article, (Article.site_id == Comment.site_id) & (Article.id == Comment.article_id))
        .where(Comment.site_id == site.id, Comment.status == "published")
        .options(QUOTED)
        .order_by(Comment.featured_at.desc() if featured else Comment.id.desc())
        .limit(LATEST)
    )
    if featured:
        query = query.where(Comment.featured_at.is_not(None))
    if article is not None:
        query = query.where(Comment.article_id == article.id)
    return [(comment, its_article) for comment, its_article in session.execute(query)]


def thread(session: Session, of: Article, *, sort: str, cursor: str | None, only: str = "all") -> Thread:
    """One page of a thread, each root with its first replies; all of it begins with those that the desk has pinned.

    A filter that lets replies through gives them by themselves. Raises Invalid for a damaged cursor.
    """
    query = choosing.chosen(of, sort=sort, only=only, cursor=cursor, most=ROOTS + 1)
    found = session.scalars(query.options(QUOTED) if only in choosing.FLAT else query).all()
    pinned = [comment for comment in found if comment.is_pinned] if only == "all" else []
    others = found[len(pinned) : len(pinned) + ROOTS]
    following = None
    if len(found) > len(pinned) + ROOTS:
        following = choosing.cursor(of, others[-1], sort=sort, only=only)
    page = [*pinned, *others]
    if only in choosing.FLAT:
        return Thread(page, following, parents=_parents(session, of.site_id, page))
    return Thread(page, following, _first_replies(session, of.site_id, [root.id for root in page]))


def own(session: Session, of: Article, reader_id: str, *, sort: str, cursor: str | None) -> Thread:
    """One page of what a reader has written under an article, each by itself. Raises Invalid for a damaged cursor."""
    query = choosing.own(of, reader_id, sort=sort, cursor=cursor, most=ROOTS + 1)
    found = session.scalars(query.options(QUOTED)).all()
    page = found[:ROOTS]
    following = choosing.cursor(of, page[-1], sort=sort, only=choosing.MINE) if len(found) > ROOTS else None
    return Thread(page, following, parents=_parents(session, of.site_id, page))


def _parents(session: Session, site_id: str, page: Sequence[Comment]) -> Sequence[Comment]:
    """What some comments answer, as far as strangers may know of it and it is not among them."""
    wanted = {comment.parent_id for comment in page if comment.parent_id} - {comment.id for comment in page}
    if not wanted:
        return ()
    its = (Comment.site_id == site_id, Comment.id.in_(sorted(wanted)), Comment.public())
    return session.scalars(select(Comment).where(*its).options(QUOTED).order_by(Comment.id)).all()


def branch(session: Session, of: Comment, *, after: str | None) -> Branch:
    """Up to a hundred replies in a comment's branch, parents before children. Raises Invalid for a cursor."""
    query = select(Comment).where(
        Comment.site_id == of.site_id, Comment.root_id == of.root_id, Comment.depth > 0, Comment.listed()
    )
    query = query.options(QUOTED)
    if after:
        query = query.where(Comment.id > cursors.read(after, of.root_id, field="after")[1])
    found = session.scalars(query.order_by(Comment.id).limit(BATCH + 1)).all()
    return _branch(found, of.root_id, limit=BATCH)


def public(session: Session, site: Site, comment_id: str) -> Comment:
    """A comment that strangers may see; a held or rejected one equals an unknown one. Raises NotFound."""
    comment = session.get(Comment, (site.id, comment_id))
    if comment is None or not comment.is_public:
        raise NotFound("There is no such comment.")
    return comment


def parent(session: Session, of: Comment) -> Comment | None:
    """What a comment answers, where strangers may know of it."""
    found = session.get(Comment, (of.site_id, of.parent_id)) if of.parent_id else None
    return found if found and found.is_public else None


def article_of(session: Session, comment: Comment) -> Article:
    """The article that a comment is about."""
    return session.get_one(Article, (comment.site_id, comment.article_id))


def counts(session: Session, site_key: str, keys: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Stored counters of articles, comments and shares, in one query; an unknown key or one of no article has none.

    Raises NotFound for an unknown site.
    """
    asked = [key for key in keys if "\0" not in key]
    its_id = select(Site.id).where(Site.key == site_key).scalar_subquery()
    of_article = and_(Article.site_id == ArticleAlias.site_id, Article.id == ArticleAlias.article_id)
    known = union_all(
        select(Article.key, Article.comments, Article.shares).where(Article.site_id == its_id, Article.key.in_(asked)),
        select(ArticleAlias.key, Article.comments, Article.shares)
        .join(Article, of_article)
        .where(ArticleAlias.site_id == its_id, ArticleAlias.key.in_(asked)),
    ).subquery()
    rows = session.execute(
        select(known.c.key, known.c.comments, known.c.shares)
        .select_from(Site)
        .outerjoin(known, true())
        .where(Site.key == site_key)
    ).all()
    if not rows:
        raise NotFound("There is no such site.")
    found = {key: (comments, shares) for key, comments, shares in rows}
    return {key: found.get(key, (0, 0)) for key in sorted(set(keys))}


def mine(session: Session, of: Article, reader_id: str) -> Sequence[Comment]:
    """A reader's own last comments under one article, in every state."""
    return session.scalars(
        select(Comment)
        .where(Comment.site_id == of.site_id, Comment.reader_id == reader_id, Comment.article_id == of.id)
        .options(QUOTED)
        .order_by(Comment.id.desc())
        .limit(BATCH)
    ).all()


def _first_replies(session: Session, site_id: str, roots: Sequence[str]) -> dict[str, Branch]:
    if not roots:
        return {}
    # One short search in the index for each root: a window over all of them would read every reply there is.
    first = [
        select(
            select(Comment.id)
            .where(Comment.site_id == site_id, Comment.root_id == root, Comment.depth > 0, Comment.listed())
            .order_by(Comment.id)
            .limit(REPLIES + 1)
            .subquery()
            .c.id
        )
        for root in roots
    ]
    found = session.scalars(
        select(Comment)
        .options(QUOTED)
        .where(Comment.site_id == site_id, Comment.id.in_(union_all(*first)))
        .order_by(Comment.id)
    )
    replies: dict[str, list[Comment]] = {}
    for reply in found:
        replies.setdefault(reply.root_id, []).append(reply)
    return {root: _branch(some, root, limit=REPLIES) for root, some in replies.items()}


def _branch(found: Sequence[Comment], root_id: str, *, limit: int) -> Branch:
    shown = found[:limit]
    following = cursors.make(root_id, number=0, last=shown[-1].id) if len(found) > limit else None
    return Branch(shown, following)
