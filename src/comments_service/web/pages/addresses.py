"""Where each page is: absolute, and from PUBLIC_URL alone, so that a stranger's Host header gets into no link."""

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode

from flask import current_app
from werkzeug.routing import PathConverter

from comments_service.settings import Settings
from comments_service.web import speaking


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
    """The addresses of one site's pages; in another language than the site's own, if they name one."""

    service: str
    site: str
    lang: str | None = None

    def thread(self, key: str, part: str = "", **query: str | None) -> str:
        """A page of one article; `part` is write, yours, search, fragment.html, jsonld or a feed."""
        return self._at(f"t/{path_segment(key)}" + (f"/{part}" if part else ""), query)

    def comment(self, comment_id: str, part: str = "") -> str:
        """The page of one comment; `part` is recommend, report, edit or withdraw."""
        return self._at(f"c/{quote(comment_id, safe='')}" + (f"/{part}" if part else ""), {})

    def me(self, part: str = "", **query: str | None) -> str:
        """A reader's own page; `part` is data."""
        return self._at("me" + (f"/{part}" if part else ""), query)

    def sign_in(self, part: str = "", **query: str | None) -> str:
        """Where a reader signs in by mail; `part` is code, `thread` and `url` where to write then."""
        return self._at("sign-in" + (f"/{part}" if part else ""), query)

    def sign_in_with(self, provider: str, **query: str | None) -> str:
        """Where one begins to sign in with a provider; `thread` is the key of the conversation to come back to."""
        return self._at(f"sign-in/oidc/{quote(provider, safe='')}", query)

    def feed(self, kind: str, which: str = "feed") -> str:
        """The feed of the whole site, or of what is `featured` on it; `kind` is atom or json."""
        return self._at(f"{which}.{kind}", {})

    def notices(self, part: str = "", **query: str | None) -> str:
        """The page of what one browser was told; `thread` is the key of a conversation to follow, `part` is address."""
        return self._at("notices" + (f"/{part}" if part else ""), query)

    def own_feed(self, secret: str) -> str:
        """The feed of one reader's notices."""
        return self._at(f"notices/{secret}.atom", {})

    def _at(self, path: str, query: dict[str, str | None]) -> str:
        given = urlencode({name: value for name, value in {**query, "lang": self.lang}.items() if value is not None})
        return f"{self.service}/s/{quote(self.site, safe='')}/{path}" + (f"?{given}" if given else "")


def links(site_key: str) -> Links:
    """The addresses of a site's pages."""
    return Links(service(), site_key, speaking.asked())


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
