"""What comes in: paths, queries, headers and bodies. Unknown fields of a body are refused."""

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from comments_service.accounts import MAX_NAME
from comments_service.identity import MAX_KEY
from comments_service.reacting import MAX_NOTE, REPORT_REASONS
from comments_service.repeating import MAX_KEY as MAX_IDEMPOTENCY_KEY
from comments_service.repeating import MIN_KEY as MIN_IDEMPOTENCY_KEY
from comments_service.searching import MAX_QUERY
from comments_service.sharing import NETWORKS
from comments_service.text import MAX_CHARACTERS

MOST_COUNTS = 50


def told(description: str, **schema: Any) -> Any:
    """A field whose limits are said in the specification; the verbs hold them, with a sentence for the person."""
    return Field(description=description, json_schema_extra=schema)


class Incoming(BaseModel):
    """Base of everything that is read off a request."""

    model_config = ConfigDict(strict=True)

    if not TYPE_CHECKING:
        # The library asks for the schema with every request.
        model_json_schema = classmethod(cache(BaseModel.model_json_schema.__func__))


class Body(Incoming):
    """Base of all bodies."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SitePath(Incoming):
    """A site."""

    site_key: str = told("The site's key, as in the script tag.")


class CommentPath(SitePath):
    """A comment of a site."""

    comment_id: str = told("The comment's id.")


class ArticleQuery(Incoming):
    """Which article is asked about."""

    key: str = told(
        "The article's key: the paper's own, or its address in normal form.", minLength=1, maxLength=MAX_KEY
    )


class ThreadQuery(ArticleQuery):
    """Which page of which thread."""

    sort: Literal["newest", "oldest", "recommended"] = Field("newest", description="The order of the roots.")
    cursor: str | None = Field(None, description="`next` of the page before, in the same order.")


class SearchQuery(ArticleQuery):
    """What is searched for in which thread."""

    q: str = told(
        'Words, all of them, and phrases in "quotation marks"; the last word may be a beginning.', maxLength=MAX_QUERY
    )
    cursor: str | None = Field(None, description="`next` of the page before, of the same search.")


class BranchQuery(Incoming):
    """Which page of a branch."""

    after: str | None = Field(None, description="`replies_next` of a root, or `next` of the page before.")


class CountsQuery(Incoming):
    """Which articles are counted."""

    key: list[str] = Field(description="The articles' keys; repeat it for each.", min_length=1, max_length=MOST_COUNTS)


class RepeatableHeaders(Incoming):
    """What makes a write safe to send again."""

    idempotency_key: str | None = Field(
        None,
        alias="Idempotency-Key",
        description="Random, at least 128 bits. The same key with the same text gives the same answer for 24 hours.",
        json_schema_extra={"minLength": MIN_IDEMPOTENCY_KEY, "maxLength": MAX_IDEMPOTENCY_KEY},
    )


class NewComment(Body):
    """A comment or, with `parent`, a reply."""

    key: str = told("The article's key.", minLength=1, maxLength=MAX_KEY)
    url: str = told("The article's address, on one of the site's origins.")
    name: str = told("The name to show.", minLength=1, maxLength=MAX_NAME)
    body: str = told("The text, in a small part of Markdown.", minLength=1, maxLength=MAX_CHARACTERS)
    form_token: str = Field("", description="From `/form-token`, for this article; good for one comment.")
    parent: str | None = Field(None, description="The id of the comment that is answered.")
    website: str = Field("", description="A trap for bots; leave it empty.", json_schema_extra={"maxLength": 0})
    article_token: str | None = Field(None, description="What the page carries, signed by its paper.")

    def meaning(self) -> dict[str, str | None]:
        """What makes it this comment and not another; a form token is only the way in."""
        return self.model_dump(exclude={"form_token", "website"})


class NewText(Body):
    """The text of an edited comment."""

    body: str = told("The new text.", minLength=1, maxLength=MAX_CHARACTERS)


class NewReport(Body):
    """Why the moderators should look at a comment."""

    reason: str = told("What is wrong with it.", enum=list(REPORT_REASONS))
    note: str = Field("", description="More about it, for the moderators.", json_schema_extra={"maxLength": MAX_NOTE})


class NewShare(Body):
    """One share click."""

    key: str = told("The article's key.", minLength=1, maxLength=MAX_KEY)
    url: str = told("The article's address, on one of the site's origins.")
    network: str = told("Where it was shared.", enum=list(NETWORKS))
    article_token: str | None = Field(None, description="What the page carries, signed by its paper.")


class ArticlePath(Incoming):
    """An article, named by its paper."""

    article_key: str = told("The article's key, percent-encoded: a slash is %2F.", minLength=1, maxLength=MAX_KEY)


class ArticleStatement(Body):
    """What the paper says of an article; `closed` and `aliases` stay as they are when they are left out."""

    url: str = told("The canonical address, on one of the site's origins.")
    title: str = told("The headline.", minLength=1)
    section: str = Field("", description="The section it stands in.")
    authors: list[str] = Field([], description="Who wrote it.")
    tags: list[str] = Field([], description="What it is about.")
    published_at: str | None = Field(
        None, description="When it was published, with a time zone.", json_schema_extra={"format": "date-time"}
    )
    closed: bool | None = Field(None, description="Whether the conversation is over.")
    aliases: list[str] | None = Field(None, description="Other keys that name this article.")
