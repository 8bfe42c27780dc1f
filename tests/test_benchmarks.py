"""What prints the figures still runs; the figures themselves are nobody's test."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import chromium

READING = Path(__file__).parents[1] / "benchmarks/reading.py"
TINY = ("--repeats", "1", "--comments", "12", "--limit", "120")


def run(*asked: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(READING), *asked]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)


@pytest.mark.browser
@pytest.mark.long
def test_what_reading_costs_is_printed_line_by_line() -> None:
    chromium()
    done = run(*TINY)
    assert done.returncode == 0, done.stderr
    for what in (
        "before the reader acts", "parts on use", "requests before scrolling", "20 comments painted",
        "layout shift, room reserved", "12 comments, a chain: nodes", "requests to anybody else",
    ):  # fmt: skip
        assert what in done.stdout


def test_the_times_of_asking_about_somebody_and_about_nobody_are_printed() -> None:
    command = [sys.executable, str(READING.with_name("enumeration.py")), "--tries", "2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for what in ("a code for signing in", "a mail that confirms", "the desk, by login", "furthest apart"):
        assert what in done.stdout


@pytest.mark.parametrize("wrong", [("--repeats", "0"), ("--comments", "many"), ("--limit", "-1"), ("--fast",)])
def test_what_cannot_be_measured_is_refused_before_anything_starts(wrong: tuple[str, ...]) -> None:
    done = run(*wrong)
    assert done.returncode == 2
    assert wrong[0] in done.stderr
    assert done.stdout == ""
