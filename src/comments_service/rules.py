"""What a comment is held against. Pure: a rule is a function (facts, policy) → why it objects, or None.

`RULES` says what an objection means. All rules are asked, the strictest answer wins and every reason is kept.
Adding a rule is one function, one line in the table and one row in its test.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

MAX_LINKS = 2  # the sentences below say so
# The evidence of these is the words that were found, with a comma between them.
WORD_RULES = frozenset({"banned-word", "held-word"})
# The evidence of this is the number of the revision that was public.
SWAPPED = "swapped-text"
# What `levels` calls a reader whom nobody vouches for.
NEW = "new"
WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a rule may know; gathered by a few queries before the first rule is asked.

    `level` is what its reader is (`levels`). `swapped` is the revision that people had relied on when an edit made
    something else of it.
    """

    plain: str
    links: int
    approved: int
    repeated: bool
    level: str = NEW
    swapped: int | None = None


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How one site wants its comments judged; `moderation` is pre, post or first.

    With `hold_new_links`, a new reader's links are looked at.
    """

    moderation: str
    banned_words: Sequence[str]
    held_words: Sequence[str]
    hold_new_links: bool = False


@dataclass(frozen=True)
class Objection:
    """One rule's reason, and the word in the text that it rests on."""

    rule: str
    reason: str
    evidence: str = ""


@dataclass(frozen=True)
class Verdict:
    """The status a comment starts with, and every reason for it."""

    status: str
    objections: tuple[Objection, ...]


Rule = Callable[[Facts, Policy], str | None]


@dataclass(frozen=True)
class Meaning:
    """A rule, and what its objection means: held or rejected, in words for the desk, and in words for the author."""

    rule: Rule
    outcome: str
    reason: str
    told: str


def judge(facts: Facts, policy: Policy) -> Verdict:
    """The strictest outcome of all rules, with every reason."""
    status = "published"
    objections: list[Objection] = []
    for name, meaning in RULES.items():
        evidence = meaning.rule(facts, policy)
        if evidence is None:
            continue
        objections.append(Objection(name, meaning.reason, evidence))
        status = max(status, meaning.outcome, key=("published", "held", "rejected").index)
    return Verdict(status, tuple(objections))


def words(text: str) -> list[str]:
    """The words of a text as a word list compares them: NFKC, invisible characters off, case folded."""
    return WORD.findall(folded(text))


def places(text: str, entries: Sequence[str]) -> list[tuple[int, int]]:
    """Where in a text, as it was typed, the words stand that a list names: from, and up to but not including."""
    wanted = {word for entry in entries for word in words(entry)}
    origins: list[tuple[int, int]] = []
    compared = ""
    for begin, end in _letters(text):
        letter = folded(text[begin:end])
        compared += letter
        origins += [(begin, end)] * len(letter)
    found = (match for match in WORD.finditer(compared) if match[0] in wanted)
    return [(origins[match.start()][0], origins[match.end() - 1][1]) for match in found]


def folded(text: str) -> str:
    """A text as texts are compared: NFKC, invisible characters off, case folded."""
    visible = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return visible.casefold()


def _letters(text: str) -> Iterator[tuple[int, int]]:
    """Each character with the accents and the invisible ones that follow it, as those fold together."""
    begin = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not (unicodedata.combining(text[end]) or unicodedata.category(text[end]) == "Cf"):
            yield begin, end
            begin = end


def listed(text: str, entries: Sequence[str]) -> str | None:
    """The words of a text that a list names, as they were compared, with a comma between them."""
    wanted = {word for entry in entries for word in words(entry)}
    found = dict.fromkeys(word for word in words(text) if word in wanted)
    return ", ".join(found) if found else None


def banned_word(facts: Facts, policy: Policy) -> str | None:
    """A word that this site never shows."""
    return listed(facts.plain, policy.banned_words)


def held_word(facts: Facts, policy: Policy) -> str | None:
    """A word that a person should look at."""
    return listed(facts.plain, policy.held_words)


def many_links(facts: Facts, policy: Policy) -> str | None:
    """More links than a reader usually has to give."""
    return str(facts.links) if facts.links > MAX_LINKS else None


def new_links(facts: Facts, policy: Policy) -> str | None:
    """A link by somebody whom nobody vouches for, where the site wants to look at those."""
    return str(facts.links) if policy.hold_new_links and facts.links and facts.level == NEW else None


def first_comment(facts: Facts, policy: Policy) -> str | None:
    """Nobody has approved this reader yet."""
    return "" if policy.moderation == "first" and facts.approved == 0 else None


def everything(facts: Facts, policy: Policy) -> str | None:
    """The site reads every comment before it appears."""
    return "" if policy.moderation == "pre" else None


def repeated_text(facts: Facts, policy: Policy) -> str | None:
    """The same reader has already said this here."""
    return "" if facts.repeated else None


def swapped_text(facts: Facts, policy: Policy) -> str | None:
    """An edit has made something else of what was approved, recommended or answered; the evidence is that revision."""
    return None if facts.swapped is None else str(facts.swapped)


RULES: dict[str, Meaning] = {
    "banned-word": Meaning(
        banned_word, "rejected", "It holds a word that this site does not publish.",
        "It holds a word that this site does not publish.",
    ),
    "held-word": Meaning(
        held_word, "held", "It holds a word that a moderator looks at first.",
        "It holds a word that a moderator looks at first.",
    ),
    "many-links": Meaning(
        many_links, "held", "It holds more than 2 links.",
        "A moderator looks first at comments with more than 2 links.",
    ),
    "new-links": Meaning(
        new_links, "held", "It holds a link, and its reader is new.",
        "A moderator looks first at links of readers who are new here.",
    ),
    "first-comment": Meaning(
        first_comment, "held", "It is this reader's first comment.",
        "Your first comment here is read before it appears; later ones appear at once.",
    ),
    "pre-moderation": Meaning(
        everything, "held", "Every comment on this site is read first.",
        "On this site every comment is read before it appears.",
    ),
    "repeated-text": Meaning(
        repeated_text, "held", "The same text was posted here before.",
        "You have said the same under this article before.",
    ),
    SWAPPED: Meaning(
        swapped_text, "held", "It was changed into something else after it was approved, recommended or answered.",
        "You have made something else of a comment that others had approved, recommended or answered. "
        "A moderator reads it once more.",
    ),
}  # fmt: skip
