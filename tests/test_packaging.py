"""An owner installs the wheel, far from any checkout: pages, bundle and migrations are all in it."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests import checkout

pytestmark = pytest.mark.gate
SECRET = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from an sdist that was built from a fresh clone."""
    clone, built = checkout.clone(tmp_path_factory.mktemp("clone")), tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", built, clone], check=True, stdout=subprocess.PIPE)
    [found] = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a virtual environment that holds nothing else."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    pip = [str(venv / "bin/python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", str(wheel)], check=True)
    return venv / "bin"


def test_the_wheel_holds_what_the_service_needs_and_no_test(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    migrations = [file.name for file in (checkout.ROOT / "migrations/versions").glob("*.py")]
    assert {f"comments_service/migrations/versions/{name}" for name in migrations} <= set(names)
    assert "comments_service/migrations/env.py" in names
    assert "comments_service/static/embed.js" in names
    assert any(name.startswith("comments_service/static/thread.") for name in names)
    assert [name for name in names if not name.startswith(("comments_service/", "comments_service-"))] == []


def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    ports, told = checkout.options()
    with checkout.running([installed / "comments-service", "demo", *told], tmp_path, ports) as demo:
        assert "The last night ferry" in checkout.page(demo.paper)
        assert f"{demo.service}/embed.js" in checkout.page(f"{demo.paper}/harbour/night-ferry")
        assert "comments-thread" in checkout.page(f"{demo.service}/embed.js")
        assert '"comments"' in checkout.page(f"{demo.service}/api/v1/sites/demo/thread?key=night-ferry")
        assert demo.interrupt() == 0


def test_a_new_installation_migrates_and_is_well(installed: Path, tmp_path: Path) -> None:
    environ = {"SECRET_KEY": SECRET, "DATABASE_URL": f"sqlite:///{tmp_path}/comments.sqlite", "PATH": "/usr/bin:/bin"}
    for words in (["migrate"], ["site", "add", "daily", "--origin", "https://paper.example"], ["doctor"]):
        command = [str(installed / "comments-service"), *words]
        done = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
