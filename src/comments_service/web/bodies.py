"""What comes in: the bodies of the reader API; unknown fields are refused."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Base of all bodies."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NewComment(Strict):
    """A comment or, with `parent`, a reply. `website` is a trap for bots and stays empty."""

    key: str
    url: str
    name: str
    body: str
    form_token: str = ""
    parent: str | None = None
    website: str = ""
    article_token: str | None = None


class NewText(Strict):
    """The text of an edited comment."""

    body: str


class NewReport(Strict):
    """Why the moderators should look at a comment."""

    reason: str
    note: str = ""


class NewShare(Strict):
    """One share click."""

    key: str
    url: str
    network: str
    article_token: str | None = None
