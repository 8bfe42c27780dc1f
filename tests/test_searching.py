"""A reader searches one conversation: what strangers may read is found, by both databases alike, and nothing else."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from comments_service import matching, moderating, reading, searching
from comments_service.database import db, now
from comments_service.tables import Article, Comment, Searchable
from comments_service.web import limits
from tests import crowds
from tests.conftest import Browser
from tests.pages import Page, Plain
from tests.test_reader_contract import MIA, published

HOSTILE = [
    "%", "*", '"', '""', "'", "_", "NEAR(", "NEAR(tram, 2)", "tram*", "col:x", "words:tram", "-tram", "tram -bus",
    '"tram', 'tram"', "tram AND", "OR", "NOT tram", "^tram", "{words}:tram", "tram:*", "tram & ! |", "a" * 100, "\0",
    "\u202etram",
    "';DROP TABLE comments;--", "<script>", "{{7*7}}", "\ud7ff", "👩‍👩‍👧", "ﷺ", "İ", "\u0301", "§", "%00", "' & 'tram",
]  # fmt: skip


def search(browser: Browser, query: str, cursor: str = "", key: str = "a1") -> Any:
    more = f"&cursor={cursor}" if cursor else ""
    return browser.ask("GET", f"search?key={key}&q={quote(query)}{more}")


def found(browser: Browser, query: str) -> list[str]:
    answer = search(browser, query)
    assert answer.status_code == 200, answer.text
    return [comment["id"] for comment in answer.json["comments"]]


def decide(comment: str, verdict: str) -> None:
    site = reading.site(db.session(), "daily")
    row = moderating.find(db.session(), site, comment)
    moderating.decide(db.session(), site, comment, verdict=verdict, version=row.version, by=MIA, at=now())
    db.session.commit()


def test_all_words_are_looked_for_in_any_order_case_and_accent(ada: Browser) -> None:
    both = published(ada, "The **tram** stops at the Café")
    one = published(ada, "A tram, and a bus")
    assert found(ada, "TRAM cafe ") == [both]
    assert found(ada, "cafe\u0301 tram") == [both]
    assert found(ada, "tram") == [one, both]
    assert found(ada, "tram plane") == []
    assert found(ada, "stop") == [both]
    assert found(ada, "stop ") == []


def test_a_phrase_stands_together_and_may_be_often_there(ada: Browser) -> None:
    said = published(ada, "the end of the line " * 300 + "of lines")
    published(ada, "the line is at an end")
    for query in ('"end of the line"', '"of lines"', "end-of", '"THE END"'):
        assert found(ada, query) == [said], query
    assert found(ada, '"line end"') == []
    assert found(ada, '"the lin"') == []


def test_a_hit_is_marked_in_the_tree_and_nowhere_else(ada: Browser) -> None:
    published(ada, "See **the** [tram](https://paper.example/tram), `tram` and <mark>tram</mark>")
    (hit,) = search(ada, "tram").json["comments"]
    marked = ["mark", "tram"]
    link = ["a", {"href": "https://paper.example/tram"}, marked]
    assert hit["tree"] == [
        ["p", "See ", ["strong", "the"], " ", link, ", ", ["code", marked], " and <mark>", marked, "</mark>"]
    ]
    across = search(ada, '"the tram"').json["comments"][0]["tree"][0]
    assert across[2:5] == [["strong", ["mark", "the"]], ["mark", " "], ["a", link[1], marked]]
    assert ["mark" in str(comment["tree"]) for comment in ada.ask("GET", "thread?key=a1").json["comments"]] == [True]
    assert ["mark", "tram"] not in ada.ask("GET", "thread?key=a1").json["comments"][0]["tree"][0]


@pytest.mark.parametrize("query", HOSTILE)
def test_no_sign_of_any_language_does_more_than_stand_there(ada: Browser, query: str) -> None:
    published(ada, "tram")
    answer = search(ada, query)
    assert answer.status_code in {200, 422}, answer.text
    assert Plain(ada.client).get(f"/s/daily/t/a1/search?q={quote(query)}").status_code in {200, 422}
    if not matching.words(query):
        assert answer.json["comments"] == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=100))
@example('"')
@example("a:*")
def test_any_query_has_an_answer(ada: Browser, query: str) -> None:
    assert search(ada, query.encode("utf-8", "replace").decode()).status_code == 200


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=60))
def test_every_word_of_a_comment_finds_it(app: Flask, body: str) -> None:
    session = db.session()
    article = session.scalars(select(Article)).first() or crowds.article(session, "a1")
    if not session.scalars(select(Comment)).first():
        crowds.roots(session, article, 1)
    comment = session.scalars(select(Comment)).one()
    comment.plain = body
    searching.keep(session, comment)
    for word in matching.words(body):
        for term in (matching.Term((word,)), matching.Term((word[:3],), begins=True)):
            assert searching.find(session, article, [term], cursor=None).comments == [comment]
    if (phrase := tuple(matching.words(body))):
        assert searching.find(session, article, [matching.Term(phrase)], cursor=None).comments == [comment]


def test_what_is_edited_withdrawn_rejected_and_brought_back_is_found_as_it_is_now(ada: Browser) -> None:
    said = published(ada, "a sentence that ends with first")
    assert ada.ask("PATCH", f"comments/{said}", {"body": "a sentence that ends with thought"}).status_code == 200
    assert (found(ada, "first"), found(ada, "thought")) == ([], [said])
    ada.ask("DELETE", f"comments/{said}")
    assert found(ada, "thought") == []
    ada.ask("POST", f"comments/{said}/restore")
    assert found(ada, "thought") == [said]
    for verdict, there in (("rejected", []), ("published", [said]), ("held", []), ("published", [said])):
        decide(said, verdict)
        assert found(ada, "thought") == there
    assert db.session.scalars(select(Searchable.comment_id)).all() == [said]


def test_what_waits_is_found_by_nobody_not_even_its_author(ada: Browser, bob: Browser) -> None:
    held = ada.post("a canary waits").json["comment"]
    assert held["status"] == "held"
    rejected = bob.post("canary spamword").json["comment"]
    assert rejected["status"] == "rejected"
    assert (found(ada, "canary"), found(bob, "canary")) == ([], [])
    assert db.session.scalars(select(Searchable)).all() == []


def test_words_that_are_gone_are_in_no_index_any_more(ada: Browser, app: Flask) -> None:
    said = published(ada, "unutterable")
    ada.ask("DELETE", f"comments/{said}")
    assert db.session.scalars(select(Searchable)).all() == []
    if db.engine.dialect.name == "sqlite":
        # The index and the table agree: FTS5 raises an error when a word was left behind.
        db.session.execute(text("INSERT INTO searchable_words(searchable_words, rank) VALUES ('integrity-check', 1)"))
        db.session.execute(text("INSERT INTO searchable_words(searchable_words) VALUES ('optimize')"))
        blocks = db.session.scalars(text("SELECT block FROM searchable_words_data")).all()
        assert not any(b"unutter" in block for block in blocks)


def test_nothing_of_another_article_or_site_is_found(ada: Browser, outsider: Browser) -> None:
    published(ada, "a tram")
    assert search(outsider, "tram").json == {"comments": [], "next": None}
    assert search(ada, "tram", key="fresh").json == {"comments": [], "next": None}
    article = db.session.scalars(select(Article)).one()
    for query in (f"§{article.id}", article.id):
        assert found(ada, query) == []
    other = reading.site(db.session(), "other").id
    theirs = Article(site_id=other, id=article.id, key="a1", url="https://other.example/a1", title="Theirs")
    db.session.add(theirs)
    db.session.commit()
    assert search(outsider, "tram").json["comments"] == []


def test_pages_go_on_from_newest_to_oldest_while_others_write(ada: Browser) -> None:
    written = crowds.roots(db.session(), crowds.article(db.session()), 45)
    first = search(ada, "number", key="big").json
    written += crowds.roots(db.session(), db.session.scalars(select(Article)).one(), 1)
    second = search(ada, "number", first["next"], key="big").json
    third = search(ada, "number", second["next"], key="big").json
    shown = [comment["id"] for page in (first, second, third) for comment in page["comments"]]
    assert shown == sorted(written, reverse=True)
    assert third["next"] is None
    for wrong in ("x", first["next"][:-1], second["next"] + "="):
        answer = search(ada, "number", wrong, key="big")
        assert (answer.status_code, answer.json["field"]) == (422, "cursor")
    assert search(ada, "numbers", first["next"], key="big").status_code == 422


def test_a_query_that_is_too_long_is_told_so(ada: Browser) -> None:
    answer = search(ada, "x" * 101)
    assert (answer.status_code, answer.json["field"]) == (422, "q")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_search_is_kept_as_long_as_the_thread_is_the_same(ada: Browser, bob: Browser) -> None:
    published(ada, "a tram")
    path = "/api/v1/sites/daily/search?key=a1&q=tram"
    first = ada.client.get(path)
    again = ada.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    published(bob, "another tram")
    again = ada.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, len(again.json["comments"])) == (200, 2)  # type: ignore[index]  # it is an object


def test_searching_has_a_pace(ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.limiter, "enabled", True)
    limits.limiter.reset()
    statuses = [search(ada, f"tram {n}").status_code for n in range(61)]
    assert (set(statuses[:60]), statuses[60]) == ({200}, 429)
    refused = search(ada, "tram")
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert int(refused.headers["Retry-After"]) > 0
    assert Plain(ada.client).get("/s/daily/t/a1/search?q=tram").status_code == 429
    limits.limiter.reset()


def test_a_search_is_two_queries_of_a_thread_of_any_size(ada: Browser) -> None:
    session = db.session()
    for key, number in (("small", 30), ("large", 10_000)):
        crowds.roots(session, crowds.article(session, key), number)
        with crowds.queries(session) as sent:
            assert len(search(ada, "number", key=key).json["comments"]) == 20
            assert sent() == 2
    with crowds.queries(session) as sent:
        search(ada, "% *", key="large")
        assert sent() == 1


def test_ten_thousand_comments_are_searched_by_the_index_of_words(app: Flask) -> None:
    session = db.session()
    crowds.roots(session, crowds.article(session, "beside"), 10_000)
    article = crowds.article(session)
    crowds.roots(session, article, 10_000)
    session.refresh(article)
    for query in ("4711", "471", '"number 4711"', "number 4711"):
        plan = explained(session, article, query)
        if session.get_bind().dialect.name == "sqlite":
            assert "SCAN searchable_words VIRTUAL TABLE INDEX 0:M1" in plan
            assert "SEARCH searchable USING INTEGER PRIMARY KEY (rowid=?)" in plan
            assert "SCAN comments" not in plan
        else:
            assert "ix_searchable_words" in plan
            # What a reply had answered is looked up by a key; in a table without rows, that is not worth an index.
            assert "Seq Scan" not in plan.replace("Seq Scan on revisions", "")


def explained(session: Session, article: Article, query: str) -> str:
    """How the database goes about one search."""
    terms = matching.terms(query)
    return crowds.explained(session, lambda: searching.find(session, article, terms, cursor=None))


def test_the_page_without_javascript_finds_marks_and_goes_on(ada: Browser) -> None:
    said = published(ada, "A **tram** & <b>bus</b>")
    reader = Plain(ada.client)
    thread = Page(reader.get("/s/daily/t/a1").text)
    assert not thread.all("form")
    empty = Page(reader.get(thread.link("/search")).text)
    assert [field["name"] for field in empty.all("input")] == ["q"]
    assert (empty.comments(), empty.all("form")[0]["method"]) == ([], "get")
    answer = reader.get("/s/daily/t/a1/search?q=tram+%22bus%22")
    assert answer.headers["Cache-Control"].startswith("public")
    page = Page(answer.text)
    assert page.comments() == [said]
    assert len(page.all("mark")) == 2
    assert "1 comment found" in page.words
    assert page.all("input")[0]["value"] == 'tram "bus"'
    assert not page.all("b")
    assert reader.get(page.link(f"/c/{said}")).status_code == 200
    again = reader.get("/s/daily/t/a1/search?q=tram", If_None_Match=answer.headers["ETag"])
    assert again.status_code == 304
    assert "No comment found" in reader.get("/s/daily/t/a1/search?q=plane").text
    assert "no word in this search" in reader.get("/s/daily/t/a1/search?q=%25").text


def test_older_hits_are_behind_a_link(ada: Browser) -> None:
    crowds.roots(db.session(), crowds.article(db.session()), 25)
    reader = Plain(ada.client)
    first = Page(reader.get("/s/daily/t/big/search?q=number").text)
    second = Page(reader.get(first.link("cursor=")).text)
    assert (len(first.comments()), len(second.comments())) == (20, 5)
    assert "Older comments found" in second.words
