"""How fast anybody may write, or search: one table of figures, counted before the request is read further."""

import hashlib
import math
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from flask import Flask, current_app, request
from flask_limiter import Limit, Limiter, RateLimitExceeded
from limits import parse_many
from werkzeug.exceptions import HTTPException

from comments_service.accounts import Visitor
from comments_service.errors import TooMany
from comments_service.web import client_address, limit_storage, speaking

SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often one kind of request may come, in the notation of the library limits.

    `reader` counts for one browser, `address` for one IPv4 address or /64 of IPv6, `network` for a /48 of IPv6, and
    `subject` for one article or, where no article is named, one comment, whoever asks.
    """

    name: str
    address: str
    network: str
    reader: str = ""
    subject: str = ""


# A fast typist needs six seconds for a comment. An office of two hundred behind one address writes once a second at
# the very most, and a match in its last minute ten times a second. What goes beyond is a script.
WRITING = Pace(
    name="writing", reader="10 per minute; 100 per hour", address="60 per minute; 600 per hour",
    network="300 per minute", subject="600 per minute",
)  # fmt: skip
# An edit or an undo is a second thought about a comment, and there are as many as there are comments.
CHANGING = Pace(
    name="editing", reader="20 per minute", address="60 per minute", network="300 per minute", subject="60 per minute"
)
# One click each: a reader who agrees with everything makes one a second, an office four. A thousand readers who
# recommend one comment at once are news, not an attack; a hundred a second over a whole minute are not readers.
RECOMMENDING = Pace(
    name="recommending", reader="60 per minute", address="240 per minute; 2400 per hour", network="1200 per minute",
    subject="6000 per minute",
)  # fmt: skip
# Each report asks for a moderator's time, so this is the pace of reading, not of clicking.
REPORTING = Pace(
    name="reporting", reader="10 per minute; 40 per hour", address="30 per minute; 120 per hour",
    network="150 per minute", subject="120 per minute",
)  # fmt: skip
# A beacon carries nothing that tells readers apart, and nobody shares one page many times a minute.
SHARING = Pace(
    name="sharing", address="60 per minute; 600 per hour", network="300 per minute", subject="1200 per minute"
)
# One is fetched for each comment, and another when that one had been left too long: twice the pace of writing.
FORMS = Pace(name="opening forms", address="120 per minute", network="600 per minute")
# A writer looks a few times while writing, and once more before sending; nothing is stored.
PREVIEWING = Pace(
    name="looking ahead", reader="30 per minute", address="120 per minute; 1200 per hour", network="600 per minute"
)
# A paper's own server, from one address, that may announce its whole archive; twenty a second.
ANNOUNCING = Pace(name="announcing", address="1200 per minute", network="1200 per minute", reader="1200 per minute")
# A person mistypes a password a few times. The tries of one account are counted besides, in the database, where a
# restart forgets none; this keeps the work of checking passwords small.
SIGNING_IN = Pace(name="signing in", address="30 per minute", network="120 per minute")
# A page that signs its reader in anew with each visit does so once a visit, and an office has many visitors. A paper
# that has just sent its newsletter brings more of them than a minute has seconds.
SIGNING_READERS_IN = Pace(
    name="signing readers in", address="30 per minute; 300 per hour", network="150 per minute",
    subject="3000 per minute",
)  # fmt: skip
# Each has a mail sent. A person asks once, and again when none came; an office of many begins a day with it. The mails
# to one inbox, and of one site, are counted besides, in the database.
ASKING_FOR_MAIL = Pace(name="asking for codes", address="10 per minute; 60 per hour", network="60 per minute")
# A newsroom behind one address, and moderators who decide with single keys, a few a second each.
MODERATING = Pace(name="moderating", address="1200 per minute", network="2400 per minute")
# The one read that has a pace: it costs the database more than a page does, and no cache helps, as everybody searches
# for something else. A person searches a few times, an office now and then.
SEARCHING = Pace(
    name="searching", address="60 per minute; 1200 per hour", network="300 per minute", subject="600 per minute"
)
# A new browser is a new reader, and one that drops what it was given is new each time, with a recommendation and a
# report of its own. So many come from one address only when a class of pupils tries it out.
NEWCOMERS = Pace(name="arriving", address="20 per minute; 200 per hour", network="100 per minute")
# One click in a mail; but a large provider presses the button for all its people, from a few addresses.
LEAVING = Pace(name="answering a mail", address="300 per minute", network="600 per minute")
# It reads everything that there is of one reader. Nobody needs it often.
TAKING_ALONG = Pace(
    name="taking data along", reader="6 per minute; 30 per hour", address="30 per minute", network="150 per minute"
)
# One click each, by somebody who reads on. Many of them make work for whoever writes there later.
FOLLOWING = Pace(
    name="following", reader="20 per minute; 200 per hour", address="60 per minute; 600 per hour",
    network="300 per minute", subject="600 per minute",
)  # fmt: skip
# Each sends a mail to somebody who may not have asked for it; an inbox gets three in an hour, whoever asks.
GIVING_ADDRESSES = Pace(
    name="giving an address", reader="3 per minute; 10 per hour", address="10 per minute; 60 per hour",
    network="60 per minute",
)  # fmt: skip
# What is not named below. A new route is therefore never without a limit.
ANYTHING = Pace(name="asking", reader="60 per minute", address="120 per minute", network="600 per minute")

# By the name of a route; the name of a blueprint stands for all that is written to in it and not named itself.
PACES: Mapping[str, Pace] = {
    "reader_api.form_token": FORMS,
    "reader_api.post": WRITING,
    "reader_api.preview": PREVIEWING,
    "reader_api.edit": CHANGING,
    "reader_api.begin_edit": CHANGING,
    "reader_api.withdraw": CHANGING,
    "reader_api.restore": CHANGING,
    "reader_api.recommend": RECOMMENDING,
    "reader_api.unrecommend": RECOMMENDING,
    "reader_api.report": REPORTING,
    "reader_api.share": SHARING,
    "reader_api.follow": FOLLOWING,
    "reader_api.unfollow": FOLLOWING,
    "reader_api.give_address": GIVING_ADDRESSES,
    "pages.act_on_notices": FOLLOWING,
    "pages.ask_for_address": GIVING_ADDRESSES,
    "reader_api.own_data": TAKING_ALONG,
    "reader_api.sign_in": SIGNING_READERS_IN,
    "reader_api.ask_by_mail": ASKING_FOR_MAIL,
    "reader_api.sign_in_by_mail": SIGNING_READERS_IN,
    "reader_api.rotate": SIGNING_READERS_IN,
    "reader_api.trade_code": SIGNING_READERS_IN,
    "pages.ask_for_code": ASKING_FOR_MAIL,
    "pages.take_code": SIGNING_READERS_IN,
    "pages.sign_in_elsewhere": SIGNING_READERS_IN,
    "pages.come_back": SIGNING_READERS_IN,
    "pages.posted_back": SIGNING_READERS_IN,
    "pages.send": WRITING,
    "pages.own_data": TAKING_ALONG,
    "pages.edit": CHANGING,
    "pages.withdraw": CHANGING,
    "pages.restore": CHANGING,
    "pages.recommend": RECOMMENDING,
    "pages.report": REPORTING,
    "pages.confirm": LEAVING,
    "pages.resubscribe": LEAVING,
    "pages.unsubscribe": LEAVING,
    "public_api.search": SEARCHING,
    "pages.search": SEARCHING,
    "article_api.put": ANNOUNCING,
    "article_api.get": ANNOUNCING,
    "desk.sign_in": SIGNING_IN,
    "desk.once": SIGNING_IN,
    "desk.set_password": SIGNING_IN,
    "desk": MODERATING,
}

TOO_FAST = "You are doing this faster than this site can take."
TOO_MANY_HERE = "Very much is coming from your network right now."
TOO_BUSY = "Very many people are doing this here at this moment."


def pace(endpoint: str, method: str) -> Pace | None:
    """The pace of a route, or None for what is free: most reads, and the browser's own preflights."""
    if method == "OPTIONS":
        return None
    if endpoint in PACES or method in SAFE:
        return PACES.get(endpoint)
    return PACES.get(endpoint.partition(".")[0], ANYTHING)


