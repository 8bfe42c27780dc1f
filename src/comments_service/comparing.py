"""How much of a text is still there after an edit: one measure for every script, from the two texts alone.

A text is the words it holds, however they are ordered: case, invisible characters and punctuation do not count. In
scripts that put no spaces between words each character is one, and so is each picture. A word with a mistake mended is
the same word.
"""

from collections import Counter

import regex

from comments_service.rules import folded

# Of four words, one may be new or gone. A mended sentence stays within that; another opinion does not.
ELSE = 0.25
# Two texts that differ in more words than this are not one with mistakes mended, so no word is compared with another.
MENDED = 40
ALONE = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Extended_Pictographic}"
# Links are compared by themselves.
ADDRESS = regex.compile(r"https?://\S+")
UNIT = regex.compile(rf"[{ALONE}]\p{{M}}*|[\w--[{ALONE}]]+", regex.VERSION1)


def share_changed(before: str, after: str) -> float:
    """Which part of the words is new or gone, from 0 for the same words to 1 for none that is left."""
    old, new = _units(before), _units(after)
    gone, come = list((old - new).elements()), list((new - old).elements())
    changed = max(len(gone), len(come))
    if changed <= MENDED:
        changed -= _mended(gone, come)
    return changed / max(old.total(), new.total(), 1)


def is_mended(one: str, other: str) -> bool:
    """Whether two words are one, but for a slip: a letter too many, missing or another, or two in the wrong order.

    Words of eight letters may differ in two letters side by side. Numbers and words of two letters have no slips.
    """
    if min(len(one), len(other)) < 3 or regex.search(r"\d", one + other):
        return False
    begin = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other, length = one[begin:], other[begin:], max(len(one), len(other))
    end = next((at for at, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=False)) if a != b), None)
    end = min(len(one), len(other)) if end is None else end
    one, other = one[: len(one) - end], other[: len(other) - end]
    return max(len(one), len(other)) <= (2 if length >= 8 else 1) or (len(one) == 2 and one == other[::-1])


def _units(text: str) -> Counter[str]:
    return Counter(UNIT.findall(ADDRESS.sub(" ", folded(text))))


def _mended(gone: list[str], come: list[str]) -> int:
    found = 0
    for word in gone:
        same = next((other for other in come if is_mended(word, other)), None)
        if same is not None:
            come.remove(same)
            found += 1
    return found
