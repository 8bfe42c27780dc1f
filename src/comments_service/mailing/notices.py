"""What a letter says that tells notices: one, or several as a digest."""

from collections.abc import Sequence
from datetime import timedelta

from comments_service import languages, text
from comments_service.mailing.composing import Item, Letter, Link, Quote
from comments_service.mailing.letters import Addressee, Kind, Payload
from comments_service.noticing import gathering, listing, wishes, wording
from comments_service.noticing.listing import Told
from comments_service.tables import Notice

# So many are told one by one, the others by their number.
MOST = 20
BUSIEST = 5
QUOTED = frozenset({"reply", "staff_reply", "thread", "rejected"})


def write(to: Addressee, payload: Payload) -> Letter | None:
    """The notices of a letter that are still so, unread and wanted; nothing when there are none."""
    settings = wishes.find(to.session, to.site.id, to.mailbox.reader_id)
    chosen = wishes.wishes(settings)
    wanted = listing.joined().where(
        Notice.site_id == to.site.id,
        Notice.reader_id == to.mailbox.reader_id,
        Notice.letter_id == payload["letter"],
        Notice.read_at.is_(None),
        Notice.event.in_([event for event, when in chosen.items() if when != wishes.NEVER]),
    )
    found = listing.told(to.session, wanted.order_by(Notice.id.desc()))
    if not found:
        return None
    return _one(to, found[0]) if len(found) == 1 else _digest(to, found)


def _one(to: Addressee, told: Told) -> Letter:
    said = wording.sentence(to.lang, to.site, told)
    more = [wording.reason(to.lang, told), _appeal(to, told)]
    quoted = told.comment is not None and told.notice.event in QUOTED
    return Letter(
        lang=to.lang,
        site=to.site.name,
        subject=said,
        heading=said,
        paragraphs=[words for words in more if words],
        quote=Quote(told.comment.name, told.comment.tree) if told.comment and quoted else None,
        items=_week(to, told) if told.notice.event == "weekly" else (),
        action=Link(to.say("Read it"), _address(to, told)) if wording.has_link(told) else None,
        small=_why(to),
        leave=Link(to.say("No more of these mails"), f"{to.link('unsubscribe')}?event={told.notice.event}"),
    )


def _digest(to: Addressee, found: Sequence[Told]) -> Letter:
    heading = languages.plural(to.lang, "{n} notice for you", "{n} notices for you", n=len(found))
    left = len(found) - MOST
    more = [languages.plural(to.lang, "{n} more is not shown here.", "{n} more are not shown here.", n=left)]
    return Letter(
        lang=to.lang,
        site=to.site.name,
        subject=f"{to.site.name}: {heading}",
        heading=heading,
        paragraphs=more if left > 0 else [],
        items=[_item(to, told) for told in found[:MOST]],
        small=_why(to),
        leave=Link(to.say("No more of these mails"), to.link("unsubscribe")),
    )


def _item(to: Addressee, told: Told) -> Item:
    quoted = told.comment is not None and told.notice.event in QUOTED
    more = [wording.reason(to.lang, told), _appeal(to, told)]
    return Item(
        words=" ".join([wording.sentence(to.lang, to.site, told), *filter(None, more)]),
        quote=text.excerpt(told.comment.tree) if told.comment and quoted else "",
        url=_address(to, told) if wording.has_link(told) else "",
    )


def _week(to: Addressee, told: Told) -> list[Item]:
    """The conversations of a reader that had most in the week of a notice."""
    since = told.notice.created - wishes.WEEK
    busy = gathering.busy_articles(to.session, to.site.id, to.mailbox.reader_id, since=since)[:BUSIEST]
    found = gathering.articles(to.session, to.site.id, [article_id for article_id, _ in busy])
    return [
        Item(
            words=wording.headline(found[article_id]),
            quote=languages.plural(to.lang, "{n} new comment", "{n} new comments", n=number),
            url=found[article_id].url,
        )
        for article_id, number in busy
    ]


def _appeal(to: Addressee, told: Told) -> str:
    if told.notice.event != "rejected":
        return ""
    return wording.appeal(to.lang, to.site, to.settings.mail_reply_to)


def _address(to: Addressee, told: Told) -> str:
    return f"{to.settings.public_url}/c/{told.comment.id if told.comment else ''}"


def _why(to: Addressee) -> list[str]:
    return [to.say("You get this because you gave {site} your address for notices.", site=to.site.name)]


# They may wait a day for room, and tell what is so when they leave.
KINDS = {gathering.LETTER: Kind(write=write, notice=True, waits=True, life=timedelta(days=2))}
