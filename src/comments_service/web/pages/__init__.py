"""The conversation without JavaScript: pages, the fragment that a paper includes, feeds and JSON-LD."""

from flask import Flask

from comments_service.web.pages import (
    acting,
    assets,
    elsewhere,
    feeds,
    forms,
    mail_links,
    me,
    notices,
    permalink,
    quoting,
    sign_in,
    structured,
    thread,
    troubles,
    writing,
)
from comments_service.web.pages.addresses import ArticleKey
from comments_service.web.pages.answers import pages

__all__ = [
    "acting",
    "assets",
    "elsewhere",
    "feeds",
    "forms",
    "mail_links",
    "me",
    "notices",
    "permalink",
    "quoting",
    "register",
    "sign_in",
    "structured",
    "thread",
    "troubles",
    "writing",
]


def register(app: Flask) -> None:
    """Add the pages to the service."""
    app.url_map.converters["article"] = ArticleKey
    troubles.register(app)
    app.register_blueprint(pages)
