"""Print the figures that this project holds itself to, as this machine gives them.

usage: .venv/bin/python benchmarks/figures.py [--start] [--suite]

--start also installs a fresh clone and starts it twice, which takes a minute or two; --suite runs the tests without a
browser. Everything is made in a temporary folder on SQLite and gone afterwards.
"""

import argparse
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import event, insert

from comments_service import form_tokens
from comments_service.app import create_app
from comments_service.database import db, id_at
from comments_service.migrating import upgrade
from comments_service.settings import Settings
from comments_service.tables import Article, Comment, Reader, Site

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "src/comments_service/static"
SECRET = "0123456789abcdef" * 4
ORIGIN = "https://paper.example"
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
# A hundred comments fill one page; what a larger thread costs is compared with that.
SIZES = {"small": 10, "page": 100, "large": 10_000}
REPEATS = 50
LOAD_SECONDS = 3.0
CLIENTS = 4


def main() -> None:
    """Print everything that was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--start", action="store_true")
    parser.add_argument("--suite", action="store_true")
    asked = parser.parse_args()
    sizes()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/comments.sqlite"
        fill(url)
        requests(url)
        process(url)
        if asked.start:
            starts(Path(folder) / "clone")
    if asked.suite:
        suite()


def tell(what: str, figure: str, aim: str = "") -> None:
    """One line of the table."""
    print(f"{what:<48} {figure:>24}   {aim}".rstrip(), flush=True)


def sizes() -> None:
    """What browsers load, as it is sent with gzip."""
    packed = {file.name.split(".")[0]: file.stat().st_size for file in sorted(STATIC.glob("*.js.gz"))}
    aims = {"embed": "≤ 3,000 B", "share": "≤ 3,000 B", "thread": "", "desk": ""}
    for name, size in packed.items():
        tell(f"{name}.js, gzip", f"{size:,} B", aims.get(name, "≤ 4,000 B"))
    first = sum(packed[name] for name in ("embed", "thread", "share"))
    tell("thread, share and count together, gzip", f"{first:,} B", "≤ 24,000 B")


def fill(url: str) -> None:
    """An article of each size: one comment in five is a root, each with its replies."""
    upgrade(url)
    with create_app(settings(url)).app_context():
        site = Site(key="daily", name="The Daily", origins=[ORIGIN], moderation="post")
        db.session.add(site)
        db.session.flush()
        reader = Reader(site_id=site.id, name="Ada", created=BEGUN)
        db.session.add(reader)
        db.session.flush()
        for key, count in SIZES.items():
            article = Article(site_id=site.id, key=key, url=f"{ORIGIN}/{key}", title=key, comments=count)
            db.session.add(article)
            db.session.flush()
            rows = list(conversation(article, reader, count))
            db.session.execute(insert(Comment), rows)
        db.session.commit()


def conversation(article: Article, reader: Reader, count: int) -> Iterator[dict[str, object]]:
    """As rows of the table: published comments, a minute apart."""
    root = ""
    for number in range(count):
        at = BEGUN + timedelta(minutes=number)
        own = id_at(at)
        reply = number % 5 != 0
        root = root if reply else own
        words = f"Comment number {number} has something to say about the trams."
        yield {
            "site_id": article.site_id, "id": own, "article_id": article.id, "root_id": root,
            "parent_id": root if reply else None, "reader_id": reader.id, "depth": int(reply), "name": "Ada",
            "source": words, "tree": [["p", words]], "plain": words, "status": "published", "shown": True,
            "judged_by": "rules", "reasons": [], "version": 1, "revision": 1, "recommends": number % 7, "reports": 0,
            "replies_total": 0 if reply else 4, "created": at,
        }  # fmt: skip


def settings(url: str) -> Settings:
    """As a service on this machine has them."""
    return Settings(secret_key=SECRET, database_url=url, public_url="http://localhost:8000", log_level="error")


def requests(url: str) -> None:
    """Queries and times of single requests inside one process: no socket and no server is in them."""
    app = create_app(settings(url))
    client = app.test_client()
    with app.app_context():
        seen: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
        for key, count in SIZES.items():
            path = f"/api/v1/sites/daily/thread?key={key}"
            measure(f"thread page of {count:,} comments", seen, partial(read, client, path), "≤ 6")
        measure("the same, not modified", seen, partial(read, client, path, client.get(path).headers["ETag"]), "≤ 1")
        measure("a post", seen, partial(post, client), "≤ 12", repeats=5)


def measure(what: str, seen: list[str], ask: Callable[[], int], aim: str, *, repeats: int = REPEATS) -> None:
    """Queries of one request, and the median time of several."""
    assert ask() < 400
    took = []
    for _ in range(repeats):
        seen.clear()
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    statements = [each for each in seen if not each.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))]
    tell(what, f"{len(statements)} queries, {statistics.median(took) * 1000:.1f} ms", f"{aim} queries")


def read(client: FlaskClient, path: str, tag: str = "") -> int:
    """Read one page, or hear that it is as it was."""
    return client.get(path, headers={"If-None-Match": tag} if tag else {}).status_code


def post(client: FlaskClient) -> int:
    """Write one comment as the widget would."""
    token = form_tokens.issue("daily", "small", secret=SECRET, at=datetime.now(UTC) - timedelta(minutes=1))
    draft = {
        "key": "small", "url": f"{ORIGIN}/small", "name": "Ada", "body": f"It is {time.time_ns()} now.",
        "form_token": token, "website": "",
    }  # fmt: skip
    headers = {"Origin": ORIGIN, "Authorization": f"Bearer {'A' * 43}"}
    return client.post("/api/v1/sites/daily/comments", json=draft, headers=headers).status_code


def process(url: str) -> None:
    """The whole service as `serve` runs it: memory at rest, and what a large thread costs beside a small one."""
    with serving(url) as (pid, port):
        tell("memory at rest, all processes", f"{pss(pid) / 1024:.0f} MB PSS", "≤ 110 MB")
        rates = {key: load(port, f"/api/v1/sites/daily/thread?key={key}") for key in ("page", "large")}
        tell("pages a second: thread of 10,000 to one of 100", f"{rates['large'] / rates['page']:.2f} : 1", "about 1")
        tell("memory after that", f"{pss(pid) / 1024:.0f} MB PSS")


@contextmanager
def serving(url: str) -> Iterator[tuple[int, int]]:
    """Its first process and its port, from the first good answer on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-c", "from comments_service.cli import main; main()", "serve", "--port", str(port)]
    environ = {"PATH": os.environ["PATH"], "SECRET_KEY": SECRET, "DATABASE_URL": url}
    running = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        until = time.monotonic() + 60
        while not answers(port):
            assert time.monotonic() < until, "the service did not come up"
            time.sleep(0.05)
        # At rest: what the start had to do is done.
        time.sleep(2)
        yield running.pid, port
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)


