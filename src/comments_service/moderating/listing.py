"""What waits and what was decided, a page at a time. No query reads more rows when there are more comments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, literal, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from comments_service.errors import Invalid, NotFound
from comments_service.quoting import QUOTED
from comments_service.tables import Article, Comment, Decision, Site

PAGE = 30
STATUSES = ("held", "reported", "published", "rejected", "withdrawn", "all")
STORED = ("held", "published", "rejected", "withdrawn", "erased")
# Further than this nobody counts on, and to count a million rows on every page would be slow.
COUNTED = 10_000
PLACE = re.compile(r"(?:(\d{1,9})\.)?([0-9a-v]{26})")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which comments are meant: of some sites, or of one article in one of them; `status` is one of STATUSES."""

    site_ids: Sequence[str]
    status: str = "held"
    article_id: str | None = None

    @property
    def oldest_first(self) -> bool:
        """What waits is read in its order; of what is decided, the newest is wanted."""
        return self.status == "held"

    @property
    def columns(self) -> list[InstrumentedAttribute[int] | InstrumentedAttribute[str]]:
        """What the list is sorted by; an index ends with the same columns."""
        return [Comment.reports, Comment.id] if self.status == "reported" else [Comment.id]


@dataclass(frozen=True)
class Page:
    """Some comments, and the places before and after them where there is more."""

    comments: Sequence[Comment]
    before: str | None
    after: str | None


def queue(session: Session, site: Site, *, after: str | None = None) -> Sequence[Comment]:
    """What waits on one site, oldest first, thirty at a time."""
    return listing(session, Scope(site_ids=[site.id]), after=after).comments


def listing(
    session: Session, scope: Scope, *, after: str | None = None, before: str | None = None
) -> Page:  # fmt: skip
    """One page, in one query. Raises Invalid for a status that there is not, and for a damaged place."""
    if scope.status not in STATUSES:
        raise Invalid("There is no such list.", field="status")
    backwards = bool(before) and not after
    place = _place(scope, after or before)
    if not scope.site_ids:
        return Page([], None, None)
    found = list(session.scalars(_rows(scope, place, rising=scope.oldest_first is not backwards)))
    more, rows = len(found) > PAGE, found[:PAGE]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([], None, None)
    earlier = more if backwards else bool(after)
    later = True if backwards else more
    return Page(
        rows, _place_of(scope, rows[0]) if earlier else None, _place_of(scope, rows[-1]) if later else None
    )


def tally(session: Session, site_ids: Sequence[str], *, article_id: str | None = None) -> dict[str, int]:
    """How many comments are in each status, up to COUNTED + 1; `reported` counts those that wait for a look."""
    parts = []
    for status in (*STORED, "reported"):
        few = select(literal(1)).where(*_which(status, article_id), Comment.site_id.in_(site_ids))
        counted = select(func.count()).select_from(few.limit(COUNTED + 1).subquery()).scalar_subquery()
        parts.append(select(literal(status), counted))
    return {str(status): int(number) for status, number in session.execute(union_all(*parts))}


def waiting_since(session: Session, site_ids: Sequence[str]) -> datetime | None:
    """When the comment that has waited longest was written; None when nothing waits."""
    if not site_ids:
        return None
    oldest = session.scalars(_rows(Scope(site_ids=site_ids), None, rising=True).limit(1)).first()
    return oldest.created if oldest else None


def last_decided(session: Session, moderator_id: str, site_ids: Sequence[str]) -> datetime | None:
    """When a moderator last decided anything on some sites."""
    return session.scalars(
        select(Decision.at)
        .where(Decision.moderator_id == moderator_id, Decision.site_id.in_(site_ids))
        .order_by(Decision.id.desc())
        .limit(1)
    ).first()


def article(session: Session, site: Site, article_id: str) -> Article:
    """One article of a site, by its id. Raises NotFound."""
    found = session.get(Article, (site.id, article_id))
    if found is None:
        raise NotFound("There is no such article.")
    return found


def _rows(scope: Scope, place: tuple[int | str, ...] | None, *, rising: bool) -> Select[Comment]:
    # A range of the index for each site and status, merged: one IN over them would have to sort everything first.
    order = [column if rising else column.desc() for column in scope.columns]
    past = None
    if place is not None:
        key = tuple_(*scope.columns)
        past = key > place if rising else key < place
    ranges = []
    for site_id in scope.site_ids:
        for status in STORED if scope.status == "all" and scope.article_id else (scope.status,):
            here = [Comment.site_id == site_id, *_which(status, scope.article_id)]
            one = select(Comment.site_id, Comment.id).where(*here, *([] if past is None else [past]))
            ranges.append(select(one.order_by(*order).limit(PAGE + 1).subquery()))
    wanted: CompoundSelect[str, str] = union_all(*ranges)
    nearest = wanted.subquery()
    return (
        select(Comment)
        .options(QUOTED)
        .join(nearest, and_(Comment.site_id == nearest.c.site_id, Comment.id == nearest.c.id))
        .order_by(*order)
        .limit(PAGE + 1)
    )


def _which(status: str, article_id: str | None) -> list[ColumnElement[bool]]:
    which = [] if article_id is None else [Comment.article_id == article_id]
    if status == "reported":
        return [*which, Comment.status == "published", Comment.reports > 0]
    return which if status == "all" else [*which, Comment.status == status]


def _place_of(scope: Scope, comment: Comment) -> str:
    return f"{comment.reports}.{comment.id}" if scope.status == "reported" else comment.id


def _place(scope: Scope, place: str | None) -> tuple[int | str, ...] | None:
    if not place:
        return None
    parts = PLACE.fullmatch(place)
    if parts is None or (parts[1] is None) is (scope.status == "reported"):
        raise Invalid("This address is damaged; start again from the first page.", field="after")
    return (int(parts[1]), parts[2]) if parts[1] is not None else (parts[2],)
