"""A mail server of our own, that takes mail, refuses it, or behaves badly, as a test wants it to."""

import asyncio
import email
import email.policy
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from flask import current_app
from sqlalchemy import Engine, select

from comments_service import notifying
from comments_service.database import db
from comments_service.mail_server import MailServer
from comments_service.mailing import letters, mailboxes, sending
from comments_service.mailing.composing import Letter
from comments_service.mailing.letters import Addressee, Kind, Payload
from comments_service.settings import Settings
from comments_service.tables import Mailbox, Outbox, Reader, Site
from tests.outbox import NOON

ADDRESS = "ada@mail.example"
PASSWORD = "four-green-kettles"  # noqa: S105 - of a server that this file runs


@dataclass
class Office:
    """What the server got, and what it is to answer next: a reply, or `cut` or `hang`, by the command's name."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    replies: dict[str, list[str]] = field(default_factory=dict)

    async def handle_MAIL(self, server: SMTP, _session: Session, envelope: Envelope, *address: Any) -> str:  # noqa: N802 - what aiosmtpd calls
        envelope.mail_from = address[0]
        return await self._answer("MAIL", server)

    async def handle_RCPT(self, server: SMTP, _session: Session, envelope: Envelope, *address: Any) -> str:  # noqa: N802 - what aiosmtpd calls
        said = await self._answer("RCPT", server)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address[0])
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - what aiosmtpd calls
        said = await self._answer("DATA", server)
        if said.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
            self.senders.append(envelope.mail_from or "")
            self.secure.append(session.ssl is not None)
        # Taken, and then gone before it could say so.
        await self._answer("AFTER", server)
        return said

    async def handle_QUIT(self, server: SMTP, *_more: Any) -> str:  # noqa: N802 - what aiosmtpd calls
        return await self._answer("QUIT", server)

    async def _answer(self, command: str, server: SMTP) -> str:
        waiting = self.replies.get(command) or ["250 OK"]
        said = waiting.pop(0)
        if said == "cut":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        if said == "hang":
            await asyncio.sleep(5)
        return said


def _password(*told: Any) -> AuthResult:
    data = told[-1]
    good = isinstance(data, LoginPassword) and data.password.decode() == PASSWORD
    return AuthResult(success=good, handled=False)


@contextmanager
def office(*, tls: ssl.SSLContext | None = None, at_once: bool = False, auth: bool = False) -> Iterator[Office]:
    """A server that runs, on a free port, until the block ends."""
    found, loop = Office(), asyncio.new_event_loop()
    context = None if at_once else tls

    def protocol() -> SMTP:
        return SMTP(
            found, hostname="mail.test", tls_context=context, authenticator=_password if auth else None,
            auth_require_tls=tls is not None and not at_once, loop=loop,
        )  # fmt: skip

    # All of it in the thread: where a browser is driven, this one has a loop that runs already.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    opening = loop.create_server(protocol, "127.0.0.1", 0, ssl=tls if at_once else None)
    server = asyncio.run_coroutine_threadsafe(opening, loop).result(10)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def certificate(folder: Path, name: str = "localhost") -> tuple[ssl.SSLContext, Path]:
    """What a server shows, and the file of the authority that vouches for it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return context, file


def plain(found: Office) -> MailServer:
    """The server as MAIL_URL would name it."""
    return MailServer(host="127.0.0.1", port=found.port, tls="no")


def settings(server: MailServer | None, **more: Any) -> Settings:
    """The settings of the application, with mail."""
    own: Settings = current_app.config["SETTINGS"]
    return replace(own, mail_url=server, mail_from="comments@paper.example", **more)


def mailbox(address: str = ADDRESS, *, site_key: str = "daily", language: str = "en", verified: bool = True) -> Mailbox:
    """The mailbox of a new reader."""
    site = db.session.scalars(select(Site).where(Site.key == site_key)).one()
    reader = Reader(site_id=site.id, name="Ada", created=NOON)
    db.session.add(reader)
    db.session.flush()
    made = mailboxes.claim(db.session(), reader, address, language=language, at=NOON)
    if verified:
        mailboxes.verify(db.session(), made, at=NOON)
    db.session.commit()
    return made


def notice(to: Addressee, payload: Payload) -> Letter:
    """A letter for tests."""
    return Letter(lang=to.lang, site=to.site.name, subject="News", heading="News", paragraphs=[str(payload.get("n"))])


KINDS = {
    "mail.news": Kind(write=notice, notice=True, waits=True),
    "mail.told": Kind(write=notice),
    "mail.code": Kind(write=notice, quota="codes"),
}


def put(to: Mailbox, event: str = "mail.told", number: int = 1, *, at: datetime = NOON) -> list[str]:
    """Letters in the outbox; their ids."""
    rows = [letters.put(db.session(), event, to, at=at, n=str(n)) for n in range(number)]
    ids = [row.id for row in rows]
    db.session.commit()
    return ids


def work(engine: Engine, chosen: Settings, *, at: datetime = NOON) -> int:
    """Send what is due; how many events were taken in hand."""
    found, taken = sending.sinks(engine, chosen, kinds={**letters.KINDS, **KINDS}), 0
    while notifying.send_due(engine, at=at, sinks=found):
        taken += 1
    return taken


def row(letter: str) -> Outbox:
    """What the outbox says of a letter now."""
    db.session.rollback()
    return db.session.scalars(select(Outbox).where(Outbox.id == letter).execution_options(populate_existing=True)).one()
