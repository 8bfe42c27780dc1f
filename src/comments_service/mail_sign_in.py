"""Readers sign in by mail: a code of six digits and a link, both for the one browser that asked."""

import math
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session as DatabaseSession

from comments_service import email_addresses, reader_sessions
from comments_service.accounts import GUEST, MAIL, Visitor, end_family, secret_digest, writer
from comments_service.database import id_at, take_turn
from comments_service.errors import Conflict, Invalid, NotFound, TooMany
from comments_service.languages import later
from comments_service.mailing import capping, codes, links, mailboxes, references
from comments_service.noticing import feeding
from comments_service.settings import Settings
from comments_service.tables import Mailbox, MailSignIn, Outbox, Reader, Site

LIFE = links.LIVES["sign-in"]
TRIES = 5
MAX_PAGE = 2000
OFF = later("Signing in by mail is switched off here.")
OVER = later("This code does not count any more. Ask for a new one.")
WRONG = later("This is not the code. Look at the mail again; after five tries you need a new one.")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asks with: an address as it was typed, the page to go on at, and the language of the mail."""

    email: str
    page: str
    language: str


def is_on(site: Site, settings: Settings) -> bool:
    """Whether readers can sign in by mail: their site wants it, and the service can send any."""
    return site.mail and settings.mail_url is not None


def ask(session: DatabaseSession, wish: Wish, *, by: Visitor, settings: Settings, at: datetime) -> str:
    """Send a code; returns the secret with which alone it counts, for the browser that asks, shown this once.

    Nothing is looked up by the address, so the work is the same for every one. Raises NotFound, Invalid or TooMany.
    """
    _require_on(by.site, settings)
    address, attempt = email_addresses.normal(wish.email), secrets.token_urlsafe(32)
    asked = MailSignIn(
        site_id=by.site.id, id=id_at(at), digest=secret_digest(attempt), origin=by.origin, address=address,
        language=wish.language, page=_page(wish.page, by.origin), tries=0, expires_at=at + LIFE,
    )  # fmt: skip
    letter = Outbox(
        site_id=by.site.id, id=id_at(at), event="mail.sign_in", payload={"sign_in": asked.id}, due_at=at
    )
    _count(session, letter, address, settings=settings, at=at)
    session.add_all([asked, letter])
    session.flush()
    return attempt


def find(session: DatabaseSession, site_id: str, asked_id: str, *, at: datetime) -> tuple[Site, MailSignIn]:
    """What was asked, while it counts. Raises NotFound."""
    asked = session.get(MailSignIn, (site_id, asked_id))
    if asked is None or asked.expires_at <= at:
        raise NotFound(OVER)
    return session.get_one(Site, site_id), asked


def pending(session: DatabaseSession, by: Visitor, attempt: str, *, at: datetime) -> MailSignIn | None:
    """What a browser has asked for with this secret, while a code can still be given for it."""
    its = select(MailSignIn).where(
        MailSignIn.site_id == by.site.id, MailSignIn.digest == secret_digest(attempt), MailSignIn.origin == by.origin,
        MailSignIn.tries < TRIES, MailSignIn.expires_at > at,
    )  # fmt: skip
    return session.scalars(its).first()


def finish(
    session: DatabaseSession, attempt: str, typed: str, *, by: Visitor, settings: Settings, at: datetime
) -> tuple[Reader, str] | None:
    """Sign in whoever types the code, or follows the link: the reader, and the secret of the session, shown this once.

    Nothing for a wrong code: commit that as well, as it is one of five tries. Of two with the right one at the same
    moment one is refused. Raises NotFound or Invalid.
    """
    _require_on(by.site, settings)
    take_turn(session)
    counted = (
        update(MailSignIn)
        .where(
            MailSignIn.site_id == by.site.id, MailSignIn.digest == secret_digest(attempt),
            MailSignIn.origin == by.origin, MailSignIn.tries < TRIES, MailSignIn.expires_at > at,
        )
        .values(tries=MailSignIn.tries + 1)
        .returning(MailSignIn)
    )  # fmt: skip
    asked = session.scalars(counted).first()
    if asked is None:
        raise Invalid(OVER, field="code")
    its = (settings.secret_key, asked.site_id, asked.id)
    if not codes.fits(typed, codes.code(*its), codes.proof(*its)):
        return None
    session.delete(asked)
    if by.session is not None and by.signed_in:
        # This browser will hold another secret; nobody would ever end what the one before opens.
        end_family(session, by.session, at=at)
    reader = _whose(session, asked, by=by, at=at)
    return reader, reader_sessions.start(session, reader, opened_by=MAIL, origin=by.origin, at=at, device=by.device)


def _require_on(site: Site, settings: Settings) -> None:
    if not is_on(site, settings):
        raise NotFound(OFF)


def _page(typed: str, origin: str) -> str:
    """Where to go on: a page of the origin that asks and no other, so that no mail of ours leads anywhere else."""
    bare = typed.partition("#")[0]
    if bare and (not bare.startswith(f"{origin}/") or len(bare) > MAX_PAGE or not bare.isprintable() or " " in bare):
        raise Invalid("This is no page of the site.", field="page")
    return bare


def _count(session: DatabaseSession, letter: Outbox, address: str, *, settings: Settings, at: datetime) -> None:
    """Count a code before it exists: five tries for each, so an inbox has no more of them than of its mails."""
    inbox = references.inbox_digest(settings.secret_key, address)
    item = capping.Item(id=letter.id, site_id=letter.site_id, inbox=inbox, quota="codes")
    again = capping.admit(session, item, per_site=settings.mail_hourly, at=at)
    if again is not None:
        seconds = max(1, math.ceil((again - at).total_seconds()))
        raise TooMany(
            "Too many codes were asked for. Try again in {n} minutes.",
            one="Too many codes were asked for. Try again in {n} minute.",
            n=math.ceil(seconds / 60), seconds=seconds,
        )  # fmt: skip


def _whose(session: DatabaseSession, asked: MailSignIn, *, by: Visitor, at: datetime) -> Reader:
    """The reader whose address this is; if nobody's, the guest of this browser, or somebody new."""
    guest = None if by.signed_in else writer(session, by)
    found = _known(session, asked) or _claimed(session, asked, guest, by=by, at=at) or _known(session, asked)
    if found is None:
        raise Invalid(OVER, field="code")
    if guest is not None:
        reader_sessions.end_of_guest(session, guest, at=at)
    if found is not guest:
        _hand_over(session, found, at=at)
    return found


