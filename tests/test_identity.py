"""One article has one name, however its address is written."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments_service import identity
from comments_service.errors import Invalid, UnknownOrigin

ORIGINS = ["https://paper.example", "http://127.0.0.1:8001"]
CASES = json.loads(Path(__file__).with_name("identity_cases.json").read_text())


@pytest.mark.parametrize(("url", "key"), CASES)
def test_an_address_has_one_normal_form(url: str, key: str) -> None:
    assert identity.normal(url) == key
    assert identity.normal(key) == key


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_normal_form_of_a_normal_form_is_itself(path: str, query: str) -> None:
    try:
        once = identity.normal(f"https://paper.example/{path}?{query}")
    except Invalid:
        return
    assert identity.normal(once) == once
    assert once.isascii()
    assert once.startswith("https://paper.example/")


@pytest.mark.parametrize(
    "url",
    [
        "", "a1", "/a1", "//paper.example/a", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd",
        "ftp://paper.example/a", "https:paper.example", "https://", "https:///a", "https://user@paper.example/a",
        "https://user:pw@paper.example/a", "https://paper.example\\@evil.example/a", "https://paper.example/a b",
        "https://paper.example/a\n", "\thttps://paper.example/", "https://paper.example/\x00", "https://paper.example:x/",
        "https://paper.example:99999/", "https://[::1/", "https://p\u00e4per.example/", "https://paper.example%2eevil.example/",
        "https://paper.example/\ud800", "https://paper.example/\u202e", "https://.example/", "https://" + "a" * 2000,
        "https://paper.example/" + "\u00e9" * 500,
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        identity.normal(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example.evil.example/a", "http://paper.example/a", "https://paper.example:8443/a",
        "https://paper.example./a", "https://evil.example/https://paper.example/a", "http://127.0.0.1/a",
        "http://127.1:8001/a", "https://xpaper.example/a",
    ],
)  # fmt: skip
def test_an_address_counts_only_on_exactly_a_registered_origin(url: str) -> None:
    for refuses in (identity.own_url, identity.own_key):
        with pytest.raises((UnknownOrigin, Invalid)):
            refuses(url, ORIGINS)


@pytest.mark.parametrize(
    ("given", "origin"),
    [("https://Paper.example/", "https://paper.example"), (" https://paper.example:443 ", "https://paper.example"),
     ("http://127.0.0.1:8001", "http://127.0.0.1:8001")],
)  # fmt: skip
def test_an_origin_is_kept_as_browsers_send_it(given: str, origin: str) -> None:
    assert identity.site_origin(given) == origin


@pytest.mark.parametrize(
    "given",
    ["", "null", "*", "paper.example", "https://*.paper.example", "https://paper.example/news", "https://a.example/?b=1",
     "https://u@paper.example", "ftp://paper.example", "https://a.example https://b.example"],
)  # fmt: skip
def test_what_no_browser_sends_is_no_origin(given: str) -> None:
    with pytest.raises(Invalid):
        identity.site_origin(given)


@pytest.mark.parametrize("key", ["77", "2026-11-article-77", "Grüße aus Köln", "/2026/a", "a:b", "x" * 500])
def test_an_explicit_key_is_free_text(key: str) -> None:
    assert identity.own_key(key, ORIGINS) == key


@pytest.mark.parametrize("key", ["", "x" * 501, " a", "a ", "a\nb", "a\x00", "a\u202eb", "\ud800"])
def test_a_key_that_nobody_could_type_again_is_refused(key: str) -> None:
    with pytest.raises(Invalid):
        identity.own_key(key, ORIGINS)


@pytest.mark.parametrize(
    "key",
    ["https://paper.example", "https://paper.example/a?utm_source=x", "https://PAPER.example/a",
     "https://paper.example/a#b", "ftp://paper.example/a", "HTTPS://paper.example/"],
)  # fmt: skip
def test_a_key_that_is_an_address_is_taken_in_its_normal_form_only(key: str) -> None:
    with pytest.raises(Invalid):
        identity.own_key(key, ORIGINS)
    assert identity.own_key("https://paper.example/a?p=1", ORIGINS) == "https://paper.example/a?p=1"
