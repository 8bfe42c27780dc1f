"""What hangs in the demo's galleries: a site of its own, so that the paper's conversations stay as they are.

Everything is made by the verbs that readers, moderators and owners use. It has no moderators: nobody's queue fills up.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comments_service import articles, erasing, moderating, posting, reacting
from comments_service.accounts import Visitor, secret_digest
from comments_service.demo.voices import Voice, read_gallery
from comments_service.judging import Actor
from comments_service.metadata import Statement
from comments_service.tables import Article, Comment, Outbox, Publisher, Site
from comments_service.tables import Session as ReaderSession

GALLERY, PAUSED = "demo-gallery", "demo-paused"
# Which part of a conversation a reader wants to see is kept for the site: so these are apart.
LISTS = "demo-lists"
# The gallery's own reader: the page gives this secret to the browser, which then sees what is held and rejected, as
# its author would. It is written here for all to read, and opens nothing but two sentences about a cat and a bag.
SECRET = "demo-gallery-reader-whose-secret-all-may-kn"  # noqa: S105 - a secret that is told to everybody
NAME = "The Pellwick Lantern"
CLOSES_AFTER = 14
LEFT = timedelta(hours=20)
AGO = timedelta(hours=26)
ROBIN = Actor(kind="cli", name="Robin, moderator")


def hang(session: Session, *, paper: str, at: datetime) -> None:
    """Make both galleries when they are missing, and have the one that closes soon close soon from now."""
    site = session.scalars(select(Site).where(Site.key == GALLERY)).first()
    if site is None:
        site = _make(session, paper=paper, at=at)
    elif paper not in site.origins:
        site.origins = [*site.origins, paper]
        # The known reader is at home where the paper is now.
        session.execute(
            update(ReaderSession)
            .where(ReaderSession.site_id == site.id, ReaderSession.digest == secret_digest(SECRET))
            .values(origin=paper)
        )
    if session.scalars(select(Site.id).where(Site.key == LISTS)).first() is None:
        _make_lists(session, site, at=at)
    soon = articles.get(session, site, "soon")
    soon.published_at = at + LEFT - timedelta(days=CLOSES_AFTER)
    soon.version = Article.version + 1


def _make(session: Session, *, paper: str, at: datetime) -> Site:
    publisher = Publisher(name=NAME, created=at)
    session.add(publisher)
    session.flush()
    sites = [
        Site(key=key, publisher_id=publisher.id, name=NAME, origins=[paper], banned_words=[], held_words=[])
        for key in (GALLERY, PAUSED)
    ]
    session.add_all(sites)
    session.flush()
    for key, voices in read_gallery().items():
        if not key.startswith("no-"):
            _tell(session, sites[key == "paused"], key, voices, at=at - AGO)
    gallery, paused = sites
    for key in ("closed", "archived"):
        article = articles.get(session, gallery, key)
        articles.close(article, closed=True, at=at)
        article.archived = key == "archived"
    gallery.show(closes_after_days=CLOSES_AFTER)
    paused.show(read_only=True)
    session.flush()
    for site in sites:
        _keep_quiet(session, site, at=at)
    return gallery


def _make_lists(session: Session, beside: Site, *, at: datetime) -> None:
    site = Site(
        key=LISTS, publisher_id=beside.publisher_id, name=NAME, origins=beside.origins, banned_words=[], held_words=[]
    )
    session.add(site)
    session.flush()
    for key, voices in read_gallery().items():
        if key.startswith("no-"):
            _tell(session, site, key, voices, at=at - AGO)
    _keep_quiet(session, site, at=at)


def _keep_quiet(session: Session, site: Site, *, at: datetime) -> None:
    # What is told here is past: nobody should be notified about it now.
    session.execute(update(Outbox).where(Outbox.site_id == site.id).values(sent_at=at))


def _tell(session: Session, site: Site, key: str, voices: Sequence[Voice], *, at: datetime) -> None:
    said = Statement(url=f"{site.origins[0]}/states", title=f"The gallery: {key}", source="api", at=at)
    # Else the gallery would end, one day, with the age of the demo.
    article, _ = articles.put(session, site, key, said, closed=False if key != "soon" else None, aliases=None)
    for root in voices:
        _post(session, article, root, site=site, at=at)


def _post(
    session: Session, article: Article, voice: Voice, *, site: Site, at: datetime, parent: str | None = None
) -> None:
    known = voice.mark == "held" or voice.mark in moderating.REASONS
    by = _visitor(site, SECRET if known else secrets.token_urlsafe(32))
    draft = posting.Draft(name=voice.name, body=voice.text, parent=parent)
    comment = posting.post(session, draft, article=article, by=by, at=at)
    if voice.mark != "held":
        rejected = voice.mark in moderating.REASONS
        moderating.decide(
            session, site, comment.id, verdict="rejected" if rejected else "published", version=comment.version,
            by=ROBIN, at=at + timedelta(seconds=50), reason=voice.mark if rejected else "",
        )  # fmt: skip
    for _ in range(voice.likes or 0):
        reacting.recommend(session, comment.id, by=_visitor(site, secrets.token_urlsafe(32)), at=at)
    for place, reply in enumerate(voice.replies, start=1):
        _post(session, article, reply, site=site, at=at + place * timedelta(minutes=23), parent=comment.id)
    _take_away(session, site, comment, voice.mark, by=by, at=at + timedelta(hours=3))


def _take_away(session: Session, site: Site, comment: Comment, mark: str, *, by: Visitor, at: datetime) -> None:
    """What is gone leaves its place to its replies."""
    session.expire(comment)
    if mark == "withdrawn":
        posting.withdraw(session, comment.id, by=by, at=at)
    elif mark == "removed":
        moderating.decide(
            session, site, comment.id, verdict="rejected", version=comment.version, by=ROBIN, at=at, reason="abuse"
        )
    elif mark == "erased":
        reader = erasing.who_wrote(session, site, comment.id)
        erasing.begin(session, reader, at=at)
        while erasing.erase_some(session, site.id, reader.id, at=at):
            pass


def _visitor(site: Site, secret: str) -> Visitor:
    return Visitor(site=site, origin=site.origins[0], digest=secret_digest(secret), reader=None)
