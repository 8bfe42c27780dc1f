"""A newcomer types `make run` in a fresh clone, and whatever is in the way is said in one line."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import checkout

pytestmark = pytest.mark.gate
NOBODY = "nobody"


@pytest.fixture(scope="module")
def clone() -> Iterator[Path]:
    # Below a folder that everybody may enter, unlike pytest's own, so that somebody else can try it.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield checkout.clone(Path(folder) / "comments")


def refused(clone: Path, told: list[str], *, python: str = sys.executable, user: str | None = None) -> str:
    """The one line that `make run` ends with."""
    done = subprocess.run(
        ["make", "run", f"PYTHON={python}", f"ARGS={' '.join(told)}"],
        cwd=clone, env=checkout.environ(), capture_output=True, text=True, check=False, timeout=checkout.PATIENCE,
        user=user,
    )  # fmt: skip
    assert done.returncode != 0
    lines = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("make: ***")]
    assert len(lines) == 1, lines
    return lines[0]


def test_two_commands_bring_up_two_sites_that_keep_what_they_were_told(clone: Path) -> None:
    ports, told = checkout.options()
    command = ["make", "run", f"PYTHON={sys.executable}", f"ARGS={' '.join(told)}"]
    with checkout.running(command, clone, ports) as demo:
        thread = f"{demo.service}/api/v1/sites/demo/thread?key=night-ferry"
        assert "The last night ferry" in checkout.page(demo.paper)
        before = checkout.page(thread)
        assert "already running in the folder" in refused(clone, told)
        demo.interrupt()
        for port in ports:
            with socket.socket() as tried:
                assert tried.connect_ex(("127.0.0.1", port)) != 0
    with checkout.running(command, clone, ports) as demo:
        assert "Installing" not in demo.printed
        assert checkout.page(thread) == before
        demo.interrupt()
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        assert f"Port {taken} is taken" in refused(clone, ["--port", taken, *told[2:]])


def test_a_python_without_venv_is_told_what_to_install(clone: Path, tmp_path: Path) -> None:
    lame = tmp_path / "python3"
    lame.write_text(
        f"#!{sys.executable}\nimport runpy, sys\nsys.modules['ensurepip'] = None\nsys.argv = sys.argv[1:]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    lame.chmod(0o755)
    assert "apt install python3-venv" in refused(clone, [], python=str(lame))


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    python = shutil.which("python3", path="/usr/bin") or sys.executable
    with tempfile.TemporaryDirectory() as folder:
        locked = checkout.clone(Path(folder) / "comments")
        for each in (Path(folder), locked):
            each.chmod(0o555)
        # Root may write anywhere, so somebody else has to try.
        root = os.geteuid() == 0
        assert "cannot be written" in refused(locked, [], python=python, user=NOBODY if root else None)
        locked.chmod(0o755)
        Path(folder).chmod(0o755)
