"""What a notice says: one sentence for each event, in the page, in the feed and in a mail."""

from collections.abc import Mapping

from comments_service import languages
from comments_service.explaining import BY_MODERATOR
from comments_service.languages import later
from comments_service.noticing.listing import Told
from comments_service.tables import Article, Site

SENTENCES: Mapping[str, str] = {
    "reply": later("{name} answered your comment on “{article}”."),
    "staff_reply": later("{name} of {site} answered your comment on “{article}”."),
    "thread": later("{name} wrote a comment on “{article}”."),
    "approved": later("Your comment on “{article}” was published."),
    "rejected": later("Your comment on “{article}” was not published."),
    "featured": later("Your comment on “{article}” was featured."),
}
REPORTS: Mapping[str, str] = {
    "kept": later("The comment on “{article}” that you reported was looked at and kept."),
    "removed": later("The comment on “{article}” that you reported was looked at and taken down."),
}
# What one may want to hear of by mail, and when.
EVENTS: Mapping[str, str] = {
    "reply": later("Somebody answers me"),
    "staff_reply": later("The staff or the author of the article answers me"),
    "approved": later("A comment of mine is published"),
    "rejected": later("A comment of mine is not published"),
    "featured": later("A comment of mine is featured"),
    "report": later("A report of mine is decided"),
    "thread": later("Somebody writes in a conversation that I follow"),
    "weekly": later("What was written in my conversations in a week"),
}
TIMES: Mapping[str, str] = {
    "now": later("At once"),
    "hourly": later("Once an hour"),
    "daily": later("Once a day"),
    "weekly": later("Once a week"),
    "never": later("Never"),
}


def sentence(lang: str, site: Site, told: Told) -> str:
    """What a notice says, in a language."""
    if told.comment is None or told.article is None:
        return languages.plural(
            lang, "{n} new comment in your conversations this week.",
            "{n} new comments in your conversations this week.", n=told.notice.number,
        )  # fmt: skip
    said = REPORTS[told.notice.word] if told.notice.event == "report" else SENTENCES[told.notice.event]
    return languages.say(lang, said, name=told.comment.name, site=site.name, article=headline(told.article))


def reason(lang: str, told: Told) -> str:
    """Why a comment was not published, if that is what a notice says."""
    if told.notice.event != "rejected":
        return ""
    return languages.say(lang, BY_MODERATOR.get(told.notice.word, BY_MODERATOR["other"]))


def appeal(lang: str, site: Site, contact: str | None) -> str:
    """How to object: what the owner says, else the address to which answers go, if there is one."""
    if site.appeals or not contact:
        return site.appeals
    return languages.say(lang, "If you think that this is wrong, write to {address}.", address=contact)


def headline(article: Article) -> str:
    """What an article is called, by its address as long as nobody vouches for a title."""
    # A path is no title.
    return article.url if article.source == "path" else article.title


def has_link(told: Told) -> bool:
    """Whether strangers may see the comment of a notice, so that a link to it leads somewhere."""
    return told.comment is not None and told.comment.status == "published"
