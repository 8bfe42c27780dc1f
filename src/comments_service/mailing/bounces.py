"""Delivery reports (RFC 3464): which of our mails came back for good. Anybody can write one, so little is believed."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage, Message
from enum import Enum, auto

from comments_service.mailing import references
from comments_service.mailing.delivering import is_final

MAX_BYTES = 1_000_000
MAX_PARTS = 20
HEADERS = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})


class Verdict(Enum):
    """What a report says."""

    NO_REPORT = auto()
    NOT_OURS = auto()
    PASSING = auto()
    FINAL = auto()


def read(raw: bytes, *, secret: str) -> tuple[Verdict, bytes | None, str]:
    """What a report says, of the address with which digest, and its status (RFC 3463).

    The address is that of our own signed Message-ID among the headers that came back, and never one that the report
    names: whoever writes a report about somebody else has no such Message-ID.
    """
    try:
        report = email.message_from_bytes(raw[:MAX_BYTES], policy=email.policy.compat32)
    except RecursionError:
        # The library reads what is nested by calling itself, and no report is nested that deep.
        return Verdict.NO_REPORT, None, ""
    parts = list(_parts(report))
    statuses = [status for part in parts for status in _failed(part)]
    if not any(part.get_content_type() == "message/delivery-status" for part in parts):
        return Verdict.NO_REPORT, None, ""
    found = (references.addressee(secret, name) for part in parts for name in _message_ids(part))
    digest = next((one for one in found if one is not None), None)
    if digest is None:
        return Verdict.NOT_OURS, None, ""
    final = next((status for status in statuses if is_final(status)), "")
    return (Verdict.FINAL if final else Verdict.PASSING), digest, final


def _parts(report: Message) -> Iterator[Message]:
    """The report's own parts; what is nested deeper is somebody's mail, or a trap."""
    payload = report.get_payload()
    if report.get_content_type() == "multipart/report" and isinstance(payload, list):
        yield from (part for part in payload[:MAX_PARTS] if isinstance(part, Message))


def _failed(part: Message) -> Iterator[str]:
    """The statuses of the recipients for whom it failed."""
    payload = part.get_payload()
    if part.get_content_type() != "message/delivery-status" or not isinstance(payload, list):
        return
    for block in payload[:MAX_PARTS]:
        if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
            # A comment may follow the number.
            yield (str(block.get("Status", "")).split() or [""])[0]


def _message_ids(part: Message) -> Iterator[str]:
    """The names of the mail that came back."""
    if part.get_content_type() not in HEADERS:
        return
    payload = part.get_payload()
    if isinstance(payload, list):
        inner: Message | None = next((one for one in payload if isinstance(one, Message)), None)
    else:
        inner = email.message_from_string(str(payload), _class=EmailMessage, policy=email.policy.compat32)
    yield from (str(name) for name in (inner.get_all("Message-ID", [])[:1] if inner is not None else []))
