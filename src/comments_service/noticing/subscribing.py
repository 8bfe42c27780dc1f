"""Notices by mail: what a reader wants, and the address that has to be confirmed first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from comments_service import languages
from comments_service.accounts import GUEST, Visitor, join, require_writer, writer
from comments_service.database import take_turn
from comments_service.errors import Invalid
from comments_service.mailing import letters, mailboxes
from comments_service.noticing import wishes
from comments_service.tables import Mailbox, Reader

MOST_ADDRESSES = 5


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a reader wants by mail, in which language where an address is confirmed, and whether there is a feed."""

    wishes: Mapping[str, str]
    language: str | None
    feed: bool

    @property
    def confirmed(self) -> bool:
        """Whether there is an address that mail goes to."""
        return self.language is not None


def standing(session: Session, reader: Reader | None) -> Standing:
    """How things stand with a reader, or with somebody who is none yet."""
    if reader is None:
        return Standing(wishes=wishes.wishes(None), language=None, feed=False)
    settings = wishes.find(session, reader.site_id, reader.id)
    mailbox = mailboxes.open_of(session, reader.site_id, reader.id)
    return Standing(
        wishes=wishes.wishes(settings),
        language=mailbox.language if mailbox else None,
        feed=settings is not None and settings.feed_digest is not None,
    )


def choose(session: Session, chosen: Mapping[str, str], *, by: Visitor, at: datetime) -> None:
    """Change when a reader hears of some events. Raises Invalid or NotSignedIn."""
    take_turn(session)
    reader = require_writer(session, by)
    wishes.choose(session, reader.site_id, reader.id, chosen, at=at)


def speak(session: Session, language: str, *, by: Visitor) -> None:
    """Have what is mailed to a reader's confirmed address said in a language. Raises Invalid or NotSignedIn."""
    take_turn(session)
    reader = require_writer(session, by)
    if language not in languages.OFFERED:
        raise Invalid("Choose one of the languages.", field="language")
    mailbox = mailboxes.open_of(session, reader.site_id, reader.id)
    if mailbox is not None:
        mailbox.language = language


def give_address(session: Session, typed: str, *, by: Visitor, language: str, at: datetime) -> None:
    """Have a mail sent by which an address is confirmed. Whether anybody knows the address already, nothing shows.

    Raises Invalid or NotSignedIn.
    """
    take_turn(session)
    reader = writer(session, by) or join(session, by, name=GUEST, at=at)
    its = (Mailbox.site_id == reader.site_id, Mailbox.reader_id == reader.id)
    mailbox = mailboxes.claim(session, reader, typed, language=language, at=at)
    if (session.scalar(select(func.count()).select_from(Mailbox).where(*its)) or 0) > MOST_ADDRESSES:
        raise Invalid("You have given {n} addresses here, as many as one can.", field="address", n=MOST_ADDRESSES)
    # Who has asked to be left alone and comes back says so by the link in the mail, as everybody does.
    letters.put(session, "mail.confirm", mailbox, at=at)
