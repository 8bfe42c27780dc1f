"""Passwords of the staff: kept by Argon2id, long rather than odd, and none that is tried first."""

import re
import secrets
import unicodedata
from collections.abc import Collection

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from comments_service.errors import Invalid

SHORTEST = 15
LONGEST = 128
DIFFERENT = "These two are not the same."
# What is left of a password without the words that everybody who attacks this desk knows.
LEAST_OF_ITS_OWN = 8
# zxcvbn's scale from 0 to 4: "safely unguessable: moderate protection from an offline attack", 10^8 guesses.
LEAST_SCORE = 3

# OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
# Of no password: a login that nobody has costs the same work as one that somebody has.
_nobody = _hasher.hash(secrets.token_urlsafe(32))


def digest(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(_normal(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password; one hash is made in any case."""
    try:
        return _hasher.verify(kept or _nobody, _normal(password)) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def require_good(password: str, *, known: Collection[str]) -> None:
    """Hold a new password to the rules; `known` are words that an attacker has too. Raises Invalid.

    There are no rules of composition (NIST SP 800-63B): length, and that it is not among those tried first.
    """
    if len(_normal(password)) < SHORTEST:
        raise Invalid(
            "Use {least} characters or more; four or five words make a good one.", field="password", least=SHORTEST
        )
    if len(password) > LONGEST:
        raise Invalid("Use {most} characters at most.", field="password", most=LONGEST)
    if len(_without(password, known)) < LEAST_OF_ITS_OWN or _is_guessable(password):
        raise Invalid("This is one of the first that somebody would try. Use other words.", field="password")


def _normal(password: str) -> str:
    # The same keys give composed and decomposed letters on different machines.
    return unicodedata.normalize("NFKC", password)


def _without(password: str, known: Collection[str]) -> str:
    words = sorted({word for text in known for word in re.findall(r"\w{3,}", text.lower())}, key=len, reverse=True)
    left = password.lower()
    for word in words:
        left = left.replace(word, "")
    return re.sub(r"[\W\d_]", "", left) if words else left


def _is_guessable(password: str) -> bool:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its words weigh 14 MB, and most processes never see a new password

    return int(zxcvbn(password, max_length=LONGEST)["score"]) < LEAST_SCORE
