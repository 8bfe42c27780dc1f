"""Write, edit and withdraw a comment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from comments_service import text
from comments_service.accounts import Visitor, reader_for, require_reader
from comments_service.database import new_id
from comments_service.errors import Closed, Invalid, NotFound, NotYours, TooLate
from comments_service.rules import Facts, Policy, Verdict, judge
from comments_service.tables import Article, Comment, Decision, Outbox, Reader, Site

EDIT_WINDOW = timedelta(minutes=15)
UNDO_WINDOW = timedelta(seconds=10)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a reader typed; `parent` is the id of the comment that is answered."""

    name: str
    body: str
    parent: str | None = None


def post(session: Session, draft: Draft, *, article: Article, by: Visitor, at: datetime) -> Comment:
    """Store a comment and judge it. Raises Closed, Invalid or NotFound."""
    if article.closed_at is not None and article.closed_at <= at:
        raise Closed("This conversation is closed.")
    tree = text.render(draft.body)
    parent = _public_parent(session, article, draft.parent)
    reader = reader_for(session, by, name=draft.name, at=at)
    verdict = _judge(session, by.site, reader, article, tree)
    comment_id = new_id()
    comment = Comment(
        site_id=article.site_id,
        id=comment_id,
        article_id=article.id,
        root_id=parent.root_id if parent else comment_id,
        parent_id=parent.id if parent else None,
        reader_id=reader.id,
        depth=parent.depth + 1 if parent else 0,
        name=reader.name,
        source=draft.body,
        tree=tree,
        plain=text.plain(tree),
        status="held",
        version=1,
        recommends=0,
        replies_total=0,
        created=at,
    )
    session.add(comment)
    session.flush()
    apply_verdict(session, comment, verdict, at=at)
    return comment


def edit(session: Session, comment_id: str, body: str, *, by: Visitor, at: datetime) -> Comment:
    """Replace the text and judge it again. Raises NotYours, TooLate, Invalid."""
    comment, reader = own(session, comment_id, by)
    if comment.status not in {"published", "held"} or at > comment.created + EDIT_WINDOW:
        raise TooLate("This comment can no longer be edited.")
    tree = text.render(body)
    article = session.get_one(Article, (comment.site_id, comment.article_id))
    verdict = _judge(session, by.site, reader, article, tree, but=comment.id)
    comment.source, comment.tree, comment.plain, comment.edited = body, tree, text.plain(tree), at
    if comment.status == "published":
        _touch(session, comment, by=0)
    apply_verdict(session, comment, verdict, at=at)
    return comment


def withdraw(session: Session, comment_id: str, *, by: Visitor, at: datetime) -> Comment:
    """Take a comment back; its replies stay. Raises NotYours or TooLate."""
    comment, _ = own(session, comment_id, by)
    if comment.status == "rejected":
        raise TooLate("A moderator has already removed this comment.")
    if comment.status != "withdrawn":
        comment.edited = at
        move(session, comment, "withdrawn", by="author", reason="", at=at)
    return comment


def restore(session: Session, comment_id: str, *, by: Visitor, at: datetime) -> Comment:
    """Undo a withdrawal within ten seconds, to the status it had. Raises NotYours or TooLate."""
    comment, _ = own(session, comment_id, by)
    last = session.scalars(
        select(Decision)
        .where(Decision.site_id == comment.site_id, Decision.comment_id == comment.id)
        .order_by(Decision.id.desc())
    ).first()
    if comment.status != "withdrawn" or last is None or at > last.at + UNDO_WINDOW:
        raise TooLate("This comment can no longer be brought back.")
    comment.edited = None
    move(session, comment, last.before, by="author", reason="", at=at)
    return comment


def own(session: Session, comment_id: str, by: Visitor) -> tuple[Comment, Reader]:
    """The visitor's own comment. Raises NotSignedIn, NotFound or NotYours."""
    reader = require_reader(session, by)
    comment = session.get(Comment, (by.site.id, comment_id))
    if comment is None or (comment.reader_id != reader.id and comment.status not in {"published", "withdrawn"}):
        raise NotFound("There is no such comment.")
    if comment.reader_id != reader.id:
        raise NotYours("Only its author can do this.")
    return comment, reader


def apply_verdict(session: Session, comment: Comment, verdict: Verdict, *, at: datetime) -> None:
    """Write down what the rules said, and move the comment there."""
    comment.reasons = [
        {"rule": o.rule, "reason": o.reason, "evidence": o.evidence} for o in verdict.objections
    ]
    if comment.status != verdict.status:
        move(session, comment, verdict.status, by="rules", reason="", at=at)
    kind = f"comment.{verdict.status}"
    session.add(Outbox(site_id=comment.site_id, event=kind, payload={"comment": comment.id}, due_at=at))


def move(session: Session, comment: Comment, status: str, *, by: str, reason: str, at: datetime) -> None:
    """The only way a status changes: with its decision, the counters and the article's version."""
    before, comment.status = comment.status, status
    comment.version += 1
    session.add(
        Decision(
            site_id=comment.site_id, comment_id=comment.id, by=by, before=before, after=status, reason=reason, at=at
        )
    )
    change = (status == "published") - (before == "published")
    if change or "withdrawn" in {before, status}:
        _touch(session, comment, by=change)
    session.flush()


def _touch(session: Session, comment: Comment, *, by: int) -> None:
    # Atomic in the database: two moderators in two processes never lose a count.
    session.execute(
        update(Article)
        .where(Article.site_id == comment.site_id, Article.id == comment.article_id)
        .values(comments=Article.comments + by, version=Article.version + 1)
    )
    if by and comment.parent_id is not None:
        session.execute(
            update(Comment)
            .where(Comment.site_id == comment.site_id, Comment.id == comment.root_id)
            .values(replies_total=Comment.replies_total + by)
        )


def _public_parent(session: Session, article: Article, parent_id: str | None) -> Comment | None:
    if parent_id is None:
        return None
    parent = session.get(Comment, (article.site_id, parent_id))
    if parent is None or parent.article_id != article.id or parent.status not in {"published", "withdrawn"}:
        raise NotFound("The comment you answer is not there any more.", field="parent")
    if parent.status == "withdrawn":
        raise Invalid("The comment you answer was withdrawn by its author.", field="parent")
    return parent


def _judge(
    session: Session, site: Site, reader: Reader, article: Article, tree: list[text.Node], *, but: str | None = None
) -> Verdict:
    plain = text.plain(tree)
    repeated = session.scalar(
        select(
            exists().where(
                Comment.site_id == site.id,
                Comment.reader_id == reader.id,
                Comment.article_id == article.id,
                Comment.plain == plain,
                Comment.id != (but or new_id()),
            )
        )
    )
    facts = Facts(plain=plain, links=len(text.links(tree)), approved=reader.approved, repeated=bool(repeated))
    policy = Policy(moderation=site.moderation, banned_words=site.banned_words, held_words=site.held_words)
    return judge(facts, policy)
