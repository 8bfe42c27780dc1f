"""Fill a new demo site with a conversation, through the verbs that readers and moderators use.

The same seed gives the same texts, names, order and times, counted back from `begun`.
"""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comments_service import articles, moderating, posting, reacting, reporting, sharing, staff, text
from comments_service.accounts import Visitor, secret_digest
from comments_service.demo import SITE
from comments_service.demo.stories import Story, read_stories
from comments_service.demo.voices import Voice, crowd, read_threads
from comments_service.judging import Actor
from comments_service.metadata import Statement
from comments_service.tables import Article, Comment, Membership, Moderator, Outbox, Publisher, Site

CROWDED = "market-street"
CROWD = 300
CLOSED_AFTER = timedelta(days=6)
BANNED = ["jackpotto"]
HELD = ["idiot", "moron"]
GUIDELINES = """\
Argue about the **matter**, not the person. Say where you have it from.

- No insults, no advertising, nobody's address
- What a moderator takes down is told its author, with the reason
"""
CONSENT = "Whatever you send can be read by everybody, under the name that you give."
NETWORKS = {"copy": 9, "whatsapp": 7, "email": 4, "native": 4, "bluesky": 2, "mastodon": 2, "facebook": 2}
MODERATOR = "demo"


@dataclass(kw_only=True)
class Line:
    """One comment of the plan: who says what under which article, when, and in answer to what."""

    slug: str
    voice: Voice
    parent: Voice | None
    at: datetime


def plan(stories: Sequence[Story], *, seed: int, begun: datetime) -> list[Line]:
    """Every comment of the demo in the order of its time."""
    chance = random.Random(seed)  # noqa: S311 - a demo that can be repeated, not a secret
    threads = read_threads()
    said = sum(_stays(voice) for root in threads[CROWDED] for voice, _ in root.walk())
    threads[CROWDED] = _shuffled_in(threads[CROWDED], crowd(chance, size=CROWD - said), chance)
    lines: list[Line] = []
    for story in stories:
        end = min(begun, story.published + CLOSED_AFTER) if story.closed else begun
        lines += _timed(story, threads.get(story.slug, []), end - timedelta(minutes=2), chance)
    return sorted(lines, key=lambda line: line.at)


def make_site(session: Session, *, paper: str, seed: int, at: datetime) -> Moderator:
    """The demo's moderator, whose row says when all began; site and conversation are made when they are missing."""
    moderator = session.scalars(select(Moderator).where(Moderator.login == MODERATOR)).first()
    site = session.scalars(select(Site).where(Site.key == SITE)).first()
    if moderator is not None and site is not None:
        if paper not in site.origins:
            site.origins = [*site.origins, paper]
        return moderator
    publisher = Publisher(name="The Pellwick Lantern", created=at)
    moderator = staff.named(Moderator(login=MODERATOR, created=at), "Robin, moderator")
    session.add_all([publisher, moderator])
    session.flush()
    site = Site(
        key=SITE, publisher_id=publisher.id, name=publisher.name, origins=[paper], moderation="first", mail=True,
        banned_words=BANNED, held_words=HELD, guidelines=GUIDELINES.strip(), guidelines_tree=text.render(GUIDELINES),
        consent=CONSENT, privacy_url=f"{paper}/privacy", terms_url=f"{paper}/privacy#terms",
    )  # fmt: skip
    session.add(site)
    session.flush()
    session.add(Membership(site_id=site.id, moderator_id=moderator.id, role="owner"))
    seed_site(session, site, by=moderator, seed=seed, begun=at)
    return moderator


def seed_site(session: Session, site: Site, *, by: Moderator, seed: int, begun: datetime) -> None:
    """Post, judge, recommend, report and share as the plan says. Commits nothing."""
    chance = random.Random(seed)  # noqa: S311 - a demo that can be repeated, not a secret
    stories = read_stories(begun)
    found = {story.slug: _article(session, site, story) for story in stories}
    people: dict[str, Visitor] = {}
    # Ids and not rows: SQLAlchemy holds every UPDATE against each row that somebody still has in hand.
    posted: dict[int, str] = {}
    moderator = Actor(kind="moderator", name=by.name, moderator_id=by.id)
    lines = plan(stories, seed=seed, begun=begun)
    for line in lines:
        comment = _post(session, line, found[line.slug], posted, by=_visitor(site, people, line.voice.name))
        posted[id(line.voice)] = comment.id
        _decide(session, site, comment, line, by=moderator)
    for line in lines:
        _after(session, posted[id(line.voice)], line, people=people, chance=chance)
    for story in stories:
        _share(session, found[story.slug], chance)
    # What is told here is past: nobody should be notified about it now.
    session.execute(update(Outbox).where(Outbox.site_id == site.id).values(sent_at=begun))


