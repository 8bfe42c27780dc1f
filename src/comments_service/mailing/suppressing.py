"""Addresses that take no mail: none is sent there until an owner lifts that."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from comments_service.database import insert_into
from comments_service.tables import SuppressedAddress


def suppress(session: Session, digest: bytes, *, reason: str, status: str, at: datetime) -> None:
    """Send no more to the address of a digest; the first reason stays."""
    wanted = insert_into(session, SuppressedAddress).values(digest=digest, reason=reason, status=status, at=at)
    session.execute(wanted.on_conflict_do_nothing())


def find(session: Session, digest: bytes) -> SuppressedAddress | None:
    """Why nothing is sent there, if that is so."""
    return session.get(SuppressedAddress, digest)


def allow(session: Session, digest: bytes) -> bool:
    """Send there again; whether it had been stopped."""
    gone = delete(SuppressedAddress).where(SuppressedAddress.digest == digest)
    return bool(session.execute(gone.returning(SuppressedAddress.digest)).all())


def amount(session: Session) -> int:
    """How many addresses take no mail."""
    return session.scalar(select(func.count()).select_from(SuppressedAddress)) or 0
