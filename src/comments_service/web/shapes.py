"""What goes out: the answers of the reader API, as everybody or as their author may see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, GetJsonSchemaHandler, PlainSerializer, RootModel, WithJsonSchema
from pydantic_core import CoreSchema

from comments_service import tables
from comments_service.matching import Term, places
from comments_service.posting import EDIT_WINDOW
from comments_service.reading import Branch
from comments_service.text import marked, plain


def timestamp(at: datetime) -> str:
    """ISO 8601 in UTC."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


Moment = Annotated[
    datetime, PlainSerializer(timestamp, return_type=str), WithJsonSchema({"type": "string", "format": "date-time"})
]


class Node(RootModel["str | list[Node | dict[str, str]]"]):
    """A piece of a text: words, or a list of a tag, then its attributes where it has some, then what it holds.

    The tags are p, strong, em, blockquote, code, pre, ul, ol, li, br and a, whose attribute is href; and mark, around
    what was searched for.
    """


class _MadeOfNodes:
    """Describes a tree as nodes; it is not taken apart for that each time it is sent, as it was made by us."""

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, describe: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "array", "items": describe(Node.__pydantic_core_schema__)}


Tree = Annotated[list[Any], _MadeOfNodes]


class Answer(BaseModel):
    """Base of all answers. They may get further fields in time, and lose none."""


class Site(Answer):
    """A site as the widget needs it."""

    name: str
    guests: bool
    moderation: Literal["pre", "post", "first"]


class Article(Answer):
    """An article and its counters; `version` 0 means that nobody has talked about it yet."""

    key: str
    title: str
    url: str
    open: bool
    comments: int
    shares: int
    version: int


class Comment(Answer):
    """A comment as everybody may see it; a withdrawn one keeps its place and nothing else."""

    id: str
    parent: str | None
    root: str
    depth: int
    name: str
    created: Moment
    edited: Moment | None
    status: Literal["published", "withdrawn"]
    tree: Tree | None
    recommends: int
    replies_total: int


class Root(Comment):
    """A comment that answers no other, its first replies, and the cursor of those that follow them."""

    replies: list[Comment]
    replies_next: str | None


class Own(Comment):
    """A comment as its author sees it: in every state, with the reason, its source, and until when it can be edited."""

    status: Literal["published", "withdrawn", "held", "rejected"]  # type: ignore[assignment]  # its author sees more
    editable_until: Moment
    reason: str | None
    source: str


class ThreadPage(Answer):
    """One page of a thread."""

    site: Site
    article: Article
    comments: list[Root]
    next: str | None


class BranchPage(Answer):
    """Up to a hundred replies of one branch, parents before children."""

    comments: list[Comment]
    next: str | None


class Focus(Answer):
    """One comment and what it answers, root first."""

    comment: Comment
    ancestors: list[Comment]


class Found(Answer):
    """Comments that hold what was searched for, newest first; in their trees `mark` stands around it."""

    comments: list[Comment]
    next: str | None


class Counters(Answer):
    """The counters of one article."""

    comments: int
    shares: int


class Counts(Answer):
    """The counters of each article asked for."""

    counts: dict[str, Counters]


class Version(Answer):
    """A number that moves with everything that strangers can see of a thread."""

    version: int


class FormToken(Answer):
    """What a new comment needs to bring, once, and in how many milliseconds from now it will be good."""

    token: str
    usable_in: int


class OwnComment(Answer):
    """The caller's own comment after a write."""

    comment: Own


class Recommends(Answer):
    """How many readers recommend a comment now."""

    recommends: int


class Reported(Answer):
    """The moderators have been told."""

    reported: Literal[True] = True


class Me(Answer):
    """What belongs to one browser alone, under one article; `now` is the server's clock."""

    name: str | None
    comments: list[Own]
    recommended: list[str]
    reported: list[str]
    now: Moment


class Announced(Answer):
    """An article as its paper has described it; `source` says who vouches for the description."""

    key: str
    url: str
    title: str
    section: str
    authors: list[str]
    tags: list[str]
    published_at: Moment | None
    closed: bool
    aliases: list[str]
    source: Literal["path", "api", "page", "fetch"]
    comments: int
    shares: int
    version: int


class OwnArticle(Answer):
    """One of the caller's articles."""

    article: Announced


def site(row: tables.Site) -> Site:
    """A site from its row."""
    return Site.model_validate({"name": row.name, "guests": row.guests, "moderation": row.moderation})


def article(row: tables.Article | None, key: str) -> Article:
    """An article from its row; without one it is open and empty."""
    if row is None:
        return Article(key=key, title="", url="", open=True, comments=0, shares=0, version=0)
    return Article(
        key=row.key, title=row.title, url=row.url, open=row.closed_at is None, comments=row.comments,
        shares=row.shares, version=row.version,
    )  # fmt: skip


def announced(row: tables.Article, aliases: list[str]) -> Announced:
    """An article, for its paper, from its row."""
    shown = {
        "key": row.key, "url": row.url, "title": row.title, "section": row.section, "authors": row.authors,
        "tags": row.tags, "published_at": row.published_at, "closed": row.closed_at is not None, "aliases": aliases,
        "source": row.source, "comments": row.comments, "shares": row.shares, "version": row.version,
    }  # fmt: skip
    return Announced.model_validate(shown)


def comment(row: tables.Comment) -> Comment:
    """A public comment from its row."""
    return Comment.model_validate(_shown(row))


def hit(row: tables.Comment, terms: Sequence[Term]) -> Comment:
    """A public comment from its row, with what was searched for marked."""
    tree = marked(row.tree, places(plain(row.tree), terms))
    return Comment.model_validate(_shown(row) | {"tree": tree})


def root(row: tables.Comment, replies: Branch | None) -> Root:
    """A root from its row and its first replies."""
    shown = [comment(reply) for reply in replies.comments] if replies else []
    return Root.model_validate(
        _shown(row) | {"replies": shown, "replies_next": replies.next if replies else None}
    )


def own(row: tables.Comment, reason: str | None) -> Own:
    """An author's comment from its row, with what its author is told."""
    private = {"editable_until": row.created + EDIT_WINDOW, "reason": reason, "source": row.source}
    return Own.model_validate(_shown(row) | private)


def _shown(row: tables.Comment) -> dict[str, Any]:
    gone = row.status == "withdrawn"
    return {
        "id": row.id, "parent": row.parent_id, "root": row.root_id, "depth": row.depth,
        "name": "" if gone else row.name, "created": row.created, "edited": None if gone else row.edited,
        "status": row.status, "tree": None if gone else row.tree, "recommends": row.recommends,
        "replies_total": row.replies_total,
    }  # fmt: skip
