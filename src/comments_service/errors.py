"""What a verb may refuse, in the words of the domain; `web/problems.py` maps each kind to a status."""

from typing import Any

from comments_service import languages


class Refused(Exception):
    """A request that was understood and turned down, with a sentence for the person who asked.

    `values` fill the sentence's {braces}; one that counts by `n` is given its form for `one` as well. `detail` is the
    whole in English.
    """

    def __init__(self, sentence: str, *, one: str = "", field: str | None = None, **values: Any) -> None:
        self.one = one
        self.sentence = sentence
        self.values = values
        self.detail = self.said(languages.ENGLISH)
        super().__init__(self.detail)
        self.field = field

    def said(self, lang: str) -> str:
        """The sentence in a language."""
        if self.one:
            return languages.plural(lang, self.one, self.sentence, **self.values)
        return languages.say(lang, self.sentence, **self.values)


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

    def __init__(self, sentence: str, *, seconds: int, one: str = "", **values: Any) -> None:
        super().__init__(sentence, one=one, **values)
        self.seconds = seconds


class Unavailable(Refused):
    """Something that only the owner of the service can mend stands in the way."""


class NotBelieved(NotSignedIn):
    """A token that says who somebody is, and does not count; `code` and `reason` tell the site's owner why."""

    def __init__(self, sentence: str, *, code: str, reason: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.reason = reason
