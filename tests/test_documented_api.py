"""Whoever copies an example from docs/api.md gets the answer that stands below it."""

import re
import shlex
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from comments_service import form_tokens, moderating, reading, tokens
from comments_service.database import db, now
from tests.conftest import PAPER, SECRET_KEY, Browser
from tests.signing import signer
from tests.test_reader_contract import MIA

PAGE = (Path(__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```sh\n(curl .*?)\n```\n\nAnswers `(\d+)`", re.DOTALL)
WRITTEN_THERE = "https://www.paper.example"


def test_every_example_says_what_it_answers() -> None:
    assert len(EXAMPLE.findall(PAGE)) == PAGE.count("\ncurl ") > 10


def test_every_address_of_the_api_is_told_of(app: Flask) -> None:
    document = app.test_client().get("/openapi.json").json or {}
    for path in document["paths"]:
        words = re.sub(r"\{article_key\}", "77", path).replace("{site_key}", "daily").replace("{comment_id}", "$ID")
        last = words.rsplit("/", 1)[1]
        assert words in PAGE or f"/{last}" in PAGE, path


def test_each_example_answers_as_the_page_says(ada: Browser, bob: Browser) -> None:
    site = reading.site(db.session(), "daily")
    root = bob.ask("POST", "comments", {"key": "77", "url": f"{PAPER}/77", "name": "Bob", "body": "x"}).json["comment"]
    moderating.decide(db.session(), site, root["id"], verdict="published", version=1, by=MIA, at=now())
    token = tokens.make(db.session(), site, name="newsroom", scopes=["articles:write"], at=now())
    db.session.commit()
    known = {
        "ID": root["id"], "SECRET": ada.secret, "KEY": "k" * 22, "TOKEN": token,
        "SSO": signer(db.session()).token(),
        "FORM": form_tokens.issue("daily", "77", secret=SECRET_KEY, at=now() - form_tokens.USABLE_IN * 2),
    }  # fmt: skip
    for words, status in EXAMPLE.findall(PAGE):
        answer = send(ada, Template(words.replace(WRITTEN_THERE, PAPER)).substitute(known))
        assert answer.status_code == int(status), (words, answer.text)
        if "/comments \\" in words:
            known["OWN"] = answer.json["comment"]["id"]


def send(browser: Browser, command: str) -> Any:
    """What curl would send."""
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    method, headers, data, address = "GET", {}, None, ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            data = next(words)
        else:
            address = word
    parts = urlsplit(address)
    return browser.client.open(parts.path, query_string=parts.query, method=method, headers=headers, data=data)


@pytest.mark.parametrize("page", ["/api", "/openapi.json"])
def test_the_pages_that_are_named_are_there(app: Flask, page: str) -> None:
    assert f"`{page}`" in PAGE
    assert app.test_client().get(page).status_code == 200
