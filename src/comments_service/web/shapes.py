"""What goes out: the answers of the reader API, as everybody or as their author may see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from flask import current_app
from pydantic import BaseModel, GetJsonSchemaHandler, PlainSerializer, RootModel, WithJsonSchema
from pydantic_core import CoreSchema

from comments_service import closing, mail_sign_in, tables
from comments_service.database import now
from comments_service.editing import EDIT_WINDOW
from comments_service.matching import Term, places
from comments_service.reading import Branch
from comments_service.text import MAX_CHARACTERS, excerpt, marked, plain
from comments_service.web import speaking
from comments_service.web.authors import author


def timestamp(at: datetime) -> str:
    """ISO 8601 in UTC."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


Moment = Annotated[
    datetime, PlainSerializer(timestamp, return_type=str), WithJsonSchema({"type": "string", "format": "date-time"})
]


class Node(RootModel["str | list[Node | dict[str, str]]"]):
    """A piece of a text: words, or a list of a tag, then its attributes where it has some, then what it holds.

    The tags are p, strong, em, blockquote, code, pre, ul, ol, li, br and a with href; mark is what was searched for.
    """


class _MadeOfNodes:
    """Describes a tree as nodes; it is not taken apart for that each time it is sent, as it was made by us."""

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, describe: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "array", "items": describe(Node.__pydantic_core_schema__)}


Tree = Annotated[list[Any], _MadeOfNodes]


class Answer(BaseModel):
    """Base of all answers. They may get further fields in time, and lose none."""


class Provider(Answer):
    """Where readers can sign in with an account that they have there; `key` is its place in addresses."""

    key: str
    name: str


class Site(Answer):
    """A site as the widget needs it, with the ways in: `guests`, `mail`, `providers`; `longest` is of a comment.

    `consent` is a line of plain text, which stands where one writes or leaves an address, beside links to the others.
    """

    name: str
    guests: bool
    mail: bool
    providers: list[Provider]
    moderation: Literal["pre", "post", "first"]
    guidelines: Tree | None
    consent: str | None
    privacy_url: str | None
    terms_url: str | None
    longest: int = MAX_CHARACTERS


class Article(Answer):
    """An article and its counters; `version` 0 means that nobody has talked about it yet.

    `state` says why nobody can write: closed by its paper, archived with age, or read-only like all of its site. At
    `closes_at` its age ends an open one.
    """

    key: str
    title: str
    url: str
    open: bool
    state: closing.State
    closes_at: Moment | None
    comments: int
    shares: int
    version: int

    @property
    def closes_soon(self) -> bool:
        """Whether its readers should know that it is about to end."""
        return self.closes_at is not None and self.closes_at <= now() + closing.SOON


Badge = Literal["staff", "author", "expert"]


class Comment(Answer):
    """A comment as everybody may see it; one that is gone keeps its place and nothing else.

    It was withdrawn by its author, removed by the moderators, or erased with its author, who has left. `author` is the
    same for all comments of one person on this site, and means nothing elsewhere. `badges` say what the person was when
    it was written. `answered` is how the comment that it answers began at that time, if it was edited since.
    """

    id: str
    parent: str | None
    root: str
    depth: int
    name: str
    author: str
    badges: list[Badge]
    created: Moment
    edited: Moment | None
    status: Literal["published", "withdrawn", "removed", "erased"]
    featured: bool
    pinned: bool
    tree: Tree | None
    recommends: int
    replies_total: int
    answered: str | None


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
    """One page of a thread; in a list that has replies in it, `parents` are what these answer."""

    site: Site
    article: Article
    comments: list[Root]
    parents: list[Comment]
    next: str | None


class BranchPage(Answer):
    """Up to a hundred replies of one branch, parents before children."""

    comments: list[Comment]
    next: str | None


class Focus(Answer):
    """One comment, what it answers (its root first), what stands beside it, and the first answers to it.

    `prev` and `next` are cursors for `/beside`, where more stands beside it. `version` is that of the thread.
    """

    comment: Comment
    ancestors: list[Comment]
    siblings: list[Comment]
    prev: str | None
    next: str | None
    replies: list[Comment]
    version: int


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


class OwnComment(Answer):
    """The caller's own comment after a write."""

    comment: Own


class Recommends(Answer):
    """How many readers recommend a comment now."""

    recommends: int


class Reported(Answer):
    """The moderators have been told."""

    reported: Literal[True] = True


class Staff(Answer):
    """The name under which this browser writes as staff from now on."""

    name: str


def site(row: tables.Site) -> Site:
    """A site from its row."""
    shown = {"name": row.name, "guests": row.guests, "moderation": row.moderation, "guidelines": row.guidelines_tree}
    ways = {"mail": mail_sign_in.is_on(row, current_app.config["SETTINGS"]), "providers": row.providers}
    told = {"consent": row.consent, "privacy_url": row.privacy_url, "terms_url": row.terms_url}
    return Site.model_validate(shown | ways | {name: words or None for name, words in told.items()})


def article(site: tables.Site, row: tables.Article | None, key: str) -> Article:
    """An article from its row; without one it is empty."""
    state, ends = closing.state(site, row, at=now()), closing.closes_at(site, row)
    stands: dict[str, Any] = {
        "open": state == "open", "state": state, "closes_at": ends if state == "open" else None,
    }  # fmt: skip
    if row is None:
        return Article(key=key, title="", url="", comments=0, shares=0, version=0, **stands)
    return Article(
        key=row.key, title=row.title, url=row.url, comments=row.comments, shares=row.shares, version=row.version,
        **stands,
    )  # fmt: skip


def comment(row: tables.Comment) -> Comment:
    """A public comment from its row."""
    return Comment.model_validate(_public(row))


def hit(row: tables.Comment, terms: Sequence[Term]) -> Comment:
    """A public comment from its row, with what was searched for marked."""
    return Comment.model_validate(_public(row) | {"tree": marked(row.tree, places(plain(row.tree), terms))})


def root(row: tables.Comment, replies: Branch | None) -> Root:
    """A root from its row and its first replies."""
    shown = [comment(reply) for reply in replies.comments] if replies else []
    return Root.model_validate(_public(row) | {"replies": shown, "replies_next": replies.next if replies else None})


def own(row: tables.Comment, reason: str | None) -> Own:
    """An author's comment from its row, with what its author is told."""
    shown = _shown(row, gone=row.status == "withdrawn") | {"status": row.status}
    private = {"reason": speaking.say(reason) if reason else None, "source": row.source}
    return Own.model_validate(shown | private | {"editable_until": row.created + EDIT_WINDOW})


def _public(row: tables.Comment) -> dict[str, Any]:
    return _shown(row, gone=row.status != "published") | {"status": row.public_status}


def _shown(row: tables.Comment, *, gone: bool) -> dict[str, Any]:
    return {
        "id": row.id, "parent": row.parent_id, "root": row.root_id, "depth": row.depth,
        "name": "" if gone else row.name, "author": "" if gone else author(row.site_id, row.reader_id),
        "badges": [] if gone else row.badges, "created": row.created, "edited": None if gone else row.edited,
        "tree": None if gone else row.tree, "recommends": row.recommends, "replies_total": row.replies_total,
        "featured": row.status == "published" and row.featured_at is not None,
        "pinned": row.is_pinned,
        "answered": excerpt(row.answered) if row.answered and not gone else None,
    }  # fmt: skip
