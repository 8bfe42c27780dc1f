"""Which names look the same: one key for all of them, by the confusables of Unicode. Pure.

UTS #39 ("Unicode Security Mechanisms", section 4) makes a skeleton: letters are taken apart, and each is replaced by
the one that stands for all that look like it. Names are compared without case besides, so it is done before and after
the case is folded; and what can be read as i, l or 1 is one, which the standard says of the capital I alone.
"""

import unicodedata
from collections import defaultdict
from functools import cache

import regex
from confusable_homoglyphs import confusables

MAX_SKELETON = 200
# Of a capital I only the case says whether it is an l.
STROKES = str.maketrans(dict.fromkeys("i\u0131l1|", "l"))
# What is not seen at all, though it may be a letter or a mark to Unicode, and what is drawn around a letter.
UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Me}]")


def skeleton(name: str) -> str:
    """What a name has in common with all that look like it; two that differ in signs and spaces alone are the same."""
    seen = _prototypes(_prototypes(unicodedata.normalize("NFKC", UNSEEN.sub("", name))).casefold()).casefold()
    marks = unicodedata.normalize("NFD", seen).translate(STROKES)
    letters = "".join(character for character in marks if unicodedata.category(character)[0] in "LMN")
    return (letters or marks)[:MAX_SKELETON]


def _prototypes(text: str) -> str:
    table = _table()
    return "".join(table.get(character, character) for character in unicodedata.normalize("NFD", text))


@cache
def _table() -> dict[str, str]:
    """For each character the one that stands for it.

    The library keeps the pairs of Unicode's `confusables.txt` in both directions. Each row there leads to the
    prototype, so that is the one of a pair with the most rows; of two with as many, the first in Unicode.
    """
    rows: dict[str, set[str]] = defaultdict(set)
    for one, others in confusables.confusables_data.items():
        for other in others:
            rows[_bare(one)].add(_bare(other["c"]))
    return {
        one: max(others, key=lambda other: (len(rows[other]), -ord(other[0])))
        for one, others in rows.items()
        if len(one) == 1 and not _is_prototype(one, others, rows)
    }


def _is_prototype(one: str, others: set[str], rows: dict[str, set[str]]) -> bool:
    return all((len(rows[one]), -ord(one)) > (len(rows[other]), -ord(other[0])) for other in others)


def _bare(written: str) -> str:
    # Where what is meant runs from right to left, the library's file holds the marks that turn it around.
    return "".join(character for character in written if unicodedata.category(character) != "Cf") or written
