"""The mails of the demo's service: kept in a folder, and shown by the newspaper, so that links can be followed.

No real service shows its mails to anybody.
"""

import email
import email.policy
import os
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from flask import Flask, Response, abort, render_template

from comments_service.demo.policy import content_policy, with_frames

SHOWN = 50
# The page of a mail may look as it does and do nothing.
HTML_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail, as its reader would see it."""

    name: str
    sender: str
    to: str
    subject: str
    at: datetime
    lines: list[str]
    html: str


def register(app: Flask, service: str, folder: Path) -> None:
    """Show the mails of a folder at /mail, and lead there from every page."""
    app.context_processor(lambda: {"letterbox": "/mail"})

    @app.get("/mail")
    def mails() -> str:
        return render_template("mails.html", mails=[_read(file) for file in _files(folder)])

    @app.get("/mail/<name>")
    def mail(name: str) -> Response:
        shown = Response(render_template("mail.html", mail=_find(folder, name)))
        shown.headers["Content-Security-Policy"] = with_frames(content_policy(service), inside=False)
        return shown

    @app.get("/mail/<name>/page")
    def mail_page(name: str) -> Response:
        page = Response(_find(folder, name).html, mimetype="text/html")
        page.headers["Content-Security-Policy"] = HTML_POLICY
        return page


def folder_from_environment() -> Path | None:
    """Where the demo's mails are."""
    return Path(os.environ["DEMO_MAIL"]) if "DEMO_MAIL" in os.environ else None


def _files(folder: Path) -> list[Path]:
    # Named by ids that sort as time does.
    return sorted(folder.glob("[0-9a-z]*.eml"), reverse=True)[:SHOWN]


def _find(folder: Path, name: str) -> Mail:
    found = next((file for file in _files(folder) if file.stem == name), None)
    if found is None:
        abort(404)
    return _read(found)


def _read(file: Path) -> Mail:
    found = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return Mail(
        name=file.stem, sender=str(found["From"]), to=str(found["To"]), subject=str(found["Subject"]),
        at=found["Date"].datetime, lines=_part(found, "plain").splitlines(), html=_part(found, "html"),
    )  # fmt: skip


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""
