"""A mail says the same in both its parts, in every language, and nobody writes into its headers."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments_service import email_addresses, languages
from comments_service.errors import Invalid
from comments_service.mailing import references
from comments_service.mailing.composing import Envelope, Letter, Link, Quote, as_html, as_text, compose
from comments_service.text import render

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEAVE = "https://comments.example/m/" + "t" * 150 + "/unsubscribe"
SAID = """First **words** of [a page](https://evil.example/x)

- one
- two

> quoted

.dot

From the sea

`<script>`"""
HOSTILE = [
    "Ada\r\nBcc: eve@evil.example", "a\nb", "x\u2028Bcc: y", "\u202eevil", "a\x00b", "\ud800", "=?utf-8?q?=0ABcc:?=",
    "=\u200b?utf-8?q?=0ABcc:?=", "==??utf-8?q?=0ABcc:?=",
    '"; <eve@evil.example>', "é" * 400,
]  # fmt: skip


def letter(lang: str = "en", **more: object) -> Letter:
    said: dict[str, object] = {
        "lang": lang, "site": "The Daily", "subject": "An answer", "heading": "Bob & <Ann> answered",
        "paragraphs": ["One & two", "Three"], "quote": Quote("Bob <b>", render(SAID)),
        "action": Link("Read it", "https://comments.example/c/1?a=1&b=2"), "small": ["You asked for this."],
        "leave": Link("No more of these", LEAVE),
    }  # fmt: skip
    return Letter(**{**said, **more})  # type: ignore[arg-type]  # the fields are those of a letter


def sent(written: Letter, **more: object) -> EmailMessage:
    """The mail as the other side reads it."""
    said: dict[str, object] = {"sender": "c@paper.example", "to": "ada@mail.example", "reference": "r" * 80, "at": AT}
    mail = compose(written, Envelope(**{**said, **more}))  # type: ignore[arg-type]  # the fields are those of an envelope
    return email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)


class Words(HTMLParser):
    """What one reads of a page, and every attribute that could fetch something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self._skipped = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._skipped = tag in {"style", "title"}
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "background", "style"}]

    def handle_endtag(self, tag: str) -> None:
        self._skipped = False

    def handle_data(self, data: str) -> None:
        self.words += [] if self._skipped else data.split()


def test_both_parts_say_the_same() -> None:
    written = letter()
    text = as_text(written)
    plain = re.sub(r"^> ?", "", text, flags=re.MULTILINE).replace("\n-- \n", "\n")
    shown = Words(as_html(written))
    # The text writes an address below its words; the page has one of the two addresses behind its words.
    assert [w.rstrip(":") for w in plain.split() if w != LEAVE] == [w.rstrip(":") for w in shown.words if w != ":"]
    assert "> First words of a page\n" in text
    assert "<strong>words</strong>" in as_html(written)


def test_nothing_is_fetched_and_no_link_is_a_strangers() -> None:
    shown = Words(as_html(letter()))
    assert not shown.tags & {"img", "script", "link", "iframe", "form", "object", "video", "svg"}
    assert set(shown.addresses) == {"https://comments.example/c/1?a=1&b=2", LEAVE}
    assert "url(" not in as_html(letter())
    assert "@import" not in as_html(letter())
    assert "prefers-color-scheme: dark" in as_html(letter())


def test_the_mail_survives_its_way() -> None:
    mail = sent(letter())
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().replace("\r\n", "\n") == as_text(letter())
    assert page.get_content().replace("\r\n", "\n").strip() == as_html(letter())
    assert mail["List-Unsubscribe"] == f"<{LEAVE}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"] == f"<{'r' * 80}@paper.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    raw = compose(letter(), Envelope(sender="c@paper.example", to="a@b.example", reference="r", at=AT)).as_bytes()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) < 998
    assert raw.isascii()


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_others_stay_in_their_header(words: str) -> None:
    clean = sent(letter())
    mail = sent(letter(site=words, subject=words))
    assert mail.keys() == clean.keys()
    assert [address.addr_spec for address in mail["From"].addresses] == ["c@paper.example"]
    assert len(mail["To"].addresses) == 1
    assert not any(ord(c) < 32 or 0x202A <= ord(c) <= 0x202E or ord(c) in {0x2028, 0xD800} for c in mail["Subject"])


@given(st.text(max_size=300))
def test_no_text_at_all_adds_a_header(words: str) -> None:
    envelope = Envelope(sender="c@p.example", to="a@b.example", reference="r", at=AT)
    mail = compose(letter(site=words, subject=words, quote=None), envelope)
    head = mail.as_bytes().partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert names == [
        b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted", b"List-Unsubscribe",
        b"List-Unsubscribe-Post", b"MIME-Version", b"Content-Type", b"Content-Language",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", languages.OFFERED)
def test_every_language_can_be_written(lang: str) -> None:
    say = languages.say(lang, "Confirm your address for {site}", site="The Daily")
    mail = sent(letter(lang=lang, subject=say, heading=say))
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert say in plain.get_content()
    assert f'<html lang="{lang}" dir="{languages.direction(lang)}">' in page.get_content()
    assert "The Daily" in mail["Subject"]
    assert lang == "en" or "your address" not in mail["Subject"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ada@mail.example", "ada@mail.example"), (" Ada.B+x@MAIL.Example ", "Ada.B+x@mail.example"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"), ("o'neil@mail.example", "o'neil@mail.example"),
        ("ada@straße.example", "ada@xn--strae-oqa.example"), ("ada@ＭＡＩＬ．example", "ada@mail.example"),
    ],
)  # fmt: skip
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert email_addresses.normal(typed) == kept
    assert email_addresses.normal(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "ada", "@mail.example", "ada@", "ada@localhost", "ada@127.0.0.1", "ada@[127.0.0.1]", "a@b@mail.example x",
        "ada@mail..example", "ada@-mail.example", ".ada@mail.example", "ada.@mail.example", "a..b@mail.example",
        '"a b"@mail.example', "ada <ada@mail.example>", "ada@mail.example,eve@evil.example",
        "ada@mail.example\r\nBcc: x",
        "a\nb@mail.example", "ad\u202ea@mail.example", "а@mail.example", "a" * 65 + "@mail.example",
        "a@" + "b" * 64 + ".example", "a@" + ".".join(["b" * 60] * 5) + ".example", "ada@mail.example\x00",
        "a@b.c\ud800",
        "ada@mail.123",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        email_addresses.normal(typed)
    assert refused.value.field == "email"


def test_a_reference_proves_letter_and_address() -> None:
    name = references.reference("secret", "letter", "ada@mail.example")
    assert references.addressee("secret", f"<{name}@paper.example>") == references.digest("secret", "ada@mail.example")
    assert references.digest("secret", "Ada@mail.example") == references.digest("secret", "ada@mail.example")
    for forged in (name.replace("letter", "other"), name[:-1], f"{name}.x", "", "a.b.c", "a.b.é"):
        assert references.addressee("secret", f"<{forged}@paper.example>") is None
    assert references.addressee("other secret", f"<{name}@paper.example>") is None
