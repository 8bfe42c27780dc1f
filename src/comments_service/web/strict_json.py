"""The one loader of bodies: application/json, of a bounded length, and strict (`strict_objects`)."""

from functools import cached_property
from typing import Any

from flask import Request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from comments_service import strict_objects

MAX_BYTES = 64 * 1024
JSON = "application/json"
# A beacon that is sent while the page closes must need no preflight (Fetch, "CORS-safelisted request-header").
BEACONS = frozenset({"reader_api.share"})


class StrictRequest(Request):
    """A request whose JSON is strict whoever asks for it: the views, or the library that validates their bodies."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> dict[str, Any]:
        """The body as an object; the arguments are Flask's and change nothing.

        Raises BadRequest, UnsupportedMediaType or RequestEntityTooLarge.
        """
        if self.mimetype != JSON and not (self.mimetype == "text/plain" and self.endpoint in BEACONS):
            raise UnsupportedMediaType("Send the body as application/json.")
        return self._object

    @cached_property
    def _object(self) -> dict[str, Any]:
        # Whoever counts requests has read it before the view does.
        raw = self.get_data()
        if self.content_length is None and len(raw) >= MAX_BYTES:
            # A body without a length is cut off there, and what came of it would be judged instead.
            raise RequestEntityTooLarge
        return load(raw)


def load(raw: bytes) -> dict[str, Any]:
    """The object that a body holds. Raises BadRequest."""
    try:
        return strict_objects.load(raw)
    except strict_objects.Unusable as unusable:
        raise BadRequest(str(unusable)) from None
