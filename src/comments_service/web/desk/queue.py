"""The lists of comments, the decisions in them, and their undoing."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Response, jsonify, make_response, redirect, render_template, request
from sqlalchemy.orm.exc import StaleDataError

from comments_service import moderating
from comments_service.database import db, now
from comments_service.errors import Conflict, NotFound
from comments_service.judging import Actor
from comments_service.moderating import Scope
from comments_service.tables import Article, Comment, Decision, Site
from comments_service.web.desk import guard
from comments_service.web.desk.guard import desk
from comments_service.web.speaking import told

ANSWERED = {"notice", "wanted", "because"}
Act = Callable[[Site], Decision | None]


@desk.get("/queue")
def queue() -> str:
    """The comments of one status, of all sites that this person sees, or of one."""
    key = request.args.get("site", "")
    site = guard.site_for(key) if key else None
    return _list([site.id] if site else guard.current().site_ids, site=site)


@desk.get("/articles/<site_key>/<article_id>")
def article(site_key: str, article_id: str) -> str:
    """The comments under one article."""
    site = guard.site_for(site_key)
    return _list([site.id], site=site, article=moderating.article(db.session(), site, article_id))


@desk.get("/comments/<site_key>/<comment_id>")
def comment(site_key: str, comment_id: str) -> str:
    """One comment by itself."""
    site = guard.site_for(site_key)
    found = moderating.find(db.session(), site, comment_id)
    return _page("desk/comment.html", [found], site=site)


@desk.post("/comments/<site_key>/<comment_id>/decide")
def decide(site_key: str, comment_id: str) -> Response:
    """Approve, reject or hold."""
    form = request.form
    verdict, reason, version, by = form.get("verdict", ""), form.get("reason", ""), _version(), _actor()
    return _answer(
        site_key, comment_id, wanted=verdict,
        act=lambda site: moderating.decide(
            db.session(), site, comment_id, verdict=verdict, reason=reason, version=version, by=by, at=now()
        ),
    )  # fmt: skip


@desk.post("/comments/<site_key>/<comment_id>/mark")
def mark(site_key: str, comment_id: str) -> Response:
    """Feature or pin a public comment, or end that."""
    act, version, by = request.form.get("act", ""), _version(), _actor()
    return _answer(
        site_key, comment_id, wanted=act,
        act=lambda site: moderating.mark(
            db.session(), site, comment_id, act=act, version=version, by=by, at=now()
        ),
    )  # fmt: skip


@desk.post("/comments/<site_key>/<comment_id>/undo")
def undo(site_key: str, comment_id: str) -> Response:
    """Take the last decision back."""
    version, by = _version(), _actor()
    return _answer(
        site_key, comment_id, wanted="undone",
        act=lambda site: moderating.undo(db.session(), site, comment_id, version=version, by=by, at=now()),
    )  # fmt: skip


def _answer(site_key: str, comment_id: str, *, wanted: str, act: Act) -> Response:
    site = guard.site_for(site_key)
    try:
        new = _settled(act, site)
    except Conflict:
        db.session.rollback()
        if not guard.wants_page():
            raise
        return _back(site_key, comment_id, wanted)
    if guard.wants_page():
        return _back(site_key, comment_id, wanted)
    found = moderating.find(db.session(), site, comment_id)
    said = "" if new else told(moderating.last_word(db.session(), found, to=guard.current().id))
    return jsonify(status=found.status, version=found.version, new=new is not None, said=said)


def _settled(act: Act, site: Site) -> Decision | None:
    try:
        done = act(site)
    except StaleDataError:
        # Two at the same moment: the second looks again, and finds what the first has decided.
        db.session.rollback()
        done = act(site)
    db.session.commit()
    return done


def _back(site_key: str, comment_id: str, wanted: str) -> Response:
    """To the place where the form was, with a notice that is read off the journal when the page is made."""
    place = urlsplit(guard.safe_next(request.form.get("back", "")))
    told = {"notice": f"{site_key}/{comment_id}", "wanted": wanted, "because": request.form.get("reason", "")}
    query = urlencode([pair for pair in parse_qsl(place.query) if pair[0] not in ANSWERED] + list(told.items()))
    return make_response(redirect(f"{place.path}?{query}", 303))


def _list(site_ids: Sequence[str], *, site: Site | None, article: Article | None = None) -> str:
    args = request.args
    article_id = article.id if article else None
    scope = Scope(site_ids=site_ids, status=args.get("status") or "held", article_id=article_id)
    page = moderating.listing(db.session(), scope, after=args.get("after"), before=args.get("before"))
    staff = guard.current()
    return _page(
        "desk/queue.html", page.comments, page=page, scope=scope, site=site, of=article,
        counts=moderating.tally(db.session(), site_ids, article_id=article_id),
        waiting_since=moderating.waiting_since(db.session(), site_ids),
        last_decided=None if page.comments else moderating.last_decided(db.session(), staff.id, staff.site_ids),
    )  # fmt: skip


def _page(template: str, comments: Sequence[Comment], **more: Any) -> str:
    place = [pair for pair in request.args.items(multi=True) if pair[0] not in ANSWERED]
    return render_template(
        template, area="queue", cards=moderating.cards(db.session(), comments), notice=_notice(), now=now(),
        sites={role.site_id: role for role in guard.current().roles}, reasons=moderating.REASONS,
        here=f"{request.path}?{urlencode(place)}" if place else request.path, **more,
    )  # fmt: skip


def _notice() -> dict[str, Any] | None:
    key, _, comment_id = request.args.get("notice", "").partition("/")
    if not key or not comment_id:
        return None
    try:
        found = moderating.find(db.session(), guard.site_for(key), comment_id)
    except NotFound:
        return None
    card = moderating.cards(db.session(), [found])[0]
    wanted = request.args.get("wanted", "")
    last = card.events[0] if card.events else None
    done = last is not None and (last.undoes if wanted == "undone" else wanted in {last.mark, found.status})
    said = told(moderating.last_word(db.session(), found, to=guard.current().id))
    return {"card": card, "last": last, "wanted": wanted, "done": done, "said": said,
            "because": request.args.get("because", "")}  # fmt: skip


def _actor() -> Actor:
    staff = guard.current()
    return Actor(kind="moderator", name=staff.name, moderator_id=staff.id)


def _version() -> int:
    given = request.form.get("version", "")
    # What is no number was seen by nobody.
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
