"""A Markdown subset to a tree, and HTML and plain text from that tree. Pure.

The tree is what leaves the service: a node is a string, or a list `[tag, *children]`, or
`["a", {"href": …}, *children]`. It is built from markdown-it's tokens by allow list, so that no browser ever has
to parse what a person typed.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from html import escape
from typing import Any
from urllib.parse import urlsplit

import bleach
import regex
from markdown_it import MarkdownIt
from markdown_it.token import Token

from comments_service.errors import Invalid

MAX_CHARACTERS = 10_000
EXCERPT = 200
# Moves when the same source gives another tree: what readers have kept of a thread is then too old.
RENDERER = 1
TAGS = frozenset({"p", "strong", "em", "blockquote", "code", "pre", "ul", "ol", "li", "br", "a"})
SCHEMES = frozenset({"http", "https", "mailto"})
# Letters and a sign that are drawn as nothing: the fillers of Hangul, and the empty pattern of Braille.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
BLOCKS = frozenset({"p", "blockquote", "pre", "li", "br"})
# Blocks, and again what stands inside one of them: deeper, only the words are kept. Markdown itself knows no limit
# for emphasis, and whoever walks a tree of hundreds runs out of stack.
DEEPEST = 12
# One pass without backtracking: a hostile text cannot make it slow.
_ADDRESS = re.compile(r"https?://[^\s<>\"`]+", re.IGNORECASE)

_LETTERS = regex.compile(r"\X")

Node = Any  # a recursive union that SQLAlchemy's JSON gives back untyped

_markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).disable(
    ["image", "heading", "lheading", "hr", "reference", "entity"]
)


def render(source: str, *, field: str = "body") -> list[Node]:
    """The tree of a text. Raises Invalid, with the field, when it is empty, too long, or has characters no text has."""
    if len(source) > MAX_CHARACTERS:
        most, n = MAX_CHARACTERS, len(source)
        raise Invalid("A comment has at most {most} characters; yours has {n}.", field=field, most=most, n=n)
    if any(unprintable(character) for character in source):
        raise Invalid("The text holds characters that cannot be shown; remove them and try again.", field=field)
    tree = _children(_markdown.parse(source.strip()))
    if not is_visible(plain(tree)):
        raise Invalid("Write something first.", field=field)
    return tree


def unprintable(character: str) -> bool:
    """Whether a character is a control, a surrogate, or one that turns the direction of the text around it."""
    code = ord(character)
    control = (code < 0x20 and character not in "\n\t\r") or 0x7F <= code < 0xA0
    return control or 0xD800 <= code <= 0xDFFF or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069


def is_visible(words: str) -> bool:
    """Whether there is anything to see: a letter, a sign, a picture, and not only spaces, marks and fillers."""
    return any(unicodedata.category(character)[0] not in "CMZ" and character not in BLANK for character in words)


def safe_url(url: str) -> str | None:
    """The URL when it may become a link (http, https, mailto), else None.

    One with a backslash may not: browsers take it for a slash and end the host there, other parsers read on.
    """
    cleaned = "".join(character for character in url if character > " " and not unprintable(character))
    if "\\" in cleaned:
        return None
    try:
        parts = urlsplit(cleaned)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in SCHEMES or (parts.scheme.lower() != "mailto" and not host):
        return None
    return cleaned


def plain(nodes: Sequence[Node]) -> str:
    """The words of a tree, blocks apart by a line."""
    parts: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            parts.append(node)
            continue
        parts.append(plain(node[1:] if node[0] != "a" else node[2:]))
        if node[0] in BLOCKS:
            parts.append("\n")
    return "".join(parts)


def excerpt(nodes: Sequence[Node], most: int = EXCERPT) -> str:
    """The beginning of a tree on one line, of at most so many letters as a reader counts them."""
    words = " ".join(plain(nodes).split())
    letters = _LETTERS.findall(words)
    return words if len(letters) <= most else "".join(letters[: most - 2]).rsplit(" ", 1)[0] + " …"


def to_html(nodes: Sequence[Node]) -> str:
    """HTML of a tree; bleach, as the last layer, leaves it unchanged (a test holds that)."""
    return "".join(_html(node) for node in nodes)


def clean(html: str) -> str:
    """The last layer: everything but the allowed tags and schemes is gone."""
    return bleach.clean(html, tags=TAGS, attributes={"a": ["href", "rel"]}, protocols=SCHEMES)


def links(nodes: Sequence[Node]) -> list[str]:
    """Every link address of a tree, in order."""
    found: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            continue
        if node[0] == "a":
            found.append(node[1]["href"])
        found += links(node[1:] if node[0] != "a" else node[2:])
    return found


def without(nodes: Sequence[Node], tags: Collection[str]) -> list[Node]:
    """A tree without what stands in some of its tags."""
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            kept.append(node)
        elif node[0] not in tags:
            head = 2 if node[0] == "a" else 1
            kept.append([*node[:head], *without(node[head:], tags)])
    return kept


def host(url: str) -> str:
    """Where a link leads, spelled out: the host in ASCII, so that no letter looks like another; or a mail address."""
    parts = urlsplit(url)
    if parts.scheme == "mailto":
        return parts.path
    try:
        return (parts.hostname or "").encode("idna").decode()
    except UnicodeError:
        return parts.hostname or ""


def marked(nodes: Sequence[Node], places: Sequence[tuple[int, int]]) -> list[Node]:
    """A tree with `["mark", …]` around pieces of its plain text, also where one runs over several nodes."""
    return _marked(nodes, places, 0)[0]


def _marked(nodes: Sequence[Node], places: Sequence[tuple[int, int]], at: int) -> tuple[list[Node], int]:
    made: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            made += _pieces(node, places, at)
            at += len(node)
            continue
        head = 2 if node[0] == "a" else 1
        children, at = _marked(node[head:], places, at)
        made.append([*node[:head], *children])
        at += node[0] in BLOCKS
    return made, at


def _pieces(string: str, places: Sequence[tuple[int, int]], at: int) -> list[Node]:
    pieces: list[Node] = []
    done = 0
    for begin, end in places:
        begin, end = max(begin - at, done), min(end - at, len(string))
        if begin >= end:
            continue
        pieces += [string[done:begin]] if begin > done else []
        pieces.append(["mark", string[begin:end]])
        done = end
    return pieces + ([string[done:]] if done < len(string) else [])


def _html(node: Node) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    if node[0] == "br":
        return "<br>"
    if node[0] == "a":
        return f'<a href="{escape(node[1]["href"])}" rel="nofollow ugc noopener">{to_html(node[2:])}</a>'
    return f"<{node[0]}>{to_html(node[1:])}</{node[0]}>"


def _children(tokens: Sequence[Token]) -> list[Node]:
    stack: list[list[Node]] = [[]]
    for token in tokens:
        if token.nesting == 1:
            stack.append(_opened(token) if len(stack) <= DEEPEST else ["span"])
        elif token.nesting == -1:
            closed = stack.pop()
            stack[-1].append(closed) if closed[0] in TAGS else stack[-1].extend(closed[1:])
        else:
            inside_link = any(opened and opened[0] == "a" for opened in stack[1:])
            stack[-1].extend(_leaf(token, inside_link=inside_link))
    return stack[0]


def _opened(token: Token) -> list[Node]:
    if token.tag != "a":
        return [token.tag if token.tag in TAGS else "span"]
    url = safe_url(str(token.attrGet("href") or ""))
    return ["a", {"href": url}] if url else ["span"]


def _leaf(token: Token, *, inside_link: bool) -> list[Node]:
    if token.type == "inline":
        return _children(token.children or [])
    if token.type in {"softbreak", "hardbreak"}:
        return [["br"]]
    if token.type == "code_inline":
        return [["code", token.content]]
    if token.type in {"code_block", "fence"}:
        return [["pre", ["code", token.content]]]
    if not token.content:
        return []
    return [token.content] if inside_link else _linked(token.content)


def _linked(content: str) -> list[Node]:
    """Plain words with the web addresses among them made links, as people who paste one expect."""
    nodes: list[Node] = []
    done = 0
    for match in _ADDRESS.finditer(content):
        address = _without_stop(match.group())
        url = safe_url(address)
        if url is None:
            continue
        nodes += [content[done : match.start()]] if match.start() > done else []
        nodes.append(["a", {"href": url}, address])
        done = match.start() + len(address)
    return nodes + ([content[done:]] if done < len(content) else [])


def _without_stop(address: str) -> str:
    """An address without what ends the sentence around it; a bracket stays when it was opened inside."""
    while address[-1] in ".,;:!?'*_~)]":
        opened = {")": "(", "]": "["}.get(address[-1])
        if opened and address.count(opened) >= address.count(address[-1]):
            break
        address = address[:-1]
    return address
