"""What the tests of the pages share: a reader of HTML, and a browser without JavaScript."""

from dataclasses import dataclass
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
        self.areas: dict[str, str] = {}
        self._area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "textarea":
            self._area = self.elements[-1][1]["name"]
            self.areas[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A browser leaves out the line's end that follows the tag.
            self.areas[self._area] = self.areas[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._area:
            self.areas[self._area] += data

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

    def get(self, path: str, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path.removeprefix(SERVICE), headers=named, base_url=SERVICE)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Any:
        """Send these fields from a page of the service; a header that is empty is left out."""
        sent = {"Origin": SERVICE, "Sec_Fetch_Site": "same-origin"} | headers
        named = {name.replace("_", "-"): value for name, value in sent.items() if value}
        return self.client.post(path.removeprefix(SERVICE), data=fields, headers=named, base_url=SERVICE)

    def submit(self, answer: Any, path: str, **typed: str) -> Any:
        """Fill in the form of a page and send it, a while later."""
        return self.post(path, self.fields(answer) | typed)

    def fields(self, answer: Any) -> dict[str, str]:
        """What the form of a page holds, as it would be sent; its token has grown old enough meanwhile."""
        page = Page(answer.text)
        found = {field["name"]: field.get("value", "") for field in page.all("input") if field["type"] != "radio"}
        return found | page.areas
