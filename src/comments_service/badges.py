"""Who writes with a badge: told by roles and by what the paper says of an article, never by a name that was typed."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, or_, select

from comments_service.tables import Article, Expert, Membership, Moderator, Reader, StaffReader

STAFF, AUTHOR, EXPERT = "staff", "author", "expert"
# Who may say who wrote a story: the paper's server, and its signature in the page. What we read off a page ourselves
# tells a title well enough, and is too easily wrong for a badge.
VOUCHING = ("api", "page")


@dataclass(frozen=True)
class Standing:
    """What a reader is under one article; staff write under the `name` that the desk knows them by."""

    badges: list[str]
    name: str = ""

    @property
    def wrote_as(self) -> str:
        """What a list of the words of the staff is read by."""
        return STAFF if STAFF in self.badges else ""


def facts(reader: Reader, article: Article) -> tuple[ScalarSelect[str], ColumnElement[bool]]:
    """The name under which the desk knows a reader, and whether it calls them an expert here; parts of a query."""
    its_member = and_(
        StaffReader.site_id == reader.site_id,
        StaffReader.reader_id == reader.id,
        Membership.site_id == StaffReader.site_id,
        Membership.moderator_id == StaffReader.moderator_id,
        Moderator.id == StaffReader.moderator_id,
        Moderator.disabled_at.is_(None),
    )
    of_section = and_(Expert.article_id.is_(None), Expert.section == article.section, Expert.section != "")
    of_reader = and_(Expert.site_id == reader.site_id, Expert.reader_id == reader.id)
    expert = exists().where(of_reader, or_(Expert.article_id == article.id, of_section))
    return select(Moderator.name).where(its_member).limit(1).scalar_subquery(), expert


def standing(article: Article, name: str | None, expert: bool) -> Standing:
    """What a reader is under an article, by what the database said of these facts."""
    earned = {STAFF: bool(name), AUTHOR: bool(name) and wrote(article, name or ""), EXPERT: expert}
    return Standing([badge for badge, is_so in earned.items() if is_so], name or "")


def wrote(article: Article, name: str) -> bool:
    """Whether an article is by somebody of this name, as its paper vouches."""
    return article.source in VOUCHING and _folded(name) in map(_folded, article.authors)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
