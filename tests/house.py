"""The rules of the house, read off the syntax tree: each check takes sources and returns what it found wrong."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parent.parent
PACKAGE = "comments_service"
Sources = Mapping[str, str]

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
MOST_POSITIONAL = 4

BELOW = {
    "base": {"base"},
    "pure": {"base"},
    "tables": {"tables", "base"},
    "verbs": {"verbs", "tables", "pure", "base"},
    "web": {"web", "verbs", "tables", "pure", "base"},
    "app": {"web", "verbs", "tables", "pure", "base"},
    "demo": {"demo", "app", "verbs", "tables", "pure", "base"},
    "cli": {"cli", "demo", "app", "web", "verbs", "tables", "pure", "base"},
}
BASE = {
    "", "errors", "languages", "database", "settings", "migrating", "schema", "logs", "email_addresses", "mail_server",
}  # fmt: skip
PURE = {"levels", "rules", "text", "matching", "ordering", "strict_objects", "lookalikes"}
KNOWS_FLASK = {"web", "app", "cli", "demo"}
FLASK = re.compile(r"(flask|werkzeug)(_\w+)?")
QUERIES = {"select", "update", "insert", "delete", "text", "func", "exists", "insert_into"}
ASKS = {"execute", "scalars", "scalar", "query"}
SINK = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|parseFromString|setHTML(Unsafe)?"
    r"|srcdoc|dangerouslySetInnerHTML)\b|\bdocument\.write|(?<![.\w])(eval|Function|Markup)\(|\|\s*safe\b"
)
OPT_OUT = re.compile(r"#\s*(noqa|type:\s*ignore)|//\s*(@ts-|eslint-disable|biome-ignore)")
REASON = re.compile(r"(?:\s[-–]\s+|#\s*|:\s+)(?=[^#]*[a-z]{2,}\s+\S+\s+\S+)[^#]+$")


def read(*patterns: str) -> dict[str, str]:
    """Every file of the project that one of the patterns names, by its path."""
    found = (path for pattern in patterns for path in ROOT.glob(pattern))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in found if _ours(path)}


def layer(module: str) -> str:
    """Where a module of ours stands: `comments_service.web.shapes` is `web`."""
    first = [*module.split("."), ""][1]
    if first in BASE:
        return "base"
    if first in PURE:
        return "pure"
    if first == "commands":
        return "cli"
    return first if first in BELOW else "verbs"


def imports_upwards(sources: Sources) -> list[str]:
    """Imports that the layers do not allow; `rules` and `text` may know `errors` and nothing else of ours."""
    found = []
    for path, module, imported in _imports(sources):
        if imported.split(".")[0] != PACKAGE:
            continue
        here, there = layer(module), layer(imported)
        impure = here == "pure" and there == "base" and imported.split(".")[1:2] not in ([], ["errors"])
        if there not in BELOW[here] or impure:
            found.append(f"{path}: {module} imports {imported}")
    return found


def flask_outside(sources: Sources) -> list[str]:
    """Imports of Flask in a module that must not know HTTP."""
    return [
        f"{path}: {module} imports {imported}"
        for path, module, imported in _imports(sources)
        if FLASK.fullmatch(imported.split(".")[0])
        and layer(module) not in KNOWS_FLASK
        and module != f"{PACKAGE}.database"
    ]


def queries_in_web(sources: Sources) -> list[str]:
    """Statements built or sent in `web/`, which may only call verbs."""
    found = []
    for path, tree in _trees(sources):
        if layer(_module(path)) != "web":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in {"sqlalchemy", PACKAGE}:
                found += [f"{path}:{node.lineno}: {name.name}" for name in node.names if name.name in QUERIES]
            elif isinstance(node, ast.Attribute) and node.attr in ASKS and "session" in ast.unparse(node.value):
                found.append(f"{path}:{node.lineno}: {ast.unparse(node)}")
    return found


def long_files(sources: Sources) -> list[str]:
    """Files that want to be two."""
    sizes = {path: len(text.splitlines()) for path, text in sources.items()}
    return [f"{path}: {size} lines" for path, size in sizes.items() if size > LONGEST_FILE]


def long_functions(sources: Sources) -> list[str]:
    """Functions with too many lines or too many positional parameters."""
    found = []
    for path, tree in _trees(sources):
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            names = [a.arg for a in node.args.posonlyargs + node.args.args if a.arg not in {"self", "cls"}]
            if lines > LONGEST_FUNCTION:
                found.append(f"{path}:{node.lineno}: {node.name} has {lines} lines")
            if len(names) > MOST_POSITIONAL:
                found.append(f"{path}:{node.lineno}: {node.name} takes {len(names)} positional parameters")
    return found


def html_sinks(sources: Sources) -> list[str]:
    """Words that turn a string into HTML or code."""
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in sources.items()
        for number, line in enumerate(text.splitlines(), 1)
        if SINK.search(line)
    ]


def silent_opt_outs(sources: Sources) -> list[str]:
    """Opt-outs of a checker without their reason beside them."""
    found = []
    for path, text in sources.items():
        for number, comment in _comments(path, text):
            marker = OPT_OUT.search(comment)
            if marker and not REASON.search(_without_codes(comment[marker.end() :])):
                found.append(f"{path}:{number}: {comment.strip()}")
    return found


def _ours(path: Path) -> bool:
    return path.is_file() and not {"static", "__pycache__", "node_modules"} & set(path.parts)


def _without_codes(rest: str) -> str:
    return re.sub(r"^(-error|-ignore|-nocheck)?\s*(:\s*[A-Z]+\d+(\s*,\s*[A-Z]+\d+)*|\[[\w, -]*\])?", "", rest)


def _comments(path: str, text: str) -> Iterator[tuple[int, str]]:
    if not path.endswith(".py"):
        yield from ((n, line[line.index("//") :]) for n, line in enumerate(text.splitlines(), 1) if "//" in line)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _trees(sources: Sources) -> Iterator[tuple[str, ast.Module]]:
    return ((path, ast.parse(text)) for path, text in sources.items() if path.endswith(".py"))


def _module(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(part for part in parts[parts.index(PACKAGE) :] if part != "__init__")


def _imports(sources: Sources) -> Iterator[tuple[str, str, str]]:
    for path, tree in _trees(sources):
        module = _module(path)
        package = module if path.endswith("__init__.py") else module.rpartition(".")[0]
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((path, module, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((path, module, imported) for imported in _from(node, package))


def _from(node: ast.ImportFrom, package: str) -> Iterator[str]:
    above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
    start = ".".join([*above, *([node.module] if node.module else [])])
    # `from comments_service import text` names a module, `from comments_service.text import render` a function.
    return (f"{start}.{name.name}" if start == PACKAGE else start for name in node.names)
