"""Mail addresses: which ones are used, and in which one spelling they are kept and compared."""

import re

import idna

from comments_service.errors import Invalid

MAX_ADDRESS = 254
MAX_LOCAL = 64
# A dot-atom (RFC 5321 §4.1.2). Quoted local parts and letters beyond ASCII (RFC 6531) reach too few servers, and are
# where injected headers hide.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_TOP = re.compile(r"(?!\d+$)[a-z0-9-]{2,63}")
# The one large provider for which dots in a name are nothing.
_WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})


def normal(typed: str) -> str:
    """The one spelling of an address: the local part as it is, the domain in small ASCII letters (UTS 46, RFC 5891).

    Raises Invalid for what is no address, or one that no mail could be sent to.
    """
    local, at, host = typed.strip().rpartition("@")
    domain = _domain(host)
    address = f"{local}@{domain}"
    if not at or not domain or len(local) > MAX_LOCAL or len(address) > MAX_ADDRESS or not _LOCAL.fullmatch(local):
        raise Invalid("Give an e-mail address, such as name@mail.example.", field="email")
    return address


def inbox(address: str) -> str:
    """Whose inbox a normal address fills, as far as one can tell: without capitals, and without what follows a +."""
    local, _, domain = address.lower().rpartition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if domain in _WITHOUT_DOTS else local}@{domain}"


def _domain(host: str) -> str:
    try:
        found = idna.encode(host, uts46=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return ""
    labels = found.split(".")
    return found if len(labels) > 1 and _TOP.fullmatch(labels[-1]) else ""