def answers(port: int) -> bool:
    """Whether the service is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def pss(pid: int) -> int:
    """Kilobytes of a process and all below it, shared pages by their share (proc_pid_smaps(5))."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return own + sum(pss(int(child)) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def load(port: int, path: str) -> float:
    """Uncached pages a second, by a few connections that are kept open."""
    done: list[int] = []
    until = time.monotonic() + LOAD_SECONDS

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < until:
            connection.request("GET", path, headers={"Host": "localhost"})
            answer = connection.getresponse()
            answer.read()
            done.append(answer.status)
        connection.close()

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    assert set(done) == {200}
    return len(done) / LOAD_SECONDS


def starts(clone: Path) -> None:
    """`make run` in a fresh clone, and again."""
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    for what, aim in (("make run, first start", "≤ 90 s"), ("make run, second start", "≤ 5 s")):
        began = time.monotonic()
        running = subprocess.Popen(
            ["make", "run", "ARGS=--port 8970 --paper-port 8971"], cwd=clone, stdout=subprocess.PIPE, text=True,
            start_new_session=True, env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        assert running.stdout is not None
        for line in running.stdout:
            if "Ctrl-C" in line:
                break
        tell(what, f"{time.monotonic() - began:.1f} s", aim)
        began = time.monotonic()
        os.killpg(running.pid, signal.SIGINT)
        running.wait(60)
        tell("Ctrl-C until all has ended", f"{time.monotonic() - began:.1f} s", "≤ 5 s")


def suite() -> None:
    """All tests but those in a browser."""
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadgroup", "-m", "not browser"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    tell("tests without a browser", f"{time.monotonic() - began:.0f} s, exit code {done.returncode}", "≤ 60 s")


if __name__ == "__main__":
    main()
