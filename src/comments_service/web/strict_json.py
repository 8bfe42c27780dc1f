"""One JSON loader: UTF-8, an object at the top, no NaN, Infinity, surrogate, NUL or double key, depth ≤ 20."""

import json
import math
from typing import Any, NoReturn

from flask import Request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

MAX_DEPTH = 20


def load(request: Request, *, mimetypes: tuple[str, ...] = ("application/json",)) -> dict[str, Any]:
    """The body as an object. Raises BadRequest or UnsupportedMediaType."""
    if request.mimetype not in mimetypes:
        raise UnsupportedMediaType("Send the body as application/json.")
    try:
        data = json.loads(
            request.get_data().decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_object, parse_float=_finite
        )
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
        raise ValueError
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
