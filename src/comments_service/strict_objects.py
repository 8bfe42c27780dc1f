"""JSON that is read only when it can mean one thing: UTF-8, an object, no NaN, surrogate, NUL or double name. Pure."""

import json
import math
from typing import Any, NoReturn

MAX_DEPTH = 20


class Unusable(ValueError):
    """What was given is no such object; the words say why."""


def load(raw: bytes) -> dict[str, Any]:
    """The object that some bytes hold. Raises Unusable."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Unusable("The body is not UTF-8 text.") from None
    try:
        data = json.loads(text, parse_constant=_refuse, object_pairs_hook=_object, parse_float=_finite)
    except Unusable:
        raise
    except (ValueError, RecursionError):
        raise Unusable("The body is not usable JSON.") from None
    if not isinstance(data, dict):
        raise Unusable("The body must be a JSON object.")
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
        raise Unusable("The body names one field twice.")
    return found


def _check(value: Any, depth: int) -> None:
    if depth == 0:
        raise Unusable("The body is nested too deeply.")
    if isinstance(value, str):
        if "\x00" in value or any(0xD800 <= ord(c) <= 0xDFFF for c in value):
            raise Unusable("The body holds characters that no text has.")
        return
    if isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth)
            _check(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)
