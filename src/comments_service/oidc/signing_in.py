"""A reader of whom a provider speaks: each answer counts once, and the account is the provider's issuer and subject."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from comments_service import linked_accounts
from comments_service.accounts import OIDC, Visitor, is_taken
from comments_service.database import insert_into, take_turn
from comments_service.errors import NotSignedIn
from comments_service.oidc.exchanging import NOT_HERE
from comments_service.oidc.id_tokens import Person
from comments_service.tables import Reader, Site, SpentToken


def spend(session: Session, site: Site, what: str, *, at: datetime) -> None:
    """Let an answer, or what is handed over, count now and never again. Raises NotSignedIn."""
    take_turn(session)
    spent = session.execute(
        insert_into(session, SpentToken)
        .values(site_id=site.id, digest=hashlib.sha256(f"oidc {what}".encode()).digest(), at=at)
        .on_conflict_do_nothing()
        .returning(SpentToken.at)
    ).all()
    if not spent:
        raise NotSignedIn(NOT_HERE)


def account(session: Session, person: Person, *, by: Visitor, at: datetime) -> Reader:
    """The reader whose account this is, or a new one.

    A provider's name is a proposal, since people choose it there as they like: a new reader has it unless somebody here
    is known by one that looks the same, and it is put right here and not there.
    """
    take_turn(session)
    reader, known, by.joined = linked_accounts.find_or_make(
        session, by.site, person.issuer, person.subject, source=OIDC, at=at
    )
    if by.joined and person.name and not session.scalar(select(is_taken(reader, person.name))):
        reader.name = person.name
    known.email, known.email_verified, known.updated = person.email, person.email_verified, at
    session.flush()
    return reader
