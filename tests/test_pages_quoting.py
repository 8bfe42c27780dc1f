"""Another page shows one comment: in a frame, or as oEmbed describes it; never one that may not be seen."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from comments_service.database import db
from comments_service.tables import Article
from comments_service.web.caching import WHOLE
from tests.conftest import Browser
from tests.pages import SERVICE, Page, Plain
from tests.test_conversation import published

# oembed.com §2.3.4, for what is of the type rich. Height may be null: the page that shows it knows its own fonts.
RICH = Draft202012Validator(
    {
        "type": "object",
        "required": ["type", "version", "html", "width", "height"],
        "additionalProperties": False,
        "properties": {
            "type": {"const": "rich"},
            "version": {"const": "1.0"},
            "title": {"type": "string", "minLength": 1},
            "author_name": {"type": "string", "minLength": 1},
            "provider_name": {"type": "string", "minLength": 1},
            "provider_url": {"type": "string", "pattern": "^https?://"},
            "html": {"type": "string", "pattern": "^<blockquote"},
            "width": {"type": "integer", "minimum": 1},
            "height": {"type": ["integer", "null"]},
        },
    }
)


@pytest.fixture
def reader(app: Flask) -> Plain:
    return Plain(app.test_client(use_cookies=False))


def described(reader: Plain, address: str, more: str = "") -> Any:
    return reader.get(f"/oembed?url={quote(address, safe='')}{more}")


def test_the_page_of_a_comment_says_where_its_description_is(ada: Browser, reader: Plain) -> None:
    one = published(ada, "See [this](https://gov.example/x) & **that** </blockquote>")
    for path in (f"/c/{one}", f"/s/daily/c/{one}"):
        (link,) = Page(reader.get(path).text).all("link", type="application/json+oembed")
        answer = reader.get(link["href"])
        assert answer.content_type == "application/json"
        found = answer.json
        RICH.validate(found)
        assert (found["title"], found["author_name"]) == ("Ada on https://paper.example/a1", "Ada")
        assert (found["provider_name"], found["provider_url"]) == ("The Daily", "https://paper.example")
        shown = Page(found["html"])
        assert {tag for tag, _ in shown.elements} == {
            "blockquote",
            "p",
            "a",
            "strong",
            "span",
            "footer",
            "cite",
            "bdi",
            "time",
        }
        assert [a["href"] for a in shown.all("a")] == [
            "https://gov.example/x", f"https://paper.example/a1#comment-{one}", f"{SERVICE}/s/daily/c/{one}",
        ]  # fmt: skip
        assert {a["rel"] for a in shown.all("a")} == {"nofollow ugc noopener"}
        assert "that </blockquote>" in shown.words


def test_it_is_public_and_may_be_kept(ada: Browser, reader: Plain) -> None:
    one = published(ada, "The old bridge has to be repaired")
    address = f"{SERVICE}/c/{one}"
    answer = described(reader, address)
    headers = answer.headers
    assert headers["Cache-Control"] == WHOLE
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in headers
    path = f"/oembed?url={quote(address, safe='')}"
    assert reader.get(path, If_None_Match=headers["ETag"]).status_code == 304
    ada.ask("PATCH", f"comments/{one}", {"body": "The old bridge has to be repaired soon"})
    assert "The old bridge has to be repaired soon" in reader.get(path, If_None_Match=headers["ETag"]).json["html"]
    assert described(reader, address, "&maxwidth=300&maxheight=200").json["width"] == 300
    assert described(reader, address, "&maxwidth=9000").json["width"] == 640


@pytest.mark.parametrize(
    "url",
    [
        "", "nothing", "https://evil.example/c/{id}", "http://localhost:8000.evil.example/c/{id}",
        "//localhost:8000/c/{id}",
        "http://user@localhost:8000/c/{id}", "http://localhost:8001/c/{id}", "https://localhost:8000/c/{id}",
        "http://localhost:8000/c/", "http://localhost:8000/c/{id}/report", "http://localhost:8000/s/other/c/{id}",
        "http://localhost:8000/s/daily/t/a1", "http://localhost:8000/x/c/{id}", "http://[/c/{id}",
        "http://localhost:8000/c/%00",
        "http://localhost:8000/c/\x00", "javascript:alert(1)", "http://localhost:8000/c/0123456789abcdefghijklmnop",
    ],
)  # fmt: skip
def test_an_address_that_is_not_of_a_comment_here_is_refused(ada: Browser, reader: Plain, url: str) -> None:
    one = published(ada, "Hello")
    answer = described(reader, url.replace("{id}", one))
    assert answer.status_code in {400, 404}
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_it_cannot_do_is_said(ada: Browser, reader: Plain) -> None:
    address = f"{SERVICE}/c/{published(ada, 'Hello')}"
    assert described(reader, address, "&format=xml").status_code == 501
    for wrong in ("maxwidth=0", "maxwidth=-5", "maxwidth=x", "maxheight=1e3", "maxwidth=999999"):
        assert described(reader, address, f"&{wrong}").status_code == 422
    assert reader.get("/oembed").status_code == 404


def test_a_quote_may_stand_in_a_frame_and_nothing_else_may(ada: Browser, reader: Plain) -> None:
    one = published(ada, "Hello *world*")
    for path in (f"/c/{one}/quote.html", f"/s/daily/c/{one}/quote.html"):
        answer = reader.get(path)
        headers = answer.headers
        assert "frame-ancestors *;" in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in headers
        assert "Cross-Origin-Opener-Policy" not in headers
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert headers["Cache-Control"] == WHOLE
        shown = Page(answer.text)
        assert not [tag for tag, _ in shown.elements if tag in {"script", "form", "button", "input"}]
        assert shown.link(f"https://paper.example/a1#comment-{one}")
        assert "Hello world" in shown.words
    for path in (f"/c/{one}", "/s/daily/t/a1", f"/s/daily/c/{one}/report", "/c/nothing"):
        assert reader.get(path).headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in reader.get(path).headers["Content-Security-Policy"]


def test_what_is_taken_back_is_taken_back_on_other_pages_too(ada: Browser, bob: Browser, reader: Plain) -> None:
    one = published(ada, "canary")
    held = bob.post("canary").json["comment"]["id"]
    rejected = ada.post("canary spamword").json["comment"]["id"]
    ada.ask("DELETE", f"comments/{one}")
    gone = reader.get(f"/c/{one}/quote.html")
    assert (gone.status_code, "This comment was withdrawn by its author." in gone.text) == (200, True)
    assert "canary" not in gone.text
    assert "Ada" not in gone.text
    assert described(reader, f"{SERVICE}/c/{one}").status_code == 404
    unknown = reader.get(f"/c/{'0' * 26}/quote.html")
    for hidden in (held, rejected):
        answer = reader.get(f"/c/{hidden}/quote.html")
        assert (answer.status_code, answer.text) == (404, unknown.text)
        assert described(reader, f"{SERVICE}/c/{hidden}").status_code == 404


def test_a_cache_can_throw_away_one_thread_or_one_site(ada: Browser, reader: Plain) -> None:
    one = published(ada, "Hello")
    article = db.session.query(Article).one()
    both = f"site-{article.site_id},thread-{article.id}"
    api = "/api/v1/sites/daily"
    paths = [
        f"{api}/{path}"
        for path in ("thread?key=a1", f"comments/{one}/focus", "version?key=a1", "search?key=a1&q=hello")
    ]
    paths += [f"/s/daily/t/a1{part}" for part in ("", "/fragment.html", "/jsonld", "/feed.atom", "/feed.json")]
    paths += [f"/c/{one}", f"/c/{one}/quote.html", f"/oembed?url={SERVICE}/c/{one}"]
    for path in paths:
        headers = reader.get(path).headers
        assert headers["Cache-Tag"] == both, path
        assert headers["Surrogate-Key"] == both.replace(",", " ")
        assert reader.get(path, If_None_Match=headers["ETag"]).headers["Cache-Tag"] == both
    for path in ("/s/daily/feed.atom", f"{api}/thread?key=new", f"{api}/version?key=new"):
        assert reader.get(path).headers["Cache-Tag"] == f"site-{article.site_id}"
    for path in ("/embed.js", f"{api}/comments/nothing/focus", "/healthz"):
        assert "Cache-Tag" not in reader.get(path).headers
