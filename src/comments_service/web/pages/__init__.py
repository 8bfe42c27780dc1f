"""The conversation without JavaScript: pages, the fragment that a paper includes, feeds and JSON-LD."""

from flask import Flask

from comments_service.web.pages import answers, assets, feeds, permalink, structured, thread
from comments_service.web.pages.addresses import ArticleKey
from comments_service.web.pages.answers import pages

__all__ = ["assets", "feeds", "permalink", "register", "structured", "thread"]


def register(app: Flask) -> None:
    """Add the pages to the service."""
    app.url_map.converters["article"] = ArticleKey
    answers.register(app)
    app.register_blueprint(pages)
