"""Read a thread, a branch, one comment, counts. The number of queries does not depend on the size of anything."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from comments_service.errors import Invalid, NotFound
from comments_service.tables import Article, ArticleAlias, Comment, Site

ROOTS = 20
REPLIES = 3
BATCH = 100
ANCESTORS = 50
SORTS = ("newest", "oldest", "recommended")


@dataclass(frozen=True)
class Page:
    """Some comments, the first replies of each root, and the cursor of what follows."""

    comments: Sequence[Comment]
    next: str | None
    replies: dict[str, list[Comment]] = field(default_factory=dict)


def article(session: Session, site_key: str, key: str) -> Article:
    """One article by its key or an alias of it; one query when the key is its own. Raises NotFound."""
    its_site = Article.site_id == Site.id
    found = session.scalars(
        select(Article).join(Site, its_site).where(Site.key == site_key, Article.key == key)
    ).first()
    if found is None:
        found = session.scalars(
            select(Article)
            .join(Site, its_site)
            .join(
                ArticleAlias, (ArticleAlias.site_id == Article.site_id) & (ArticleAlias.article_id == Article.id)
            )
            .where(Site.key == site_key, ArticleAlias.key == key)
        ).first()
    if found is None:
        raise NotFound("Nothing has been said under this article yet.")
    return found


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


def thread(session: Session, of: Article, *, sort: str, cursor: str | None) -> Page:
    """One page of roots, each with its first replies. Raises Invalid for a damaged cursor."""
    roots = session.scalars(_roots(of, sort, cursor).limit(ROOTS + 1)).all()
    page, more = roots[:ROOTS], len(roots) > ROOTS
    following = _cursor(sort, page[-1]) if more else None
    return Page(page, following, _first_replies(session, of.site_id, [root.id for root in page]))


def branch(session: Session, site: Site, root_id: str, *, after: str | None) -> Page:
    """Up to a hundred descendants of a root, parents before children. Raises NotFound, or Invalid for a cursor."""
    root = public(session, site, root_id)
    query = select(Comment).where(
        Comment.site_id == site.id, Comment.root_id == root.root_id, Comment.depth > 0, Comment.public()
    )
    if after:
        query = query.where(Comment.id > _place("branch", after)[1])
    found = session.scalars(query.order_by(Comment.id).limit(BATCH + 1)).all()
    return Page(found[:BATCH], _cursor("branch", found[BATCH - 1]) if len(found) > BATCH else None)


def focus(session: Session, site: Site, comment_id: str) -> tuple[Comment, list[Comment]]:
    """One public comment and its nearest fifty ancestors, root first. Raises NotFound."""
    comment = public(session, site, comment_id)
    step = select(Comment.parent_id, Comment.depth).where(Comment.site_id == site.id, Comment.id == comment.id)
    chain = step.cte("chain", recursive=True)
    chain = chain.union_all(
        select(Comment.parent_id, Comment.depth)
        .join(chain, Comment.id == chain.c.parent_id)
        .where(Comment.site_id == site.id, Comment.depth > comment.depth - ANCESTORS)
    )
    ancestors = session.scalars(
        select(Comment)
        .where(Comment.site_id == site.id, Comment.id.in_(select(chain.c.parent_id)))
        .order_by(Comment.depth)
    ).all()
    return comment, [ancestor for ancestor in ancestors if ancestor.is_public]


def public(session: Session, site: Site, comment_id: str) -> Comment:
    """A comment that strangers may see; a held or rejected one equals an unknown one. Raises NotFound."""
    comment = session.get(Comment, (site.id, comment_id))
    if comment is None or not comment.is_public:
        raise NotFound("There is no such comment.")
    return comment


def counts(session: Session, site: Site, keys: Sequence[str]) -> dict[str, dict[str, int]]:
    """Stored counters of up to fifty articles; an unknown one has none."""
    rows = session.execute(
        select(Article.key, Article.comments, Article.shares).where(
            Article.site_id == site.id, Article.key.in_(keys)
        )
    )
    known = {key: {"comments": comments, "shares": shares} for key, comments, shares in rows}
    return {key: known.get(key, {"comments": 0, "shares": 0}) for key in sorted(set(keys))}


def mine(session: Session, of: Article, reader_id: str) -> Sequence[Comment]:
    """A reader's own last comments under one article, in every state."""
    return session.scalars(
        select(Comment)
        .where(Comment.site_id == of.site_id, Comment.reader_id == reader_id, Comment.article_id == of.id)
        .order_by(Comment.id.desc())
        .limit(BATCH)
    ).all()


def _roots(of: Article, sort: str, cursor: str | None) -> Select[Comment]:
    query = select(Comment).where(
        Comment.site_id == of.site_id,
        Comment.article_id == of.id,
        Comment.depth == 0,
        # A withdrawn comment stays as a tombstone only while replies hang on it.
        Comment.public(),
        (Comment.status == "published") | (Comment.replies_total > 0),
    )
    place = _place(sort, cursor) if cursor else None
    if sort == "recommended":
        query = query.order_by(Comment.recommends.desc(), Comment.id.desc())
        if place is None:
            return query
        fewer, same = Comment.recommends < place[0], Comment.recommends == place[0]
        return query.where(fewer | (same & (Comment.id < place[1])))
    if sort == "oldest":
        query = query.order_by(Comment.id)
        return query.where(Comment.id > place[1]) if place else query
    query = query.order_by(Comment.id.desc())
    return query.where(Comment.id < place[1]) if place else query


def _first_replies(session: Session, site_id: str, roots: Sequence[str]) -> dict[str, list[Comment]]:
    if not roots:
        return {}
    ranked = (
        select(Comment.id, func.row_number().over(partition_by=Comment.root_id, order_by=Comment.id).label("n"))
        .where(
            Comment.site_id == site_id, Comment.root_id.in_(roots), Comment.depth > 0, Comment.public()
        )
        .subquery()
    )
    found = session.scalars(
        select(Comment)
        .join(ranked, ranked.c.id == Comment.id)
        .where(Comment.site_id == site_id, ranked.c.n <= REPLIES)
        .order_by(Comment.id)
    )
    replies: dict[str, list[Comment]] = {}
    for reply in found:
        replies.setdefault(reply.root_id, []).append(reply)
    return replies


def _cursor(sort: str, last: Comment) -> str:
    return base64.urlsafe_b64encode(json.dumps([1, sort, last.recommends, last.id]).encode()).decode().rstrip("=")


def _place(sort: str, cursor: str) -> tuple[int, str]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        version, for_sort, recommends, comment_id = json.loads(raw)
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("This cursor is damaged; start again from the first page.", field="cursor") from None
    usable = type(recommends) is int and abs(recommends) < 2**31 and isinstance(comment_id, str)
    if version != 1 or for_sort != sort or not usable:
        raise Invalid("This cursor belongs to another list; start again from the first page.", field="cursor")
    return recommends, comment_id
