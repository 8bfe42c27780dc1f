"""What goes out about a text that is not sent yet."""

from typing import Literal

from comments_service import hinting
from comments_service.web.shapes import Answer, Tree
from comments_service.web.speaking import say


class Hint(Answer):
    """Something to think about before sending; it refuses nothing. `text` is a sentence for the person."""

    code: Literal["shouting", "only-link", "hint-word", "repeated-text"]
    text: str


class Preview(Answer):
    """What a text will look like, and what its writer may want to think about."""

    tree: Tree
    hints: list[Hint]


class FormToken(Answer):
    """What a new comment needs to bring, once, and in how many milliseconds from now it will be good."""

    token: str
    usable_in: int


class EditToken(Answer):
    """What an edit brings that was begun in time: it is then taken until a minute after `editable_until`."""

    edit_token: str


def preview(found: hinting.Preview) -> Preview:
    """A preview as it was found."""
    hints = [{"code": hint.code, "text": say(hint.text, **hint.values)} for hint in found.hints]
    return Preview.model_validate({"tree": found.tree, "hints": hints})