def _stays(voice: Voice) -> bool:
    return voice.mark in {"", "reported"} or voice.likes is not None


def _shuffled_in(told: list[Voice], others: list[Voice], chance: random.Random) -> list[Voice]:
    roots = list(others)
    for place, voice in zip(sorted(chance.sample(range(len(others)), len(told))), told, strict=True):
        roots.insert(place, voice)
    return roots


def _timed(story: Story, roots: Sequence[Voice], end: datetime, chance: random.Random) -> list[Line]:
    """Roots come quickly at first and then more slowly; answers follow within hours, all before `end`."""
    span = end - story.published
    lines: list[Line] = []
    for place, root in enumerate(roots, start=1):
        share = ((place - chance.random() * 0.8) / (len(roots) + 1)) ** 1.6
        at = story.published + span * (0.02 + 0.9 * share)
        lines += _with_answers(Line(slug=story.slug, voice=root, parent=None, at=at), end, chance)
    return lines


def _with_answers(line: Line, end: datetime, chance: random.Random) -> list[Line]:
    lines = [line]
    then = line.at
    for reply in line.voice.replies:
        wait = min(timedelta(minutes=chance.lognormvariate(4, 1)), (end - then) * 0.3)
        then += max(wait, timedelta(minutes=2))
        lines += _with_answers(Line(slug=line.slug, voice=reply, parent=line.voice, at=then), end, chance)
    return lines


def _article(session: Session, site: Site, story: Story) -> Article:
    said = Statement(
        url=site.origins[0] + story.path, title=story.title, section=story.section, authors=[story.author.name],
        published_at=story.published, at=story.published, source="api",
    )  # fmt: skip
    article, _ = articles.put(session, site, story.slug, said, closed=None, aliases=None)
    if story.closed:
        articles.close(article, closed=True, at=story.published + CLOSED_AFTER)
    session.flush()
    return article


def _visitor(site: Site, people: dict[str, Visitor], name: str) -> Visitor:
    if name not in people:
        # Nobody knows these secrets: the crowd's browsers are gone, and no one can write in its name.
        digest = secret_digest(secrets.token_urlsafe(32))
        people[name] = Visitor(site=site, origin=site.origins[0], digest=digest, reader=None)
    return people[name]


def _post(session: Session, line: Line, article: Article, posted: dict[int, str], *, by: Visitor) -> Comment:
    parent = posted[id(line.parent)] if line.parent else None
    draft = posting.Draft(name=line.voice.name, body=line.voice.text, parent=parent)
    return posting.post(session, draft, article=article, by=by, at=line.at)


def _decide(session: Session, site: Site, comment: Comment, line: Line, *, by: Actor) -> None:
    """A moderator looks a minute later; what is to wait in the queue stays as the rules left it."""
    mark = line.voice.mark
    if mark == "held":
        return
    rejected = mark in moderating.REASONS
    verdict = "rejected" if rejected else "published"
    moderating.decide(
        session, site, comment.id, verdict=verdict, version=comment.version, by=by,
        at=line.at + timedelta(seconds=50), reason=mark if rejected else "",
    )  # fmt: skip


def _after(
    session: Session, comment_id: str, line: Line, *, people: dict[str, Visitor], chance: random.Random
) -> None:  # fmt: skip
    at = line.at + timedelta(minutes=1)
    if line.voice.mark == "withdrawn":
        posting.withdraw(session, comment_id, by=people[line.voice.name], at=line.at + timedelta(hours=3))
    if not _stays(line.voice):
        return
    others = [visitor for name, visitor in people.items() if name != line.voice.name]
    if line.voice.mark == "reported":
        for visitor in chance.sample(others, 3):
            reporting.report(session, comment_id, reporting.Complaint(reason="abuse"), by=visitor, at=at)
    likes = line.voice.likes if line.voice.likes is not None else int(chance.expovariate(0.8))
    for visitor in chance.sample(others, likes):
        reacting.recommend(session, comment_id, by=visitor, at=at)


def _share(session: Session, article: Article, chance: random.Random) -> None:
    clicks = chance.randrange(article.comments // 6, article.comments // 4 + 20) if article.comments else 0
    for network in chance.choices(list(NETWORKS), weights=list(NETWORKS.values()), k=clicks):
        sharing.record(session, article, network=network)
