"""The places that a browser visits: the service, the demo newspaper, and pages that a test lays out itself."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from comments_service.database import now
from comments_service.demo import gallery, processes
from comments_service.demo.policy import content_policy
from comments_service.demo.seeding import make_site
from tests.ports import free_port

ROOT = Path(__file__).parents[2]


class HostPages:
    """A small web server on 127.0.0.1 whose pages a test lays out; `asked` are the addresses that browsers wanted."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[str, dict[str, str]]] = {}
        self.asked: list[str] = []
        pages, asked = self._pages, self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                text, headers = pages.get(self.path.split("?")[0], ("", {}))
                body = text.encode()
                # Browsers ask for an icon by themselves; that it is missing is no trouble of the page.
                known = bool(body) or self.path == "/favicon.ico"
                self.send_response(200 if known else 404)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing: a test's output is its failures."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def put(self, path: str, text: str, headers: dict[str, str]) -> str:
        """Serve this text from now on at the path; returns its address."""
        self._pages[path] = (text, headers)
        return self.origin + path

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


@dataclass(frozen=True, kw_only=True)
class World:
    """Both sites while they run; `sessions.begin()` reaches the service's database, as a verb wants it."""

    service: str
    paper: str
    faulty: str
    host: HostPages
    sessions: sessionmaker[Session]

    @property
    def origins(self) -> set[str]:
        """The only origins that a browser has any business with."""
        return {self.service, self.paper, self.faulty, self.host.origin}

    @property
    def strict(self) -> dict[str, str]:
        """The headers of the strictest page that embeds the widget."""
        return {"Content-Security-Policy": content_policy(self.service)}


@contextmanager
def running(folder: Path, database: Path) -> Iterator[World]:
    """The service and the newspaper on free ports with a seeded demo site, until the block ends."""
    service = f"http://localhost:{free_port()}"
    paper, faulty = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    engine = create_engine(f"sqlite:///{database}")
    sessions = sessionmaker(engine)
    with sessions.begin() as session:
        begun = make_site(session, paper=paper, seed=1, at=now()).created
        gallery.hang(session, paper=paper, at=begun)
    environ = os.environ | {
        "SECRET_KEY": "browser-tests" * 4, "SEALING_KEYS": "sealing-in-browser-tests" * 2,
        "DATABASE_URL": f"sqlite:///{database}", "PUBLIC_URL": service, "DEMO_SERVICE": service,
        "DEMO_PAPER": paper, "DEMO_FAULTY": faulty, "DEMO_BEGUN": begun.isoformat(), "PYTHONPATH": str(ROOT),
        "MAIL_URL": f"file://{folder}/mail", "MAIL_FROM": "comments@paper.example",
    }  # fmt: skip
    host, log = HostPages(), folder / "servers.log"
    servers = [_service(service, environ, log), processes.newspaper(_port(paper), environ=environ, log=log)]
    try:
        processes.wait_for(servers)
        yield World(service=service, paper=paper, faulty=faulty, host=host, sessions=sessions)
    finally:
        processes.stop(servers)
        host.close()
        engine.dispose()


def _service(url: str, environ: dict[str, str], log: Path) -> processes.Server:
    options = {
        "target": "tests.browser.unlimited:application", "host": "127.0.0.1", "port": _port(url), "workers": 1,
        "threads": 4, "log_level": "info",
    }  # fmt: skip
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "comments_service.supervising", json.dumps(options)],
            env=environ, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    return processes.Server(name="service", port=_port(url), path="/healthz", process=process)


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])
