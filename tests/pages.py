"""What the tests of the pages share: a reader of HTML, and a browser without JavaScript."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient

SERVICE = "http://localhost:8000"


class Page(HTMLParser):
    """The elements of a page, as a browser would find them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """The attributes of every element of this name with these values."""
        return [
            attributes for name, attributes in self.elements
            if name == tag and all(attributes.get(key) == value for key, value in wanted.items())
        ]  # fmt: skip

    def comments(self) -> list[str]:
        """The ids of the comments shown, in order."""
        return [found["id"].removeprefix("comment-") for found in self.all("article")]

    def link(self, words: str) -> str:
        """Where the first link with these attributes or address leads."""
        return next(found["href"] for found in self.all("a") if words in found["href"])


@dataclass
class Plain:
    """One browser without JavaScript: it follows links, keeps cookies and sends forms as they stand on the page."""

    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path.removeprefix(SERVICE), headers=self.headers | headers, base_url=SERVICE)
