"""The second factor of the staff: codes that change every half minute (TOTP, RFC 6238), and ten for a lost device.

A code counts once, wherever it is given: the half minute it belongs to is kept, and none before it counts again.
"""

import re
import secrets
from datetime import datetime

import pyotp
from argon2.low_level import Type, hash_secret_raw
from pyotp.utils import strings_equal
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from comments_service.database import id_bytes, insert_into
from comments_service.errors import Invalid
from comments_service.sealing import TOTP_SEED, Keyring
from comments_service.tables import RecoveryCode, SecondFactor

STEP_SECONDS = 30
DIGITS = 6
# A phone's clock may be wrong, and a person takes a while (RFC 6238, section 5.2: one step of delay at most).
STEPS = (0, -1, 1)
CODES = 10
# 66 bits. Only digits, so that a phone shows the same keys as for the other codes.
RECOVERY_DIGITS = 20
GROUP = 5
WRONG = "This code does not count. Each counts once and for half a minute: wait for the next one."
NOT_BEGUN = "Begin anew: this code belongs to nothing that was begun here."


def is_set(session: Session, moderator_id: str) -> bool:
    """Whether somebody has a second factor."""
    kept = select(SecondFactor.confirmed_at).where(SecondFactor.moderator_id == moderator_id)
    return session.scalars(kept).first() is not None


def begin(session: Session, moderator_id: str, *, keyring: Keyring) -> str:
    """A new seed in Base32, shown this once; it counts when a code of it was given. Raises Invalid without a key."""
    seed = pyotp.random_base32()
    sealed = keyring.seal(seed.encode(), owner_id=moderator_id, purpose=TOTP_SEED)
    session.execute(
        insert_into(session, SecondFactor)
        .values(moderator_id=moderator_id, next_sealed=sealed, last_step=0)
        .on_conflict_do_update(index_elements=["moderator_id"], set_={"next_sealed": sealed})
    )
    return seed


def confirm(session: Session, moderator_id: str, code: str, *, keyring: Keyring, at: datetime) -> list[str]:
    """Let the seed that was begun count from now on; new recovery codes, shown this once. Raises Invalid."""
    row = session.get(SecondFactor, moderator_id, with_for_update={"key_share": True}, populate_existing=True)
    if row is None or row.next_sealed is None:
        raise Invalid(NOT_BEGUN, field="code")
    step = _step(keyring.open(row.next_sealed, owner_id=moderator_id, purpose=TOTP_SEED), _digits(code), at=at)
    if step is None:
        raise Invalid(WRONG, field="code")
    row.sealed, row.next_sealed, row.confirmed_at, row.last_step = row.next_sealed, None, at, step
    session.flush()
    return renew(session, moderator_id)


def prove(session: Session, moderator_id: str, typed: str, *, keyring: Keyring, at: datetime) -> None:
    """Take a code of the app, or a recovery code; never the same one again. Raises Invalid, with the field."""
    digits = _digits(typed)
    taken = (
        _take_recovery(session, moderator_id, digits, at=at)
        if len(digits) == RECOVERY_DIGITS
        else _take_code(session, moderator_id, digits, keyring=keyring, at=at)
    )
    if not taken:
        raise Invalid(WRONG, field="code")


def is_recovery(typed: str) -> bool:
    """Whether this could be a recovery code, which nobody guesses."""
    return len(_digits(typed)) == RECOVERY_DIGITS


def renew(session: Session, moderator_id: str) -> list[str]:
    """Ten new recovery codes, shown this once; the old ones count no more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.moderator_id == moderator_id))
    made = [f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}}" for _ in range(CODES)]
    session.add_all([RecoveryCode(moderator_id=moderator_id, digest=_digest(moderator_id, code)) for code in made])
    session.flush()
    return [" ".join(code[start : start + GROUP] for start in range(0, RECOVERY_DIGITS, GROUP)) for code in made]


def left(session: Session, moderator_id: str) -> int:
    """How many recovery codes somebody has left."""
    unused = (RecoveryCode.moderator_id == moderator_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def remove(session: Session, moderator_id: str) -> None:
    """Let somebody be without a second factor; the recovery codes go with it."""
    for table in (RecoveryCode, SecondFactor):
        session.execute(delete(table).where(table.moderator_id == moderator_id))


def address(seed: str, *, login: str, desk: str) -> str:
    """What an authenticator app reads from the QR code; `desk` is the name that it shows."""
    return pyotp.TOTP(seed).provisioning_uri(name=login, issuer_name=desk)


def _take_code(session: Session, moderator_id: str, digits: str, *, keyring: Keyring, at: datetime) -> bool:
    kept = (SecondFactor.moderator_id == moderator_id, SecondFactor.confirmed_at.is_not(None))
    sealed = session.scalars(select(SecondFactor.sealed).where(*kept)).first()
    if sealed is None:
        return False
    step = _step(keyring.open(sealed, owner_id=moderator_id, purpose=TOTP_SEED), digits, at=at)
    if step is None:
        return False
    # Of two processes that see the same code at once, one finds the step as it was.
    taken = update(SecondFactor).where(*kept, SecondFactor.last_step < step).values(last_step=step)
    return session.execute(taken.returning(SecondFactor.moderator_id)).first() is not None


def _take_recovery(session: Session, moderator_id: str, digits: str, *, at: datetime) -> bool:
    taken = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.moderator_id == moderator_id, RecoveryCode.digest == _digest(moderator_id, digits),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.digest)
    )  # fmt: skip
    return taken.first() is not None


def _step(seed: bytes, digits: str, *, at: datetime) -> int | None:
    totp = pyotp.TOTP(seed.decode(), digits=DIGITS, interval=STEP_SECONDS)
    now = int(at.timestamp()) // STEP_SECONDS
    return next((now + step for step in STEPS if strings_equal(totp.generate_otp(now + step), digits)), None)


def _digits(typed: str) -> str:
    # However it was grouped; digits of other scripts are none to us.
    return re.sub(r"[\s-]", "", typed) if typed.isascii() else ""


def _digest(moderator_id: str, code: str) -> bytes:
    # Looked up by its digest: so the salt is the person's id, which no two share. The work is that of a password.
    return hash_secret_raw(
        code.encode(), b"recovery code " + id_bytes(moderator_id),
        time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, type=Type.ID,
    )  # fmt: skip
