"""The newspaper's own server puts the comments into its pages, and a service that is away costs no reader any time."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from comments_service.demo import including
from comments_service.demo.including import Included, put_in
from comments_service.demo.newspaper import create_newspaper
from tests.ports import free_port
from tests.test_demo import BEGUN, LANTERN, SERVICE, STORIES, Reader

SAID = '<section class="comments-static"><p>It was like that – once.</p></section>'
STORY = STORIES[0]


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def serve() -> Iterator[Callable[[int], tuple[str, list[str]]]]:
    servers: list[ThreadingHTTPServer] = []

    def started(status: int) -> tuple[str, list[str]]:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                body = SAID.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/fragment.html?url=x", asked

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


def paper(read: including.Read) -> FlaskClient:
    app = create_newspaper(SERVICE, LANTERN, BEGUN, read=read)
    app.test_client_class = Reader
    return app.test_client()


def test_an_article_holds_its_comments_inside_the_element() -> None:
    asked: list[str] = []

    def read(url: str) -> str:
        asked.append(url)
        return SAID

    text = paper(read).get(STORY.path).text
    of_article = f"url={quote(LANTERN + STORY.path, safe='')}"
    assert f'<comments-thread thread="{STORY.slug}">{SAID}</comments-thread>' in text
    assert asked == [f"{SERVICE}/s/demo/t/{STORY.slug}/fragment.html?{of_article}"]
    assert f'href="{SERVICE}/s/demo/t/{STORY.slug}/write?{of_article}"' in text
    assert f'type="application/atom+xml" title="Comments on this article" href="{SERVICE}/s/demo/t/{STORY.slug}' in text


def test_without_the_service_the_article_is_whole_and_leads_to_its_comments() -> None:
    text = paper(lambda _: None).get(STORY.path).text
    assert f'<comments-thread thread="{STORY.slug}"></comments-thread>' in text
    assert "include" not in text
    assert f'href="{SERVICE}/s/demo/t/{STORY.slug}/write' in text


def test_what_was_read_is_kept_for_seconds(serve: Callable[[int], tuple[str, list[str]]]) -> None:
    url, asked = serve(200)
    clock = Clock()
    included = Included(clock=clock)
    assert (included.read(url), included.read(url)) == (SAID, SAID)
    assert asked == ["/fragment.html?url=x"]
    clock.at += including.FRESH_SECONDS
    assert included.read(url) == SAID
    assert len(asked) == 2


def test_an_error_and_a_silence_leave_nothing_and_are_not_asked_again_at_once(
    serve: Callable[[int], tuple[str, list[str]]],
) -> None:
    url, asked = serve(503)
    included = Included(clock=Clock())
    assert (included.read(url), included.read(url)) == (None, None)
    assert len(asked) == 1
    assert included.read(f"http://127.0.0.1:{free_port()}/x") is None
    assert put_in('<p><!--# include virtual="http://nowhere/" --></p>', lambda _: None) == "<p></p>"
