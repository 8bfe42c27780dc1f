"""What names an article: its explicit key, or its address in one normal form. Pure.

The widget makes the same form of a page's canonical link or address, from the same `tracking.json`.
"""

import json
import re
from collections.abc import Collection
from pathlib import Path
from urllib.parse import quote, urlsplit

from comments_service.errors import Invalid, UnknownOrigin
from comments_service.text import unprintable

MAX_KEY = 500
MAX_URL = 2000
DEFAULT_PORTS = {"http": 80, "https": 443}

_TRACKING = json.loads(Path(__file__).with_name("tracking.json").read_text(encoding="utf-8"))
_TRACKING_NAMES = frozenset(_TRACKING["names"])
_TRACKING_PREFIXES = tuple(_TRACKING["prefixes"])
_LOOKS_LIKE_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")
_NO_URL = "Give the full web address of the article, beginning with https:// or http://."
_DOT = frozenset({".", "%2e"})
_DOT_DOT = frozenset({"..", ".%2e", "%2e.", "%2e%2e"})
# What browsers leave as it is in a path and in a query (WHATWG URL, "percent-encode sets").
_IN_PATH = "!$%&'()*+,-./:;=@[]^_|~"
_IN_QUERY = "!$%&()*+,-./:;=?@[]^_`{|}~"


def normal(url: str) -> str:
    """The one form of an address. Raises Invalid for anything but a plain http(s) address.

    Host in lower case, no default port, no fragment, no tracking parameters, the others sorted by name, dot segments
    resolved, an empty path as "/". Case and trailing slash of the path are kept: servers may tell them apart.
    """
    origin, path, query = _taken_apart(url)
    kept = sorted((part for part in query.split("&") if part and not _tracks(part)), key=_name)
    address = origin + quote(_resolved(path), safe=_IN_PATH)
    address += "?" + quote("&".join(kept), safe=_IN_QUERY) if kept else ""
    if len(address) > MAX_URL:
        raise Invalid(_NO_URL, field="url")
    return address


def origin(url: str) -> str:
    """The origin of an address, as browsers write it in their Origin header. Raises Invalid."""
    return _taken_apart(url)[0]


def site_origin(text: str) -> str:
    """An origin as an owner may write it, in the form that browsers send. Raises Invalid for more than an origin."""
    given = text.strip()
    try:
        found = origin(given)
    except Invalid:
        found = ""
    if not found or normal(given) != found + "/":
        raise Invalid("Write an origin as in https://www.paper.example, with nothing behind the host.", field="origins")
    return found


def own_url(url: str, origins: Collection[str]) -> str:
    """The normal form of an address that is on one of the origins. Raises Invalid or UnknownOrigin."""
    if origin(url) not in origins:
        raise UnknownOrigin("This page's address is not on the site's list of origins.", field="url")
    return normal(url)


def own_key(key: str, origins: Collection[str]) -> str:
    """A key that may name an article of a site with these origins. Raises Invalid or UnknownOrigin."""
    well_formed(key, field="key")
    if is_url(key) and origin(key) not in origins:
        raise UnknownOrigin("This key is an address that is not on the site's list of origins.", field="key")
    return key


def well_formed(key: str, *, field: str) -> None:
    """Hold a key to its rules; `field` is where it came from. Raises Invalid.

    Free text of 1 to 500 characters on one line; one that looks like an address must be in normal form, so that
    nobody can open a second thread for an article under another spelling.
    """
    if not 1 <= len(key) <= MAX_KEY or key != key.strip() or any(unprintable(c) or c in "\n\r\t" for c in key):
        raise Invalid("An article's key has 1 to {most} characters on one line.", field=field, most=MAX_KEY)
    if is_url(key) and normal(key) != key:
        raise Invalid("This key is an address, and it is not in its normal form.", field=field)


def is_url(key: str) -> bool:
    """Whether a key is an address rather than free text."""
    return _LOOKS_LIKE_URL.match(key) is not None


def _taken_apart(url: str) -> tuple[str, str, str]:
    # Parsers differ about spaces, controls and backslashes; an address with one of them is nobody's.
    if len(url) > MAX_URL or "\\" in url or any(character <= " " or unprintable(character) for character in url):
        raise Invalid(_NO_URL, field="url")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise Invalid(_NO_URL, field="url") from None
    host = f"[{host}]" if ":" in host else host
    if parts.scheme not in DEFAULT_PORTS or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise Invalid(_NO_URL, field="url")
    shown_port = "" if port is None or port == DEFAULT_PORTS[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{host}{shown_port}", parts.path or "/", parts.query


def _resolved(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment.lower() in _DOT_DOT:
            kept = kept[:-1]
        elif segment.lower() not in _DOT:
            kept.append(segment)
    if segments[-1].lower() in _DOT | _DOT_DOT:
        kept.append("")
    return "/" + "/".join(kept)


def _name(part: str) -> str:
    return quote(part.partition("=")[0], safe=_IN_QUERY)


def _tracks(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES)
