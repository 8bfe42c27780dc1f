"""Three engines behind one interface: each started with a profile of its own, and ended by its process group."""

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import cast

from selenium.webdriver import Remote
from selenium.webdriver.chrome.options import Options as ChromeOptions
from selenium.webdriver.common.options import ArgOptions
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.options import Options as WebKitOptions

from tests import needs
from tests.browser.conftest import FLAGS, chromium
from tests.browser.engines.marionette import Marionette
from tests.ports import free_port

START_SECONDS = 30.0
# Nothing that Firefox does by itself: no looking for updates, no telemetry, no captive portals, no lists.
QUIET = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage": "about:blank",
    "browser.startup.page": 0,
    "browser.topsites.contile.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.server": "data:,",
    "browser.region.network.url": "",
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
}
MAKERS = re.compile(r"\.(mozilla\.(com|org)|firefox\.com|google\.com|googleapis\.com|gvt1\.com|duckduckgo\.com)[:/]")
MINI_BROWSER = "webkit2gtk-4.*/MiniBrowser"


class Outside:
    """A proxy in place of the rest of the world: it answers nothing, and knows who was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                asked.append(self.request.recv(4096).split(b"\r\n")[0].decode(errors="replace"))

        self._server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def strangers(self) -> list[str]:
        """What a page asked of strangers; what a browser asks of its own makers is none of a page's doing."""
        return [one for one in self.asked if not MAKERS.search(one)]

    def close(self) -> None:
        """Be gone."""
        self._server.shutdown()
        self._server.server_close()


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One of the engines: its name, and how it is started."""

    name: str
    start: Callable[[ExitStack, Path, Outside], Remote]


@contextmanager
def running(engine: Engine, folder: Path) -> Iterator[tuple[Remote, Outside]]:
    """The browser, until the block ends, and what it asked of strangers."""
    with ExitStack() as ends:
        outside = Outside()
        ends.callback(outside.close)
        yield engine.start(ends, folder, outside), outside


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        needs.missing(f"{name} (apt-get install {package})")
    return found


def _run(ends: ExitStack, command: Sequence[str], folder: Path, **environ: str) -> None:
    with (folder / "engine.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=os.environ | environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    ends.callback(_end, process)


def _end(process: subprocess.Popen[bytes]) -> None:
    # The group, which nobody else is in: a driver leaves its browser behind when it is killed alone.
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
    process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < until, f"nothing listens on port {port}"
            time.sleep(0.05)
        else:
            return


def _chromium(ends: ExitStack, folder: Path, outside: Outside) -> Remote:
    port = free_port()
    _run(ends, [_program("chromedriver", "chromium-driver"), f"--port={port}"], folder)
    options = ChromeOptions()
    options.binary_location = chromium()
    bypass = "--proxy-bypass-list=<-loopback>;localhost;127.0.0.1"
    for flag in (*FLAGS[:-1], "--headless=new", f"--proxy-server=127.0.0.1:{outside.port}", bypass):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={folder / 'profile'}")
    return _connected(ends, port, options)


def _firefox(ends: ExitStack, folder: Path, outside: Outside) -> Remote:
    port, profile = free_port(), folder / "profile"
    profile.mkdir()
    settings = QUIET | {
        "network.proxy.http_port": outside.port, "network.proxy.ssl_port": outside.port, "marionette.port": port,
    }  # fmt: skip
    lines = [f'user_pref("{name}", {_written(value)});' for name, value in settings.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    program = _program("firefox-esr", "firefox-esr")
    command = [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    # Without it, Firefox takes no other server for its lists.
    _run(ends, command, folder, MOZ_REMOTE_SETTINGS_DEVTOOLS="1")
    _wait_for(port)
    wire = Marionette(port)
    ends.callback(wire.close)
    # Selenium asks no more of an executor than this one can; its types know only its own.
    return Remote(command_executor=cast("RemoteConnection", wire), options=_Plain())


def _webkit(ends: ExitStack, folder: Path, outside: Outside) -> Remote:
    port = free_port()
    driver = _program("WebKitWebDriver", "webkit2gtk-driver")
    display = _display(ends, folder)
    _run(ends, [driver, f"--port={port}"], folder, DISPLAY=display, HOME=str(folder), GDK_BACKEND="x11")
    options = WebKitOptions()
    options.binary_location = str(next(Path("/usr/lib").glob(f"*/{MINI_BROWSER}")))
    options.add_argument("--automation")
    where = f"127.0.0.1:{outside.port}"
    options.set_capability(
        "proxy",
        {"proxyType": "manual", "httpProxy": where, "sslProxy": where, "noProxy": ["localhost", "127.0.0.1"]},
    )
    return _connected(ends, port, options)


def _display(ends: ExitStack, folder: Path) -> str:
    """A screen that nobody sees; the number is the one that was free."""
    reading, writing = os.pipe()
    program = _program("Xvfb", "xvfb")
    with (folder / "engine.log").open("ab") as log:
        process = subprocess.Popen(
            [program, "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
            pass_fds=[writing], stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    ends.callback(_end, process)
    os.close(writing)
    with os.fdopen(reading) as said:
        return f":{said.readline().strip()}"


class _Plain(ArgOptions):
    """No wishes: all is in the profile."""

    @property
    def default_capabilities(self) -> dict[str, str]:
        return {}


def _connected(ends: ExitStack, port: int, options: ArgOptions) -> Remote:
    _wait_for(port)
    at = RemoteConnection(client_config=ClientConfig(remote_server_addr=f"http://127.0.0.1:{port}", timeout=40))
    driver = Remote(command_executor=at, options=options)
    ends.callback(driver.quit)
    return driver


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


ENGINES = (
    Engine(name="Chromium", start=_chromium),
    Engine(name="Firefox", start=_firefox),
    Engine(name="WebKitGTK", start=_webkit),
)
