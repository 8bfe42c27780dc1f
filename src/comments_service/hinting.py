"""What a writer may want to know before sending: the text as it will look, and hints, which never refuse anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service import articles, text
from comments_service.accounts import Visitor
from comments_service.judging import said_before
from comments_service.rules import listed

# An abbreviation or two are no shouting, and neither is a heading; a whole sentence is.
SHOUTED_LETTERS = 20
SHOUTED_SHARE = 0.7
# What somebody quotes, links to or shows as code was not said by them.
NOT_SAID = frozenset({"a", "blockquote", "code", "pre"})


@dataclass(frozen=True)
class Hint:
    """One thing to think about before sending, with the sentence that explains it, and what fills its {braces}."""

    code: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Preview:
    """What posting would make of a text, and what its writer may want to think about."""

    tree: list[Any]
    hints: list[Hint]


def preview(
    session: Session,
    source: str,
    *,
    by: Visitor,
    key: str | None = None,
    editing: str | None = None,
    field: str = "text",
) -> Preview:
    """A text as it will look, and its hints; stores nothing.

    `key` names the article under which it shall stand, and `editing` the comment whose text it shall replace. Raises
    Invalid as posting does.
    """
    tree = text.render(source, field=field)
    article = articles.find(session, by.site, key) if key and by.reader else None
    repeated = False
    if article and by.reader:
        said = said_before(by.reader, article.id, text.plain(tree), but=editing or "")
        repeated = bool(session.scalar(select(said)))
    return Preview(tree, hints(tree, words=by.site.hint_words, repeated=repeated))


def hints(tree: list[Any], *, words: Sequence[str], repeated: bool) -> list[Hint]:
    """What there is to think about in a text; `words` are the site's own, `repeated` that it was said here before."""
    found = []
    if is_shouted(tree):
        found.append(Hint("shouting", "Most of this is in capitals, which many people read as shouting."))
    if is_only_links(tree):
        found.append(Hint("only-link", "This is only a link. Say in a few words why others should follow it."))
    hit = listed(text.plain(tree), words)
    if hit:
        found.append(Hint("hint-word", "This site asks you to think twice about: {words}.", {"words": hit}))
    if repeated:
        found.append(Hint("repeated-text", "You have said the same under this article before."))
    return found


def is_shouted(tree: list[Any]) -> bool:
    """Whether most of what somebody says is in capitals. Letters of scripts that have no case do not count."""
    letters = [c for c in text.plain(text.without(tree, NOT_SAID)) if c.lower() != c.upper()]
    # One without a capital of its own (ß, and the letters of Georgian as it is written) is no capital.
    loud = sum(letter == letter.upper() and letter != letter.lower() for letter in letters)
    return len(letters) >= SHOUTED_LETTERS and loud >= SHOUTED_SHARE * len(letters)


def is_only_links(tree: list[Any]) -> bool:
    """Whether a text is links and nothing that is said beside them."""
    return bool(text.links(tree)) and not any(c.isalnum() for c in text.plain(text.without(tree, {"a"})))
