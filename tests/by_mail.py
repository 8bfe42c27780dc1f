"""A browser that signs in by mail."""

from typing import Any

from sqlalchemy import select

from comments_service import accounts
from comments_service.database import db
from comments_service.mailing import codes
from comments_service.tables import MailSignIn
from tests.conftest import SECRET_KEY, Browser
from tests.post_office import ADDRESS


def ask(who: Browser, email: str = ADDRESS, page: str | None = None) -> Any:
    return who.ask("POST", "session/mail", {"email": email, "page": f"{who.origin}/a1" if page is None else page})


def attempt(who: Browser, email: str = ADDRESS) -> str:
    answer = ask(who, email)
    assert answer.status_code == 200, answer.json
    return str(answer.json["attempt"])


def row_of(secret: str) -> MailSignIn:
    digest = accounts.secret_digest(secret)
    return db.session.scalars(select(MailSignIn).where(MailSignIn.digest == digest)).one()


def code_of(secret: str) -> str:
    row = row_of(secret)
    return codes.code(SECRET_KEY, row.site_id, row.id)


def finish(who: Browser, secret: str, code: str) -> Any:
    """Type a code; a browser that is signed in by it keeps the session."""
    answer = who.ask("POST", "session/mail/code", {"attempt": secret, "code": code})
    if answer.status_code == 200:
        who.secret = answer.json["token"]
    return answer


def enter(who: Browser, email: str = ADDRESS) -> Any:
    secret = attempt(who, email)
    return finish(who, secret, code_of(secret))


def refused(answer: Any) -> str:
    assert answer.status_code == 422, answer.json
    return str(answer.json["detail"])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"
