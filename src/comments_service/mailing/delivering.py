"""Hand one mail to the server of MAIL_URL (RFC 5321, 3207, 4954), or keep it in a folder; say what went wrong."""

import os
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from comments_service.mail_server import MailServer

STEP_SECONDS = 10.0
# Less than the lease of the outbox, so that nobody else takes the letter while we wait for a slow server.
ALL_SECONDS = 45.0
# What is wrong with the server, so that the next letter would only wait for the same, and what with one mail.
OF_THE_SERVER = frozenset({"dns", "connection", "timeout", "certificate", "tls", "auth", "folder"})
OF_THE_MAIL = frozenset({"cut", "busy", "sender", "policy", "content"})
Command = Callable[[smtplib.SMTP], tuple[int, bytes]]
_STATUS = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")


class NotSent(Exception):
    """A mail that was not taken.

    `trouble` names what it was, `passing` says whether a later try may help, `bad_address` that this address takes no
    mail. `status` is the server's own (RFC 3463), `reply` its words, for the eyes of an operator and no log.
    """

    def __init__(
        self, trouble: str, *, passing: bool = True, bad_address: bool = False, status: str = "", reply: str = ""
    ) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.passing = passing
        self.bad_address = bad_address
        self.status = status
        self.reply = reply


def deliver(server: MailServer, mail: EmailMessage, *, helo: str) -> None:
    """Hand it over. Raises NotSent. A mail that was taken is never reported as not sent."""
    if server.folder is not None:
        _keep(server.folder, mail)
        return
    sender, to = (mail[header].addresses[0].addr_spec for header in ("From", "To"))
    with _opened(server, helo=helo) as line:
        line.ask("sender", lambda smtp: smtp.mail(sender))
        line.ask("recipient", lambda smtp: smtp.rcpt(to))
        line.ask("content", lambda smtp: smtp.data(mail.as_bytes()))


def greet(server: MailServer, *, helo: str) -> None:
    """See whether the server can be reached, trusted and signed in to. Raises NotSent."""
    if server.folder is not None:
        _require_folder(server.folder)
        return
    with _opened(server, helo=helo):
        pass


def is_final(status: str) -> bool:
    """Whether a status (RFC 3463) says that the address takes no mail: a permanent one that is no one's policy.

    5.7 is what a server has against the sender: a relay that is not open to us, or a list that we are on.
    """
    return status.startswith("5.") and not status.startswith("5.7.")


@dataclass
class _Line:
    """An open connection, and until when all of it has to be over."""

    smtp: smtplib.SMTP
    until: float

    def ask(self, stage: str, command: Command) -> None:
        """Send one command, and take its answer as it is meant. Raises NotSent."""
        with _named(stage):
            self._hurry()
            code, reply = command(self.smtp)
            if not 200 <= code < 300:
                raise smtplib.SMTPResponseException(code, reply)

    def begin(self, server: MailServer) -> None:
        """Everything before the mail itself."""
        self.ask("connection", lambda smtp: smtp.ehlo())
        if server.tls == "starttls":
            self.ask("tls", lambda smtp: smtp.starttls(context=_trust(server)))
            self.ask("connection", lambda smtp: smtp.ehlo())
        if server.user:
            self.ask("auth", lambda smtp: smtp.login(server.user, server.password))

    def _hurry(self) -> None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if self.smtp.sock:
            self.smtp.sock.settimeout(min(STEP_SECONDS, left))


@contextmanager
def _opened(server: MailServer, *, helo: str) -> Iterator[_Line]:
    until = time.monotonic() + ALL_SECONDS
    with _named("connection"):
        smtp = _connected(server, helo)
    try:
        line = _Line(smtp, until)
        line.begin(server)
        yield line
        # What was taken is sent, however the farewell goes.
        with suppress(OSError):
            smtp.quit()
    finally:
        smtp.close()


def _connected(server: MailServer, helo: str) -> smtplib.SMTP:
    if server.tls == "at once":
        return smtplib.SMTP_SSL(server.host, server.port, helo, timeout=STEP_SECONDS, context=_trust(server))
    return smtplib.SMTP(server.host, server.port, helo, timeout=STEP_SECONDS)


def _trust(server: MailServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(server.ca) if server.ca else None)


@contextmanager
def _named(stage: str) -> Iterator[None]:
    """Turn what the libraries raise into one kind of trouble; the order is that of their classes."""
    try:
        yield
    except smtplib.SMTPNotSupportedError:
        raise NotSent(stage) from None
    except smtplib.SMTPResponseException as error:
        raise _refused(stage, error) from None
    except smtplib.SMTPServerDisconnected as error:
        raise NotSent("timeout" if isinstance(error.__context__, TimeoutError) else "cut") from None
    except ssl.SSLCertVerificationError:
        raise NotSent("certificate") from None
    except ssl.SSLError:
        raise NotSent("tls") from None
    except TimeoutError:
        raise NotSent("timeout") from None
    except socket.gaierror:
        raise NotSent("dns") from None
    except OSError:
        raise NotSent("connection") from None


def _refused(stage: str, error: smtplib.SMTPResponseException) -> NotSent:
    raw = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
    found = _STATUS.match(raw)
    status = found[1].decode() if found else "5.0.0" if error.smtp_code >= 500 else "4.0.0"
    reply = f"{error.smtp_code} {raw.decode('ascii', 'replace')}"
    if error.smtp_code < 500:
        return NotSent("busy", status=status, reply=reply)
    bad = stage == "recipient" and is_final(status)
    # Of these an owner mends the setting; the letter waits for that.
    passing = stage in {"connection", "tls", "auth"}
    trouble = "policy" if stage == "recipient" and not bad else stage
    return NotSent(trouble, passing=passing, bad_address=bad, status=status, reply=reply)


def _keep(folder: Path, mail: EmailMessage) -> None:
    # By its own name, so that a mail that is sent twice is one file, and files stand in the order of time.
    name = str(mail["Message-ID"]).strip("<>").partition("@")[0]
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = folder / f".{name}"
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(mail.as_bytes())
        unfinished.replace(folder / f"{name}.eml")
    except OSError:
        raise NotSent("folder") from None


def _require_folder(folder: Path) -> None:
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not os.access(folder, os.W_OK):
        raise NotSent("folder")
