"""What a page says of its article is found, and a page of another article says nothing of it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments_service.metadata import Statement, checked
from comments_service.page_reading import statement

AT = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://paper.example/a"
LINK = f'<link rel="canonical" href="{URL}">'
NEWS = {
    "@context": "https://schema.org", "@type": "NewsArticle", "headline": "From the data", "articleSection": "City",
    "author": [{"@type": "Person", "name": "Ada Byron"}, {"name": "Bob"}], "keywords": "trams, buses",
    "datePublished": "2026-11-24T09:30:00+01:00",
}  # fmt: skip


def read(html: str, *, key: str = URL) -> Statement | None:
    return statement(html, key=key, url=URL, at=AT)


def found(html: str, *, key: str = URL) -> Statement:
    said = read(html, key=key)
    assert said is not None
    return checked(said, ["https://paper.example"])


def data(value: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_structured_data_says_most() -> None:
    page = f'<!DOCTYPE html><title>A | Paper</title>{LINK}<meta property="og:title" content="Social">' + data(NEWS)
    said = found(page)
    assert (said.title, said.section, said.source, said.at) == ("From the data", "City", "fetch", AT)
    assert (said.authors, said.tags) == (["Ada Byron", "Bob"], ["trams", "buses"])
    assert said.published_at == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def test_meta_elements_say_the_rest() -> None:
    said = found(
        f'<title>A | Paper</title>{LINK}<meta property="og:title" content="A &amp; B">'
        '<meta property="article:section" content="City"><meta name="author" content="Ada">'
        '<meta property="article:tag" content="trams"><meta property="article:tag" content="buses">'
        '<meta property="article:published_time" content="2026-11-24T08:30:00Z">'
    )
    assert (said.title, said.section, said.authors, said.tags) == ("A & B", "City", ["Ada"], ["trams", "buses"])
    assert said.published_at is not None


def test_a_title_alone_will_do() -> None:
    assert found(f"<title>\n  A \u202estory\u0000 </title>{LINK}").title == "A story"


@pytest.mark.parametrize(
    "value",
    [
        [NEWS], {"@graph": [{"@type": "WebPage"}, NEWS]}, [{"@type": "Organization"}, NEWS],
        NEWS | {"@type": ["X", "NewsArticle"]},
    ],
)  # fmt: skip
def test_structured_data_is_found_in_each_of_its_usual_places(value: Any) -> None:
    assert found(LINK + data({"@type": "WebSite", "headline": "No"}) + data(value)).title == "From the data"


@pytest.mark.parametrize(
    "links",
    [
        "", '<link rel="canonical">', '<link rel="canonical" href="https://paper.example/b">',
        '<link rel="canonical" href="https://evil.example/a">', LINK + '<link rel="canonical" href="/b">',
        '<link rel="alternate" href="https://paper.example/a">', '<link rel="canonical" href="http://paper.example/a">',
        '<link rel="canonical" href="https://[/a">', '<link rel="canonical" href="javascript:alert(1)">',
        '<a rel="canonical" href="https://paper.example/a">', f"<!-- {LINK} -->", f"<script>'{LINK}'</script>",
    ],
)  # fmt: skip
def test_a_page_whose_canonical_link_is_another_address_says_nothing(links: str) -> None:
    assert read(f"<title>A</title>{links}") is None


@pytest.mark.parametrize(
    "href", ["/a", "a", "//paper.example/a", "HTTPS://PAPER.example:443/a?utm_source=x#top", " /a "]
)
def test_a_canonical_link_may_be_written_in_any_way(href: str) -> None:
    assert found(f'<title>A</title><LINK REL="Canonical nofollow" HREF="{href}">').title == "A"


def test_under_a_key_of_free_text_only_a_page_with_that_thread_says_anything() -> None:
    page = f"<title>A</title>{LINK}<comments-thread thread='77'></comments-thread>"
    assert found(page, key="77").title == "A"
    assert read(page, key="78") is None
    assert read(f"<title>A</title>{LINK}", key="77") is None


@pytest.mark.parametrize(
    "value",
    [
        {"@type": "NewsArticle"}, NEWS | {"headline": 7}, NEWS | {"headline": ["x"]}, NEWS | {"headline": None},
        7, None, "NewsArticle", [[NEWS]], {"@graph": NEWS}, {"@graph": [7]},
    ],
)  # fmt: skip
def test_structured_data_of_no_use_is_passed_over(value: Any) -> None:
    assert found(f"<title>A</title>{LINK}{data(value)}").title == "A"


def test_odd_values_are_left_out_and_long_ones_cut() -> None:
    odd = NEWS | {
        "headline": "x" * 1000, "author": [7, {"name": ["Ada"]}, None, {"name": "y" * 500}, "Bob", "Bob", " "],
        "articleSection": [None, "City"], "keywords": [str(n) for n in range(100)], "datePublished": "yesterday",
    }  # fmt: skip
    said = found(LINK + data(odd))
    assert (len(said.title), said.section, said.published_at) == (300, "City", None)
    assert said.authors == ["y" * 100, "Bob"]
    assert len(said.tags) == 30


@pytest.mark.parametrize(
    "noise",
    [
        "[" * 100_000, '{"a":' * 50_000, "NaN", "1" * 10_000, '"\\ud800"', "\x00", '{"@type": {"a": []}}',
        '[{"@type": [[]]}]',
    ],
)  # fmt: skip
def test_hostile_data_does_no_harm(noise: str) -> None:
    script = f'<script type="application/ld+json">{noise}</script>'
    assert found(f"<title>A</title>{LINK}{script}").title == "A"


@pytest.mark.parametrize("piece", ["<a ", "<a b='", "<a =", "<a b=", "<!--", "<![", "<script", "</", "&#", "<a/", "<?"])
def test_a_page_that_chokes_parsers_is_left_after_its_head(piece: str) -> None:
    assert found(f"<title>A</title>{LINK}" + piece * (256 * 1024 // len(piece))).title == "A"


PIECES = [
    "<", ">", "<!", "--", "<![CDATA[", "]]>", "<script>", "</", "'", '"', "=", "&#x110000;", "<title>", LINK, "<meta ",
    "content", "\x00", "ü", "<!DOCTYPE [", "<?",
]  # fmt: skip


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_page_breaks_the_reading(pieces: list[str]) -> None:
    read("".join(pieces))