def register(app: Flask, *, redis_url: str | None) -> None:
    """Count every request that has a pace; in Redis, if there is one, for all processes together."""
    app.config["RATELIMIT_STORAGE_URI"] = f"{limit_storage.SCHEME}://" if redis_url else "memory://"
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"redis_url": redis_url} if redis_url else {}
    limiter.init_app(app)


def admit(visitor: Visitor) -> None:
    """Count a browser that this request has made a reader of, before that is kept. Raises TooMany."""
    for figures, whose in ((NEWCOMERS.address, address), (NEWCOMERS.network, _network)):
        for figure in parse_many(figures) if visitor.joined and limiter.enabled else []:
            counter = ("newcomers", _digested(whose)())
            if not limiter.limiter.hit(figure, *counter):
                window = limiter.limiter.get_window_stats(figure, *counter)
                seconds = max(1, math.ceil(window.reset_time - time.time()))
                raise TooMany(
                    "Very many new readers are coming from your network. Try again in {n} minutes.",
                    one="Very many new readers are coming from your network. Try again in {n} minute.",
                    n=math.ceil(seconds / 60), seconds=seconds,
                )  # fmt: skip


def address() -> str:
    """Whose limits a request falls under: an IPv4 address, or a /64 of IPv6."""
    return client_address.network(request.remote_addr or client_address.UNKNOWN)


