"""The demo's mails are read at the newspaper: newest first, links followed from the text, their page in a cage."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from comments_service.database import id_at
from comments_service.demo import letterbox
from comments_service.demo.newspaper import create_newspaper
from comments_service.mail_server import MailServer
from comments_service.mailing.composing import Envelope, compose
from comments_service.mailing.delivering import deliver
from tests.test_mail_composing import LEAVE, letter

PAPER = "http://127.0.0.1:8001"
BEGUN = datetime.fromisoformat("2026-03-01T12:00:00+00:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def reader(folder: Path) -> FlaskClient:
    app = create_newspaper("http://localhost:8000", PAPER, BEGUN, read=lambda _: None)
    letterbox.register(app, "http://localhost:8000", folder)
    return app.test_client()


def keep(folder: Path, subject: str, *, minutes: int = 0) -> str:
    at = BEGUN + timedelta(minutes=minutes)
    name = f"{id_at(at)}.x.y"
    envelope = Envelope(sender="c@p.example", to="ada@mail.example", reference=name, at=at)
    deliver(MailServer(folder=folder), compose(letter(subject=subject), envelope), helo="")
    return name


def test_an_empty_folder_is_said_to_be_empty(reader: FlaskClient) -> None:
    assert "nothing has been so far" in reader.get("/mail", base_url=PAPER).text


def test_the_newest_stands_first(reader: FlaskClient, folder: Path) -> None:
    keep(folder, "The <first>")
    keep(folder, "The second", minutes=1)
    page = reader.get("/mail", base_url=PAPER).text
    assert page.index("The second") < page.index("The &lt;first&gt;")


def test_a_link_of_the_text_can_be_followed(reader: FlaskClient, folder: Path) -> None:
    name = keep(folder, "News")
    page = reader.get(f"/mail/{name}", base_url=PAPER)
    assert f'<a href="{LEAVE}" rel="noreferrer">' in page.text
    assert f'<iframe sandbox src="/mail/{name}/page"' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_page_of_a_mail_can_do_nothing(reader: FlaskClient, folder: Path) -> None:
    name = keep(folder, "News")
    page = reader.get(f"/mail/{name}/page", base_url=PAPER)
    assert "<h1>Bob &amp; &lt;Ann&gt; answered</h1>" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")


def test_nothing_but_mails_is_shown(reader: FlaskClient, folder: Path) -> None:
    keep(folder, "News")
    (folder.parent / "secret.eml").write_text("x")
    for name in ("secret", "..%2Fsecret", "x", ".hidden"):
        assert reader.get(f"/mail/{name}", base_url=PAPER).status_code == 404
