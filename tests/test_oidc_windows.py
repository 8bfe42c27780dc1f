"""From a window of ours back to the page of a paper: the code, whom it is good for, and where nobody is led."""

import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from comments_service.database import now
from comments_service.oidc import attempts
from tests.conftest import OTHER, PAPER, Browser
from tests.pages import SERVICE, Page, Plain
from tests.provider import Provider
from tests.test_oidc import BEGIN, came_back, provider, signed_in, visit

__all__ = ["provider"]

PAGE = f"{PAPER}/a1?id=7"


def handed(plain: Plain, verifier: str) -> tuple[str, Any]:
    """The code that the window of a paper's page gets, and the page that gives it."""
    answer = signed_in(plain, page=PAGE, challenge=attempts.challenge(verifier))
    assert answer.status_code == 200, answer.text
    found = Page(answer.text).all("p", id="handing")[0]
    assert found["data-origin"] == PAPER
    assert found["data-onward"] == f"{PAGE}#comments-code={found['data-code']}"
    return found["data-code"], answer


def test_the_page_of_a_paper_gets_a_session_for_code_and_verifier(app: Flask, provider: Provider) -> None:
    verifier = secrets.token_urlsafe(32)
    code, page = handed(Plain(app.test_client()), verifier)
    assert "Cross-Origin-Opener-Policy" not in page.headers
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "account-daily" not in str(page.headers)
    body = {"code": code, "verifier": verifier}
    foreign = Browser(app.test_client(), site="other", origin=OTHER)
    assert foreign.ask("POST", "session/code", body).status_code == 401, "of another site"
    elsewhere_too = Browser(app.test_client(), origin=OTHER)
    assert elsewhere_too.ask("POST", "session/code", body).status_code == 403, "from another origin"
    paper = Browser(app.test_client())
    wrong = body | {"verifier": secrets.token_urlsafe(32)}
    assert paper.ask("POST", "session/code", wrong).status_code == 401, "with somebody else's code"
    assert paper.ask("POST", "session/code", body | {"code": code[:-2] + "xx"}).status_code == 401
    answer = paper.ask("POST", "session/code", body)
    assert (answer.status_code, answer.json["name"]) == (200, "Nora")
    assert paper.ask("POST", "session/code", body).status_code == 401, "once"
    reader = Browser(app.test_client(), secret=answer.json["token"])
    assert reader.ask("GET", "me/profile").json["signed_in"] is True
    assert reader.post("my words", name="Nora").status_code == 202


def test_a_code_is_good_for_a_minute(app: Flask, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = secrets.token_urlsafe(32)
    code, _ = handed(Plain(app.test_client()), verifier)
    monkeypatch.setattr("comments_service.web.session_api.now", lambda: now() + timedelta(seconds=61))
    body = {"code": code, "verifier": verifier}
    assert Browser(app.test_client()).ask("POST", "session/code", body).status_code == 401


def hostile_pages() -> list[str]:
    """Addresses that look like one of the paper's to somebody, and are not, or not safely."""
    host, evil = PAPER.removeprefix("https://"), "evil.example"
    ends = ("", "/", "/a1", "?x", "#x", f"/{PAPER}", f"//{host}", "/%2e%2e/")
    starts = (
        f"https://{evil}", f"//{evil}", f"http://{host}", f"https://{host}.{evil}", f"https://{host}@{evil}",
        f"https://{evil}\\@{host}", f"https:\\\\{host}", f"https:/{host}", f"https:{host}", f"https:///{host}",
        f"https://{evil}%2f@{host}", f"https://{host}:444", f"https://{host}:443@{evil}", f"https://{host}%00.{evil}",
        f"https://{host}\t.{evil}", f" https://{host}", f"https://{host}\r\nX: 1", f"javascript://{host}/%0aalert(1)",
        f"data:text/html,{host}", f"https://{host}%2e{evil}", f"https://x{host}", f"https://{evil}?https://{host}",
        f"https://{evil}#https://{host}", f"https://www.{host}", f"ftp://{host}", f"https://{host}。{evil}",
        f"https://{host}..{evil}", f"https://[{host}]", f"blob:https://{host}", f"https://{host}:", f"\\\\{host}",
        f"https://{evil};{host}",
    )  # fmt: skip
    return [start + end for start in starts for end in ends]


def test_no_address_elsewhere_is_led_to(app: Flask, provider: Provider) -> None:
    pages = hostile_pages()
    assert len(pages) == len(set(pages)) == 256
    plain, challenge = Plain(app.test_client()), attempts.challenge("v" * 43)
    for page in pages:
        answer = plain.get(f"{BEGIN}?{urlencode({'page': page, 'challenge': challenge})}")
        # Its colon without a port is the same origin to every browser.
        same = page.startswith(f"{PAPER}:") and not page.startswith((f"{PAPER}:4",))
        assert answer.status_code == (303 if same else answer.status_code), page
        assert same or answer.status_code in {403, 422}, page
    for key in ("//evil.example", "https://evil.example/x", "\\evil.example", "a\r\nb", "../../x"):
        answer = plain.get(f"{BEGIN}?{urlencode({'thread': key})}")
        assert answer.status_code == 303
        back = came_back(plain, visit(answer.headers["Location"]))
        assert back.headers["Location"].startswith(f"{SERVICE}/s/daily/t/"), key


def test_a_page_without_a_challenge_of_its_own_gets_nothing(app: Flask, provider: Provider) -> None:
    plain = Plain(app.test_client())
    for challenge in ("", "x", "x" * 44, "=" * 43):
        answer = plain.get(f"{BEGIN}?{urlencode({'page': PAGE, 'challenge': challenge})}")
        assert answer.status_code == 422