def prefix() -> str:
    """What of the address of a request may be kept, salted, for a while."""
    return client_address.prefix(request.remote_addr or client_address.UNKNOWN)


def retry_after() -> int:
    """In how many whole seconds the limit that was just exceeded begins anew."""
    exceeded = limiter.current_limit
    return max(1, math.ceil(exceeded.window[0] - time.time())) if exceeded else 1


def sentence(error: HTTPException, seconds: int) -> str:
    """What to tell a person who was too fast."""
    said = error.description if isinstance(error, RateLimitExceeded) else "This was too fast."
    if seconds < 120:
        again = speaking.plural("Try again in {n} second.", "Try again in {n} seconds.", n=seconds)
    else:
        again = speaking.plural("Try again in {n} minute.", "Try again in {n} minutes.", n=math.ceil(seconds / 60))
    return f"{speaking.say(said or '')} {again}"


def _pace() -> Pace | None:
    return pace(request.endpoint or "", request.method)


def _limit(of: str, key: Callable[[], str], message: str, *, when: Callable[[], object] = lambda: True) -> Limit:
    def figure() -> str:
        found = _pace()
        return getattr(found, of) if found and when() else ""

    return Limit(
        figure,
        key_function=_digested(key),
        scope=lambda _endpoint: f"{of} {_name()}",
        shared=True,
        error_message=message,
    )


def _name() -> str:
    found = _pace()
    return found.name if found else ""


def _digested(key: Callable[[], str]) -> Callable[[], str]:
    # Neither Redis nor a log gets to see the address or the secret of anybody.
    def digest() -> str:
        secret = str(current_app.config["SECRET_KEY"]).encode()[:64]
        return hashlib.blake2b(key().encode(), key=secret, digest_size=16).hexdigest()

    return digest


def _network() -> str:
    return client_address.wide_network(request.remote_addr or "")


def _reader() -> str:
    return request.headers.get("Authorization", "")


def _subject() -> str:
    named = request.view_args or {}
    own = named.get("comment_id") or named.get("article_key") or request.args.get("key") or _key_in_body()
    return f"{named.get('site_key', '')} {own}"


def _key_in_body() -> str:
    with suppress(HTTPException):
        return str(request.get_json().get("key"))
    return ""


# The address comes first: whoever is stopped by it leaves no further counters behind, whatever they make up.
limiter = Limiter(
    address,
    default_limits=[
        _limit("address", address, TOO_MANY_HERE),
        _limit("network", _network, TOO_MANY_HERE),
        _limit("reader", _reader, TOO_FAST, when=_reader),
        _limit("subject", _subject, TOO_BUSY),
    ],
)
