"""How long all that says something of a person is kept: by default, and between which limits a site may choose.

What the desk shows, what the worker enforces (`sweeping`) and the data map in docs/privacy.md are made of this one
registry. `tests/test_retention.py` holds it against the tables: one that is about a person and has no term fails there.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from comments_service import mail_sign_in, salting
from comments_service.database import Model, take_turn
from comments_service.errors import Invalid
from comments_service.languages import later
from comments_service.staff import Staff
from comments_service.tables import (
    Comment,
    Decision,
    DecisionEvidence,
    Erasure,
    Expert,
    Follow,
    IdempotencyKey,
    Identity,
    Invitation,
    Job,
    MailAllowance,
    Mailbox,
    MailSignIn,
    Membership,
    Moderator,
    Mute,
    NetworkSalt,
    Notice,
    NoticeSettings,
    OneTimeLink,
    Outbox,
    Reader,
    Recommendation,
    RecoveryCode,
    Report,
    ReportNotice,
    Revision,
    Searchable,
    SecondFactor,
    Session,
    SignInTry,
    Site,
    SiteChange,
    SpentToken,
    StaffCode,
    StaffReader,
    SuppressedAddress,
)

DAY = timedelta(days=1)
# Which work of the worker ends a term: the hourly sweep, or the erasing of who has left.
SWEEP, LEAVING = "sweep", "erase-reader"
CHANGES_SHOWN = 20
WHAT = "retention"


@dataclass(frozen=True, kw_only=True)
class Term:
    """How long one kind of thing is kept: `lasts` or, where no time ends it, `until` something happens.

    With `least` and `most`, in days, the owners of a site choose. What is not `of_site` belongs to the whole
    installation. `columns` are those that are emptied while their row stays; of most it is the row that goes.
    """

    name: str
    what: str
    tables: tuple[type[Model], ...]
    lasts: timedelta | None = None
    until: str = ""
    least: int = 0
    most: int = 0
    columns: tuple[str, ...] = ()
    of_site: bool = True
    job: str = SWEEP

    @property
    def chosen(self) -> bool:
        """Whether the owners of a site choose how long."""
        return self.most > 0

    @property
    def days(self) -> int:
        """The default in days, of one that lasts days."""
        return self.lasts.days if self.lasts else 0


def _erased(name: str, what: str, *tables: type[Model]) -> Term:
    return Term(name=name, what=what, tables=tables, until=ERASED, job=LEAVING)


ERASED = later("until its author or reader is erased")
TAKEN_BACK = later("until an owner takes it away")
WITH_SITE = later("as long as the site")
BY_OPERATOR = later("until whoever runs the service takes it away")

TERMS: tuple[Term, ...] = (
    _erased("comments", later("Comments, their earlier texts and what is searched of them"), Comment, Revision,
            Searchable),
    _erased("readers", later("Readers: name, accounts, confirmed addresses, what they follow and wish to be told"),
            Reader, Identity, Mailbox, Follow, Mute, NoticeSettings),
    _erased("recommendations", later("Who recommended what"), Recommendation),
    Term(
        name="badges", what=later("Who writes as staff or as an expert"), tables=(StaffReader, Expert),
        until=TAKEN_BACK,
    ),
    Term(
        name="journal", what=later("That something was reported or decided, without words and names"),
        tables=(Report, Decision), until=WITH_SITE,
    ),
    Term(
        name="sessions", what=later("Browsers in which a reader is known, since the last visit"), tables=(Session,),
        lasts=365 * DAY, least=30, most=3650,
    ),
    Term(
        name="idle_guests", what=later("Guests who have left nothing here, since their last visit"),
        tables=(Reader, Session, NoticeSettings, Notice), lasts=365 * DAY, least=30, most=3650,
    ),
    Term(
        name="ended_sessions", what=later("Readers' sessions that have ended"), tables=(Session,),
        lasts=30 * DAY, least=1, most=365,
    ),
    Term(
        name="unconfirmed", what=later("Mail addresses that nobody has confirmed"), tables=(Mailbox,),
        lasts=7 * DAY, least=1, most=30,
    ),
    Term(
        name="notices", what=later("Notices to readers"), tables=(Notice,), lasts=91 * DAY, least=7, most=365,
    ),
    Term(
        name="sent", what=later("To whom mails and other notices went"), tables=(Outbox,),
        lasts=7 * DAY, least=1, most=90,
    ),
    Term(
        name="dead_letters", what=later("Mails that could not be sent"), tables=(Outbox,),
        lasts=30 * DAY, least=7, most=365,
    ),
    # A decision can be complained about for six months (Digital Services Act, article 20): nothing it rests on goes
    # before that.
    Term(
        name="report_notices", what=later("Who reported something illegal and why, once it is settled"),
        tables=(ReportNotice,), lasts=183 * DAY, least=183, most=1825,
    ),
    Term(
        name="report_notes", what=later("What was said in a report, once it is settled"), tables=(Report,),
        columns=("note",), lasts=365 * DAY, least=183, most=1825,
    ),
    Term(
        name="evidence", what=later("Beside a decision: the moderator's name, and the words that a rule found"),
        tables=(DecisionEvidence,), columns=("name", "objections"), lasts=730 * DAY, least=183, most=3650,
    ),
    Term(
        name="invitations", what=later("Invitations to the desk that nobody took, once they count no more"),
        tables=(Invitation,), lasts=30 * DAY, least=1, most=365,
    ),
    Term(
        name="mail_sign_ins", what=later("Who asked for a code to sign in"), tables=(MailSignIn,),
        lasts=mail_sign_in.LIFE,
    ),
    Term(
        name="answers", what=later("Answers to what was sent, so that it counts once"), tables=(IdempotencyKey,),
        lasts=DAY,
    ),
    Term(
        name="spent_tokens", what=later("Digests of forms and of the paper's sign-in tokens, so that each counts once"),
        tables=(SpentToken,), lasts=DAY,
    ),
    Term(
        name="staff_codes", what=later("Links to write as staff, once they count no more"), tables=(StaffCode,),
        lasts=DAY,
    ),
    Term(
        name="erasures", what=later("The wish to be erased, until it is carried out"), tables=(Erasure,), lasts=DAY,
        job=LEAVING,
    ),
    Term(name="jobs", what=later("Work that is done"), tables=(Job,), lasts=7 * DAY),
    Term(
        name="changes", what=later("Who changed what on this page"), tables=(SiteChange,), until=WITH_SITE,
    ),
    Term(
        name="staff", what=later("Staff: login, name, roles, second factor"),
        tables=(Moderator, Membership, SecondFactor, RecoveryCode), until=BY_OPERATOR, of_site=False,
    ),
    Term(
        name="desk_sessions", what=later("Sessions of the desk, since they began or ended"), tables=(Session,),
        lasts=30 * DAY, of_site=False,
    ),
    Term(
        name="links", what=later("One-time links to the desk, once they count no more"), tables=(OneTimeLink,),
        lasts=DAY, of_site=False,
    ),
    Term(
        name="tries", what=later("Tries to sign in at the desk: digests of login and network"), tables=(SignInTry,),
        lasts=DAY, of_site=False,
    ),
    Term(
        name="salts", what=later("The salt under which networks are counted, without which their digests say nothing"),
        tables=(NetworkSalt,), lasts=salting.LASTS, of_site=False,
    ),
    Term(
        name="allowances", what=later("How much mail went to an inbox, by a digest of its address"),
        tables=(MailAllowance,), lasts=DAY, of_site=False,
    ),
    Term(
        name="suppressed", what=later("Digests of addresses that take no mail"), tables=(SuppressedAddress,),
        until=BY_OPERATOR, of_site=False,
    ),
)  # fmt: skip

BY_NAME: Mapping[str, Term] = {term.name: term for term in TERMS}
CHOSEN: tuple[Term, ...] = tuple(term for term in TERMS if term.chosen)

# Tables in which nothing says who somebody is.
OF_NOBODY: Mapping[str, str] = {
    "publishers": "who owns the sites",
    "sites": "the settings of a site",
    "articles": "what the paper says of its own articles, with the names it prints",
    "article_aliases": "other keys of an article",
    "shares": "clicks of nobody, by the hour",
    "share_counts": "how many there were",
    "leases": "which process does the regular work",
    "site_mail": "how many mails a site has sent in an hour",
    "api_tokens": "digests of the paper's own servers' tokens",
    "sso_keys": "keys of the paper",
    "oidc_providers": "where readers may have an account, and what this service is called there",
}


def days(site: Site, term: Term) -> int:
    """For how many days a site keeps something."""
    return int(site.retention.get(term.name, term.days)) if term.chosen else term.days


def read(typed: Mapping[str, str]) -> dict[str, int]:
    """The days that somebody has typed for each term that can be chosen. Raises Invalid, with the field."""
    found = {}
    for term in CHOSEN:
        number = typed.get(term.name, "").strip()
        if not re.fullmatch(r"[0-9]{1,4}", number, re.ASCII) or not term.least <= int(number) <= term.most:
            raise Invalid(
                "Give a number of days from {least} to {most}.", field=term.name, least=term.least, most=term.most
            )
        found[term.name] = int(number)
    return found


def choose(session: DatabaseSession, site: Site, wanted: Mapping[str, int], *, by: Staff, at: datetime) -> None:
    """Keep things on a site for so many days from now on; what changed, and who did it, is kept in its journal."""
    take_turn(session)
    session.refresh(site, with_for_update=True)
    before = {term.name: days(site, term) for term in CHOSEN}
    changed = {name: number for name, number in wanted.items() if number != before[name]}
    if not changed:
        return
    after = before | changed
    site.retention = {name: number for name, number in after.items() if number != BY_NAME[name].days}
    session.add(
        SiteChange(
            site_id=site.id, moderator_id=by.id, what=WHAT, before={name: before[name] for name in changed},
            after=changed, at=at,
        )
    )  # fmt: skip
    session.flush()


def changes(session: DatabaseSession, site: Site) -> Sequence[tuple[SiteChange, str]]:
    """The last changes on the page of a site's privacy and who made them, the newest first."""
    its = (
        select(SiteChange, Moderator.name)
        .join(Moderator, Moderator.id == SiteChange.moderator_id)
        .where(SiteChange.site_id == site.id)
    )
    rows = session.execute(its.order_by(SiteChange.id.desc()).limit(CHANGES_SHOWN))
    return [(row[0], row[1]) for row in rows]
