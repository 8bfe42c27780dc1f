"""How a reader signs in, by an account or by mail, stays signed in, and signs out; beside `reader_api`."""

from datetime import datetime

from flask import Response, current_app
from pydantic import Field

from comments_service import mail_sign_in, reader_sessions, sso
from comments_service.accounts import known_name
from comments_service.database import db, now
from comments_service.errors import Invalid
from comments_service.oidc import handing_over
from comments_service.sealing import Keyring
from comments_service.settings import Settings
from comments_service.web import incoming, limits, session_bodies, speaking
from comments_service.web.reader_api import answer_with, api, lives, visitor_at
from comments_service.web.shapes import Answer, Moment
from comments_service.web.specification import answers


class Session(Answer):
    """A session of a reader: `token` is the secret to send from now on, shown this once.

    It ends at `ends_at` at the latest, and earlier when it is not used for long.
    """

    token: str
    ends_at: Moment


class SignedIn(Session):
    """Who is signed in; a name that the paper did not give, and the reader has not chosen yet, is null."""

    name: str | None = Field(description="The name that this reader writes under.")


@api.post("/sso", responses=answers({200: SignedIn}, 401, 403, 404, 413, 422, 429, 503))
def sign_in(path: incoming.SitePath, body: incoming.SsoToken) -> Response:
    """Trade a token that the paper's server has signed for a session; each token counts once."""
    visitor, at = visitor_at(path.site_key), now()
    keyring = Keyring(_settings().sealing_keys)
    reader, secret = sso.exchange(db.session(), body.token, by=visitor, keyring=keyring, at=at)
    signed_in = SignedIn(token=secret, ends_at=_ends(at), name=known_name(reader))
    db.session.commit()
    return answer_with(signed_in)


class Asked(Answer):
    """A code is on its way. `attempt` is what it counts with, in this browser alone, until `ends_at`."""

    attempt: str
    ends_at: Moment


@api.post("/session/mail", responses=answers({200: Asked}, 403, 404, 413, 422, 429))
def ask_by_mail(path: incoming.SitePath, body: session_bodies.MailAsk) -> Response:
    """Have a code and a link sent to an address; the answer is the same for every address."""
    visitor, at = visitor_at(path.site_key), now()
    wish = mail_sign_in.Wish(email=body.email, page=body.page, language=speaking.language())
    attempt = mail_sign_in.ask(db.session(), wish, by=visitor, settings=_settings(), at=at)
    db.session.commit()
    return answer_with(Asked(attempt=attempt, ends_at=at + mail_sign_in.LIFE))


@api.post("/session/mail/code", responses=answers({200: SignedIn}, 401, 403, 404, 413, 422, 429))
def sign_in_by_mail(path: incoming.SitePath, body: session_bodies.MailCode) -> Response:
    """Trade what came by mail for a session; it counts once, in the browser that asked, with five tries."""
    visitor, at = visitor_at(path.site_key), now()
    found = mail_sign_in.finish(db.session(), body.attempt, body.code, by=visitor, settings=_settings(), at=at)
    if found is None:
        db.session.commit()  # the try counts
        raise Invalid(mail_sign_in.WRONG, field="code")
    reader, secret = found
    limits.admit(visitor)
    signed_in = SignedIn(token=secret, ends_at=_ends(at), name=known_name(reader))
    db.session.commit()
    return answer_with(signed_in)


@api.post("/session/code", responses=answers({200: SignedIn}, 401, 403, 404, 413, 422, 429))
def trade_code(path: incoming.SitePath, body: session_bodies.ElsewhereCode) -> Response:
    """Trade what a sign-in elsewhere has brought for a session; it counts once, for a minute."""
    visitor, at = visitor_at(path.site_key), now()
    secret = _settings().secret_key
    reader, opened = handing_over.redeem(db.session(), body.code, body.verifier, by=visitor, secret=secret, at=at)
    signed_in = SignedIn(token=opened, ends_at=_ends(at), name=known_name(reader))
    db.session.commit()
    return answer_with(signed_in)


@api.post("/session/rotate", responses=answers({200: Session}, 401, 403, 404, 422, 429))
def rotate(path: incoming.SitePath) -> Response:
    """Get a new secret for the session; the one before counts for a minute more."""
    visitor, at = visitor_at(path.site_key), now()
    began = visitor.session.created if visitor.session else at
    secret = reader_sessions.rotate(db.session(), visitor, at=at)
    db.session.commit()
    return answer_with(Session(token=secret, ends_at=_ends(began)))


@api.delete("/session", responses=answers({204: None}, 401, 403, 404, 422, 429))
def sign_out(path: incoming.SitePath) -> tuple[str, int]:
    """Sign out here."""
    reader_sessions.end(db.session(), visitor_at(path.site_key), at=now())
    db.session.commit()
    return "", 204


@api.delete("/sessions", responses=answers({204: None}, 401, 403, 404, 422, 429))
def sign_out_everywhere(path: incoming.SitePath) -> tuple[str, int]:
    """Sign out on this site in every browser."""
    reader_sessions.end_all(db.session(), visitor_at(path.site_key), at=now())
    db.session.commit()
    return "", 204


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def _ends(began: datetime) -> datetime:
    return began + lives().longest
