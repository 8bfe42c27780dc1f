"""A thread that is followed while a test lets the time go by."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, Request

from tests.browser.conftest import Daily
from tests.browser.conversation import ready

POLL = re.compile(r"/version\?")
SETTLED_MS = 100
STEP = 13


class Watched:
    """A thread whose clock is the test's, and which polls it has sent."""

    def __init__(self, page: Page, daily: Daily, **how: Any) -> None:
        self.page = page
        self.polls: list[str] = []
        self.asked: list[str] = []
        self._pending = 0
        page.on("request", self._note)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)
        page.clock.install()
        page.goto(daily.embed(**{"script": 'data-loading="eager"'} | how))
        self.thread = ready(page)
        self.thread.scroll_into_view_if_needed()

    def _note(self, request: Request) -> None:
        self._pending += 1
        if POLL.search(request.url):
            self.polls.append(request.url)
        elif "/api/" in request.url:
            self.asked.append(request.url)

    def _ended(self, request: Request) -> None:
        self._pending -= 1

    def passes(self, seconds: int) -> None:
        """So much time goes by for the page, and what it asks for then comes."""
        while seconds > 0:
            # In small steps: what is asked for must come before the page's patience is over.
            self.page.clock.run_for(min(seconds, STEP) * 1000)
            seconds -= STEP
            self.page.wait_for_timeout(SETTLED_MS)
            while self._pending:
                self.page.wait_for_timeout(SETTLED_MS)
        self.page.clock.run_for(100)

    @property
    def pill(self) -> Locator:
        """What is pressed to see the new comments."""
        return self.thread.get_by_role("button", name=re.compile("new comment"))
