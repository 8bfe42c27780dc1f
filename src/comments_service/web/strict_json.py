"""The one JSON loader: UTF-8, an object at the top, no NaN, Infinity, surrogate, NUL or double key, depth ≤ 20."""

import json
import math
from functools import cached_property
from typing import Any, NoReturn

from flask import Request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

MAX_BYTES = 64 * 1024
MAX_DEPTH = 20
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
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("The body is not UTF-8 text.") from None
    try:
        data = json.loads(text, parse_constant=_refuse, object_pairs_hook=_object, parse_float=_finite)
    except (ValueError, RecursionError):
        raise BadRequest("The body is not usable JSON.") from None
    if not isinstance(data, dict):
        raise BadRequest("The body must be a JSON object.")
    _check(data, MAX_DEPTH)
    return data


def _refuse(_constant: str) -> NoReturn:
    raise ValueError


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRequest("The body names one field twice.")
    return found


def _check(value: Any, depth: int) -> None:
    if depth == 0:
        raise BadRequest("The body is nested too deeply.")
    if isinstance(value, str):
        if "\x00" in value or any(0xD800 <= ord(c) <= 0xDFFF for c in value):
            raise BadRequest("The body holds characters that no text has.")
        return
    if isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth)
            _check(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)
