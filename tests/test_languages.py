"""What people read comes from one catalogue for each language, whole, and is chosen without making a cache keep two."""

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

import pytest
from babel import Locale
from flask import Flask

from comments_service import languages
from comments_service.database import db
from comments_service.errors import Invalid
from comments_service.tables import Site
from comments_service.web.caching import WHOLE
from tests import house, sentences
from tests.conftest import Browser
from tests.desk import Desk, link_for, make_moderator
from tests.pages import SERVICE, Page, Plain
from tests.test_conversation import published

# A side by its name, or four lengths of which the second and the fourth differ.
LENGTH = r"[^\s;{}()]+"
PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)(?:-\w+)?\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
    rf"|(?<![-\w])(?:margin|padding|border-width)\s*:\s*{LENGTH}\s+({LENGTH})\s+{LENGTH}\s+(?!\1[;\s}}]){LENGTH}\s*[;}}]"
)
THREAD = "/s/daily/t/a1"
CATALOGUES = sorted(path.stem for path in languages.FOLDER.glob("??.json"))
COMPLETE = [code for code in languages.OFFERED if code != languages.ENGLISH]
# What is the same word in several languages, or a name.
SAME: Mapping[str, set[str]] = {
    "ar": set(),
    "he": set(),
    "fr": {"Article", "Code", "Pages", "Public", "Sessions", "Site", "Sites", "Spam", "possible"},
    "cs": {"Role", "Spam"},
    "de": {"Code", "Desk", "Feed", "Link", "Name", "Site", "Sites", "Spam", "Tokens"},
    "es": {"Spam", "Tokens"},
    "it": {"Account", "Feed", "Link", "Password", "Spam"},
    "ja": set(),
    "nl": {
        "Account", "Browsers", "Code", "Feed", "Later", "Link", "Privacy", "Site", "Sites", "Spam", "Tokens",
        "moderator", "open",
    },
    "pl": {"Link", "Login", "Spam"},
    "pt": {"Feed", "Link", "Site", "Sites", "Spam", "Tokens"},
    "tr": {"Site", "Spam"},
    "uk": set(),
}


@pytest.fixture
def reader(app: Flask) -> Plain:
    return Plain(app.test_client())


