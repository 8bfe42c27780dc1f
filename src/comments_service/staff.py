"""The people of the desk: who they are, and what they may do on which site."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from comments_service import accounts, languages
from comments_service.errors import Conflict, Invalid, NotFound, NotYours
from comments_service.lookalikes import skeleton
from comments_service.tables import Invitation, Membership, Moderator, SecondFactor, Site, StaffCode, StaffReader

ROLES = ("owner", "moderator")
LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")


@dataclass(frozen=True, kw_only=True)
class Role:
    """What somebody is on one site: owner or moderator; whether the site asks a second factor of both."""

    site_id: str
    site_key: str
    site_name: str
    role: str
    asks_second_factor: bool = False


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Who is at the desk in this request, as the database said a moment ago.

    `proved_at` is when this session last saw a password or a code.
    """

    id: str
    login: str
    name: str
    has_password: bool
    has_second_factor: bool
    session_id: str
    proved_at: datetime
    opened_by: str
    roles: tuple[Role, ...]
    language: str

    def on(self, site_key: str) -> Role | None:
        """What this person is on a site, if anything."""
        return next((role for role in self.roles if role.site_key == site_key), None)

    @property
    def site_ids(self) -> list[str]:
        """The sites that this person may see."""
        return [role.site_id for role in self.roles]

    def needs_second_factor(self, *, local: bool) -> bool:
        """Whether a role asks for a second factor: that of an owner does, where the service is not `local`."""
        return any(role.asks_second_factor or (role.role == "owner" and not local) for role in self.roles)

    @property
    def owns_any(self) -> bool:
        """Whether this person owns a site, and so may make another."""
        return any(role.role == "owner" for role in self.roles)


def normal_login(login: str) -> str:
    """The one form of a login, as it is looked up."""
    return unicodedata.normalize("NFKC", login).strip().lower()


def by_login(session: Session, login: str) -> Moderator:
    """The moderator of a login. Raises NotFound."""
    found = session.scalars(select(Moderator).where(Moderator.login == normal_login(login))).first()
    if found is None:
        raise NotFound("There is no moderator with the login {login}.", login=repr(normal_login(login)))
    return found


def roles_of(session: Session, moderator_id: str) -> tuple[Role, ...]:
    """What a moderator is on which sites, by the names of the sites."""
    rows = session.execute(
        select(Site.id, Site.key, Site.name, Site.moderators_second_factor, Membership.role)
        .join(Membership, Membership.site_id == Site.id)
        .where(Membership.moderator_id == moderator_id)
        .order_by(Site.name, Site.key)
    )
    return tuple(
        Role(site_id=row.id, site_key=row.key, site_name=row.name, role=row.role,
             asks_second_factor=row.moderators_second_factor)
        for row in rows
    )  # fmt: skip


def add(
    session: Session, site: Site, *, login: str, name: str, role: str, at: datetime, by: Staff | None = None
) -> tuple[Moderator, bool]:  # fmt: skip
    """Give somebody a role on a site; a login that is not known yet is a new person, and the flag says so.

    `by` is the owner who asks, or nobody for whoever runs the service. Raises Invalid, or Conflict when this person
    is a member already, has been disabled, or works on none of the sites of `by`: anybody's owner may have made that
    login, to be let in under it elsewhere.
    """
    _require_role(role)
    wanted = normal_login(login)
    if not LOGIN.fullmatch(wanted):
        raise Invalid("A login has 2 to 100 letters a-z, digits and . _ @ + -; an address will do.", field="login")
    known = session.scalars(select(Moderator).where(Moderator.login == wanted)).first()
    if known is not None and known.disabled_at is not None:
        raise Conflict("This login has been disabled.", field="login")
    if known is not None and by is not None and not _work_together(session, known, by):
        raise Conflict("This login is taken. Only whoever runs this service can let its owner in here.", field="login")
    person = known or named(Moderator(login=wanted, created=at), name)
    if known is None:
        session.add(person)
        session.flush()
    if session.get(Membership, (site.id, person.id)) is not None:
        raise Conflict("{name} is a member of this site already.", field="login", name=person.name)
    session.add(Membership(site_id=site.id, moderator_id=person.id, role=role))
    session.flush()
    return person, known is None


def everybody(session: Session) -> Sequence[Moderator]:
    """All moderators of the installation, by their logins."""
    return session.scalars(select(Moderator).order_by(Moderator.login)).all()


