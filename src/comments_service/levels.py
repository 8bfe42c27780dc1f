"""What a reader is to a site: new, verified or trusted, counted from the record alone. Pure.

Trusted is whoever has been here for 30 days, with ten comments approved and at most one rejected for each ten of them,
guest or not; verified, whoever an account or a proven address vouches for; new, everybody else. A level is kept
nowhere: it follows from the record, and a bad one takes it away again.
"""

from dataclasses import dataclass
from datetime import timedelta

NEW, VERIFIED, TRUSTED = "new", "verified", "trusted"
AGE = timedelta(days=30)
APPROVED = 10
APPROVED_FOR_EACH_REJECTED = 10

# Why somebody is what they are.
REASONS = {
    NEW: "No account and no proven address vouches for this reader, and the record is short or mixed.",
    VERIFIED: "An account or a proven address vouches for this reader.",
    TRUSTED: "Here for 30 days or more, ten or more approved, and at most one in ten rejected.",
}


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a level is counted from."""

    age: timedelta
    approved: int
    rejected: int
    verified: bool


def level(of: Record) -> str:
    """The highest level that a record reaches."""
    clean = of.rejected * APPROVED_FOR_EACH_REJECTED <= of.approved
    if of.age >= AGE and of.approved >= APPROVED and clean:
        return TRUSTED
    return VERIFIED if of.verified else NEW
