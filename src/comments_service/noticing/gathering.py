"""Notices are gathered into letters: one letter of a reader waits at most, and takes along what comes meanwhile.

So the first letters of an hour tell one notice each, and what exceeds the caps becomes a digest by itself.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Engine, and_, func, select, update
from sqlalchemy.orm import Session

from comments_service.database import id_at, id_text, take_turn
from comments_service.mailing import letters, mailboxes
from comments_service.noticing import telling, wishes
from comments_service.noticing.telling import News
from comments_service.tables import Article, Comment, Follow, Mute, Notice, NoticeSettings, Outbox

LETTER = "mail.notices"
# Asked once a second, this is more than all mail that a site may send, and leaves the database to who writes.
AT_ONCE = 5
# No more letters of one site wait than that: what its cap lets nobody send would only be looked at every hour.
MOST_WAITING = 100
# Of so many of one's last comments, the articles are one's conversations.
LAST_OWN = 200


def gather(engine: Engine, *, at: datetime) -> bool:
    """Put what mails are to tell by now into letters, for a few readers; whether there was anything."""
    with Session(engine) as session:
        wanted = select(Notice.site_id, Notice.reader_id).where(_due(at)).distinct()
        full = _full(session)
        if full:
            wanted = wanted.where(Notice.site_id.not_in(full))
        people = session.execute(wanted.limit(AT_ONCE)).all()
        weeks = session.execute(
            select(NoticeSettings.site_id, NoticeSettings.reader_id)
            .where(NoticeSettings.weekly_at <= at)
            .limit(AT_ONCE)
        ).all()
    done = [_tell_week(engine, *one, at=at) for one in weeks]
    done += [_put(engine, *one, at=at) for one in people]
    return any(done)


def busy_articles(session: Session, site_id: str, reader_id: str, *, since: datetime) -> list[tuple[str, int]]:
    """The articles of a reader's conversations in which others wrote since then, by id, and how much; most first."""
    followed = select(Follow.article_id).where(Follow.site_id == site_id, Follow.reader_id == reader_id)
    last = select(Comment.article_id).where(Comment.site_id == site_id, Comment.reader_id == reader_id)
    own = select(last.order_by(Comment.id.desc()).limit(LAST_OWN).subquery().c.article_id)
    amount = func.count().label("amount")
    rows = session.execute(
        select(Comment.article_id, amount)
        .where(
            Comment.site_id == site_id,
            Comment.article_id.in_(followed.union(own)),
            Comment.status == "published",
            Comment.id > _first_id(since),
            Comment.reader_id != reader_id,
            Comment.reader_id.not_in(select(Mute.muted_id).where(Mute.site_id == site_id, Mute.reader_id == reader_id)),
        )
        .group_by(Comment.article_id)
        .order_by(amount.desc(), Comment.article_id)
    )
    return [(article_id, number) for article_id, number in rows]


def articles(session: Session, site_id: str, ids: list[str]) -> dict[str, Article]:
    """Some articles of a site by their ids."""
    found = session.scalars(select(Article).where(Article.site_id == site_id, Article.id.in_(ids)))
    return {article.id: article for article in found}


def _put(engine: Engine, site_id: str, reader_id: str, *, at: datetime) -> bool:
    with Session(engine) as session:
        take_turn(session)
        settings = wishes.locked(session, site_id, reader_id)
        its = and_(Notice.site_id == site_id, Notice.reader_id == reader_id, _due(at))
        letter = _last_letter(session, settings)
        # One that is being written takes nothing along any more; it will be gone soon.
        written = letter is not None and letter.claimed_until is not None and letter.claimed_until > at
        if written or session.scalar(select(Notice.id).where(its).limit(1)) is None:
            return False
        mailbox = mailboxes.open_of(session, site_id, reader_id)
        if mailbox is None:
            session.execute(update(Notice).where(its).values(mail_at=None))
        else:
            letter = letter or letters.put(session, LETTER, mailbox, at=at)
            settings.letter_id = letter.id
            letter.payload = {**letter.payload, "letter": letter.id}
            session.execute(update(Notice).where(its).values(letter_id=letter.id))
        session.commit()
    return True


def _full(session: Session) -> list[str]:
    """The sites of which enough letters wait."""
    waiting = (Outbox.sent_at.is_(None), Outbox.cancelled_at.is_(None), Outbox.dead_at.is_(None))
    of_site = select(Outbox.site_id).where(*waiting, Outbox.event == LETTER).group_by(Outbox.site_id)
    return list(session.scalars(of_site.having(func.count() >= MOST_WAITING)))


def _last_letter(session: Session, settings: NoticeSettings) -> Outbox | None:
    """The last letter of a reader, if it is still to be sent; nobody takes it in hand before this transaction ends."""
    if settings.letter_id is None:
        return None
    its = (Outbox.site_id == settings.site_id, Outbox.id == settings.letter_id)
    unsent = (Outbox.sent_at.is_(None), Outbox.cancelled_at.is_(None), Outbox.dead_at.is_(None))
    return session.scalars(select(Outbox).where(*its, *unsent).with_for_update()).first()


def _tell_week(engine: Engine, site_id: str, reader_id: str, *, at: datetime) -> bool:
    with Session(engine) as session:
        take_turn(session)
        settings = wishes.locked(session, site_id, reader_id)
        if settings.weekly_at is None or settings.weekly_at > at:
            return False
        number = sum(n for _, n in busy_articles(session, site_id, reader_id, since=at - wishes.WEEK))
        # A service that was off for a month does not tell four weeks at once.
        following = settings.weekly_at + wishes.WEEK
        settings.weekly_at = following if following > at else at + wishes.WEEK
        if number:
            news = News(event="weekly", source=id_at(at), comment_id=None, number=number)
            telling.tell(session, site_id, {reader_id: news}, at=at)
        session.commit()
    return True


def _due(at: datetime) -> ColumnElement[bool]:
    return and_(Notice.mail_at.is_not(None), Notice.letter_id.is_(None), Notice.mail_at <= at)


def _first_id(since: datetime) -> str:
    """What sorts before every id that was made from then on."""
    return id_text(int(since.timestamp() * 1000).to_bytes(6, "big") + bytes(10))
