"""What comes in and what goes out; unknown fields are refused."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from comments_service.posting import EDIT_WINDOW
from comments_service.tables import Article, Comment


class Strict(BaseModel):
    """Base of all bodies."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NewComment(Strict):
    """A comment or, with `parent`, a reply."""

    key: str
    url: str
    name: str
    body: str
    parent: str | None = None
    website: str = ""
    article_token: str | None = None


class NewText(Strict):
    """The text of an edited comment."""

    body: str


class NewShare(Strict):
    """One share click."""

    key: str
    url: str
    network: str
    article_token: str | None = None


def timestamp(at: datetime) -> str:
    """ISO 8601 in UTC."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def comment(row: Comment, replies: Sequence[Comment] | None = None) -> dict[str, Any]:
    """A comment as everybody may see it; a withdrawn one keeps its place and nothing else."""
    gone = row.status == "withdrawn"
    shown: dict[str, Any] = {
        "id": row.id,
        "parent": row.parent_id,
        "root": row.root_id,
        "depth": row.depth,
        "name": "" if gone else row.name,
        "created": timestamp(row.created),
        "edited": timestamp(row.edited) if row.edited and not gone else None,
        "status": row.status,
        "tree": None if gone else row.tree,
        "recommends": row.recommends,
        "replies_total": row.replies_total,
    }
    return shown if replies is None else shown | {"replies": [comment(reply) for reply in replies]}


def own_comment(row: Comment) -> dict[str, Any]:
    """A comment as its author sees it: with its state, the reason, and until when it can be edited."""
    reason = row.reasons[0]["reason"] if row.reasons and row.status in {"held", "rejected"} else None
    return comment(row) | {"editable_until": timestamp(row.created + EDIT_WINDOW), "reason": reason}


def article(row: Article) -> dict[str, Any]:
    """An article as the widget needs it."""
    return {
        "key": row.key, "title": row.title, "url": row.url, "open": row.closed_at is None,
        "comments": row.comments, "shares": row.shares, "version": row.version,
    }  # fmt: skip
