"""Pages of several colours, and a conversation with all that there is to look at."""

from playwright.sync_api import Page

from tests.browser.conftest import Daily
from tests.browser.conversation import Past

PAGES = {
    "light": "html { background: #fff; color: #111 }",
    "dark": "html { background: #14181c; color: #e6e8ea }",
    "sepia": "html { background: #f4ecd8; color: #5b4636 }",
}


def paint(page: Page, look: str) -> None:
    """Give the page colours of its own, which are not those that the system asks for."""
    page.add_init_script(
        f"const sheet = new CSSStyleSheet(); sheet.replaceSync('{PAGES[look]}'); document.adoptedStyleSheets = [sheet]"
    )
    page.emulate_media(color_scheme="light" if look == "dark" else "dark")


def talk(daily: Daily) -> None:
    """A conversation with all that a comment can hold."""
    past = Past(daily)
    past.chain(7)
    root = past.say(
        "Some *words*, some `code`, a [link](https://paper.example)\n\n> a quote\n\n- a list\n\n```\npre\n```"
    )
    for number in range(5):
        past.say(f"Answer {number}", to=root)
