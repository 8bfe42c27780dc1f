"""An owner who reads docs/embed.md finds every attribute, property, part and event that there is, and no other."""

import re
from pathlib import Path

from tests import house

DOC = (Path(__file__).parents[1] / "docs/embed.md").read_text(encoding="utf-8")
SOURCES = house.read("widget/*.ts", "widget/*.css")
THEMES = Path(__file__).parents[1] / "src/comments_service/demo/static/themes"
CODE = "\n".join(text for path, text in SOURCES.items() if "/tests/" not in path)


def test_every_attribute_has_its_heading() -> None:
    lists = re.findall(r"observedAttributes = \[(.*?)\]", CODE, re.DOTALL)
    assert len(lists) == 3
    observed = {name for found in lists for name in re.findall(r'"([a-z-]+)"', found)}
    assert set(re.findall(r"^### `([a-z-]+)`", DOC, re.MULTILINE)) == observed


def test_every_attribute_says_what_holds_without_it() -> None:
    sections = re.split(r"^##+ ", DOC, flags=re.MULTILINE)
    told = {section.split("`")[1]: section for section in sections if re.match(r"`[a-z-]+`(,|\n)", section)}
    silent = [
        name for name, text in told.items() if not re.search(r"Without it|as it is|if you say nothing|In English", text)
    ]
    assert len(told) >= 15
    assert not silent


def test_every_option_that_is_read_is_observed() -> None:
    read = set(re.findall(r'option\((?:element|this), "([a-z-]+)"\)', CODE))
    assert read <= set(re.findall(r"^### `([a-z-]+)`", DOC, re.MULTILINE))


def test_every_custom_property_is_documented() -> None:
    assert set(re.findall(r"var\((--comments-[a-z-]+)", CODE)) == set(re.findall(r"`(--comments-[a-z-]+)`", DOC))


PROMISED = (
    "accent accent-text text muted border surface field danger font radius space sticky-offset",
    "thread composer field comment author badge body actions button primary dialog share network native copy more menu",
)


def test_the_promised_properties_are_used_and_told_each_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `--comments-([a-z-]+)` \| [^|]+ \| ([^|]+) \|$", DOC, re.MULTILINE))
    assert list(rows) == PROMISED[0].split()
    assert all(rows.values())
    assert set(re.findall(r"var\(--comments-([a-z-]+)", CODE)) == set(rows)


def test_the_promised_parts_are_made_and_told() -> None:
    made = re.findall(r'\bpart: [`"]([a-z ]+)', CODE) + re.findall(r'"part", "([a-z ]+)"', CODE)
    made += re.findall(r'\bpressable\("([a-z]+)"', CODE)
    table = DOC[DOC.index("| Part |") : DOC.index("So that nothing moves")]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    told = {name for cell in first for name in re.findall(r"`([a-z]+)`", cell)}
    assert told == set(PROMISED[1].split())
    assert {name for names in made for name in names.split()} == told


def of_ours(sheet: str) -> list[str]:
    """What a style sheet sets of our elements beside what is promised; where they stand in its page is its own."""
    wrong = []
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
        for selector in (one.strip() for one in selectors.split(",")):
            known = re.fullmatch(r"comments-(?:thread|share)(?:::part\(([a-z]+)\)|(:not\(:defined\)))?", selector)
            ours = "comments-" in selector or "::part" in selector
            if not ours or (known and (known[2] or known[1] in PROMISED[1].split())):
                continue
            names = [line.split(":")[0].strip() for line in body.split(";") if line.strip()]
            free = PLACED | {f"--comments-{name}" for name in PROMISED[0].split()}
            wrong += [f"{selector}: {name}" for name in names if known is None or known[1] or name not in free]
    return wrong


PLACED = {"margin-top", "padding-top", "border-top"}


def test_the_papers_of_the_demo_are_made_of_what_is_promised_alone() -> None:
    sheets = {path.name: path.read_text(encoding="utf-8") for path in THEMES.glob("*.css")}
    assert len(sheets) == 6
    assert {name: wrong for name, sheet in sheets.items() if (wrong := of_ours(sheet))} == {}
    for bad in (
        "comments-thread { color: red }", "comments-share { --comments-x: 1 }", "comments-share::part(x) { top: 0 }",
        ".x comments-thread { --comments-text: #000 }", ".comments-by { color: red }", "*::part(body) { color: red }",
    ):  # fmt: skip
        assert of_ours(bad), bad


def test_every_event_is_documented() -> None:
    sent = {f"comments:{name}" for name in re.findall(r'\b(?:emit|announce)\([\w.#]+, "([a-z-]+)"', CODE)}
    assert set(re.findall(r"`(comments:[a-z-]+)`", DOC)) == sent


def test_every_part_is_documented() -> None:
    parts = {part for names in re.findall(r'\bpart"?[:,] "([a-z ]+)"', CODE) for part in names.split()}
    named = set(re.findall(r"[a-z]+", " ".join(re.findall(r"`([a-z ]+)`", DOC))))
    assert parts <= named | {"copy", "more", "native"}


def test_every_method_is_documented() -> None:
    (named,) = re.findall(r"for \(const name of \[(.*?)\] as const\)", CODE)
    methods = set(re.findall(r'"(\w+)"', named))
    assert set(re.findall(r"^\| `(\w+)\(\w*\)`", DOC, re.MULTILINE)) == methods
    assert set(re.findall(r"readonly (\w+)\?: \(", SOURCES["widget/told.ts"])) == set(
        re.findall(r"^    (\w+): async", DOC, re.MULTILINE)
    )
