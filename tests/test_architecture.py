"""The house keeps its rules, and each rule finds a violation that is planted for it."""

import pytest

from tests import house

SRC = "src/comments_service"


@pytest.fixture(scope="module")
def source() -> dict[str, str]:
    return house.read("src/**/*.py")


def test_imports_point_downwards(source: dict[str, str]) -> None:
    assert house.imports_upwards(source) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("posting.py", "from comments_service.web import shapes"),
        ("posting.py", "from comments_service.app import create_app"),
        ("posting.py", "import comments_service.web.shapes"),
        ("posting.py", "from .web import shapes"),
        ("posting.py", "def f():\n    from comments_service import web"),
        ("posting.py", "from comments_service import demo"),
        ("tables/comments.py", "from comments_service.posting import post"),
        ("tables/comments.py", "from ..posting import post"),
        ("text.py", "from comments_service.database import now"),
        ("rules.py", "from comments_service import text"),
        ("rules.py", "from comments_service.tables import Comment"),
        ("database.py", "from comments_service.tables import Comment"),
        ("errors.py", "from comments_service import posting"),
        ("web/shapes.py", "from comments_service.demo import seed"),
        ("web/shapes.py", "from comments_service import cli"),
        ("app.py", "from comments_service.demo import seed"),
        ("demo/seed.py", "from comments_service.cli import main"),
        ("demo/seed.py", "from comments_service.web import shapes"),
    ],
)
def test_an_import_that_points_upwards_is_found(path: str, line: str) -> None:
    assert house.imports_upwards({f"{SRC}/{path}": line}) != []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("web/shapes.py", "from comments_service.tables import Comment"),
        ("commands/serving.py", "from comments_service.demo import run"),
        ("text.py", "from comments_service.errors import Invalid"),
        ("tables/__init__.py", "from .comments import Comment"),
        ("posting.py", "from sqlalchemy import select"),
    ],
)
def test_an_import_that_points_downwards_is_fine(path: str, line: str) -> None:
    assert house.imports_upwards({f"{SRC}/{path}": line}) == []


def test_only_a_few_modules_know_flask(source: dict[str, str]) -> None:
    assert house.flask_outside(source) == []
    for line in ("import flask", "from flask import g", "from flask_limiter import Limiter", "import werkzeug.http"):
        assert house.flask_outside({f"{SRC}/posting.py": line}) != []
        assert house.flask_outside({f"{SRC}/web/shapes.py": line}) == []


def test_no_view_asks_the_database(source: dict[str, str]) -> None:
    assert house.queries_in_web(source) == []
    for line in (
        "from sqlalchemy import select",
        "from sqlalchemy.dialects.sqlite import insert",
        "from comments_service.database import insert_into",
        "db.session.execute(statement)",
        "rows = session.scalars(statement).all()",
        "session().query(Comment)",
    ):
        assert house.queries_in_web({f"{SRC}/web/pages.py": line}) != []
        assert house.queries_in_web({f"{SRC}/reading.py": line}) == []
    assert house.queries_in_web({f"{SRC}/web/pages.py": "from sqlalchemy.orm.exc import StaleDataError"}) == []


def test_files_and_functions_stay_short(source: dict[str, str]) -> None:
    files = source | house.read("widget/**/*.ts", "tests/**/*.py", "benchmarks/*.py", ".ci/*.py", "*.py")
    assert house.long_files(files) == []
    assert house.long_functions(files) == []


def test_a_long_file_and_a_long_function_are_found() -> None:
    assert house.long_files({"a.ts": "x\n" * 301}) == ["a.ts: 301 lines"]
    assert house.long_files({"a.ts": "x\n" * 300}) == []
    assert house.long_functions({"a.py": "def f():\n" + "    x()\n" * 40}) == ["a.py:1: f has 41 lines"]
    assert house.long_functions({"a.py": "class A:\n    def f(self, a, b, c, d, *, e): ..."}) == []
    assert house.long_functions({"a.py": "def f(a, b, c, /, d, e): ..."}) == [
        "a.py:1: f takes 5 positional parameters"
    ]


def test_no_string_becomes_html() -> None:
    assert house.html_sinks(house.read("src/**/*.py", "src/**/*.html", "widget/**/*.ts")) == []


@pytest.mark.parametrize(
    "line",
    [
        "node.innerHTML = text",
        "node['outerHTML'] = text",
        "node.insertAdjacentHTML('beforeend', text)",
        "new DOMParser()",
        "document.write(text)",
        "frame.srcdoc = text",
        "eval(text)",
        "new Function(text)",
        "{{ body|safe }}",
        "{{ body | safe }}",
        "return Markup(body)",
        "range.createContextualFragment(text)",
        "node.setHTMLUnsafe(text)",
    ],
)
def test_a_line_that_makes_html_of_a_string_is_found(line: str) -> None:
    assert house.html_sinks({"widget/a.ts": line}) != []


def test_every_opt_out_says_why() -> None:
    everything = house.read("src/**/*.py", "tests/**/*.py", "migrations/**/*.py", "widget/**/*.ts", "*.py")
    assert house.silent_opt_outs(everything) == []


@pytest.mark.parametrize(
    ("path", "comment", "said"),
    [
        ("a.py", "import x  # noqa", False),
        ("a.py", "import x  # noqa: F401", False),
        ("a.py", "import x  # noqa: F401, E501", False),
        ("a.py", "import x  # noqa: F401 - registers every table", True),
        ("a.py", "x = y  # type: ignore[attr-defined]", False),
        ("a.py", "x = y  # type: ignore", False),
        ("a.py", "x = y  # type: ignore[attr-defined]  # the stub lacks this name", True),
        ("a.ts", "f(); // @ts-ignore", False),
        ("a.ts", "// @ts-expect-error - the library's types lack this option", True),
        ("a.py", 'text = "# noqa"', True),
    ],
)
def test_an_opt_out_without_a_reason_is_found(path: str, comment: str, said: bool) -> None:
    assert (house.silent_opt_outs({path: comment + "\n"}) == []) is said
