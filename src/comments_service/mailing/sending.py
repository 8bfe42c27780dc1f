"""Send the letters that the outbox holds: to whom, whether at all, and what becomes of those that are not taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from urllib.parse import urlsplit

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from comments_service.database import moment_of
from comments_service.mailing import capping, delivering, letters, mailboxes, notices, references, suppressing
from comments_service.mailing.composing import Envelope, Letter, compose
from comments_service.mailing.delivering import NotSent
from comments_service.mailing.letters import Addressee, Kind
from comments_service.notifying import Dropped, Event, GivenUp, PutOff, Sink
from comments_service.settings import Settings
from comments_service.tables import Site

log = structlog.get_logger()
KINDS: Mapping[str, Kind] = {**letters.KINDS, **notices.KINDS}
# While mail is off, its letters wait; each hour one looks whether it is on again.
OFF = timedelta(hours=1)
# For so long a server that is not to be had is left alone.
AWAY = timedelta(seconds=30)


def sinks(engine: Engine, settings: Settings, *, kinds: Mapping[str, Kind] = KINDS) -> dict[str, tuple[Sink]]:
    """Who sends the letters, by their events."""
    office = _Office(engine, settings)
    return {name: (partial(office.send, kind=kind),) for name, kind in kinds.items()}


def envelope(settings: Settings, letter_id: str, *, to: str, at: datetime, site_key: str = "") -> Envelope:
    """From the address of MAIL_FROM to a normal address."""
    return Envelope(
        sender=settings.mail_from or "",
        to=to,
        reference=references.reference(settings.secret_key, letter_id, to),
        at=at,
        reply_to=settings.mail_reply_to,
        list_id=f"{site_key}.{host(settings)}" if site_key else None,
    )


def host(settings: Settings) -> str:
    """What the service calls itself to mail servers."""
    return urlsplit(settings.public_url).hostname or ""


@dataclass
class _Office:
    """Sends for one process. A server that cannot be reached is left alone for a while by all letters."""

    engine: Engine
    settings: Settings
    away_until: datetime | None = None

    def send(self, event: Event, *, kind: Kind) -> None:
        if self.settings.mail_url is None:
            raise PutOff(event.taken_at + OFF)
        if self.away_until and event.taken_at < self.away_until:
            raise PutOff(self.away_until)
        with Session(self.engine) as session:
            mail, digest = _prepared(session, event, kind, self.settings)
            session.commit()
        try:
            delivering.deliver(self.settings.mail_url, mail, helo=host(self.settings))
        except NotSent as trouble:
            self._learn(event, trouble, digest)
            raise

    def _learn(self, event: Event, trouble: NotSent, digest: bytes) -> None:
        """What else follows. Raises Dropped or GivenUp where another try would be in vain."""
        log.warning("mail not sent", event_id=event.id, trouble=trouble.trouble, status=trouble.status)
        if trouble.trouble in delivering.OF_THE_SERVER:
            self.away_until = event.taken_at + AWAY
        if trouble.bad_address:
            with Session(self.engine) as session:
                suppressing.suppress(session, digest, reason="refused", status=trouble.status, at=event.taken_at)
                session.commit()
            raise Dropped from None
        if not trouble.passing:
            raise GivenUp(trouble.trouble) from None


def _prepared(session: Session, event: Event, kind: Kind, settings: Settings) -> tuple[EmailMessage, bytes]:
    """The mail as it is to leave now, counted, and the digest of its address. Raises Dropped or PutOff."""
    at = event.taken_at
    if at > moment_of(event.id) + kind.life:
        raise Dropped
    mailbox = mailboxes.addressee(session, event.site_id, event.payload)
    # Its reader may have been erased since, or have had enough.
    if mailbox is None or (kind.notice and (mailbox.verified_at is None or mailbox.unsubscribed_at is not None)):
        raise Dropped
    digest = references.digest(settings.secret_key, mailbox.address)
    if suppressing.find(session, digest) is not None:
        raise Dropped
    site = session.get_one(Site, event.site_id)
    to = Addressee(session=session, settings=settings, site=site, mailbox=mailbox, at=at)
    letter = kind.write(to, event.payload)
    if letter is None:
        raise Dropped
    _count(session, event, kind, settings, address=mailbox.address)
    return _mail(letter, event, to, notice=kind.notice), digest


def _count(session: Session, event: Event, kind: Kind, settings: Settings, *, address: str) -> None:
    inbox = references.inbox_digest(settings.secret_key, address)
    item = capping.Item(id=event.id, site_id=event.site_id, inbox=inbox, quota=kind.quota)
    again = capping.admit(session, item, per_site=settings.mail_hourly, at=event.taken_at)
    if again is None:
        return
    session.rollback()
    log.info("mail over its cap", event_id=event.id, event_name=event.name, waits=kind.waits)
    raise PutOff(again) if kind.waits else Dropped


def _mail(letter: Letter, event: Event, to: Addressee, *, notice: bool) -> EmailMessage:
    list_key = to.site.key if notice else ""
    return compose(letter, envelope(to.settings, event.id, to=to.mailbox.address, at=to.at, site_key=list_key))
