"""Print what reading costs: what an article page loads and asks for, when its thread is painted, and what moves.

usage: .venv/bin/python benchmarks/reading.py [--repeats 9] [--comments 10000] [--limit 600]

A browser (Chromium) reads pages of a made-up newspaper on this machine, each in a context of its own, with a processor
that is slowed down four times. The service and its database, SQLite in a temporary folder, are started for it and gone
afterwards; after --limit seconds everything is stopped.
"""

import argparse
import signal
import statistics
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from typing import NoReturn

import figures
from playwright.sync_api import Page
from readers import SLOWER, Newspaper, Readers, browsing
from sqlalchemy import insert

from comments_service.app import create_app
from comments_service.database import db, id_at
from comments_service.migrating import upgrade
from comments_service.tables import Article, Comment, Reader, Site

SHORT = 20
# How far down the thread stands, in pixels: nothing of it is near before somebody scrolls.
DOWN = 3000
STEP = 400
BEFORE_ACTING = ("embed", "share", "thread")
SIGN_IN = ("signing", "signin")
ELSEWHERE = "provider"
OWN = ("account", "me", "bell", "notices")
RESERVED = """
comments-share:not(:defined) { display: inline-flex; vertical-align: middle; min-height: 2.25rem; }
comments-thread:not(:defined) { display: block; min-height: 240px; }
"""
NODES = """document.querySelector("comments-thread").shadowRoot.querySelectorAll("*").length"""


def main() -> None:
    """Measure everything and print it."""
    asked = arguments().parse_args()
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(asked.limit)
    sizes()
    print(f"With a processor slowed down {SLOWER} times:")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/comments.sqlite"
        paper = Newspaper()
        fill(url, paper.origin, asked.comments)
        try:
            with figures.serving(url) as (_, port), browsing() as browser:
                readers = Readers(browser, paper, f"http://localhost:{port}")
                requests(readers)
                paint(readers, asked.repeats)
                shifts(readers)
                for name in ("crowd", "chain"):
                    large(readers, name, asked.comments)
                figures.tell("requests to anybody else", str(len(readers.foreign)), "0")
        finally:
            paper.close()


def arguments() -> argparse.ArgumentParser:
    """What the command line takes."""

    def positive(text: str) -> int:
        number = int(text)
        if number < 1:
            raise argparse.ArgumentTypeError("a number above 0 is wanted")
        return number

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repeats", type=positive, default=9, help="how often a painting is measured")
    parser.add_argument("--comments", type=positive, default=10_000, help="how many a large thread has")
    parser.add_argument("--limit", type=positive, default=600, help="stop after so many seconds")
    return parser


def too_long(*_: object) -> NoReturn:
    """What the alarm does: the blocks that are open clean up after themselves."""
    raise SystemExit("This took longer than --limit allows, and was stopped.")


def fill(url: str, origin: str, comments: int) -> None:
    """A short thread, one of many roots with four answers each, and one in which each answers the one before."""
    upgrade(url)
    with create_app(figures.settings(url)).app_context():
        site = Site(key="daily", name="The Daily", origins=[origin], moderation="post")
        db.session.add(site)
        db.session.flush()
        reader = Reader(site_id=site.id, name="Ada", created=figures.BEGUN)
        db.session.add(reader)
        db.session.flush()
        for key, count, most in (("short", SHORT, 0), ("crowd", comments, 4), ("chain", comments, comments)):
            article = Article(site_id=site.id, key=key, url=f"{origin}/{key}", title=key, comments=count)
            db.session.add(article)
            db.session.flush()
            db.session.execute(insert(Comment), list(rows(article, reader, count, most)))
        db.session.commit()


def rows(article: Article, reader: Reader, count: int, replies: int) -> Iterator[dict[str, object]]:
    """Published comments; each answers the one before, until so many stand under a root."""
    root = above = ""
    for number in range(count):
        at = figures.BEGUN + timedelta(seconds=number)
        own = id_at(at)
        depth = number % (replies + 1)
        root, parent = (root, above) if depth else (own, None)
        words = f"Comment number {number} has something to say about the trams, in a sentence of the usual length."
        yield {
            "site_id": article.site_id, "id": own, "article_id": article.id, "root_id": root, "parent_id": parent,
            "reader_id": reader.id, "depth": depth, "name": f"Reader {number % 50}", "source": words,
            "tree": [["p", words]], "plain": words, "status": "published", "shown": True, "judged_by": "rules",
            "reasons": [], "version": 1, "revision": 1, "recommends": number % 7, "reports": 0,
            "replies_total": 0 if depth else min(replies, count - number - 1), "created": at,
        }  # fmt: skip
        above = own


