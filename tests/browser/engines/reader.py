"""What a person sees and does in a browser, in words that every engine's driver understands."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from selenium.webdriver import ActionChains, Remote
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

T = TypeVar("T")
PATIENCE_SECONDS = 15.0
LOOK_SECONDS = 0.05
# Everything visible, in shadow roots too, that is such an element and is called so.
FIND = """
const found = [];
const walk = (root) => {
  for (const one of root.querySelectorAll("*")) {
    found.push(one);
    if (one.shadowRoot) walk(one.shadowRoot);
  }
};
walk(within ?? document);
const called = (one) =>
  one.getAttribute("aria-label") ?? [...(one.labels ?? []), one].map(({ textContent }) => textContent).join();
return found.filter((one) => one.matches(selector) && one.checkVisibility() && called(one).includes(words));
"""
FIND = f"(selector, words, within) => {{{FIND}}}"
# From the moment that a page is there; a page of the test's own has it from its first line on.
LISTEN = """
if (!window.errors) {
  window.errors = [];
  addEventListener("error", (event) => errors.push(`uncaught: ${event.message}`));
  addEventListener("unhandledrejection", (event) => errors.push(`rejected: ${event.reason}`));
  const said = console.error.bind(console);
  console.error = (...words) => (errors.push(`said: ${words.join(" ")}`), said(...words));
}
"""
ASKED = "return performance.getEntriesByType('resource').map((one) => new URL(one.name).origin)"
FOCUSED = """
let one = document.activeElement;
while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
return one;
"""


class Reader:
    """One person at one browser."""

    def __init__(self, driver: Remote) -> None:
        self.driver = driver

    def open(self, address: str) -> None:
        """Go to a page."""
        self.driver.get(address)
        self.run(LISTEN)

    def reload(self) -> None:
        """Load the page again."""
        self.driver.refresh()
        self.run(LISTEN)

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script of the test finds in the page."""
        return self.driver.execute_script(script, *arguments)

    def all(self, selector: str, words: str = "", *, within: WebElement | None = None) -> list[WebElement]:
        """Everything that can be seen, is of this kind, and has these words in its name or text."""
        found: list[WebElement] = self.run(f"return ({FIND})(...arguments)", selector, words, within)
        return found

    def see(self, selector: str, words: str = "", *, within: WebElement | None = None) -> WebElement:
        """The first of them, as soon as there is one."""
        return self.wait(lambda: self.all(selector, words, within=within), f"{selector} with {words!r}")[0]

    def gone(self, selector: str, words: str = "") -> None:
        """Wait until there is none."""
        self.wait(lambda: not self.all(selector, words), f"no {selector} with {words!r}")

    def click(self, selector: str, words: str = "", *, within: WebElement | None = None) -> None:
        """Click where a person would, once what is clicked stands still."""
        found = self.see(selector, words, within=within)
        self.run("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", found)
        self.wait(lambda: self._place(found) == self._place(found), f"{selector} that stands still")
        found.click()

    def press(self, *keys: str) -> None:
        """Type, wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def chord(self, key: str) -> None:
        """Press a key together with Ctrl."""
        ActionChains(self.driver).key_down(Keys.CONTROL).send_keys(key).key_up(Keys.CONTROL).perform()

    def focused(self) -> WebElement | None:
        """Where the focus is, in shadow roots too."""
        found: WebElement | None = self.run(FOCUSED)
        return found

    def value(self, field: WebElement) -> str:
        """What stands in a field."""
        return str(self.run("return arguments[0].value", field))

    def text(self, of: WebElement) -> str:
        """What can be read in an element."""
        return str(self.run("return arguments[0].innerText", of))

    def texts(self, selector: str, words: str = "") -> list[str]:
        """What can be read in all of them, at one moment."""
        found: list[str] = self.run(f"return ({FIND})(...arguments).map((one) => one.innerText)", selector, words)
        return found

    def focus(self, selector: str, words: str = "") -> WebElement:
        """Put the focus there, as Tab would in the end."""
        found = self.see(selector, words)
        self.run("arguments[0].focus()", found)
        return found

    def errors(self) -> list[str]:
        """What went wrong in the page."""
        found: list[str] = self.run("return window.errors")
        return found

    def asked(self) -> set[str]:
        """The origins that the page has loaded anything from."""
        return set(self.run(ASKED))

    def _place(self, of: WebElement) -> object:
        # What has just come into view is drawn, and what is above it may grow; WebKit does not hold the place then.
        time.sleep(LOOK_SECONDS)
        return self.run("const { x, y } = arguments[0].getBoundingClientRect(); return [x, y]", of)

    def wait(self, found: Callable[[], T], what: str) -> T:
        """What is found, as soon as it is. Raises AssertionError when it takes too long."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            seen = found()
            if seen:
                return seen
            assert time.monotonic() < until, f"there is still not: {what}; {self.errors()}"
            time.sleep(LOOK_SECONDS)
