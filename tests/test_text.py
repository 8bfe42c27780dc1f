"""The tree holds nothing active, and its HTML passes the last layer unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments_service import text
from comments_service.errors import Invalid


def tags(nodes: list[text.Node]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if not isinstance(node, str):
            found |= {node[0]} | tags(node[2:] if node[0] == "a" else node[1:])
    return found


@given(st.text(alphabet="<>&\"'`*_[]()!#- \nabjs:/.x", max_size=200))
def test_every_tree_is_within_the_allow_list_and_bleach_changes_nothing(source: str) -> None:
    try:
        tree = text.render(source)
    except Invalid:
        return
    assert tags(tree) <= text.TAGS
    assert all(text.safe_url(link) == link for link in text.links(tree))
    html = text.to_html(tree)
    assert text.clean(html).replace("&quot;", '"') == html.replace("&quot;", '"')


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "//evil.example", "ftp://x", "http://"]
)
def test_other_schemes_never_become_links(url: str) -> None:
    assert text.safe_url(url) is None
    assert text.links(text.render(f"[click](<{url}>)")) == []


def test_raw_html_and_images_stay_words() -> None:
    assert text.render("<img src=x onerror=alert(1)>") == [["p", "<img src=x onerror=alert(1)>"]]
    assert "img" not in tags(text.render("![x](https://paper.example/x.png)"))


@pytest.mark.parametrize("source", ["", "  \n ", "x" * 10_001, "a\x00b", "a\u202eb", "\ud800"])
def test_unusable_texts_are_refused(source: str) -> None:
    with pytest.raises(Invalid):
        text.render(source)
