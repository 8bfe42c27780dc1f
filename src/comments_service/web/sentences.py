"""What the validation library found, said so that a person can act on it, and without a word of what was sent."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

Context = Mapping[str, Any]
UNKNOWN = "extra_forbidden"

SENTENCES: Mapping[str, Callable[[str, Context], str]] = {
    "missing": lambda name, _: f"{name} is missing.",
    "string_type": lambda name, _: f"{name} must be a text.",
    "bool_type": lambda name, _: f"{name} must be true or false.",
    "list_type": lambda name, _: f"{name} must be a list.",
    "too_short": lambda name, told: f"{name} needs at least {told['min_length']}.",
    "too_long": lambda name, told: f"{name} takes at most {told['max_length']}.",
    # What is expected is ours: the choices of the model.
    "literal_error": lambda name, told: f"{name} must be {told['expected']}.",
}


def first(error: ValidationError) -> tuple[str, str | None]:
    """A sentence about the first thing that is wrong, and the field that it is about."""
    found = error.errors(include_input=False, include_url=False)[0]
    if found["type"] == UNKNOWN:
        # Its name was made up by the caller, so it is not repeated.
        return "There is a field that this address does not take; leave it out.", None
    name = ".".join(str(part) for part in found["loc"])
    return SENTENCES.get(found["type"], _unusable)(name, found.get("ctx", {})), name


def _unusable(name: str, _told: Context) -> str:
    return f"{name} cannot be used as it is."
