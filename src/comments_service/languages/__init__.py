"""What people read, in their language: English is in the code, the translations stand beside this file.

A translation is found by its English sentence, and a sentence that has none stays English.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.numbers import format_decimal

FOLDER = Path(__file__).parent
ENGLISH = "en"
# Those whose catalogues are complete; English is always there.
OFFERED: tuple[str, ...] = tuple(sorted([ENGLISH, *json.loads((FOLDER / "offered.json").read_text(encoding="utf-8"))]))
RIGHT_TO_LEFT = frozenset({"ar", "he"})
_RTL_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
# English as the world beside America writes its dates.
_FORMS = {ENGLISH: "en_GB"}


def offered(wanted: str) -> str | None:
    """The language of ours that a tag such as de-AT names, if there is one."""
    code = wanted.partition("-")[0].lower()
    return code if code in OFFERED else None


def direction(lang: str) -> str:
    """In which direction a language is written, as HTML says it."""
    return "rtl" if lang in RIGHT_TO_LEFT else "ltr"


def own_name(lang: str) -> str:
    """What a language is called by those who speak it."""
    name = str(Locale.parse(lang).get_display_name())
    return name[:1].upper() + name[1:]


def locale(lang: str) -> Locale:
    """What dates and numbers are written by."""
    return Locale.parse(_FORMS.get(lang, lang))


def say(lang: str, sentence: str, /, **values: Any) -> str:
    """A sentence with its values, in a language."""
    return filled(lang, find(lang, sentence), values)


def plural(lang: str, one: str, other: str, /, n: int, **values: Any) -> str:
    """What is said of `n`, in the form that the language has for that number. Found by the English of many."""
    return filled(lang, find_plural(lang, one, other, n=n), {"n": n, **values})


class Later(str):
    """English words that will be said where their reader is known; as a value in a sentence, in its language."""

    __slots__ = ()


def later(sentence: str, /) -> Later:
    """Mark words of English that will be said where their reader is known."""
    return Later(sentence)


def find(lang: str, sentence: str) -> str:
    """The words of a sentence, its values not filled in."""
    found = sentences(lang).get(sentence, sentence)
    return found if isinstance(found, str) else sentence


def find_plural(lang: str, one: str, other: str, *, n: int) -> str:
    """The words for a number, the number not filled in."""
    found = sentences(lang).get(other)
    if not isinstance(found, Mapping):
        return one if n == 1 else other
    return found.get(Locale.parse(lang).plural_form(n)) or found["other"]


def filled(lang: str, words: str, values: Mapping[str, Any]) -> str:
    """Put the values in; what knows its own HTML stays as it is."""
    return words.format(**{name: shown(lang, value) for name, value in values.items()}) if values else words


def shown(lang: str, value: Any) -> Any:
    """A value as it stands among the words of a language."""
    if isinstance(value, int):
        return format_decimal(value, locale=locale(lang), numbering_system="default")
    if isinstance(value, Later):
        return say(lang, value)
    if hasattr(value, "__html__") or not isinstance(value, str):
        return value
    # Isolated (FSI, PDI), so that a name does not turn the words around it.
    return f"\u2068{value}\u2069" if lang in RIGHT_TO_LEFT or _RTL_LETTER.search(value) else value


def sentences(lang: str) -> Mapping[str, str | Mapping[str, str]]:
    """The translations of a language by their English; nothing for English itself."""
    found: Mapping[str, str | Mapping[str, str]] = catalogue(lang).get("sentences", {})
    return found


@cache
def catalogue(lang: str) -> Mapping[str, Any]:
    """Everything that a language has: `widget` by part and name, `sentences` by their English."""
    if lang == ENGLISH or lang not in OFFERED:
        return {}
    found: Mapping[str, Any] = json.loads((FOLDER / f"{lang}.json").read_text(encoding="utf-8"))
    return found
