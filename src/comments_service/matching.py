"""What makes two texts the same to somebody who searches. Pure: the databases get words that are folded already.

Both therefore give the same answers, whatever SQLite, PostgreSQL or a locale thinks of letters. Letter case, accents
and width make no difference. Chinese and Japanese are written without spaces, so each of their characters is a word.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# Longer than any word that somebody types, and short enough for the index of either database.
LONGEST = 64
# The last word of a query may be the beginning of one, from so many letters on.
BEGINNING = 3
_ALONE = "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
# What telephones make of a quotation mark.
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_PIECE = re.compile(r'"([^"]*)"|([^\s"]+)')
# Letters of which Unicode does not say that they are others with a stroke.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "\u0131": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
# Combining classes below are parts of letters (Indic and kana); accents and points are above.
_ACCENTS = 10


@dataclass(frozen=True)
class Term:
    """Words that have to stand one after the other; `begins` says that the last of them may go on."""

    words: tuple[str, ...]
    begins: bool = False


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return [word for word, _, _ in _placed(text)]


def terms(query: str) -> list[Term]:
    """What a query asks for, all of it: words, and in quotation marks phrases. No other sign means anything.

    What is typed as one, such as e-mail or 10:30, has to stand together.
    """
    found = [(words(quoted or plain), bool(plain)) for quoted, plain in _PIECE.findall(query.translate(_QUOTES))]
    asked = [Term(tuple(each)) for each, _ in found if each]
    if not asked or not query[-1:].isalnum() or not found[-1][1] or not found[-1][0]:
        return list(dict.fromkeys(asked))
    last = found[-1][0][-1]
    asked[-1] = Term(asked[-1].words, begins=len(last) >= BEGINNING)
    return list(dict.fromkeys(asked))


def places(text: str, wanted: Sequence[Term]) -> list[tuple[int, int]]:
    """Where in a text, as it was typed, the terms stand: from, and up to but not including; in order, and apart."""
    placed = _placed(text)
    said = [word for word, _, _ in placed]
    found = sorted(
        (placed[at][1], placed[at + len(term.words) - 1][2])
        for term in wanted
        for at in range(len(said) - len(term.words) + 1)
        if _stands(term, said[at : at + len(term.words)])
    )
    joined: list[tuple[int, int]] = []
    for begin, end in found:
        if joined and begin < joined[-1][1]:
            begin, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((begin, end))
    return joined


def _stands(term: Term, here: list[str]) -> bool:
    if here[:-1] != list(term.words[:-1]):
        return False
    return here[-1].startswith(term.words[-1]) if term.begins else here[-1] == term.words[-1]


def _placed(text: str) -> list[tuple[str, int, int]]:
    folded: list[str] = []
    origins: list[int] = []
    for at, character in enumerate(text):
        plain = _folded(character)
        folded.append(plain)
        origins += [at] * len(plain)
    found = []
    for match in _WORD.finditer("".join(folded)):
        end = origins[match.end() - 1] + 1
        # An accent that is a character of its own belongs to the letter before it.
        while end < len(text) and not folded[end]:
            end += 1
        found.append((match[0][:LONGEST], origins[match.start()], end))
    return found


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kept = (c for c in apart if unicodedata.combining(c) < _ACCENTS and unicodedata.category(c) != "Cf")
    return "".join(kept).translate(_PLAIN)