def _hand_over(session: DatabaseSession, reader: Reader, *, at: datetime) -> None:
    """Take a reader from whoever was one by writing alone, in another browser.

    A stranger may have typed the address there, and its owner confirmed it without a thought.
    """
    reader_sessions.end_of_guest(session, reader, at=at)
    if not reader_sessions.has_signed_in(session, reader, by=MAIL):
        feeding.forget(session, reader)


def _known(session: DatabaseSession, asked: MailSignIn) -> Reader | None:
    """The reader who has proved this address before, whom nobody erases until this transaction ends."""
    its = and_(Mailbox.site_id == Reader.site_id, Mailbox.reader_id == Reader.id)
    of_address = (Mailbox.site_id == asked.site_id, Mailbox.address == asked.address, Mailbox.verified_at.is_not(None))
    found = select(Reader).join(Mailbox, its).where(*of_address, ~Reader.erased())
    return session.scalars(found.with_for_update(read=True, key_share=True, of=Reader)).first()


def _claimed(
    session: DatabaseSession, asked: MailSignIn, guest: Reader | None, *, by: Visitor, at: datetime
) -> Reader | None:  # fmt: skip
    """Who gets the address now; nobody, if at this very moment it has become another's."""
    try:
        with session.begin_nested():
            reader = guest or Reader(site_id=asked.site_id, name=GUEST, created=at, approved=0, rejected=0)
            session.add(reader)
            session.flush()
            box = mailboxes.claim(session, reader, asked.address, language=asked.language, at=at)
            mailboxes.verify(session, box, at=at)
    except Conflict:
        return None
    by.joined = guest is None
    return reader
