"""Readers sign in with their account at the paper: its server signs who they are, and they get a session here."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session as DatabaseSession

from comments_service import linked_accounts, reader_sessions, sso_keys, sso_tokens
from comments_service.accounts import SSO, Visitor
from comments_service.database import insert_into, take_turn
from comments_service.lookalikes import skeleton
from comments_service.sealing import Keyring
from comments_service.sso_tokens import Checked, Claims
from comments_service.tables import Reader, Site, SpentToken


@dataclass(frozen=True)
class Outlook:
    """What a token would do: whom it names, whether that account has been here, and whether the token was used."""

    checked: Checked
    known: bool
    used: bool


def exchange(session: DatabaseSession, raw: str, *, by: Visitor, keyring: Keyring, at: datetime) -> tuple[Reader, str]:
    """Sign the reader that a token speaks of in: who that is, and the secret of the session, shown this once.

    Of two with one token at the same moment one is refused. Raises NotBelieved or Unavailable.
    """
    _require_on(by.site)
    checked = sso_tokens.check(raw, by.site, sso_keys.live(session, by.site), keyring=keyring, at=at)
    take_turn(session)
    _spend(session, by.site, checked.claims, at=at)
    sso_keys.note_use(session, checked.key, at=at)
    reader = _account(session, by.site, checked, at=at)
    return reader, reader_sessions.start(session, reader, opened_by=SSO, origin=by.origin, at=at, device=by.device)


def look(session: DatabaseSession, raw: str, *, site: Site, keyring: Keyring, at: datetime) -> Outlook:
    """What would become of a token; nothing is changed. Raises NotBelieved or Unavailable."""
    _require_on(site)
    checked = sso_tokens.check(raw, site, sso_keys.live(session, site), keyring=keyring, at=at)
    spent = exists().where(SpentToken.site_id == site.id, SpentToken.digest == _digest(checked.claims))
    used = bool(session.scalar(select(spent)))
    return Outlook(checked, known=_known(session, site, checked), used=used)


def _require_on(site: Site) -> None:
    if not site.sso:
        sso_tokens.refuse("switch")


def _spend(session: DatabaseSession, site: Site, claims: Claims, *, at: datetime) -> None:
    spent = session.execute(
        insert_into(session, SpentToken)
        .values(site_id=site.id, digest=_digest(claims), at=at)
        .on_conflict_do_nothing()
        .returning(SpentToken.at)
    ).all()
    if not spent:
        sso_tokens.refuse("used")


def _digest(claims: Claims) -> bytes:
    # What the token says and not its text, of which there may be several; apart from the form tokens of the same table.
    return hashlib.sha256(f"sso {claims.jti}".encode()).digest()


def _account(session: DatabaseSession, site: Site, checked: Checked, *, at: datetime) -> Reader:
    said = checked.claims
    reader, account, _ = linked_accounts.find_or_make(
        session, site, checked.key.issuer, said.sub, source=SSO, at=at
    )
    account.email, account.email_verified, account.profile_url = said.email, said.email_verified, said.profile_url
    # Whoever came by a provider of the same name before is from now on who the paper says.
    account.source, account.updated = SSO, at
    if said.name:
        reader.name, reader.skeleton = said.name, skeleton(said.name)
    session.flush()
    return reader


def _known(session: DatabaseSession, site: Site, checked: Checked) -> bool:
    return linked_accounts.find(session, site, checked.key.issuer, checked.claims.sub) is not None
