"""Draw the picture in the README: the demo newspaper with its conversation, as a reader sees it.

usage: .venv/bin/python docs/make_screenshot.py PAPER_ADDRESS   (that of a running demo, http://127.0.0.1:8001)
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--hide-scrollbars")
PICTURE = Path(__file__).with_name("demo.png")


def main(paper: str) -> None:
    """Take it where the article ends and the conversation begins."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        page = chromium.new_page(viewport={"width": 1000, "height": 900})
        page.goto(f"{paper}/harbour/night-ferry#comments")
        page.locator("comments-thread article").nth(3).wait_for()
        page.locator("comments-thread").evaluate("(thread) => window.scrollTo(0, thread.offsetTop - 60)")
        page.screenshot(path=PICTURE)
        chromium.close()


if __name__ == "__main__":
    main(sys.argv[1])
