"""The addresses that readers gave: claimed, confirmed, left alone on request, and forgotten with their reader."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from comments_service import email_addresses
from comments_service.database import take_turn
from comments_service.errors import Conflict
from comments_service.languages import later
from comments_service.tables import Mailbox, MailSignIn, Outbox, Reader

TAKEN = later("This address is confirmed for another reader of this site already.")


def claim(session: Session, reader: Reader, typed: str, *, language: str, at: datetime) -> Mailbox:
    """The mailbox of an address that a reader has typed, which proves nothing yet. Raises Invalid."""
    address = email_addresses.normal(typed)
    its = {"site_id": reader.site_id, "reader_id": reader.id, "address": address}
    take_turn(session)
    known = session.scalars(select(Mailbox).filter_by(**its)).first()
    if known is not None:
        known.language = language
        return known
    made = Mailbox(**its, language=language, created=at)
    session.add(made)
    session.flush()
    return made


def verify(session: Session, mailbox: Mailbox, *, at: datetime) -> None:
    """Whoever got the mail has answered. Raises Conflict when the address is already another reader's here."""
    take_turn(session)
    session.refresh(mailbox, with_for_update=True)
    if mailbox.verified_at is not None:
        return
    others = (Mailbox.site_id == mailbox.site_id, Mailbox.address == mailbox.address, Mailbox.id != mailbox.id)
    if session.scalar(select(exists().where(*others, Mailbox.verified_at.is_not(None)))):
        raise Conflict(TAKEN)
    try:
        with session.begin_nested():
            mailbox.verified_at = at
    except IntegrityError:
        raise Conflict(TAKEN) from None


def open_for_reader() -> ColumnElement[bool]:
    """Whether the reader of a row has a confirmed address that wants notices; part of a query."""
    its = (Mailbox.site_id == Reader.site_id, Mailbox.reader_id == Reader.id)
    return exists().where(*its, Mailbox.verified_at.is_not(None), Mailbox.unsubscribed_at.is_(None))


def open_of(session: Session, site_id: str, reader_id: str) -> Mailbox | None:
    """The confirmed address of a reader that wants notices, if there is one: that confirmed last."""
    its = (Mailbox.site_id == site_id, Mailbox.reader_id == reader_id)
    wanted = (Mailbox.verified_at.is_not(None), Mailbox.unsubscribed_at.is_(None))
    return session.scalars(select(Mailbox).where(*its, *wanted).order_by(Mailbox.verified_at.desc()).limit(1)).first()


def addressee(session: Session, site_id: str, payload: Mapping[str, Any]) -> Mailbox | None:
    """Whom a letter is for. Whoever asks to sign in may be nobody yet, and gets a mailbox for this letter alone."""
    if "sign_in" not in payload:
        return session.get(Mailbox, (site_id, payload["mailbox"]))
    asked = session.get(MailSignIn, (site_id, payload["sign_in"]))
    if asked is None:
        return None
    return Mailbox(site_id=site_id, id=asked.id, address=asked.address, language=asked.language)


def unsubscribe(mailbox: Mailbox, *, at: datetime) -> None:
    """Send no more notices there."""
    mailbox.unsubscribed_at = mailbox.unsubscribed_at or at


def resubscribe(mailbox: Mailbox) -> None:
    """Send notices there again."""
    mailbox.unsubscribed_at = None


def forget(session: Session, site_id: str, reader_id: str) -> None:
    """Erase the addresses of a reader, and the letters that wait for them."""
    its = select(Mailbox).filter_by(site_id=site_id, reader_id=reader_id)
    known = session.scalars(its).all()
    ids, addresses = [one.id for one in known], [one.address for one in known]
    session.execute(delete(MailSignIn).where(MailSignIn.site_id == site_id, MailSignIn.address.in_(addresses)))
    for_them = Outbox.payload["mailbox"].as_string().in_(ids)
    session.execute(delete(Outbox).where(Outbox.site_id == site_id, for_them))
    session.execute(delete(Mailbox).filter_by(site_id=site_id, reader_id=reader_id))
