"""What comes in: paths, queries, headers and bodies. Unknown fields of a body are refused."""

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from comments_service.accounts import MAX_NAME
from comments_service.identity import MAX_KEY
from comments_service.leaving import WAYS
from comments_service.repeating import MAX_KEY as MAX_IDEMPOTENCY_KEY
from comments_service.repeating import MIN_KEY as MIN_IDEMPOTENCY_KEY
from comments_service.reporting import MAX_EMAIL, MAX_LAW, MAX_NOTE, REASONS
from comments_service.reporting import MAX_NAME as MAX_REPORTER
from comments_service.searching import MAX_QUERY
from comments_service.sharing import NETWORKS
from comments_service.sso_tokens import MAX_LENGTH as MAX_TOKEN
from comments_service.text import MAX_CHARACTERS

MOST_COUNTS = 50


def told(description: str, **schema: Any) -> Any:
    """A field whose limits are said in the specification; the verbs hold them, with a sentence for the person."""
    return Field(description=description, json_schema_extra=schema)


def _notice(description: str, most: int) -> Any:
    return Field("", description=f"{description} with the reason `illegal`.", json_schema_extra={"maxLength": most})


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


HEARD = Field(
    None,
    description="The version that the asker has heard of. The answer does not depend on it, but a cache in front of "
    "the service keeps the answers of each version apart, and so gives nobody an older one.",
)


class OwnQuery(ArticleQuery):
    """Which page of what this browser has written."""

    sort: Literal["newest", "oldest", "recommended", "best", "liveliest"] = Field("newest", description="The order.")
    cursor: str | None = Field(None, description="`next` of the page before, in the same order.")


class PageQuery(Incoming):
    """Which page of a list."""

    cursor: str | None = Field(None, description="`next` of the page before.")


class AuthorPath(SitePath):
    """Somebody who writes on a site."""

    author: str = told("The sign of the author, as it stands at a comment.", maxLength=40)


class SessionPath(SitePath):
    """A session of a reader of a site."""

    session_id: str = told("The session's id.")


class DataQuery(Incoming):
    """How everything is written down."""

    format: Literal["json", "csv"] = Field("json", description="A list for each table, or one line for each value.")


class ThreadQuery(OwnQuery):
    """Which page of which thread."""

    filter: Literal["all", "staff", "featured", "unanswered"] = Field(
        "all", description="Which comments; all are those that answer none, and staff and featured are replies too."
    )
    cursor: str | None = Field(None, description="`next` of the page before, in the same order and filter.")
    version: str | None = HEARD


class SearchQuery(ArticleQuery):
    """What is searched for in which thread."""

    q: str = told(
        'Words, all of them, and phrases in "quotation marks"; the last word may be a beginning.', maxLength=MAX_QUERY
    )
    cursor: str | None = Field(None, description="`next` of the page before, of the same search.")


class BranchQuery(Incoming):
    """Which page of a branch."""

    after: str | None = Field(None, description="`replies_next` of a root, or `next` of the page before.")
    version: str | None = HEARD


class FocusQuery(Incoming):
    """What is known of the thread around a comment."""

    version: str | None = HEARD


class BesideQuery(Incoming):
    """Which neighbours of a comment."""

    cursor: str = Field(description="`prev` or `next` of `/focus`, or `next` of the page before.")
    version: str | None = HEARD


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
    edit_token: str = Field("", description="From `/editing`: an edit that was begun in time has a minute more.")


class Unsent(Body):
    """A text that may be sent later; nothing of it is stored."""

    text: str = told("The text, in a small part of Markdown.", minLength=1, maxLength=MAX_CHARACTERS)
    key: str | None = Field(None, description="The key of the article under which it shall stand.")
    editing: str | None = Field(None, description="The id of the own comment whose text it shall replace.")


class NewReport(Body):
    """Why the moderators should look at a comment."""

    reason: str = told("What is wrong with it.", enum=list(REASONS))
    note: str = Field("", description="More about it, for the moderators.", json_schema_extra={"maxLength": MAX_NOTE})
    law: str = _notice("Which law it breaks, and why. Needed", MAX_LAW)
    name: str = _notice("Who reports it. Needed unless `child_abuse`,", MAX_REPORTER)
    email: str = _notice("Where to reach that person. Needed unless `child_abuse`,", MAX_EMAIL)
    child_abuse: bool = Field(False, description="Whether it is about sexual abuse of children.")
    good_faith: bool = Field(
        False, description="That all of this is believed to be right and complete. Needed with the reason `illegal`."
    )


class NewName(Body):
    """What to be called."""

    name: str = told("The name to show.", minLength=1, maxLength=MAX_NAME)


class LanguageQuery(Incoming):
    """How to speak."""

    lang: str = Field("", description="The language to answer in; without it, what the browser asks for.")


class NoticesQuery(PageQuery, LanguageQuery):
    """Which notices, and of which conversation to say whether it is followed."""

    key: str | None = Field(None, description="The key of an article.")


class ReadNotices(Body):
    """What was read."""

    notice: str | None = Field(None, description="The notice's id; without it, all of them.")


class NoticeWishes(Body):
    """When to hear by mail of some events: now, hourly, daily or never, and of the weekly one weekly or never."""

    wishes: dict[str, str] = Field({}, description="By the event; what is not named stays.")
    language: str = Field("", description="That of the mails; without it, it stays.")


class MailAddress(Body):
    """Where notices are to go."""

    address: str = told("An e-mail address.", minLength=3, maxLength=MAX_EMAIL)
    lang: str = Field("", description="The language of the mails; without it, what the browser asks for.")


class WhatToFollow(Body):
    """A conversation."""

    key: str = told("The article's key.", minLength=1, maxLength=MAX_KEY)
    url: str = told("The article's address, on one of the site's origins.")
    article_token: str | None = Field(None, description="What the page carries, signed by its paper.")


class HowToLeave(Body):
    """What becomes of the comments of who leaves."""

    way: str = told("Whether each leaves its place, or only those that were answered.", enum=list(WAYS))


class StaffCode(Body):
    """What the desk has made for one browser of a moderator."""

    code: str = told("From the link of the desk; good once.", minLength=32, maxLength=32)


class SsoToken(Body):
    """A paper's word on who its reader is."""

    token: str = told("The JWT that the paper's server has signed.", minLength=1, maxLength=MAX_TOKEN)


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
