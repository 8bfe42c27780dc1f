"""Accounts that readers have elsewhere: the issuer and the subject together name one, and a mail address never does."""

from datetime import datetime

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from comments_service.accounts import GUEST
from comments_service.database import insert_into
from comments_service.tables import Identity, Reader, Site


def find(session: Session, site: Site, issuer: str, subject: str) -> Row[Reader, Identity] | None:
    """The reader of an account, if it has been here."""
    its = and_(Identity.site_id == Reader.site_id, Identity.reader_id == Reader.id)
    of_account = (Identity.site_id == site.id, Identity.issuer == issuer, Identity.subject == subject)
    return session.execute(select(Reader, Identity).join(Identity, its).where(*of_account)).first()


def find_or_make(
    session: Session, site: Site, issuer: str, subject: str, *, source: str, at: datetime
) -> tuple[Reader, Identity, bool]:
    """The reader of an account, and whether this made them; of two first sign-ins at once, both get the same one."""
    known, made = find(session, site, issuer, subject), False
    if known is None:
        made = _make(session, site, {"issuer": issuer, "subject": subject, "source": source}, at=at)
        known = find(session, site, issuer, subject)
    if known is None:
        raise LookupError("an account that was just made is gone")
    return known[0], known[1], made


def _make(session: Session, site: Site, account: dict[str, str], *, at: datetime) -> bool:
    reader = Reader(site_id=site.id, name=GUEST, created=at, approved=0, rejected=0)
    session.add(reader)
    session.flush()
    made = session.execute(
        insert_into(session, Identity)
        .values(site_id=site.id, reader_id=reader.id, created=at, **account)
        .on_conflict_do_nothing(index_elements=["site_id", "issuer", "subject"])
        .returning(Identity.id)
    ).all()
    if not made:
        session.delete(reader)
        session.flush()
    return bool(made)
