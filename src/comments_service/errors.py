"""What a verb may refuse, in the words of the domain; `web/problems.py` maps each kind to a status."""


class Refused(Exception):
    """A request that was understood and turned down; `detail` is a sentence for the person who asked."""

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field


class NotFound(Refused):
    """Nothing here that the caller may know of."""


class NotYours(Refused):
    """Only its author may do this."""


class NotSignedIn(Refused):
    """A session is needed."""


class Closed(Refused):
    """The thread takes no more comments."""


class TooLate(Refused):
    """The time for this is over."""


class Invalid(Refused):
    """A value that cannot be used; `field` names it."""


class Conflict(Refused):
    """Somebody else was there first."""


class UnknownOrigin(Refused):
    """The page that asks is not on the site's list of origins."""


class TooMany(Refused):
    """Too often in too short a time; after `seconds` it may be tried again."""

    def __init__(self, detail: str, *, seconds: int) -> None:
        super().__init__(detail)
        self.seconds = seconds