def members(session: Session, site: Site) -> Sequence[tuple[Moderator, str]]:
    """The people of one site with their roles, by their logins."""
    rows = session.execute(
        select(Moderator, Membership.role)
        .join(Membership, Membership.moderator_id == Moderator.id)
        .where(Membership.site_id == site.id)
        .order_by(Moderator.login)
    )
    return [(row[0], row[1]) for row in rows]


def member(session: Session, site: Site, moderator_id: str) -> Moderator:
    """One of the people of a site. Raises NotFound, for strangers too."""
    found = session.scalars(
        select(Moderator)
        .join(Membership, Membership.moderator_id == Moderator.id)
        .where(Membership.site_id == site.id, Moderator.id == moderator_id)
    ).first()
    if found is None:
        raise NotFound("This site has no such member.")
    return found


def set_role(session: Session, site: Site, moderator_id: str, *, role: str) -> None:
    """Change what a member is. Raises Invalid, NotFound, or Conflict for the last owner."""
    _require_role(role)
    member(session, site, moderator_id)
    if role != "owner":
        _require_another_owner(session, site, moderator_id)
    session.execute(update(Membership).where(*_its(site, moderator_id)).values(role=role))


def remove(session: Session, site: Site, moderator_id: str) -> None:
    """Take a member's role and staff badge away. Raises NotFound, or Conflict for the last owner."""
    member(session, site, moderator_id)
    _require_another_owner(session, site, moderator_id)
    session.execute(delete(Membership).where(*_its(site, moderator_id)))
    for table in (StaffReader, StaffCode, Invitation):
        session.execute(delete(table).filter_by(site_id=site.id, moderator_id=moderator_id))


def require_all_owned(session: Session, by: Staff, person: Moderator) -> None:
    """Hold an owner to people of their own sites: a link for somebody opens all that this person may see.

    Raises NotYours.
    """
    owned = {role.site_id for role in by.roles if role.role == "owner"}
    if any(role.site_id not in owned for role in roles_of(session, person.id)):
        raise NotYours(
            "{name} works on other sites too: only whoever runs this service can make a new link.", name=person.name
        )


def with_second_factor(session: Session, site: Site) -> set[str]:
    """The ids of the people of a site who have a second factor."""
    confirmed = (Membership.site_id == site.id, SecondFactor.confirmed_at.is_not(None))
    of_site = select(SecondFactor.moderator_id).join(Membership, Membership.moderator_id == SecondFactor.moderator_id)
    return set(session.scalars(of_site.where(*confirmed)))


def rename(session: Session, staff: Staff, *, name: str) -> None:
    """Change the name that colleagues see. Raises Invalid."""
    named(session.get_one(Moderator, staff.id), name)
    session.flush()


def named(person: Moderator, name: str) -> Moderator:
    """Give somebody of the staff a name, which no guest of their sites can then take. Raises Invalid."""
    person.name = accounts.clean_name(name)
    person.skeleton = skeleton(person.name)
    return person


def speak(session: Session, staff: Staff, *, language: str) -> None:
    """Choose the language of one's desk; an empty one is that of the browser. Raises Invalid."""
    if language and language not in languages.OFFERED:
        raise Invalid("Choose one of the languages.", field="language")
    session.get_one(Moderator, staff.id).language = language
    session.flush()


def sites_without_owner(session: Session) -> list[str]:
    """The keys of the sites that nobody at the desk can change."""
    owned = (
        select(Membership.site_id)
        .join(Moderator, Moderator.id == Membership.moderator_id)
        .where(Membership.role == "owner", Moderator.disabled_at.is_(None))
    )
    return list(session.scalars(select(Site.key).where(Site.id.not_in(owned)).order_by(Site.key)))


def _work_together(session: Session, person: Moderator, by: Staff) -> bool:
    return any(role.site_id in by.site_ids for role in roles_of(session, person.id))


def _require_role(role: str) -> None:
    if role not in ROLES:
        raise Invalid("Choose owner or moderator.", field="role")


def _require_another_owner(session: Session, site: Site, moderator_id: str) -> None:
    # Two owners who remove each other at the same moment: an update of the site's row is a lock on every database.
    session.execute(update(Site).where(Site.id == site.id).values(key=Site.key))
    others = (
        select(Membership.moderator_id)
        .join(Moderator, Moderator.id == Membership.moderator_id)
        .where(
            Membership.site_id == site.id,
            Membership.role == "owner",
            Membership.moderator_id != moderator_id,
            Moderator.disabled_at.is_(None),
        )
    )
    if session.scalars(others.limit(1)).first() is None:
        raise Conflict("This is the last owner: make somebody else an owner first.", field="role")


def _its(site: Site, moderator_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Membership.site_id == site.id, Membership.moderator_id == moderator_id
