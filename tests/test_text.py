"""The tree holds nothing active, its HTML passes the last layer unchanged, and reading it gives the same again."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments_service import rules, text
from comments_service.errors import Invalid

PIECES = st.sampled_from(
    [
        "<script>", "</p>", "&amp;", "&#x6a;", "[a](javascript:x)", '[b](https://paper.example/a_(b)?c=d&e="f")',
        "<https://paper.example>", "https://paper.example/x.", "(http://paper.example)", "**", "*", "_", "`", "```\n",
        "> ", "- ", "1. ", "    ", "\n", "\n\n", "![i](https://x.example/i.png)", "\\", "[r]: https://x.example\n", " ",
        "word", "é", "\u0645\u0631\u062d\u0628\u0627", "&lt;b&gt;", "'", '"', "<!--", "]]>", "mailto:a@b.example",
        "a\u00a0b",
    ]
)  # fmt: skip
SOURCES = st.one_of(
    st.text(alphabet="<>&\"'`*_[]()!#- \nabjs:/.x", max_size=200), st.lists(PIECES, max_size=30).map("".join)
)


class Reread(HTMLParser):
    """The tree that a reader of the HTML would build."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[list[text.Node]] = [[]]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.stack[-1].append(["br"])
            return
        values = dict(attrs)
        self.stack.append([tag, {"href": values["href"]}] if tag == "a" else [tag])

    def handle_endtag(self, tag: str) -> None:
        closed = self.stack.pop()
        assert closed[0] == tag
        self.stack[-1].append(closed)

    def handle_data(self, data: str) -> None:
        here = self.stack[-1]
        if len(here) > 1 and isinstance(here[-1], str) and here is not self.stack[0]:
            here[-1] += data
        else:
            here.append(data)


def tags(nodes: list[text.Node]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if not isinstance(node, str):
            found |= {node[0]} | tags(node[2:] if node[0] == "a" else node[1:])
    return found


@given(SOURCES)
def test_every_tree_is_within_the_allow_list_and_bleach_changes_nothing(source: str) -> None:
    try:
        tree = text.render(source)
    except Invalid:
        return
    assert tags(tree) <= text.TAGS
    assert all(text.safe_url(link) == link for link in text.links(tree))
    html = text.to_html(tree)
    assert text.clean(html) == html


@given(SOURCES)
def test_reading_the_html_gives_the_same_html_again(source: str) -> None:
    try:
        html = text.to_html(text.render(source))
    except Invalid:
        return
    assert text.to_html(Reread(html).stack[0]) == html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "ftp://x",
        "http://",
        "http://x:y/",
    ],
)
def test_other_schemes_never_become_links(url: str) -> None:
    assert text.safe_url(url) is None
    assert text.links(text.render(f"[click](<{url}>)")) == []
    assert text.links(text.render(f"look: {url}")) == []


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ("see https://paper.example/a.", ["https://paper.example/a"]),
        ("(https://paper.example/a_(b)), and", ["https://paper.example/a_(b)"]),
        ("HTTP://Paper.Example/?a=1&b=2!", ["HTTP://Paper.Example/?a=1&b=2"]),
        ("[words https://one.example](https://two.example)", ["https://two.example"]),
        ("`https://code.example` and https://x.example", ["https://x.example"]),
        ("https://", []),
        ("xhttps://a.example/<b>", ["https://a.example/"]),
    ],
)
def test_a_pasted_address_becomes_a_link_without_the_stop_behind_it(source: str, links: list[str]) -> None:
    tree = text.render(source)
    assert text.links(tree) == links
    assert text.clean(text.to_html(tree)) == text.to_html(tree)


def test_raw_html_and_images_stay_words() -> None:
    assert text.render("<img src=x onerror=alert(1)>") == [["p", "<img src=x onerror=alert(1)>"]]
    assert "img" not in tags(text.render("![x](https://paper.example/x.png)"))


def test_an_address_whose_host_parsers_disagree_about_stays_words() -> None:
    pasted = "https://evil.example\\\\@paper.example"
    assert text.render(pasted) == [["p", "https://evil.example\\@paper.example"]]


@pytest.mark.parametrize(
    "source",
    ["", "  \n ", "x" * 10_001, "a\x00b", "a\u202eb", "\ud800", "\u200b\u2060", "**\u3164** \u2800", "\ufe0f"],
)
def test_unusable_texts_are_refused(source: str) -> None:
    with pytest.raises(Invalid):
        text.render(source)


def depth(nodes: list[text.Node]) -> int:
    return 1 + max((depth(node[1:]) for node in nodes if isinstance(node, list)), default=0)


@pytest.mark.parametrize(
    "source",
    ["*a **b " * 700 + "b** a*" * 700, "*" * 4000 + "a" + "*" * 4000, "> " * 10 + "*a **b " * 90 + "b** a*" * 90],
    ids=["emphasis", "stars", "quoted"],
)
def test_what_is_nested_without_end_keeps_its_words_and_a_depth_that_anybody_can_walk(source: str) -> None:
    tree = text.render(source)
    assert depth(tree) <= 2 * text.DEEPEST + 2
    assert text.plain(tree).replace(" ", "").replace("\n", "").strip("ab>*") == ""
    assert text.plain(tree).count("a") == source.count("a")
    assert text.clean(text.to_html(tree)) == text.to_html(tree)


@pytest.mark.parametrize(
    ("source", "word", "expected"),
    [
        ("an idiot", "idiot", [["p", "an ", ["mark", "idiot"]]]),
        ("**idi**ot!", "idiot", [["p", ["strong", ["mark", "idi"]], ["mark", "ot"], "!"]]),
        ("a\n\nIDIOT", "idiot", [["p", "a"], ["p", ["mark", "IDIOT"]]]),
        ("id\u200biot", "idiot", [["p", ["mark", "id\u200biot"]]]),
        ("cafe\u0301s", "cafés", [["p", ["mark", "cafe\u0301s"]]]),
        ("idiotic", "idiot", [["p", "idiotic"]]),
        (
            "[an idiot](https://a.example)",
            "idiot",
            [["p", ["a", {"href": "https://a.example"}, "an ", ["mark", "idiot"]]]],
        ),
    ],
)
def test_a_listed_word_is_marked_where_it_stands(source: str, word: str, expected: list[Any]) -> None:
    tree = text.render(source)
    assert text.marked(tree, rules.places(text.plain(tree), [word])) == expected
    assert text.plain(text.marked(tree, rules.places(text.plain(tree), [word])))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://User@Example.com:8443/x", "example.com"),
        ("https://кaзино.example/", "xn--a-ntbdfsg.example"),
        ("mailto:ada@paper.example", "ada@paper.example"),
        (f"https://{'a' * 70}.example", f"{'a' * 70}.example"),
    ],
)
def test_the_host_of_a_link_is_spelled_out(url: str, host: str) -> None:
    assert text.host(url) == host
