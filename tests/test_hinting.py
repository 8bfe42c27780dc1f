"""What a writer is told before sending: the preview, which stores nothing, and hints, which refuse nothing."""

from typing import Any

import pytest
from flask import Flask

from comments_service import reading, text
from comments_service.database import db
from comments_service.hinting import hints
from comments_service.text import MAX_CHARACTERS
from tests.conftest import PAPER, Browser
from tests.desk import make_moderator, signed_in
from tests.pages import Page, Plain
from tests.test_desk_guard import everything

WRITE = "/s/daily/t/a1/write?url=https://paper.example/a1"
SETTINGS = {"name": "The Daily", "origins": PAPER, "moderation": "first"}


def thread(browser: Browser, **headers: str) -> Any:
    return browser.client.get("/api/v1/sites/daily/thread?key=a1", headers=headers)


def codes(source: str, *, words: tuple[str, ...] = (), repeated: bool = False) -> list[str]:
    return [hint.code for hint in hints(text.render(source), words=words, repeated=repeated)]


@pytest.mark.parametrize(
    "loud",
    [
        "THIS IS AN OUTRAGE AND A SHAME", "DAS IST EINE UNVERSCHÄMTHEIT", "ЭТО ПОЗОР ДЛЯ ВСЕГО ГОРОДА",
        "ΑΥΤΟ ΕΙΝΑΙ ΝΤΡΟΠΗ ΓΙΑ ΟΛΟΥΣ", "**NOBODY EVER LISTENS** to us HERE AND NOW", "АМОНАТ ԱՅՍ ԱՄՈԹ Է ԲՈԼՈՐԻ ՀԱՄԱՐ",
    ],
)  # fmt: skip
def test_a_sentence_in_capitals_is_shouted(loud: str) -> None:
    assert codes(loud) == ["shouting"]


@pytest.mark.parametrize(
    "calm",
    [
        "NATO, UNO und EU", "Die ÖPNV-Preise der BVG steigen im VBB schon wieder.", "WOW!!!", "1234567890 1234567890",
        "这是一个很长的句子，没有大写字母，所以不可能是在喊叫。这是一个很长的句子。",
        "هذا نص طويل بلا حروف كبيرة ولا صراخ فيه أبدا", "זה משפט ארוך בלי אותיות גדולות ולכן אין בו צעקה",
        "ეს არის გრძელი წინადადება და არავინ ყვირის აქ",
        "यह एक लंबा वाक्य है जिसमें बड़े अक्षर नहीं होते", "これはとても長い文章ですが、大文字はありません。叫んでいません。",
        "> THIS IS WHAT HE SAID IN ALL CAPITALS\n\nand I do not agree", "See `SELECT NAME FROM TABLE WHERE ID` there",
        "See [THE WHOLE REPORT OF THE COUNCIL](https://a.example) there", "ﬀßßßßßßßßßßßßßßßßßßßßßßßßß",
    ],
)  # fmt: skip
def test_abbreviations_quotes_and_scripts_without_capitals_are_not(calm: str) -> None:
    assert codes(calm) == []


@pytest.mark.parametrize("bare", ["https://a.example/x", "[this](https://a.example)", "https://a.example …\n\nhttps://b.example"])
def test_a_link_alone_asks_for_words(bare: str) -> None:
    assert codes(bare) == ["only-link"]
    assert codes(f"{bare} 好") == []


def test_a_word_of_the_sites_list_is_named_and_a_part_of_one_is_not() -> None:
    [hint] = hints(text.render("What a LÜGE, stupid"), words=["stupid", "lüge"], repeated=False)
    assert (hint.code, hint.values) == ("hint-word", {"words": "lüge, stupid"})
    assert codes("Stupidity", words=("stupid",)) == []
    assert codes("Fine", repeated=True) == ["repeated-text"]


def test_a_preview_is_what_posting_makes_and_stores_nothing(ada: Browser) -> None:
    before = everything()
    source = "*Well* <b onclick=x>bold</b> https://a.example [x](javascript:alert(1))"
    answer = ada.ask("POST", "preview", {"text": source})
    assert (answer.status_code, answer.json["hints"]) == (200, [])
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert everything() == before
    assert ada.post(source).json["comment"]["tree"] == answer.json["tree"] == text.render(source)


def test_it_needs_no_session_and_a_page_of_the_site(ada: Browser, app: Flask) -> None:
    path = "/api/v1/sites/daily/preview"
    ask = app.test_client().post
    assert ask(path, json={"text": "x"}, headers={"Origin": PAPER}).status_code == 200
    assert ask(path, json={"text": "x"}).status_code == 403
    assert ask(path, json={"text": "x"}, headers={"Origin": "https://evil.example"}).status_code == 403


