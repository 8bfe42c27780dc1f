"""Change one's own comment: in time, judged again, and not into something else behind anybody's back."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, Signer
from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from comments_service import text
from comments_service.accounts import Visitor
from comments_service.closing import require_writing
from comments_service.comparing import ELSE, share_changed
from comments_service.errors import TooLate
from comments_service.judging import AUTHOR, PERSONS, apply, ask_rules, said_before, touch
from comments_service.posting import own
from comments_service.tables import Comment, Decision, Revision

EDIT_WINDOW = timedelta(minutes=15)
# Who has begun in time may finish the sentence.
GRACE = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A new text, and the token that says that it was begun in time."""

    body: str
    token: str = ""


def begin(session: Session, comment_id: str, *, by: Visitor, secret: str, at: datetime) -> str:
    """A token that proves that an edit was begun in time; nothing is stored. Raises Closed, NotYours or TooLate."""
    require_writing(by.site)
    comment, _ = own(session, comment_id, by)
    _require_time(comment, at, EDIT_WINDOW)
    return _signer(secret).sign(_named(comment)).decode()


def edit(session: Session, comment_id: str, change: Change, *, by: Visitor, secret: str, at: datetime) -> Comment:
    """Replace the text, keep the old one, and judge again. Raises Closed, NotYours, TooLate or Invalid."""
    require_writing(by.site)
    comment, reader = own(session, comment_id, by)
    _require_time(comment, at, EDIT_WINDOW + GRACE if _in_time(comment, change.token, secret) else EDIT_WINDOW)
    tree = text.render(change.body)
    approved = _approved(session, comment)
    session.add(
        Revision(
            site_id=comment.site_id, comment_id=comment.id, revision=comment.revision, source=comment.source,
            tree=comment.tree, until=at,
        )
    )  # fmt: skip
    comment.source, comment.tree, comment.plain, comment.edited = change.body, tree, text.plain(tree), at
    comment.revision += 1
    before = comment.status
    repeated = session.scalar(select(said_before(reader, comment.article_id, comment.plain, but=comment.id)))
    swapped = approved.revision if approved and is_something_else(approved.tree, tree) else None
    verdict = ask_rules(comment, site=by.site, reader=reader, repeated=bool(repeated), swapped=swapped)
    apply(session, comment, verdict, at=at)
    session.flush()
    if before == comment.status == "published":
        touch(session, comment, by=0)
    return comment


def is_something_else(before: list[text.Node], after: list[text.Node]) -> bool:
    """Whether an edit says something else: in more than a quarter of its words, or by a link that was not there."""
    new_links = set(text.links(after)) - set(text.links(before))
    return bool(new_links) or share_changed(text.plain(before), text.plain(after)) > ELSE


@dataclass(frozen=True)
class _Approved:
    revision: int
    tree: list[text.Node]


def _approved(session: Session, comment: Comment) -> _Approved | None:
    """The text that others rely on: what a moderator has approved last, or what readers saw first and reacted to.

    It is compared with that text and not with the last one, so that no number of small steps adds up.
    """
    taken_back = aliased(Decision)
    its_undoing = (taken_back.site_id == Decision.site_id, taken_back.comment_id == Decision.comment_id)
    public = session.execute(
        select(Decision.by, Decision.revision)
        .where(
            Decision.site_id == comment.site_id, Decision.comment_id == comment.id, Decision.after == "published",
            Decision.by != AUTHOR.kind, ~exists().where(*its_undoing, taken_back.undoes == Decision.id),
        )
        .order_by(Decision.id)
    ).all()  # fmt: skip
    approved = [revision for by, revision in public if by in PERSONS]
    if not approved and not (public and _has_reactions(session, comment)):
        return None
    relied_on = approved[-1] if approved else public[0].revision
    if relied_on == comment.revision:
        return _Approved(comment.revision, comment.tree)
    earlier = session.get(Revision, (comment.site_id, comment.id, relied_on))
    return _Approved(earlier.revision, earlier.tree) if earlier else None


def _has_reactions(session: Session, comment: Comment) -> bool:
    if comment.recommends:
        return True
    its_branch = (Comment.site_id == comment.site_id, Comment.root_id == comment.root_id)
    reply = exists().where(*its_branch, Comment.parent_id == comment.id, Comment.status == "published")
    return bool(session.scalar(select(reply)))


def _require_time(comment: Comment, at: datetime, window: timedelta) -> None:
    if comment.status not in {"published", "held"} or at > comment.created + window:
        raise TooLate("This comment can no longer be edited.")


def _in_time(comment: Comment, token: str, secret: str) -> bool:
    try:
        return _signer(secret).unsign(token).decode() == _named(comment)
    except BadSignature:
        return False


def _named(comment: Comment) -> str:
    return f"{comment.site_id}-{comment.id}"


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="edit begun in time", key_derivation="hmac", digest_method=hashlib.sha256)
