"""What a search engine may know of a conversation: JSON-LD that the paper puts into its article (schema.org)."""

import json
from typing import Any

from flask import Response

from comments_service import reading
from comments_service.database import db
from comments_service.tables import Article
from comments_service.text import plain
from comments_service.web import caching, shapes
from comments_service.web.pages.addresses import at_article
from comments_service.web.pages.answers import kept, pages
from comments_service.web.pages.arranging import Node, nested
from comments_service.web.pages.thread import page_of


@pages.get("/s/<site_key>/t/<article:article_key>/jsonld")
def jsonld(site_key: str, article_key: str) -> Response:
    """A NewsArticle with its counters and its most recommended comments."""
    site, article, shown = page_of(site_key, article_key)

    def document() -> str:
        return _inside_a_script(json.dumps(_article(shown, article), ensure_ascii=False))

    return kept(caching.etag(site, article), document, mimetype="application/ld+json")


def _article(shown: shapes.Article, article: Article | None) -> dict[str, Any]:
    found = reading.thread(db.session(), article, sort="recommended", cursor=None) if article else reading.Thread()
    roots = [shapes.root(row, found.replies.get(row.id)) for row in found.comments]
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": shown.url,
        "url": shown.url,
        **({"headline": shown.title} if shown.title else {}),
        "commentCount": shown.comments,
        "discussionUrl": f"{shown.url}#comments",
        "interactionStatistic": [_counter("CommentAction", shown.comments), _counter("ShareAction", shown.shares)],
        "comment": [_comment(nested(root, root.replies), shown.url) for root in roots],
    }


def _comment(node: Node, url: str) -> dict[str, Any]:
    shown = node.comment
    about: dict[str, Any] = {
        "@type": "Comment",
        "@id": at_article(url, shown.id),
        "url": at_article(url, shown.id),
        "datePublished": shapes.timestamp(shown.created),
    }
    if shown.status != "published":
        about["creativeWorkStatus"] = "Deleted"
    else:
        about |= {
            "author": {"@type": "Person", "name": shown.name},
            "text": plain(shown.tree or []).strip(),
            "upvoteCount": shown.recommends,
        }
    if shown.edited:
        about["dateModified"] = shapes.timestamp(shown.edited)
    if node.children:
        about["comment"] = [_comment(child, url) for child in node.children]
    return about


def _counter(action: str, number: int) -> dict[str, Any]:
    return {
        "@type": "InteractionCounter",
        "interactionType": f"https://schema.org/{action}",
        "userInteractionCount": number,
    }


def _inside_a_script(document: str) -> str:
    # A paper puts this between <script> and </script>, where only these could end it or begin something else.
    return document.translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
