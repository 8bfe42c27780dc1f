"""A copy of this checkout as a fresh clone would have it, and what it starts."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.ports import free_port

ROOT = Path(__file__).parents[1]
PATIENCE = 300
UNDER_MAKE = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "TESTS"}


def clone(into: Path) -> Path:
    """Copy what git knows, and what it would be told of, but nothing that was built."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, target)
    return into


class Demo:
    """A running demo: its ports, and everything that it has printed."""

    def __init__(self, process: subprocess.Popen[str], ports: Sequence[int]) -> None:
        self.process = process
        self.service, self.paper = f"http://localhost:{ports[0]}", f"http://127.0.0.1:{ports[1]}"
        self.printed = ""

    def wait(self) -> None:
        """Until both sites answer; fails when it ends before."""
        assert self.process.stdout is not None
        while "Ctrl-C" not in self.printed:
            line = self.process.stdout.readline()
            assert line, self.printed
            self.printed += line

    def interrupt(self) -> int:
        """What Ctrl-C at a terminal does; its exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE)


def environ(**more: str) -> dict[str, str]:
    """What a newcomer's shell would have: no word of a make that these tests may run under."""
    return {name: value for name, value in os.environ.items() if name not in UNDER_MAKE} | more


def options() -> tuple[list[int], list[str]]:
    """Two free ports, and how the demo is told of them."""
    ports = [free_port(), free_port()]
    return ports, ["--port", str(ports[0]), "--paper-port", str(ports[1])]


@contextmanager
def running(command: Sequence[str | Path], cwd: Path, ports: Sequence[int]) -> Iterator[Demo]:
    """Start a demo and wait until it is up; what is left of it is killed at the end of the block."""
    process = subprocess.Popen(
        command, cwd=cwd, env=environ(PYTHONUNBUFFERED="1"), text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        demo = Demo(process, ports)
        demo.wait()
        yield demo
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(PATIENCE)
        assert process.stdout is not None
        process.stdout.close()


def page(url: str) -> str:
    """The text of a page of our own."""
    with urlopen(url, timeout=30) as answer:
        assert answer.status == 200
        text: str = answer.read().decode()
        return text