@pytest.mark.parametrize("bad", ["", "  \n", "a\u202eb", "\u3164", "x" * (MAX_CHARACTERS + 1)])
def test_what_cannot_be_posted_cannot_be_previewed(ada: Browser, bad: str) -> None:
    answer = ada.ask("POST", "preview", {"text": bad})
    assert (answer.status_code, answer.json["field"]) == (422, "text")
    assert ada.ask("POST", "preview", {"text": "x", "more": 1}).status_code == 422


def test_a_repetition_is_noticed_where_it_is_one(ada: Browser, bob: Browser) -> None:
    own = ada.post("The same again").json["comment"]["id"]

    def told(browser: Browser, text: str = "The same again", **more: str) -> list[str]:
        answer = browser.ask("POST", "preview", {"text": text, **more})
        return [hint["code"] for hint in answer.json["hints"]]

    assert told(ada, key="a1") == told(ada, "*The* same again", key="a1") == ["repeated-text"]
    assert told(ada) == told(ada, key="a2") == told(ada, key="a1", editing=own) == told(bob, key="a1") == []
    assert told(ada, "Something else", key="a1") == told(ada, key="nowhere") == []
    assert told(ada, key="a1", editing="x") == ["repeated-text"]


def test_hints_refuse_nothing(ada: Browser) -> None:
    site = reading.site(db.session(), "daily")
    site.hint_words, site.moderation = ["dumm"], "post"
    db.session.commit()
    said = "DAS IST DOCH ALLES NUR DUMM UND FALSCH"
    assert len(ada.ask("POST", "preview", {"text": said}).json["hints"]) == 2
    assert ada.post(said).status_code == 201


def test_without_javascript_a_preview_keeps_the_form_and_sends_nothing(app: Flask) -> None:
    clara = Plain(app.test_client())
    before = everything()
    form = clara.get(WRITE)
    seen = clara.submit(form, WRITE, name="", body="HELLO **TO everybody** AND ALL THE OTHERS", look="1")
    assert (seen.status_code, "Set-Cookie" in seen.headers) == (200, False)
    assert everything() == before
    page = Page(seen.text)
    assert "This is how it will look. It is not sent yet." in page.words
    assert page.all("strong")
    assert "shouting" in page.words
    kept = clara.fields(seen)
    assert kept["form_token"] == clara.fields(form)["form_token"]
    assert kept["body"] == "HELLO **TO everybody** AND ALL THE OTHERS"
    assert clara.submit(clara.get(WRITE), WRITE, body="", look="1").status_code == 422
    assert clara.post(WRITE, kept | {"look": "1"}, Origin="https://evil.example").status_code == 403


def test_guidelines_are_written_at_the_desk_and_read_everywhere(app: Flask, ada: Browser) -> None:
    make_moderator("ann", "Ann", daily="owner")
    ann = signed_in(app.test_client(), "ann")
    old = thread(ada)
    assert old.json["site"]["guidelines"] is None
    settings = SETTINGS | {"hint_words": "dumm\r\nblöd"}
    written = "Be **kind**.\r\n\r\n<script>alert(1)</script> [x](javascript:alert(1))"
    assert ann.post("/desk/sites/daily", settings | {"guidelines": written}).status_code == 303
    new = thread(ada, **{"If-None-Match": old.headers["ETag"]})
    assert new.status_code == 200
    assert new.json["site"]["guidelines"][0] == ["p", "Be ", ["strong", "kind"], "."]
    assert reading.site(db.session(), "daily").hint_words == ["dumm", "blöd"]
    for page in (app.test_client().get(WRITE).text, ann.get("/desk/sites/daily").text):
        assert "Be " in page
        assert "<script>alert" not in page
        assert 'href="javascript' not in page
    assert "<summary>" in app.test_client().get(WRITE).text
    ann.post("/desk/sites/daily", settings | {"guidelines": "  "})
    assert thread(ada).json["site"]["guidelines"] is None


@pytest.mark.parametrize("bad", ["x" * 4001, "a\u202eb", "\u3164"])
def test_guidelines_that_cannot_be_stay_in_their_field(app: Flask, bad: str) -> None:
    make_moderator("ann", "Ann", daily="owner")
    ann = signed_in(app.test_client(), "ann")
    told = ann.post("/desk/sites/daily", SETTINGS | {"guidelines": bad})
    assert told.status_code == 422
    assert 'id="guidelines-wrong"' in told.text
    assert reading.site(db.session(), "daily").guidelines == ""
