"""The kinds of letters: what each says, when it is not worth sending any more, and what happens beyond the caps.

A kind is one function and one line in `KINDS`, by the name of its event in the outbox.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from comments_service import languages
from comments_service.database import id_at
from comments_service.mailing import codes, links
from comments_service.mailing.composing import Letter, Link
from comments_service.settings import Settings
from comments_service.tables import Mailbox, Outbox, Site

Payload = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """To whom, from which site, and when; what is needed to say something in their language."""

    session: Session
    settings: Settings
    site: Site
    mailbox: Mailbox
    at: datetime

    @property
    def lang(self) -> str:
        """The language of the reader, else of the site."""
        wanted = languages.offered(self.mailbox.language) or languages.offered(self.site.language)
        return wanted or languages.ENGLISH

    def say(self, sentence: str, /, **values: Any) -> str:
        """A sentence in their language."""
        return languages.say(self.lang, sentence, **values)

    def link(self, purpose: str) -> str:
        """A link that is good for this mailbox alone."""
        service, secret = self.settings.public_url, self.settings.secret_key
        return links.address(service, purpose, self.mailbox, secret=secret, at=self.at)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of letter.

    `write` gives nothing when there is nothing to say any more. Beyond a cap it `waits`, or is dropped; after `life`
    it is dropped in any case. A `notice` goes to confirmed addresses alone, and to none that wants no more of them.
    """

    write: Callable[[Addressee, Payload], Letter | None]
    quota: str = "letters"
    waits: bool = False
    notice: bool = False
    life: timedelta = timedelta(days=1)


def confirm(to: Addressee, _payload: Payload) -> Letter | None:
    """Ask whether an address is its reader's own; nothing once that is answered."""
    if to.mailbox.verified_at is not None:
        return None
    return Letter(
        lang=to.lang,
        site=to.site.name,
        subject=to.say("Confirm your address for {site}", site=to.site.name),
        heading=to.say("Is this your address?"),
        paragraphs=[to.say("Somebody gave this address for the comments of {site}.", site=to.site.name)],
        action=Link(to.say("Confirm this address"), to.link("confirm")),
        small=[to.say("If that was not you, do nothing: without your answer, no notices are sent to this address.")],
    )


def sign_in(to: Addressee, _payload: Payload) -> Letter | None:
    """The code and the link for whoever asked to sign in; the same whether anybody is known by the address."""
    code = codes.code(to.settings.secret_key, to.mailbox.site_id, to.mailbox.id)
    return Letter(
        lang=to.lang,
        site=to.site.name,
        subject=to.say("{code} is your code for {site}", code=code, site=to.site.name),
        heading=to.say("Your code: {code}", code=code),
        paragraphs=[to.say("Type it where you asked for it. It counts once, within 10 minutes, in that browser.")],
        action=Link(to.say("Go on where I asked"), to.link("sign-in")),
        small=[
            to.say("Give this code to nobody: {site} never asks for it by mail or phone.", site=to.site.name),
            to.say("If you did not ask for it, do nothing: without the code nobody gets in."),
        ],
    )


KINDS: Mapping[str, Kind] = {
    "mail.confirm": Kind(write=confirm, quota="confirming", life=links.LIVES["confirm"]),
    "mail.sign_in": Kind(write=sign_in, quota="codes", life=links.LIVES["sign-in"]),
}


def put(session: Session, event: str, mailbox: Mailbox, *, at: datetime, **ids: str) -> Outbox:
    """Let a letter be sent, in the caller's transaction. The row holds ids; the address is looked up at last."""
    row = Outbox(site_id=mailbox.site_id, id=id_at(at), event=event, payload={"mailbox": mailbox.id, **ids}, due_at=at)
    session.add(row)
    session.flush()
    return row
