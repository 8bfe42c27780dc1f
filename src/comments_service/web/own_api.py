"""A reader's own page as API: what one browser's reader has written, is called, is signed in with, and takes along.

Of the family of `reader_api`.
"""

from typing import Literal

from flask import Response
from pydantic import Field, RootModel

from comments_service import explaining, leaving, own_page, reader_sessions, tables, takeout
from comments_service.accounts import Visitor, known_name, require_known
from comments_service.database import db, now
from comments_service.web import incoming, shapes, speaking
from comments_service.web.reader_api import answer_with, api, lives, visitor_at
from comments_service.web.shapes import Answer, Moment
from comments_service.web.specification import answers

TYPES = {"json": "application/json", "csv": "text/csv"}


class OwnElsewhere(shapes.Own):
    """A comment of one's own, and the article under which it stands; `place` is its address there."""

    title: str
    place: str


class OwnComments(Answer):
    """A page of all that a reader has written on the site, newest first."""

    comments: list[OwnElsewhere]
    next: str | None


class OpenSession(Answer):
    """A browser in which a reader is known; `device` and `origin` are empty where they were never noted."""

    id: str
    device: str
    origin: str
    created: Moment
    seen: Moment
    present: bool = Field(description="Whether it is the session that asks.")


class OpenSessions(Answer):
    """The browsers in which a reader is known on the site: this one, and then those seen last, fifty at most."""

    sessions: list[OpenSession]


class Leaving(Answer):
    """What a reader has asked for who is to be erased at `due_at`."""

    way: Literal["tombstones", "removal"]
    due_at: Moment


class Profile(Answer):
    """Who a reader is here. Of a name that an account has `vouched` for, `told` says where it is changed."""

    name: str | None
    vouched: bool
    told: str | None
    signed_in: bool
    since: Moment
    leaving: Leaving | None


class Name(Answer):
    """The name that a reader goes by from now on."""

    name: str


class OwnData(RootModel[dict[str, list[dict[str, str | int | bool | list[str] | dict[str, str] | None]]]]):
    """Everything that is kept of a reader: a list of rows for each table that has any."""


@api.get("/me/profile", responses=answers({200: Profile}, 401, 403, 404, 422))
def profile(path: incoming.SitePath) -> Response:
    """Who this browser's reader is on the whole site."""
    visitor = visitor_at(path.site_key)
    return answer_with(profile_of(visitor, require_known(visitor)))


@api.get("/me/comments", responses=answers({200: OwnComments}, 401, 403, 404, 422))
def own_comments(path: incoming.SitePath, query: incoming.PageQuery) -> Response:
    """All that this browser's reader has written on the site, in every state and with the reason."""
    return answer_with(comments_of(require_known(visitor_at(path.site_key)), query.cursor))


@api.get("/me/sessions", responses=answers({200: OpenSessions}, 401, 403, 404, 422))
def own_sessions(path: incoming.SitePath) -> Response:
    """The browsers in which the same reader is known."""
    visitor = visitor_at(path.site_key)
    require_known(visitor)
    return answer_with(sessions_of(visitor))


@api.delete("/me/sessions", responses=answers({200: OpenSessions}, 401, 403, 404, 422, 429))
def end_other_sessions(path: incoming.SitePath) -> Response:
    """Sign out in every browser but this one; what is left."""
    visitor = visitor_at(path.site_key)
    reader_sessions.end_others(db.session(), visitor, at=now())
    db.session.commit()
    return answer_with(sessions_of(visitor))


@api.delete("/me/sessions/<session_id>", responses=answers({200: OpenSessions}, 401, 403, 404, 422, 429))
def end_own_session(path: incoming.SessionPath) -> Response:
    """Sign out in one browser; what is left."""
    visitor = visitor_at(path.site_key)
    reader_sessions.end_one(db.session(), visitor, path.session_id, at=now())
    db.session.commit()
    return answer_with(sessions_of(visitor))


@api.put("/me/name", responses=answers({200: Name}, 401, 403, 404, 409, 413, 422, 429))
def rename(path: incoming.SitePath, body: incoming.NewName) -> Response:
    """Go by another name from now on."""
    name = own_page.rename(db.session(), visitor_at(path.site_key), body.name)
    db.session.commit()
    return answer_with(Name(name=name))


@api.get("/me/data", responses=answers({200: OwnData}, 401, 403, 404, 422, 429))
def own_data(path: incoming.SitePath, query: incoming.DataQuery) -> Response:
    """Everything that is kept of this browser's reader, as a file."""
    visitor = visitor_at(path.site_key)
    require_known(visitor)
    return data_of(visitor, query.format)


@api.post("/me/leaving", responses=answers({202: Leaving}, 401, 403, 404, 413, 422, 429))
def leave(path: incoming.SitePath, body: incoming.HowToLeave) -> tuple[Response, int]:
    """Be erased in a day; until then it can be taken back. Every other session ends at once."""
    wish = leaving.ask(db.session(), visitor_at(path.site_key), way=body.way, at=now())
    answer = _leaving(wish)
    db.session.commit()
    return answer_with(answer), 202


@api.delete("/me/leaving", responses=answers({200: Profile}, 401, 403, 404, 422, 429))
def stay(path: incoming.SitePath) -> Response:
    """Take that back."""
    visitor = visitor_at(path.site_key)
    leaving.take_back(db.session(), visitor)
    db.session.commit()
    return answer_with(profile_of(visitor, require_known(visitor)))


def profile_of(visitor: Visitor, reader: tables.Reader) -> Profile:
    """Who a visitor is."""
    wish, vouched = leaving.pending(db.session(), reader), own_page.is_vouched_for(db.session(), reader)
    return Profile(
        name=known_name(reader), vouched=vouched, told=speaking.say(own_page.VOUCHED) if vouched else None,
        signed_in=visitor.signed_in, since=reader.created, leaving=_leaving(wish) if wish else None,
    )  # fmt: skip


def comments_of(reader: tables.Reader, cursor: str | None) -> OwnComments:
    """A page of what a reader has written."""
    found, following = own_page.comments(db.session(), reader, cursor=cursor)
    why = explaining.reasons(db.session(), [comment for comment, _ in found])
    return OwnComments(comments=[_own(row, article, why.get(row.id)) for row, article in found], next=following)


def sessions_of(visitor: Visitor) -> OpenSessions:
    """Where a visitor's reader is known."""
    rows = reader_sessions.listing(db.session(), visitor, lives=lives(), at=now())
    return OpenSessions(
        sessions=[
            OpenSession(
                id=row.id, device=row.device, origin=row.origin, created=row.created, seen=row.seen_at,
                present=reader_sessions.is_present(row, visitor),
            )
            for row in rows
        ]
    )  # fmt: skip


def data_of(visitor: Visitor, kind: str) -> Response:
    """Everything that is kept of a visitor's reader, as a file to save."""
    found = takeout.collect(db.session(), visitor.site, require_known(visitor), at=now())
    text = takeout.as_csv(found) if kind == "csv" else takeout.as_json(found)
    answer = Response(text, mimetype=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="my-comments.{kind}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _own(row: tables.Comment, article: tables.Article, reason: str | None) -> OwnElsewhere:
    place = {"title": article.title or article.key, "place": f"{article.url}#comment-{row.id}"}
    return OwnElsewhere.model_validate(shapes.own(row, reason).model_dump() | place)


def _leaving(wish: tables.Erasure) -> Leaving:
    return Leaving.model_validate(wish, from_attributes=True)
