"""What a browser must not do while a test looks: complain, break a policy, or speak to strangers."""

import re
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

# A report-only policy complains nowhere but in this event.
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy broken: ${event.violatedDirective} by ${event.blockedURI} (${event.sample})`);
});
"""


class Watch:
    """Everything wrong that the pages of one browser context did."""

    def __init__(self, context: BrowserContext, *, own: Iterable[str]) -> None:
        self.own = set(own)
        self.troubles: list[str] = []
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text} ({message.location['url']})")

    def _error(self, error: WebError) -> None:
        self.troubles.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and f"{parts.scheme}://{parts.netloc}" not in self.own:
            self.troubles.append(f"foreign request: {request.url}")


def judge(troubles: Iterable[str], *, expected: Iterable[str]) -> list[str]:
    """What was not expected, and what was expected in vain; `expected` are regular expressions."""
    troubles = list(troubles)
    patterns = [re.compile(pattern) for pattern in expected]
    wrong = [trouble for trouble in troubles if not any(pattern.search(trouble) for pattern in patterns)]
    in_vain = [pattern.pattern for pattern in patterns if not any(map(pattern.search, troubles))]
    return wrong + [f"did not happen: {pattern}" for pattern in in_vain]


def until(page: Page, script: str, arg: Any = None, *, seconds: float = 10) -> None:
    """Wait until a page says that something is true.

    Playwright's own `wait_for_function` asks again from inside of the page, where a policy refuses to evaluate text.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(script, arg):
        assert time.monotonic() < end, f"not true in {seconds} s: {script}"
        page.wait_for_timeout(50)
