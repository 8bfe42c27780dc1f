"""Server-side includes, as a paper's web server makes them: what another server says goes into the page as it is.

A page waits a moment for it and no longer; while the other server is away, nobody waits at all.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

INCLUDE = re.compile('<!--# include virtual="([^"]+)" -->')
PATIENCE_SECONDS = 0.4
FRESH_SECONDS = 5.0
LARGEST = 512 * 1024
Read = Callable[[str], str | None]


@dataclass
class Included:
    """Reads what is included, and keeps it for a few seconds; that there was nothing is kept as well."""

    clock: Callable[[], float] = time.monotonic
    kept: dict[str, tuple[float, str | None]] = field(default_factory=dict)

    def read(self, url: str) -> str | None:
        """What is to be included, or None when it does not come in time."""
        at = self.clock()
        until, found = self.kept.get(url, (at, None))
        if at < until:
            return found
        found = _asked(url)
        self.kept[url] = (at + FRESH_SECONDS, found)
        return found


def put_in(page: str, read: Read) -> str:
    """A page with everything that it includes; what did not come leaves nothing behind."""
    return INCLUDE.sub(lambda found: read(found[1]) or "", page)


def _asked(url: str) -> str | None:
    parts = urlsplit(url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = connect(parts.netloc, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        return answer.read(LARGEST).decode() if answer.status == 200 else None
    except (OSError, HTTPException, UnicodeDecodeError):
        return None
    finally:
        connection.close()
