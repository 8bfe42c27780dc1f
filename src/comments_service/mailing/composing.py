"""A letter becomes a mail: one pair of templates, headers that nobody else can add to, nothing remote."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from comments_service import languages, text

LONGEST_LINE = 150
# Python's own folding would write a long address as encoded words, which no program undoes in these (RFC 2047 §5).
UNFOLDED = frozenset({"message-id", "list-id", "list-unsubscribe", "list-unsubscribe-post"})
# Controls, what turns all letters behind it around, and what no UTF-8 can hold. Isolates stay: our own words need them.
_UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")
ONE_CLICK = "List-Unsubscribe=One-Click"


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    words: str
    url: str


@dataclass(frozen=True)
class Quote:
    """What somebody has said: a name, and a clean tree."""

    name: str
    tree: list[Any]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One of several things that a mail tells: a sentence, words of somebody, and where it is."""

    words: str
    quote: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a mail says, in one language. `small` is why it was sent, and `leave` how to get no more of them."""

    lang: str
    site: str
    subject: str
    heading: str
    paragraphs: Sequence[str]
    quote: Quote | None = None
    items: Sequence[Item] = ()
    action: Link | None = None
    small: Sequence[str] = ()
    leave: Link | None = None


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """From whom to whom: normal addresses. `reference` is the mail's name, the same however often it is sent."""

    sender: str
    to: str
    reference: str
    at: datetime
    reply_to: str | None = None
    list_id: str | None = None


class _Policy(EmailPolicy):
    """As mail travels: CRLF, and headers of one long word left as they are."""

    def fold(self, name: str, value: Any) -> str:
        """One header as it is sent."""
        return f"{name}: {value}\r\n" if name.lower() in UNFOLDED else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same in bytes."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


POLICY = _Policy(linesep="\r\n", cte_type="7bit", utf8=False)
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates" / "mail"),
    autoescape=select_autoescape(["html"]), undefined=StrictUndefined, trim_blocks=True,
)  # fmt: skip


def compose(letter: Letter, envelope: Envelope) -> EmailMessage:
    """The mail, with a text and an HTML part that say the same."""
    mail = EmailMessage(policy=POLICY)
    domain = envelope.sender.rpartition("@")[2]
    mail["From"] = Address(one_line(letter.site), addr_spec=envelope.sender)
    mail["To"] = Address(addr_spec=envelope.to)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = f"<{envelope.reference}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if envelope.reply_to:
        mail["Reply-To"] = Address(addr_spec=envelope.reply_to)
    if envelope.list_id:
        mail["List-Id"] = f"<{envelope.list_id}>"
    if letter.leave:
        mail["List-Unsubscribe"] = f"<{letter.leave.url}>"
        mail["List-Unsubscribe-Post"] = ONE_CLICK
    mail.set_content(as_text(letter), cte="quoted-printable")
    mail.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    # Making the parts takes away every Content- header from before.
    mail["Content-Language"] = letter.lang
    return mail


def as_text(letter: Letter) -> str:
    """The plain part."""
    quoted = text.plain(letter.quote.tree).strip().splitlines() if letter.quote else []
    written = _templates.get_template("letter.txt").render(letter=letter, quoted=quoted)
    return re.sub(r"\n{3,}", "\n\n", _UNSENDABLE.sub("", written)).strip("\n") + "\n"


def as_html(letter: Letter) -> str:
    """The HTML part: no picture, no script, and nothing that is fetched from anywhere."""
    page = _templates.get_template("letter.html")
    return _UNSENDABLE.sub("", page.render(letter=letter, direction=languages.direction(letter.lang)))


def one_line(words: str) -> str:
    """Words for a header: on one line, without what cannot be seen or turns the letters around it, not too long."""
    seen = "".join("" if _is_hidden(one) else one for one in " ".join(words.split()))
    # Python decodes what looks like an encoded word, and older ones then write out a line's end that was inside
    # (CVE-2024-6923).
    return " ".join(seen.split()).replace("=?", "= ?")[:LONGEST_LINE].strip()


def _is_hidden(character: str) -> bool:
    # Controls, marks of direction, surrogates, private use, and code points that are no character.
    return unicodedata.category(character).startswith("C")