def sizes() -> None:
    """What browsers load, as it is sent with gzip."""
    packed = {file.name.split(".")[0]: file.stat().st_size for file in figures.STATIC.glob("*.js.gz")}
    del packed["desk"]
    words = {path.stem for path in (figures.STATIC.parent / "languages").glob("??.json")}
    others = {*BEFORE_ACTING, *words, *(f"{code}more" for code in words), *SIGN_IN, ELSEWHERE, *OWN}
    on_use = {name: size for name, size in packed.items() if name not in others}
    for name, aim in zip(BEFORE_ACTING, ("≤ 3,000 B", "≤ 3,000 B", ""), strict=True):
        figures.tell(f"{name}, gzip", f"{packed[name]:,} B", aim)
    figures.tell("before the reader acts", f"{sum(packed[name] for name in BEFORE_ACTING):,} B", "≤ 24,000 B")
    figures.tell("the largest part on use", f"{max(on_use.values()):,} B", "≤ 4,000 B")
    figures.tell(f"all {len(on_use)} parts on use", f"{sum(on_use.values()):,} B", "≤ 45,000 B")
    figures.tell("what signing in adds", f"{sum(packed[name] for name in SIGN_IN):,} B", "≤ 3,000 B")
    figures.tell("and signing in elsewhere", f"{packed[ELSEWHERE]:,} B", "≤ 1,900 B")
    figures.tell("the largest part of a reader's own", f"{max(packed[name] for name in OWN):,} B", "≤ 4,000 B")
    figures.tell("all of a reader's own", f"{sum(packed[name] for name in OWN):,} B", "≤ 12,000 B")


def article(thread: str, *, row: str = "", down: int = DOWN) -> str:
    """A page's body: a headline, perhaps a share row, a count, a story so long, the thread, and what stands below."""
    return (
        f'<h1>The trams are back</h1><p><comments-count thread="{thread}">Comments</comments-count></p><p>{row}</p>'
        f'<p>They run again.</p><svg width="10" height="{down}"></svg>'
        f'<comments-thread thread="{thread}"></comments-thread><p>Below it all.</p>'
    )


def requests(readers: Readers) -> None:
    """What is asked for before anybody scrolls."""
    for what, row, aim in (("", "", "2"), (", share row in sight", "<comments-share></comments-share>", "3")):
        with readers.reading(article("short", row=row)) as (page, asked):
            page.wait_for_load_state("networkidle")
            figures.tell(f"requests before scrolling{what}", str(len(asked)), f"{aim} with counts")


def paint(readers: Readers, repeats: int) -> None:
    """From the last byte of the answer until the frame with the comments has been painted."""
    took = []
    for _ in range(repeats):
        with readers.reading(article("short", down=10)) as (page, _asked):
            seen = settled(page)
            took.append(seen["painted"] - seen["answered"])
    figures.tell(
        f"{SHORT} comments painted after their data", f"{statistics.median(took):.0f} ms",
        f"≤ 100 ms (of {repeats}: {min(took):.0f} to {max(took):.0f})",
    )  # fmt: skip


def settled(page: Page) -> dict[str, float]:
    """What was seen when the thread has been painted and nothing more comes."""
    # A promise, because asking again and again would take of the time that is measured.
    page.evaluate("window.painted")
    page.wait_for_load_state("networkidle")
    found: dict[str, float] = page.evaluate("window.seen")
    return found


def shifts(readers: Readers) -> None:
    """Cumulative layout shift of a page that is read from its headline to its end."""
    for what, head, aim in (("room reserved", f"<style>{RESERVED}</style>", "0"), ("no room reserved", "", "")):
        with readers.reading(article("short", row="<comments-share></comments-share>"), head=head) as (page, _asked):
            page.wait_for_load_state("networkidle")
            page.mouse.move(100, 100)
            while page.evaluate("scrollY + innerHeight < document.documentElement.scrollHeight - 1"):
                page.mouse.wheel(0, STEP)
                page.wait_for_timeout(100)
            figures.tell(f"layout shift, {what}", f"{settled(page)['shifts']:.4f}", aim)


def large(readers: Readers, name: str, comments: int) -> None:
    """The first page of a large thread."""
    with readers.reading(article(name, down=10)) as (page, _asked):
        seen = settled(page)
        what = f"{comments:,} comments, {'a chain' if name == 'chain' else 'five to a root'}"
        figures.tell(f"{what}: longest task", f"{seen['longest']:.0f} ms", "≤ 200 ms")
        figures.tell(f"{what}: nodes", f"{page.evaluate(NODES):,}", "≤ 2,500")


if __name__ == "__main__":
    main()