@pytest.fixture
def german(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of few words, so that what it says depends on no translation."""
    words = {
        "Write a comment": "Schreiben", "{n} comments": {"one": "{n} Kommentar", "other": "{n} Kommentare"},
        "Comments on {name}": "Kommentare zu {name}", "{name} on {article}": "{name} zu {article}",
        "There is no such conversation.": "Dieses Gespräch gibt es nicht.", "{date}, {time} UTC": "{date}, {time} UTC",
        "A comment has at most {most} characters; yours has {n}.": "Höchstens {most} Zeichen, nicht {n}.",
    }  # fmt: skip
    monkeypatch.setattr(languages, "OFFERED", ("de", "en"))
    monkeypatch.setattr(languages, "catalogue", lambda lang: {"sentences": words} if lang == "de" else {})
    site = db.session.scalars(db.select(Site).where(Site.key == "daily")).one()
    site.show(language="de")
    db.session.commit()


def test_no_style_sheet_knows_left_from_right() -> None:
    """What is written from right to left is laid out from right to left, by logical properties alone."""
    sheets = house.read("widget/**/*.css", "src/comments_service/web/**/*.css")
    assert len(sheets) > 10
    assert {path: found for path, text in sheets.items() if (found := [m[0] for m in PHYSICAL.finditer(text)])} == {}
    wrongs = "a{left:0}", "a { margin-left: 1px }", "a{text-align: right}", "a{margin:0 1px 0 2px}", "a{float:left}"
    for wrong in wrongs:
        assert PHYSICAL.search(wrong), wrong
    for right in ("a{margin-inline:0}", "a{margin:0 1px 2px 1px}", "a{inset-inline-start:0}", "a{text-align:start}"):
        assert not PHYSICAL.search(right), right


def test_every_sentence_is_whole() -> None:
    """A sentence glued from pieces has no translation."""
    assert {path.name: found for path in sentences.python_files() if (found := list(sentences.glued(path)))} == {}


def test_no_page_speaks_english_to_everybody() -> None:
    assert {path.name: found for path in sentences.templates() if (found := sentences.bare(path))} == {}


def test_all_that_is_offered_is_there() -> None:
    assert set(languages.OFFERED) <= {languages.ENGLISH, *CATALOGUES}
    for code in COMPLETE:
        found = sentences.missing(code)
        assert found["missing"] == {"widget": {}, "sentences": {}}, code
        assert found["stale"] == {"widget": {}, "sentences": []}, code


@pytest.mark.parametrize("code", CATALOGUES)
def test_each_translation_fits_its_english(code: str) -> None:
    wrong = []
    for english, found in translated(code):
        forms = forms_of(found)
        if isinstance(english, Mapping) != isinstance(found, Mapping):
            wrong.append((english, found))
        elif isinstance(english, Mapping) and not needed(code) <= set(forms) <= needed(code) | set(english):
            wrong.append((sorted(needed(code)), found))
        elif any(not fits(fields(form), fields(forms_of(english)["other"])) for form in forms.values()):
            wrong.append((english, found))
        elif found == english and forms["other"] not in SAME.get(code, set()):
            wrong.append((english, "is English"))
    assert wrong == []


def translated(code: str) -> Iterator[tuple[Any, Any]]:
    """Each text of a catalogue beside its English; what nothing says any more is told elsewhere."""
    catalogue = sentences.catalogue(code)
    for part, texts in catalogue.get("widget", {}).items():
        english = sentences.widget().get(part, {})
        yield from ((english[name], found) for name, found in texts.items() if name in english)
    for text, found in catalogue.get("sentences", {}).items():
        one = sentences.plurals().get(text)
        yield ({"one": one, "other": text} if one else text), found


def forms_of(text: Any) -> dict[str, str]:
    return dict(text) if isinstance(text, Mapping) else {"other": text}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def fits(theirs: set[str], ours: set[str]) -> bool:
    """A form for one number may say it in words; every other value has its place."""
    return theirs == ours or (theirs | {"n"} == ours)


def needed(code: str) -> set[str]:
    """The forms that a language has for numbers (CLDR)."""
    return {*Locale.parse(code).plural_form.tags, "other"}


def test_a_sentence_takes_values_of_its_language() -> None:
    assert languages.say("en", "{n} of {name}", n=1200, name="Bob") == "1,200 of Bob"
    assert languages.say("en", "{name} said so", name="سارة") == "\u2068سارة\u2069 said so"
    assert languages.plural("en", "{n} comment", "{n} comments", n=1) == "1 comment"
    assert languages.say("en", "{who} did it", who=languages.later("A rule")) == "A rule did it"
    assert languages.say("en", "Braces {stay} without values") == "Braces {stay} without values"
    assert Invalid("{n} words", one="{n} word", n=1).detail == "1 word"


@pytest.mark.usefixtures("german")
def test_the_pages_of_a_site_speak_its_language_to_everybody(ada: Browser, reader: Plain) -> None:
    published(ada, "Hallo")
    answer = reader.get(THREAD, Accept_Language="fr")
    shown = Page(answer.text)
    assert shown.all("html") == [{"lang": "de", "dir": "ltr"}]
    assert "1 Kommentar" in shown.words
    assert re.search(r"\d+\. \w+ \d{4}, \d\d:\d\d UTC", shown.words)
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == (WHOLE, "Accept-Encoding")
    assert "Kommentare zu " in reader.get(f"{THREAD}/feed.atom").text
    assert "Ada zu " in reader.get("/s/daily/feed.json").json["items"][0]["title"]


@pytest.mark.usefixtures("german")
def test_an_address_may_ask_for_another_language_and_its_links_keep_it(ada: Browser, reader: Plain) -> None:
    published(ada, "Hello")
    german, english = reader.get(THREAD), reader.get(f"{THREAD}?lang=en")
    shown = Page(english.text)
    assert "1 comment" in shown.words
    assert german.headers["ETag"] != english.headers["ETag"]
    assert all("lang=en" in link["href"] for link in shown.all("a") if link["href"].startswith(SERVICE))
    assert {link["hreflang"]: link["href"] for link in shown.all("a") if "hreflang" in link} == {
        "de": "?lang=de", "en": "?lang=en"
    }  # fmt: skip
    assert reader.get(f"{THREAD}?lang=tlh").text.replace("lang=tlh&amp;", "") == german.text


@pytest.mark.usefixtures("german")
def test_what_no_cache_keeps_is_said_in_the_language_of_whoever_asks(ada: Browser) -> None:
    said = []
    for wish in ("de-AT,de;q=0.9", "fr"):
        ada.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = wish
        said.append(ada.post("x" * 10_001).json["detail"])
    assert said[0] == "Höchstens 10.000 Zeichen, nicht 10.001."
    assert said[1] == "A comment has at most 10,000 characters; yours has 10,001."


@pytest.mark.usefixtures("german")
def test_the_desk_speaks_what_its_moderator_chose_or_else_what_the_browser_asks_for(app: Flask) -> None:
    make_moderator("ann", "Ann", daily="owner")
    ann = Desk(app.test_client())
    assert Page(ann.get("/desk/sign-in", **{"Accept-Language": "de"}).text).all("html")[0]["lang"] == "de"
    ann.post(link_for("ann"))
    assert Page(ann.get("/desk/account").text).all("html")[0]["lang"] == "en"
    assert ann.post("/desk/account/language", {"language": "de"}).status_code == 303
    shown = Page(ann.get("/desk/account").text)
    assert shown.all("html")[0]["lang"] == "de"
    assert "selected" in shown.all("option", value="de")[0]
    assert ann.post("/desk/account/language", {"language": "tlh"}).status_code == 422
    assert ann.post("/desk/account/language", {"language": ""}).status_code == 303
    assert Page(ann.get("/desk/account").text).all("html")[0]["lang"] == "en"


@pytest.mark.usefixtures("german")
def test_an_owner_chooses_the_language_of_a_site(app: Flask, ada: Browser, reader: Plain) -> None:
    published(ada, "Hello")
    make_moderator("ann", "Ann", daily="owner")
    ann = Desk(app.test_client())
    ann.post(link_for("ann"))
    form = {"name": "The Daily", "origins": ada.origin, "moderation": "post"}
    german = reader.get(THREAD)
    assert ann.post("/desk/sites/daily", {**form, "language": "en"}).status_code == 303
    english = reader.get(THREAD, If_None_Match=german.headers["ETag"])
    assert (english.status_code, Page(english.text).all("html")[0]["lang"]) == (200, "en")
    refused = ann.post("/desk/sites/daily", {**form, "language": "tlh"})
    assert (refused.status_code, "Choose one of the languages." in refused.text) == (422, True)
