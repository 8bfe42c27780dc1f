"""In which language an answer is written. Only what no cache keeps may follow the browser's own wish."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date, format_time
from flask import Flask, g, request
from markupsafe import escape

from comments_service import languages
from comments_service.errors import Refused
from comments_service.tables import Site

# What the pages read of an address, beside the language.
KEPT = ("sort", "filter", "q", "cursor", "branch", "after", "parent", "url", "thread")


def register(app: Flask) -> None:
    """Let every template speak, and every request begin without a language."""

    @app.before_request
    def forget() -> None:
        g.pop("language", None)  # an application context may live longer than one request

    app.jinja_env.globals.update(
        say=_say, plural=_plural, told=told, language=language, direction=direction, tongues=tongues, spoken=spoken,
        script_words=script_words,
    )


def language() -> str:
    """The language of this answer: what was settled on, else what the browser asks for."""
    if "language" not in g:
        g.language = request.accept_languages.best_match(languages.OFFERED, default=languages.ENGLISH)
    found: str = g.language
    return found


def direction() -> str:
    """The direction of this answer, as HTML says it."""
    return languages.direction(language())


def script_words() -> Mapping[str, Any]:
    """What the desk's script says instead of its English."""
    found: Mapping[str, Any] = languages.catalogue(language()).get("widget", {}).get("desk", {})
    return found


def spoken() -> Sequence[tuple[str, str]]:
    """The languages that one can choose: code and own name."""
    return [(code, languages.own_name(code)) for code in languages.OFFERED]


def tongues() -> Sequence[tuple[str, str, str]]:
    """The languages in which this page can be read: code, own name, and what to put in place of the query."""
    if request.method != "GET" or len(languages.OFFERED) == 1:
        return []
    # What others have put behind the address would stand in everybody's copy of the page.
    query = [(name, request.args[name]) for name in KEPT if name in request.args]
    return [(code, languages.own_name(code), f"?{urlencode([*query, ('lang', code)])}") for code in languages.OFFERED]


def speak(lang: str) -> None:
    """Settle on a language; one that is not offered changes nothing."""
    found = languages.offered(lang)
    if found:
        g.language = found


def asked() -> str | None:
    """The language that the address itself asks for."""
    return languages.offered(request.args.get("lang", ""))


def speak_for(site: Site) -> None:
    """Settle on what a site's pages speak: what the address asks for, else the site's own language."""
    g.language = asked() or languages.offered(site.language) or languages.ENGLISH


def say(sentence: str, /, **values: Any) -> str:
    """A sentence in the language of this answer."""
    return languages.say(language(), sentence, **values)


def plural(one: str, other: str, /, n: int, **values: Any) -> str:
    """What is said of `n`, in the language of this answer."""
    return languages.plural(language(), one, other, n=n, **values)


def told(refused: Refused) -> str:
    """What a refusal says, in the language of this answer."""
    return refused.said(language())


def moment(at: datetime) -> str:
    """A date and a time; the server knows no reader's time zone, so it names its own."""
    return say("{date}, {time} UTC", date=day(at), time=clock(at))


def day(at: datetime, form: str = "long") -> str:
    """A date."""
    return format_date(at, form, locale=languages.locale(language()))


def clock(at: datetime) -> str:
    """A time of day, in UTC."""
    return format_time(at, "short", locale=languages.locale(language()))


# In a template, the words of a catalogue are text, and a value may be an element that the template has made.
def _say(sentence: str, /, **values: Any) -> str:
    lang = language()
    return languages.filled(lang, escape(languages.find(lang, sentence)), values)


def _plural(one: str, other: str, /, n: int, **values: Any) -> str:
    lang = language()
    return languages.filled(lang, escape(languages.find_plural(lang, one, other, n=n)), {"n": n, **values})
