"""All that a moderator sees of a comment: nine queries for a page of cards, however much there is to say."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from comments_service import levels, rules, text
from comments_service.experts import holds, of
from comments_service.judging import PERSONS, level_of
from comments_service.moderating.deciding import REASONS, VERDICTS
from comments_service.moderating.finding import standing
from comments_service.reporting import ILLEGAL
from comments_service.tables import (
    Article,
    Comment,
    Decision,
    DecisionEvidence,
    Expert,
    Moderator,
    Reader,
    Report,
    Revision,
)

REPORTS, EARLIER, EVENTS = 10, 5, 20
# What a rule's objection makes most likely; a moderator who presses Enter takes it.
SUGGESTED = {"many-links": "spam", "repeated-text": "spam", "banned-word": "abuse", "held-word": "abuse"}
Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Event:
    """One row of the journal as it is told: who, from what to what, why, and whether it was taken back since.

    With `mark`, it changed whether the comment stands out.
    """

    by: str
    name: str
    before: str
    after: str
    mark: str
    at: datetime
    reason: str
    objections: Sequence[dict[str, str]]
    undoes: bool
    undone: bool
    moderator_id: str | None


@dataclass(kw_only=True)
class Card:
    """One comment with what is needed to judge it. `tree` is its text with the words marked that it is held for."""

    comment: Comment
    article: Article
    reader: Reader
    tree: list[Any]
    hosts: Sequence[str]
    parent: Comment | None = None
    parent_tree: list[Any] = field(default_factory=list)
    reports: Sequence[Report] = ()
    reported_for: dict[str, int] = field(default_factory=dict)
    earlier: Sequence[Revision] = ()
    events: Sequence[Event] = ()
    expert: Sequence[Expert] = ()

    @property
    def undoable(self) -> Event | None:
        """The decision that Undo takes back, when there is one."""
        last = next((event for event in self.events if not event.undoes and not event.undone), None)
        return last if last and last.by in PERSONS and last.before in VERDICTS else None

    @property
    def level(self) -> str:
        """What its reader was to the site when it was written."""
        return level_of(self.reader, at=self.comment.created)

    @property
    def level_reason(self) -> str:
        """Why that."""
        return levels.REASONS[self.level]

    @property
    def swapped(self) -> int | None:
        """The number of the revision that others had relied on, when the text is held for taking its place."""
        found = (objection["evidence"] for objection in self.comment.reasons if objection["rule"] == rules.SWAPPED)
        return next((int(revision) for revision in found), None)

    @property
    def relied_on(self) -> Revision | None:
        """That revision."""
        return next((revision for revision in self.earlier if revision.revision == self.swapped), None)

    @property
    def suggested(self) -> str:
        """The reason for a rejection that the reports, or else the rules, make most likely."""
        if self.reported_for:
            return max(self.reported_for, key=lambda reason: self.reported_for[reason])
        rules_asked = [objection["rule"] for objection in self.comment.reasons]
        return next((SUGGESTED[rule] for rule in rules_asked if rule in SUGGESTED), "other")


def cards(session: Session, comments: Sequence[Comment]) -> list[Card]:
    """The cards of some comments, in their order."""
    if not comments:
        return []
    keys = [(comment.site_id, comment.id) for comment in comments]
    articles = _by_key(session, Article, {(comment.site_id, comment.article_id) for comment in comments})
    readers = _by_key(session, Reader, {(comment.site_id, comment.reader_id) for comment in comments})
    parents = _by_key(session, Comment, {(c.site_id, c.parent_id) for c in comments if c.parent_id is not None})
    made = {key: _card(c, articles[c.site_id, c.article_id], readers[c.site_id, c.reader_id])
            for key, c in zip(keys, comments, strict=True)}  # fmt: skip
    experts = of(session, comments)
    for card in made.values():
        if card.comment.parent_id is not None:
            card.parent = parents[card.comment.site_id, card.comment.parent_id]
            card.parent_tree = card.parent.tree
        known = experts.get((card.comment.site_id, card.comment.reader_id), [])
        card.expert = [one for one in known if holds(one, card.article)]
    for key, reports in _reports(session, keys).items():
        made[key].reports = reports
    for site_id, comment_id, reason, number in _reported_for(session, keys):
        made[site_id, comment_id].reported_for[reason] = number
    relied_on = [(*key, card.swapped) for key, card in made.items() if card.swapped is not None]
    for key, revisions in _earlier(session, keys, relied_on).items():
        made[key].earlier = revisions
    for key, events in _events(session, keys).items():
        made[key].events = events
    return list(made.values())


def _card(comment: Comment, article: Article, reader: Reader) -> Card:
    words = [w for o in comment.reasons if o["rule"] in rules.WORD_RULES for w in o["evidence"].split(", ")]
    tree = text.marked(comment.tree, rules.places(text.plain(comment.tree), words))
    hosts = list(dict.fromkeys(text.host(url) for url in text.links(comment.tree)))
    return Card(comment=comment, article=article, reader=reader, tree=tree, hosts=hosts)


def _by_key(session: Session, table: Any, keys: set[Key]) -> dict[Key, Any]:
    found = session.scalars(select(table).where(_among(table.site_id, table.id, keys)))
    return {(row.site_id, row.id): row for row in found}


def _among(site: Any, row: Any, keys: set[Key] | list[Key]) -> ColumnElement[bool]:
    """Which rows, with one IN for each site: so every database finds them by the index."""
    by_site: dict[str, list[str]] = {}
    for site_id, row_id in sorted(keys):
        by_site.setdefault(site_id, []).append(row_id)
    return or_(False, *(and_(site == site_id, row.in_(ids)) for site_id, ids in by_site.items()))


def _grouped(rows: Any) -> dict[Key, list[Any]]:
    groups: dict[Key, list[Any]] = {}
    for row in rows:
        groups.setdefault((row.site_id, row.comment_id), []).append(row)
    return groups


def _reports(session: Session, keys: list[Key]) -> dict[Key, list[Report]]:
    # What is said to be against the law is never pushed out by what is not.
    first = ((Report.reason == ILLEGAL).desc(), Report.at.desc())
    nth = func.row_number().over(partition_by=(Report.site_id, Report.comment_id), order_by=first)
    numbered = (
        select(Report.site_id, Report.comment_id, Report.reader_id, nth.label("nth"))
        .where(_among(Report.site_id, Report.comment_id, keys))
        .subquery()
    )
    its_row = tuple_(Report.site_id, Report.comment_id, Report.reader_id) == tuple_(
        numbered.c.site_id, numbered.c.comment_id, numbered.c.reader_id
    )
    return _grouped(
        session.scalars(
            select(Report)
            .join(numbered, its_row)
            .where(numbered.c.nth <= REPORTS)
            .options(joinedload(Report.notice))
            .order_by(*first)
        )
    )


def _reported_for(session: Session, keys: list[Key]) -> Any:
    return session.execute(
        select(Report.site_id, Report.comment_id, Report.reason, func.count())
        .where(_among(Report.site_id, Report.comment_id, keys), Report.settled_by.is_(None))
        .group_by(Report.site_id, Report.comment_id, Report.reason)
        .order_by(Report.reason)
    )


def _earlier(
    session: Session, keys: list[Key], relied_on: Sequence[tuple[str, str, int]]
) -> dict[Key, list[Revision]]:
    its_comment = and_(Comment.site_id == Revision.site_id, Comment.id == Revision.comment_id)
    return _grouped(
        session.scalars(
            select(Revision)
            .join(Comment, its_comment)
            .where(
                _among(Revision.site_id, Revision.comment_id, keys),
                or_(
                    Revision.revision >= Comment.revision - EARLIER,
                    tuple_(Revision.site_id, Revision.comment_id, Revision.revision).in_(relied_on),
                ),
            )
            .order_by(Revision.revision.desc())
        )
    )


def _events(session: Session, keys: list[Key]) -> dict[Key, list[Event]]:
    nth = func.row_number().over(partition_by=(Decision.site_id, Decision.comment_id), order_by=Decision.id.desc())
    numbered = (
        select(Decision.site_id, Decision.id, nth.label("nth"))
        .where(_among(Decision.site_id, Decision.comment_id, keys))
        .subquery()
    )
    rows = session.execute(
        select(Decision, DecisionEvidence, Moderator.name)
        .join(numbered, and_(Decision.site_id == numbered.c.site_id, Decision.id == numbered.c.id))
        .outerjoin(
            DecisionEvidence,
            and_(DecisionEvidence.site_id == Decision.site_id, DecisionEvidence.decision_id == Decision.id),
        )
        .outerjoin(Moderator, Moderator.id == Decision.moderator_id)
        .where(numbered.c.nth <= EVENTS)
        .order_by(Decision.id.desc())
    ).all()
    groups = _grouped([row[0] for row in rows])
    counts = {key: {decision.id for decision in standing(decisions)} for key, decisions in groups.items()}
    told: dict[Key, list[Event]] = {}
    for decision, evidence, name in rows:
        key = (decision.site_id, decision.comment_id)
        told.setdefault(key, []).append(_event(decision, evidence, name, stands=decision.id in counts[key]))
    return told


def _event(decision: Decision, evidence: DecisionEvidence | None, name: str | None, *, stands: bool) -> Event:
    return Event(
        by=decision.by,
        name=(evidence.name if evidence else "") or name or "",
        before=decision.before,
        after=decision.after,
        mark=decision.mark,
        at=decision.at,
        reason=REASONS.get(evidence.reason, evidence.reason) if evidence else "",
        objections=evidence.objections if evidence else [],
        undoes=decision.undoes is not None,
        undone=decision.undoes is None and not stands,
        moderator_id=decision.moderator_id,
    )
