"""A conversation is read without JavaScript: as a page, as a fragment, one comment by its link; by everybody alike."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, insert, update

from comments_service import sharing
from comments_service.database import db, id_at, now
from comments_service.tables import Article, Comment
from comments_service.web.caching import WHOLE
from tests.conftest import Browser
from tests.pages import SERVICE, Page, Plain
from tests.test_conversation import decide, published

THREAD = "/s/daily/t/a1"
HIDDEN = "nobody may read this"


@pytest.fixture
def reader(app: Flask) -> Plain:
    return Plain(app.test_client(use_cookies=False))


def page(reader: Plain, path: str = THREAD) -> Page:
    answer = reader.get(path)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def fill(root_of: str, number: int, *, chain: bool = False) -> None:
    """So many replies beneath a published comment: a fan, or a chain in which each answers the last."""
    root = db.session.get_one(Comment, (_site_id(), root_of))
    shared = {column.name: getattr(root, column.name) for column in Comment.__table__.columns}
    above, rows = root.id, []
    for n in range(number):
        reply = id_at(now(), after=above)
        own = {"id": reply, "parent_id": above, "depth": n + 1 if chain else 1, "name": f"Bob {n}", "replies_total": 0}
        rows.append(shared | own)
        above = reply if chain else root.id
    for start in range(0, number, 500):
        db.session.execute(insert(Comment), rows[start : start + 500])
    db.session.execute(update(Comment).where(Comment.id == root_of).values(replies_total=number))
    db.session.execute(update(Article).values(comments=number + 1, version=Article.version + 1))
    db.session.commit()


def _site_id() -> str:
    return db.session.scalars(db.select(Comment.site_id)).first() or ""


def test_a_conversation_is_a_page_with_nested_lists(ada: Browser, bob: Browser, reader: Plain) -> None:
    root = published(ada, "Hello **world**, see [this](https://gov.example/x)")
    reply = published(bob, "A reply", parent=root, name="Bob")
    answer = reader.get(THREAD)
    shown = Page(answer.text)
    assert shown.comments() == [root, reply]
    assert "<strong>world</strong>" in answer.text
    assert "this (gov.example)" in shown.words
    assert shown.all("a", href="https://gov.example/x")[0]["rel"] == "nofollow ugc noopener"
    assert shown.all("link", rel="canonical") == [{"rel": "canonical", "href": "https://paper.example/a1"}]
    assert shown.all("html") == [{"lang": "en", "dir": "ltr"}]
    assert {body["dir"] for body in shown.all("div", **{"class": "comments-body"})} == {"auto"}
    assert answer.text.count("<ol") == 2
    assert "2 comments" in shown.words


def test_the_page_is_the_same_for_everybody_and_holds_no_form(ada: Browser, reader: Plain) -> None:
    published(ada, "Hello")
    answer = reader.get(THREAD)
    assert answer.headers["Cache-Control"] == WHOLE
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in answer.headers
    assert Page(answer.text).all("form") == []
    signed = reader.get(THREAD, Cookie="reader=" + "A" * 43, Accept_Language="de")
    assert signed.text == answer.text
    assert reader.get(THREAD + "?utm_source=x&lang=<script>").text == answer.text
    assert reader.get(THREAD, If_None_Match=answer.headers["ETag"]).status_code == 304
    published(ada, "More")
    assert reader.get(THREAD, If_None_Match=answer.headers["ETag"]).status_code == 200


def test_pages_carry_the_strictest_headers_that_let_a_form_work(ada: Browser, reader: Plain) -> None:
    one = published(ada, "Hello")
    for path in (THREAD, f"/s/daily/c/{one}", f"/c/{one}", "/s/daily/t/nothing", "/s/nobody/t/a1", "/s/daily/x"):
        headers = reader.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'")
        assert "sandbox" not in policy
        assert "script-src" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_pages_follow_each_other_by_links_in_every_order(ada: Browser, bob: Browser, reader: Plain) -> None:
    ids = [published(ada, f"number {n}") for n in range(23)]
    bob.ask("PUT", f"comments/{ids[4]}/recommendation")
    for sort, first in (("newest", ids[-1]), ("oldest", ids[0]), ("recommended", ids[4])):
        begin = page(reader, f"{THREAD}?sort={sort}")
        assert begin.comments()[0] == first
        rest = page(reader, begin.link("cursor="))
        assert sorted(begin.comments() + rest.comments()) == sorted(ids)
        assert len(begin.comments()) == 20
    assert reader.get(f"{THREAD}?sort=loudest").status_code == 404
    assert reader.get(f"{THREAD}?cursor=broken").status_code == 422


def test_ten_thousand_replies_cost_the_same_queries(ada: Browser, reader: Plain) -> None:
    root = published(ada, "root")
    with counted() as few:
        page(reader)
    fill(root, 10_000)
    with counted() as many:
        begin = page(reader)
    assert len(many) == len(few) == 3
    assert len(begin.comments()) == 4
    with counted() as branch:
        replies = page(reader, begin.link("branch="))
    assert len(branch) == 3
    assert len(replies.comments()) == 101
    further = page(reader, replies.link("after="))
    assert set(further.comments()) & set(replies.comments()) == {root}


def test_a_chain_stays_within_four_levels_and_says_whom_it_answers(ada: Browser, reader: Plain) -> None:
    root = published(ada, "root")
    fill(root, 150, chain=True)
    answer = reader.get(page(reader).link("branch="))
    shown = Page(answer.text)
    assert len(shown.comments()) == 101
    assert answer.text.count("<ol") == 5
    assert "in reply to Bob 50" in shown.words
    assert "in reply to an earlier comment" in page(reader, shown.link("after=")).words


def test_held_and_rejected_comments_are_nowhere(ada: Browser, bob: Browser, reader: Plain) -> None:
    published(ada, "Hello")
    held = bob.post(HIDDEN).json["comment"]["id"]
    rejected = ada.post(f"spamword {HIDDEN}").json["comment"]["id"]
    for part in ("", "/fragment.html", "/jsonld", "/feed.atom", "/feed.json"):
        answer = reader.get(THREAD + part)
        assert answer.status_code == 200
        assert HIDDEN not in answer.text
        assert held not in answer.text
    for kind in ("atom", "json"):
        assert HIDDEN not in reader.get(f"/s/daily/feed.{kind}").text
    unknown = reader.get(f"/s/daily/c/{id_at(now())}")
    for hidden in (held, rejected):
        for path in (f"/s/daily/c/{hidden}", f"/c/{hidden}"):
            answer = reader.get(path)
            assert (answer.status_code, answer.text) == (404, unknown.text)
            assert answer.headers["Cache-Control"] == "no-store"


def test_a_withdrawn_comment_keeps_its_place_and_nothing_else(ada: Browser, bob: Browser, reader: Plain) -> None:
    root = published(ada, HIDDEN)
    published(bob, "A reply", parent=root, name="Bob")
    ada.ask("DELETE", f"comments/{root}")
    for path in (THREAD, f"{THREAD}/fragment.html", f"/s/daily/c/{root}"):
        shown = reader.get(path).text
        assert "withdrawn by its author" in shown
        assert HIDDEN not in shown
        assert "Ada" not in shown
    assert HIDDEN not in reader.get(f"{THREAD}/jsonld").text
    assert "http-equiv" not in reader.get(f"/s/daily/c/{root}").text


def test_a_link_to_one_comment_shows_it_and_leads_to_its_place(ada: Browser, bob: Browser, reader: Plain) -> None:
    root = published(ada, "The bridge is old")
    reply = published(bob, "It was *repaired*", parent=root, name="Bob")
    answer = reader.get(f"/s/daily/c/{reply}")
    shown = Page(answer.text)
    place = f"https://paper.example/a1#comment-{reply}"
    assert answer.status_code == 200
    assert shown.all("meta", **{"http-equiv": "refresh"})[0]["content"] == f"0; url={place}"
    graph = {meta["property"]: meta["content"] for meta in shown.all("meta") if "property" in meta}
    assert graph["og:title"] == "Bob on https://paper.example/a1"
    assert graph["og:description"] == "It was repaired"
    assert graph["og:url"] == f"{SERVICE}/s/daily/c/{reply}"
    picture = reader.get(graph["og:image"])
    assert picture.data.startswith(b"\x89PNG")
    assert "The bridge is old" in shown.words
    assert shown.link(place) == place
    assert reader.get(f"/c/{reply}").text == answer.text


def test_the_fragment_is_the_list_without_a_page(ada: Browser, reader: Plain) -> None:
    root = published(ada, "Hello")
    answer = reader.get(f"{THREAD}/fragment.html")
    shown = Page(answer.text)
    assert shown.comments() == [root]
    assert not [tag for tag, _ in shown.elements if tag in {"html", "head", "link", "style", "script", "form"}]
    assert not [1 for _, attributes in shown.elements if "style" in attributes]
    assert all(link["href"].startswith((SERVICE, "https://")) for link in shown.all("a"))
    missing = reader.get("/s/daily/t/nothing/fragment.html")
    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-store")
    assert missing.text.startswith('<p class="comments-unavailable"')


def test_the_article_can_be_shared_by_plain_links(ada: Browser, reader: Plain) -> None:
    published(ada, "Hello")
    row = [link["href"] for link in page(reader).all("a", rel="nofollow noopener")]
    assert len(row) == len(sharing.NETWORKS) - len({"native", "copy", "mastodon"})
    assert all("https%3A%2F%2Fpaper.example%2Fa1" in link for link in row)
    assert row[0].startswith("mailto:?subject=The%20Daily&")  # nobody has told the article's title yet


def test_a_closed_and_an_empty_conversation_say_so(ada: Browser, reader: Plain) -> None:
    new = page(reader, "/s/daily/t/a9?url=https://paper.example/a9")
    assert "Nobody has said anything about this article yet" in new.words
    assert "url=https" in new.link("write")
    assert reader.get("/s/daily/t/a9").status_code == 404
    assert reader.get("/s/daily/t/a9?url=https://evil.example/a9").status_code == 404
    published(ada, "Hello")
    db.session.execute(update(Article).values(closed_at=now(), version=Article.version + 1))
    db.session.commit()
    closed = page(reader)
    assert "This conversation is closed" in closed.words
    assert not [link for link in closed.all("a") if "write" in link["href"]]


@pytest.mark.parametrize(
    "key", ["https://paper.example/how-to/write", "a/b//c", "100% wool", "https://paper.example/caf%C3%A9?p=1", "ä ö"]
)
def test_every_key_has_its_page(ada: Browser, reader: Plain, key: str) -> None:
    draft = {"key": key, "url": "https://paper.example/a1", "name": "Ada", "body": "Hello"}
    one = ada.ask("POST", "comments", draft).json["comment"]["id"]
    decide(one)
    shown = page(reader, Page(reader.get(f"/c/{one}").text).link("/t/"))
    assert shown.comments() == [one]
    assert page(reader, shown.link("sort=oldest")).comments() == [one]


def test_the_other_site_shows_nothing_of_this_one(ada: Browser, outsider: Browser, reader: Plain) -> None:
    mine = published(ada, HIDDEN)
    theirs = outsider.post("Elsewhere").json["comment"]["id"]
    for path in ("/s/other/t/a1", "/s/other/feed.atom", "/s/other/feed.json", "/s/other/t/a1/feed.atom"):
        assert HIDDEN not in reader.get(path).text
    assert reader.get(f"/s/other/c/{mine}").status_code == 404
    assert reader.get(f"/s/other/t/a1?branch={mine}").status_code == 404
    assert reader.get(f"/s/daily/c/{theirs}").status_code == 404
    for path in ("/s/nobody/t/a1", "/s/nobody/feed.atom", f"/s/nobody/c/{mine}", "/c/%00"):
        assert reader.get(path).status_code == 404
    assert reader.get("/s/daily/t/%00").status_code == 400
    assert reader.get("/s/%00/t/a1").status_code in {400, 404}
