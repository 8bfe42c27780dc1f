"""A made-up newspaper on this machine, and readers of it with a slow one: what reading.py measures with."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Browser, Page, Request, ViewportSize, sync_playwright

SLOWER = 4
SCREEN: ViewportSize = {"width": 390, "height": 844}
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)  # fmt: skip
# A message that is posted in a frame arrives when that frame has been painted.
NOTE = """
let tell;
window.painted = new Promise((done) => { tell = done; });
window.seen = { shifts: 0, longest: 0, painted: null, answered: null };
const note = (type, see) =>
  new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({ type, buffered: true });
note("layout-shift", ({ value }) => { seen.shifts += value; });
note("longtask", ({ duration }) => { seen.longest = Math.max(seen.longest, duration); });
addEventListener("comments:loaded", () => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    const [data] = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/thread?"));
    Object.assign(seen, { painted: performance.now(), answered: data.responseEnd });
    tell();
  };
  port2.postMessage(null);
}));
"""


class Newspaper:
    """A small web server whose pages are laid out by what measures them."""

    def __init__(self) -> None:
        self._pages: dict[str, str] = {}
        pages = self._pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = pages.get(self.path, "").encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def lay(self, body: str, *, service: str, head: str = "") -> str:
        """Serve an article with this body; returns its address."""
        path = f"/{len(self._pages)}"
        self._pages[path] = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Trams</title>{head}'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<script async src="{service}/embed.js" data-site="daily"></script></head><body>{body}</body></html>'
        )
        return self.origin + path

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class Readers:
    """Opens pages as readers do, and notes what is asked of whom."""

    def __init__(self, browser: Browser, paper: Newspaper, service: str) -> None:
        self.browser = browser
        self.paper = paper
        self.service = service
        self.foreign: list[str] = []

    @contextmanager
    def reading(self, body: str, *, head: str = "") -> Iterator[tuple[Page, list[str]]]:
        """A page on a slow machine, with a list of what it asks the service for."""
        context = self.browser.new_context(viewport=SCREEN)
        page = context.new_page()
        asked: list[str] = []

        def note(request: Request) -> None:
            if request.url.startswith(self.service):
                asked.append(request.url)
            elif not request.url.startswith(self.paper.origin):
                self.foreign.append(request.url)

        page.on("request", note)
        page.add_init_script(NOTE)
        # A process is slowed down once it is there: the first page of a site brings it.
        page.goto(f"{self.paper.origin}/blank")
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(self.paper.lay(body, service=self.service, head=head))
        yield page, asked
        context.close()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium, without a window, that finds nobody but this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        raise SystemExit("Chromium is needed: install it, or name it in the environment variable CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
