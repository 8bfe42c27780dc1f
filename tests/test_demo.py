"""The demo newspaper: what its pages hold, whom they answer, and that nothing in them leads nowhere."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient

from comments_service.demo.newspaper import create_newspaper
from comments_service.demo.stories import ARTICLES, Story, read_stories

SERVICE = "http://localhost:8000"
LANTERN = "http://127.0.0.1:8001"
BEGUN = datetime(2026, 11, 24, 10, tzinfo=UTC)
STORIES = read_stories(BEGUN)


class Page(HTMLParser):
    """The addresses and elements of a page, as a browser would find them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.threads: list[tuple[str, str | None]] = []
        self.ids: set[str] = set()
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.links += [value for name in ("href", "src") if (value := values.get(name))]
        self.ids |= {value for value in [values.get("id")] if value}
        self.inline += [name for name in values if name == "style" or name.startswith("on")]
        if tag.startswith("comments-"):
            self.threads.append((tag, values.get("thread")))


class Reader(FlaskClient):
    """A browser that has typed the paper's address."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        usual: dict[str, Any] = {"base_url": LANTERN, "buffered": True}
        return super().open(*args, **usual | kwargs)


@pytest.fixture
def reader() -> FlaskClient:
    app = create_newspaper(SERVICE, LANTERN, BEGUN, read=lambda _: None, faulty="http://127.0.0.1:8002")
    app.test_client_class = Reader
    return app.test_client()


def _page(reader: FlaskClient, path: str) -> Page:
    answer = reader.get(path)
    assert answer.status_code == 200, path
    return Page(answer.text)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_every_article_has_the_parts_of_a_news_page(reader: FlaskClient, story: Story) -> None:
    text = reader.get(story.path).text
    page = Page(text)
    order = [story.section, "<h1>", "On: <time", "Share:", "<figure>", 'class="author"', "<h2>More</h2>",
             "<h2>Leave a Comment</h2>", "<noscript>", "<comments-thread"]  # fmt: skip
    places = [text.find(part, text.find("<main")) for part in order]
    assert -1 not in places
    assert places == sorted(places)
    assert ("comments-share", story.slug) in page.threads
    assert [key for tag, key in page.threads if tag == "comments-thread"] == [story.slug]
    counted = [key for tag, key in page.threads if tag == "comments-count"]
    assert len(counted) == 4
    assert story.slug not in counted
    assert f'<link rel="canonical" href="{LANTERN}{story.path}">' in text
    assert f'<script async src="{SERVICE}/embed.js" data-site="demo">' in text


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_every_article_is_a_piece_of_writing(story: Story) -> None:
    kinds = [block.kind for block in story.body]
    words = sum(len((block.text + " ".join(block.items)).split()) for block in story.body)
    assert 350 <= words <= 700
    assert kinds.count("list") == 1
    assert kinds.count("subhead") >= 2
    assert story.alt
    assert story.caption
    assert story.author.about


def test_the_front_page_has_every_story_once_with_its_count(reader: FlaskClient) -> None:
    counted = [key for tag, key in _page(reader, "/").threads if tag == "comments-count"]
    assert sorted(key or "" for key in counted) == sorted(file.stem for file in ARTICLES.glob("*.md"))
    assert len({story.section for story in STORIES}) >= 4


def test_every_link_inside_the_paper_leads_somewhere(reader: FlaskClient) -> None:
    seen, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = reader.get(path.partition("#")[0] or "/")
        assert answer.status_code == 200, path
        if not answer.content_type.startswith("text/html"):
            continue
        page = Page(answer.text)
        assert not page.inline
        anchor = path.partition("#")[2]
        assert not anchor or anchor in page.ids
        waiting += [link.removeprefix(LANTERN) for link in page.links if link.startswith(("/", LANTERN))]
    assert {story.path for story in STORIES} <= seen
    assert "/static/paper.css" in seen


def test_the_policy_is_the_strictest_that_an_embedding_page_can_have(reader: FlaskClient) -> None:
    for path in ("/", STORIES[0].path, "/static/paper.css", "/nothing"):
        headers = reader.get(path).headers
        assert headers["Content-Security-Policy"] == (
            "default-src 'none'; script-src http://localhost:8000; connect-src http://localhost:8000; "
            "style-src 'self'; img-src 'self'; font-src 'none'; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        )
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8001", "", "127.0.0.2"])
def test_a_name_that_is_not_the_papers_is_refused(reader: FlaskClient, host: str) -> None:
    answer = reader.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "Lantern" not in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/town/nothing", "/sport/market-street", "/nowhere/", "/static/../x"])
def test_an_unknown_page_says_so_and_leads_back(reader: FlaskClient, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 404
    assert "This page has gone out with the tide." in answer.text
    assert "/" in Page(answer.text).links


def test_an_address_in_a_missing_page_is_never_repeated_in_it(reader: FlaskClient) -> None:
    assert "<script>alert" not in reader.get("/town/<script>alert(1)</script>").text


def test_pictures_are_files_that_hold_no_script_and_load_nothing() -> None:
    for file in (ARTICLES.parent / "static").rglob("*.svg"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<script|<style|\bon\w+=|href=|<image|style=|foreignObject", text), file.name
        assert len(text) < 40_000
    assert {story.slug for story in STORIES} == {f.stem for f in (ARTICLES.parent / "static/pictures").glob("*.svg")}


def test_dates_count_back_from_the_day_the_demo_was_first_started(reader: FlaskClient) -> None:
    assert all(story.published < BEGUN for story in STORIES)
    assert (
        'On: <time datetime="2026-11-24T07:00:00+00:00">24 November 2026</time>'
        in reader.get("/harbour/winter-tides").text
    )
