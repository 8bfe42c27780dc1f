"""Mail: try it, read what comes back, and lift what stopped it."""

import sys
from collections.abc import Mapping

import click

from comments_service import email_addresses
from comments_service.commands.running import open_app, settings
from comments_service.database import db, new_id, now
from comments_service.mailing import bounces, delivering, references, sending, suppressing
from comments_service.mailing.bounces import Verdict
from comments_service.mailing.composing import Letter, compose
from comments_service.mailing.delivering import NotSent
from comments_service.settings import Settings

# In one sentence for whoever set MAIL_URL; `{host}` and `{port}` are of it.
FAILURES: Mapping[str, str] = {
    "dns": "DNS knows no host {host}. Correct the name in MAIL_URL.",
    "connection": "{host} takes no connection at port {port}. Correct MAIL_URL, or let the firewall pass it.",
    "timeout": "{host} did not answer within ten seconds. Is it the right port, and does a firewall swallow it?",
    "cut": "{host} cut the connection. Its log knows why.",
    "certificate": "No known authority vouches for the certificate of {host}. Name your own by ?ca= in MAIL_URL.",
    "tls": "{host} offers no TLS at port {port}. Use smtps://, or ?starttls=no for a server on this machine.",
    "auth": "{host} refused user and password of MAIL_URL.",
    "sender": "{host} refused MAIL_FROM as a sender.",
    "recipient": "{host} refused the address.",
    "policy": "{host} refused to pass mail on for us: sign in, or let it relay from here.",
    "content": "{host} refused the mail itself.",
    "busy": "{host} asked us to come back later.",
    "folder": "The folder of MAIL_URL cannot be written.",
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.NO_REPORT: "This is no delivery report.",
    Verdict.NOT_OURS: "This report is about no mail of ours.",
    Verdict.PASSING: "The mail is late, or was refused for a reason that may pass; nothing was changed.",
    Verdict.FINAL: "The address takes no mail; nothing more is sent there.",
}
TEST = Letter(
    lang="en",
    site="Comments",
    subject="A test of your mail settings",
    heading="Mail works",
    paragraphs=["This was sent by comments-service mail-test. Look at its headers: SPF, DKIM and DMARC should pass."],
)


@click.command("mail-test")
@click.argument("address")
def mail_test(address: str) -> None:
    """Send one mail to an address, and say in a sentence what failed.

    Example: comments-service mail-test you@example.com
    """
    found = settings()
    to = email_addresses.normal(address)
    server = found.mail_url
    if server is None:
        raise click.ClickException("Mail is off: set MAIL_URL and MAIL_FROM.")
    mail = compose(TEST, sending.envelope(found, new_id(), to=to, at=now()))
    try:
        delivering.deliver(server, mail, helo=sending.host(found))
    except NotSent as failed:
        said = FAILURES[failed.trouble].format(host=server.host, port=server.port)
        raise click.ClickException(f"{said}{_reply(failed)}") from None
    click.echo(f"Kept in {server.folder}." if server.folder else f"{server.host} took the mail.")
    for line in _advice(found, to):
        click.echo(line)


@click.command("mail-allow")
@click.argument("address")
def mail_allow(address: str) -> None:
    """Send to an address again that had refused mail, once its owner says that it works.

    Example: comments-service mail-allow ada@mail.example
    """
    to = email_addresses.normal(address)
    with open_app():
        lifted = suppressing.allow(db.session(), references.digest(settings().secret_key, to))
        db.session.commit()
    click.echo("Mail goes there again." if lifted else "Nothing had stopped mail to this address.")


@click.command("mail-bounce")
def mail_bounce() -> None:
    """Read a delivery report from standard input, and send no more to an address that failed for good.

    Example: comments-service mail-bounce < report.eml
    """
    secret = settings().secret_key
    verdict, digest, status = bounces.read(sys.stdin.buffer.read(bounces.MAX_BYTES), secret=secret)
    if verdict is Verdict.FINAL and digest is not None:
        with open_app():
            suppressing.suppress(db.session(), digest, reason="bounced", status=status, at=now())
            db.session.commit()
    # Always a success: a mail server would answer a failure with a report of its own.
    click.echo(VERDICTS[verdict])


def _reply(failed: NotSent) -> str:
    words = "".join(character for character in failed.reply if character.isprintable())[:300]
    return f" It said: {words}" if words else ""


def _advice(found: Settings, to: str) -> list[str]:
    with open_app():
        kept = suppressing.find(db.session(), references.digest(found.secret_key, to))
    if kept is None:
        return []
    return [f"But letters to it are stopped: {kept.reason} with {kept.status}. See: comments-service mail-allow --help"]
