"""Readers whom the desk calls experts, under one article or in a section. The badge follows what the desk says."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from comments_service.badges import EXPERT
from comments_service.errors import Invalid, NotFound
from comments_service.tables import Article, Comment, Expert, Site

SCOPES = ("article", "section")


def grant(session: Session, comment: Comment, *, scope: str, moderator_id: str | None, at: datetime) -> None:
    """Call the author of a comment an expert under its article, or in the article's section.

    What they have written there carries the badge at once. Raises Invalid.
    """
    article = session.get_one(Article, (comment.site_id, comment.article_id))
    if scope not in SCOPES or (scope == "section" and not article.section):
        raise Invalid("Choose the article or, where it has one, its section.", field="scope")
    if comment.status == "erased":
        raise Invalid("Whoever wrote this has left.")
    if not any(_covers(known, article, scope) for known in _of_reader(session, comment.site_id, comment.reader_id)):
        session.add(
            Expert(
                site_id=comment.site_id, reader_id=comment.reader_id, moderator_id=moderator_id, created=at,
                article_id=article.id if scope == "article" else None,
                section=article.section if scope == "section" else "",
            )
        )  # fmt: skip
        session.flush()
    _follow(session, comment.site_id, comment.reader_id)


def end(session: Session, site: Site, expert_id: str) -> None:
    """Take it back: the badge goes from everything that it had been given to. Raises NotFound."""
    known = session.get(Expert, (site.id, expert_id))
    if known is None:
        raise NotFound("There is no such expert.")
    session.delete(known)
    session.flush()
    _follow(session, site.id, known.reader_id)


def of(session: Session, comments: Sequence[Comment]) -> dict[tuple[str, str], list[Expert]]:
    """What the desk has said of the authors of some comments, by site and reader."""
    readers = {(comment.site_id, comment.reader_id) for comment in comments}
    found: dict[tuple[str, str], list[Expert]] = {}
    for row in session.scalars(select(Expert).where(tuple_(Expert.site_id, Expert.reader_id).in_(readers))):
        found.setdefault((row.site_id, row.reader_id), []).append(row)
    return found


def holds(known: Expert, article: Article) -> bool:
    """Whether what the desk has said counts under an article."""
    return _covers(known, article, "article") or _covers(known, article, "section")


def _covers(known: Expert, article: Article, scope: str) -> bool:
    if scope == "article":
        return known.article_id == article.id
    return known.article_id is None and bool(article.section) and known.section == article.section


def _of_reader(session: Session, site_id: str, reader_id: str) -> Sequence[Expert]:
    return session.scalars(select(Expert).where(Expert.site_id == site_id, Expert.reader_id == reader_id)).all()


def _follow(session: Session, site_id: str, reader_id: str) -> None:
    """Have every comment of a reader carry the badge where it is due, and nowhere else."""
    known = _of_reader(session, site_id, reader_id)
    rows = session.execute(
        select(Comment, Article)
        .join(Article, (Article.site_id == Comment.site_id) & (Article.id == Comment.article_id))
        .where(Comment.site_id == site_id, Comment.reader_id == reader_id, Comment.status != "erased")
        .order_by(Comment.id.desc())
    ).all()
    changed = set()
    for comment, article in rows:
        due = any(holds(one, article) for one in known)
        if due == (EXPERT in comment.badges):
            continue
        badges = [badge for badge in comment.badges if badge != EXPERT] + ([EXPERT] if due else [])
        # Past the mapper, which would count this as a change that a moderator has to see before deciding.
        its_row = (Comment.site_id == site_id) & (Comment.id == comment.id)
        session.execute(update(Comment).where(its_row).values(badges=badges))
        changed.add(article.id)
    for article_id in sorted(changed):
        its_article = (Article.site_id == site_id) & (Article.id == article_id)
        session.execute(update(Article).where(its_article).values(version=Article.version + 1))
