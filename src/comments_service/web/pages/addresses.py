"""Where each page is: absolute, and from PUBLIC_URL alone, so that a stranger's Host header gets into no link."""

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode

from flask import current_app
from werkzeug.routing import PathConverter

from comments_service.settings import Settings


class ArticleKey(PathConverter):
    """An article's key in a path: as it is, or, when it holds a slash, encoded twice.

    Encoded once, a slash is a slash again before any program sees it: a key that ends in /write could not be told
    from the page for writing, and a proxy may fold the two slashes of https://.
    """

    regex = ".+?"

    def to_python(self, value: str) -> str:
        """The key."""
        return value if "/" in value else unquote(value)


@dataclass(frozen=True)
class Links:
    """The addresses of one site's pages."""

    service: str
    site: str

    def thread(self, key: str, part: str = "", **query: str | None) -> str:
        """A page of one article; `part` is write, yours, search, fragment.html, jsonld, feed.atom or feed.json."""
        return self._at(f"t/{path_segment(key)}" + (f"/{part}" if part else ""), query)

    def comment(self, comment_id: str, part: str = "") -> str:
        """The page of one comment; `part` is recommend, report, edit or withdraw."""
        return self._at(f"c/{quote(comment_id, safe='')}" + (f"/{part}" if part else ""), {})

    def feed(self, kind: str) -> str:
        """The feed of the whole site; `kind` is atom or json."""
        return self._at(f"feed.{kind}", {})

    def _at(self, path: str, query: dict[str, str | None]) -> str:
        given = urlencode({name: value for name, value in query.items() if value is not None})
        return f"{self.service}/s/{quote(self.site, safe='')}/{path}" + (f"?{given}" if given else "")


def links(site_key: str) -> Links:
    """The addresses of a site's pages."""
    return Links(service(), site_key)


def service() -> str:
    """Scheme and host of the service, as a browser's Origin header says it."""
    return settings().public_url


def settings() -> Settings:
    """The settings of this process."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def at_article(url: str, comment_id: str) -> str:
    """Where a comment stands under its article."""
    return f"{url}#comment-{comment_id}"


def path_segment(key: str) -> str:
    """A key as one segment of a path."""
    once = quote(key, safe="")
    return quote(once, safe="") if "/" in key or "%" in key else once
