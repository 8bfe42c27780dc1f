"""Nothing that anybody types becomes an element, a handler or a script on a page without JavaScript."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import insert, update

from comments_service import form_tokens, text
from comments_service.database import db, id_at, now
from comments_service.tables import Article, Comment, Site
from comments_service.web.limits import limiter
from comments_service.web.pages.answers import leads_to
from tests.conftest import Browser
from tests.hostile import NAMES, PAYLOADS
from tests.pages import SERVICE, Page, Plain
from tests.test_conversation import published

THREAD = "/s/daily/t/a1"
OURS = {
    "html", "head", "meta", "title", "link", "body", "main", "header", "footer", "nav", "section", "article", "aside",
    "div", "p", "h1", "h2", "h3", "a", "bdi", "span", "time", "ol", "ul", "li", "strong", "em", "blockquote", "code",
    "pre", "br", "form", "input", "textarea", "label", "button", "fieldset", "legend",
    # The signs of the states, and what can be unfolded.
    "svg", "path", "details", "summary", "cite",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "name", "content", "rel", "href", "type", "title", "class", "id", "dir", "datetime", "property",
    "http-equiv", "aria-label", "aria-labelledby", "aria-describedby", "aria-current", "aria-hidden", "aria-invalid",
    "role", "method", "action", "value", "for", "autocomplete", "autofocus", "required", "rows", "tabindex", "checked",
    "formnovalidate", "inputmode", "hreflang", "viewbox", "width", "height", "d", "fill", "stroke", "stroke-width",
    "stroke-linecap", "stroke-linejoin", "cite",
}  # fmt: skip


@pytest.fixture
def reader(app: Flask) -> Plain:
    return Plain(app.test_client())


def assert_only_words(answer_text: str) -> Page:
    page = Page(answer_text)
    for tag, attributes in page.elements:
        assert tag in OURS, tag
        assert set(attributes) <= ATTRIBUTES, attributes
        for name in ("href", "action", "cite"):
            assert urlsplit(attributes.get(name, "")).scheme in {"", "http", "https", "mailto"}, attributes
        assert tag != "svg" or attributes["class"] == "sign"
        if "http-equiv" in attributes:
            assert attributes["content"].startswith("0; url=https://paper.example/a1#comment-")
    return page


def fill(root: str, payloads: tuple[str, ...]) -> None:
    """A branch of a comment for each text, stored as a hostile import would store it: past all checks of names."""
    template = db.session.get_one(
        Comment, (db.session.scalars(db.select(Site.id).where(Site.key == "daily")).one(), root)
    )
    shared = {column.name: getattr(template, column.name) for column in Comment.__table__.columns}
    above, rows = root, []
    for payload in payloads:
        above = id_at(now(), after=above)
        own = {"id": above, "parent_id": root, "depth": 1, "name": payload[:60], "tree": text.render(payload)}
        rows.append(shared | own | {"replies_total": 0})
    db.session.execute(insert(Comment), rows)
    db.session.execute(update(Comment).where(Comment.id == root).values(replies_total=len(payloads)))
    db.session.execute(update(Article).values(version=Article.version + 1))
    db.session.commit()


def test_two_thousand_hostile_texts_stay_texts_wherever_a_comment_is_shown(ada: Browser, reader: Plain) -> None:
    assert len(PAYLOADS) > 2_000
    root = published(ada, "root")
    fill(root, PAYLOADS)
    path, seen = f"{THREAD}?branch={root}", 0
    while path:
        page = assert_only_words(reader.get(path).text)
        seen += len(page.comments()) - 1
        path = next((link["href"] for link in page.all("a", rel="next")), "")
    assert seen == len(PAYLOADS)
    assert_only_words(reader.get(f"{THREAD}/fragment.html").text)


def test_hostile_titles_names_and_sites_stay_words_on_every_page(ada: Browser, reader: Plain) -> None:
    one = published(ada, "Hello")
    for payload in PAYLOADS[::97]:
        db.session.execute(update(Comment).values(name=payload[:60], tree=text.render(payload)))
        db.session.execute(update(Article).values(title=payload[:300], source="api", version=Article.version + 1))
        db.session.execute(update(Site).values(name=payload[:200]))
        db.session.commit()
        for path in (THREAD, f"/s/daily/c/{one}", f"{THREAD}/write?parent={one}", f"/s/daily/c/{one}/report"):
            answer = reader.get(path)
            assert answer.status_code == 200
            assert_only_words(answer.text)
        told = reader.get(f"/oembed?url={SERVICE}/c/{one}")
        assert told.mimetype == "application/json"
        assert_only_words(told.json["html"])


def test_hostile_input_comes_back_as_words_in_the_form(reader: Plain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_tokens, "USABLE_IN", timedelta(0))
    path = f"{THREAD}/write?url=https://paper.example/a1"
    form = reader.get(path)
    for payload in PAYLOADS[::41]:
        answer = reader.submit(form, path, name="", body=payload, website="")
        assert answer.status_code == 422
        assert_only_words(answer.text)
        assert reader.fields(answer)["body"] == payload
    for name in NAMES[::29]:
        answer = reader.submit(form, path, name=name, body="")
        assert answer.status_code == 422
        assert_only_words(answer.text)
        assert reader.fields(answer)["name"] == name


@pytest.mark.parametrize("payload", PAYLOADS[::211])
def test_hostile_addresses_are_never_repeated(ada: Browser, reader: Plain, payload: str) -> None:
    published(ada, "Hello")
    quoted = payload.encode().hex("%")
    for path in (f"{THREAD}?sort=%{quoted}", f"{THREAD}?cursor=%{quoted}", f"/c/%{quoted}", f"/s/%{quoted}/t/a1",
                 f"/s/daily/t/%{quoted}", f"{THREAD}/write?parent=%{quoted}", f"{THREAD}?next=%{quoted}"):  # fmt: skip
        answer = reader.get(path)
        assert answer.status_code < 500
        assert "alert" not in answer.text
        assert_only_words(answer.text)
        assert answer.headers.get("Location", SERVICE).startswith((SERVICE, "/"))


def test_a_form_too_large_to_be_read_is_refused_where_its_sender_is_too_fast_as_well(reader: Plain) -> None:
    limiter.enabled = True
    limiter.reset()
    found = [reader.post(f"{THREAD}/write", {"body": "x" * size}) for size in [1] * 60 + [300_000]]
    assert (found[0].status_code, found[-1].status_code) == (404, 429)
    assert "One moment" in found[-1].text


@pytest.mark.parametrize(
    ("words", "url", "told"),
    [
        ("https://microsoft.com/login", "https://t.co/x", "t.co"),
        ("paper.example.evil.example", "https://paper.example/", "paper.example"),
        ("see T.co.", "https://t.co/x", ""),
        ("https://t.co/x", "https://t.co/y", ""),
        ("paper.example", "https://paper.example@evil.example/", "evil.example"),
    ],
)
def test_a_link_tells_its_host_where_its_words_only_seem_to(words: str, url: str, told: str) -> None:
    assert leads_to(["a", {"href": url}, words]) == told
