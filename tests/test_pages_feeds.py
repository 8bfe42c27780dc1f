"""Feeds and JSON-LD are valid, hold public comments only, and survive what people type."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import update

from comments_service.database import db
from comments_service.tables import Article, Comment
from comments_service.web.caching import WHOLE
from tests.conftest import Browser
from tests.pages import SERVICE, Plain
from tests.test_conversation import published

THREAD = "/s/daily/t/a1"
ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture
def reader(app: Flask) -> Plain:
    return Plain(app.test_client(use_cookies=False))


def checked(text: str, schema: str) -> Any:
    document = json.loads(text)
    Draft202012Validator(json.loads((SCHEMAS / schema).read_text(encoding="utf-8"))).validate(document)
    return document


def test_json_ld_describes_the_article_and_its_conversation(ada: Browser, bob: Browser, reader: Plain) -> None:
    root = published(ada, "The **bridge** is old")
    reply = published(bob, "It was repaired", parent=root, name="Bob")
    bob.ask("PUT", f"comments/{root}/recommendation")
    answer = reader.get(f"{THREAD}/jsonld")
    assert answer.content_type == "application/ld+json"
    found = checked(answer.text, "news_article.json")
    assert found["commentCount"] == 2
    assert found["discussionUrl"] == "https://paper.example/a1#comments"
    shown = found["comment"][0]
    assert (shown["text"], shown["upvoteCount"]) == ("The bridge is old", 1)
    assert shown["url"] == f"https://paper.example/a1#comment-{root}"
    assert shown["comment"][0]["url"].endswith(reply)
    ada.ask("DELETE", f"comments/{root}")
    gone = checked(reader.get(f"{THREAD}/jsonld").text, "news_article.json")["comment"][0]
    assert gone["creativeWorkStatus"] == "Deleted"
    assert "text" not in gone
    empty = checked(reader.get("/s/daily/t/a9/jsonld?url=https://paper.example/a9").text, "news_article.json")
    assert (empty["commentCount"], empty["comment"]) == (0, [])
    assert reader.get("/s/daily/t/a9/jsonld?url=https://evil.example/a9").status_code == 404


def test_nothing_in_json_ld_ends_the_script_around_it(ada: Browser, reader: Plain) -> None:
    published(ada, "a </script><!--<script> b &amp; \u2028 c", name="</script> & co")
    text = reader.get(f"{THREAD}/jsonld").text
    assert not re.search("[<>&\u2028\u2029]", text)
    assert "</script>" in checked(text, "news_article.json")["comment"][0]["text"]


@pytest.mark.parametrize("path", [f"{THREAD}/feed.atom", "/s/daily/feed.atom"])
def test_an_atom_feed_is_complete(ada: Browser, bob: Browser, reader: Plain, path: str) -> None:
    root = published(ada, "See [this](https://gov.example/x) & <b>that</b>", name="Ada & co")
    reply = published(bob, "A reply", parent=root, name="Bob")
    answer = reader.get(path)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.text)  # noqa: S314 - our own answer
    assert feed.tag == f"{ATOM}feed"
    for needed in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{needed}")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"{SERVICE}{path}"
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
        f"{SERVICE}/s/daily/c/{reply}",
        f"{SERVICE}/s/daily/c/{root}",
    ]
    assert entries[1].findtext(f"{ATOM}author/{ATOM}name") == "Ada & co"
    assert entries[1].findtext(f"{ATOM}content") == (
        '<p>See <a href="https://gov.example/x" rel="nofollow ugc noopener">this</a> &amp; &lt;b&gt;that&lt;/b&gt;</p>'
    )
    times = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", at) for at in times)
    assert feed.findtext(f"{ATOM}updated") == max(times)
    nothing = reader.get("/s/daily/t/a9/feed.atom?url=https://paper.example/a9").text
    assert ET.fromstring(nothing).findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"  # noqa: S314 - our own answer


@pytest.mark.parametrize("path", [f"{THREAD}/feed.json", "/s/daily/feed.json"])
def test_a_json_feed_is_complete(ada: Browser, reader: Plain, path: str) -> None:
    root = published(ada, "Hello **world**")
    answer = reader.get(path)
    assert answer.content_type == "application/feed+json"
    feed = checked(answer.text, "json_feed.json")
    assert feed["feed_url"] == f"{SERVICE}{path}"
    assert [item["url"] for item in feed["items"]] == [f"https://paper.example/a1#comment-{root}"]
    assert feed["items"][0]["content_html"] == "<p>Hello <strong>world</strong></p>"


def test_feeds_are_public_and_cacheable(ada: Browser, reader: Plain) -> None:
    published(ada, "Hello")
    for path in (f"{THREAD}/feed.atom", f"{THREAD}/feed.json", f"{THREAD}/jsonld", "/s/daily/feed.atom"):
        answer = reader.get(path)
        assert answer.headers["Cache-Control"] == WHOLE
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert reader.get(path, If_None_Match=answer.headers["ETag"]).status_code == 304
    published(ada, "More")
    assert "More" in reader.get("/s/daily/feed.atom", If_None_Match=answer.headers["ETag"]).text
    missing = reader.get("/s/nobody/feed.atom")
    assert (missing.status_code, missing.content_type) == (404, "application/problem+json")
    assert missing.headers["Cache-Control"] == "no-store"


def test_what_xml_cannot_hold_is_replaced(ada: Browser, reader: Plain) -> None:
    published(ada, "Hello")
    db.session.execute(update(Comment).values(name="A\ufffe", tree=[["p", "x\uffff]]>y"]]))
    db.session.execute(update(Article).values(version=Article.version + 1, title="T\u0001", source="api"))
    db.session.commit()
    feed = ET.fromstring(reader.get(f"{THREAD}/feed.atom").text)  # noqa: S314 - our own answer
    assert feed.findtext(f"{ATOM}entry/{ATOM}content") == "<p>x\ufffd]]&gt;y</p>"
    assert feed.findtext(f"{ATOM}title") == "Comments on T\ufffd"
