"""What a site tells readers where they write or leave an address: a line of its owner, and the paper's own pages."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from comments_service import identity, text
from comments_service.database import take_turn
from comments_service.errors import Invalid
from comments_service.staff import Staff
from comments_service.tables import Site, SiteChange

MAX_CONSENT = 300
WHAT = "disclosure"


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """A line of plain text, and the addresses of the privacy page and the terms; each may be empty."""

    consent: str
    privacy_url: str
    terms_url: str


def of(site: Site) -> Disclosure:
    """What a site tells now."""
    return Disclosure(consent=site.consent, privacy_url=site.privacy_url, terms_url=site.terms_url)


def read(typed: Disclosure) -> Disclosure:
    """What somebody has typed, as it is kept. Raises Invalid, with the field."""
    return Disclosure(
        consent=_line(typed.consent),
        privacy_url=_address(typed.privacy_url, field="privacy_url"),
        terms_url=_address(typed.terms_url, field="terms_url"),
    )


def choose(session: Session, site: Site, wanted: Disclosure, *, by: Staff, at: datetime) -> None:
    """Tell this from now on; what changed, and who did it, is kept in the site's journal."""
    take_turn(session)
    session.refresh(site, with_for_update=True)
    before, after = asdict(of(site)), asdict(wanted)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return
    site.show(consent=wanted.consent, privacy_url=wanted.privacy_url, terms_url=wanted.terms_url)
    session.add(
        SiteChange(
            site_id=site.id, moderator_id=by.id, what=WHAT, before={name: before[name] for name in changed},
            after={name: after[name] for name in changed}, at=at,
        )
    )  # fmt: skip
    session.flush()


def _line(typed: str) -> str:
    kept = " ".join(typed.split())
    if len(kept) > MAX_CONSENT or any(text.unprintable(character) for character in kept):
        raise Invalid("This takes at most {most} characters.", field="consent", most=MAX_CONSENT)
    return kept if text.is_visible(kept) else ""


def _address(typed: str, *, field: str) -> str:
    given = typed.strip()
    if not given:
        return ""
    try:
        identity.origin(given)
    except Invalid:
        raise Invalid(
            "Write a whole web address that begins with https:// or http://, or leave it empty.", field=field
        ) from None
    return given
