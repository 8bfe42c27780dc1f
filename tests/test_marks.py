"""The desk features and pins: a few stand on top, everybody sees why, and each step can be taken back."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy import select

from comments_service.database import db
from comments_service.tables import Decision
from tests.conftest import Browser
from tests.desk import Desk, make_moderator, signed_in
from tests.test_conversation import article, published, thread
from tests.test_desk_decisions import act
from tests.test_pages import THREAD
from tests.test_tombstones import removed, version

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    return signed_in(app.test_client(), "ann")


@pytest.fixture
def mia(app: Flask) -> Desk:
    make_moderator("mia", "Mia", daily="moderator")
    return signed_in(app.test_client(), "mia")


def mark(desk: Desk, comment: str, what: str, seen: int | None = None) -> Any:
    return act(desk, comment, "mark", act=what, version=version(comment) if seen is None else seen)


def undo(desk: Desk, comment: str) -> Any:
    return act(desk, comment, "undo", version=version(comment))


def shown(browser: Browser) -> list[tuple[str, bool, bool]]:
    return [(one["tree"][0][1], one["featured"], one["pinned"]) for one in thread(browser)]


def journal(comment: str) -> list[str]:
    rows = db.session.scalars(select(Decision).where(Decision.comment_id == comment).order_by(Decision.id))
    return [row.mark for row in rows if row.mark]


@pytest.mark.parametrize("sort", ["newest", "oldest", "recommended"])
def test_pinned_ones_stand_first_on_the_first_page_of_every_order_and_once(ada: Browser, ann: Desk, sort: str) -> None:
    ids = [published(ada, f"comment {number}") for number in range(24)]
    assert mark(ann, ids[3], "pin").json["new"]
    mark(ann, ids[20], "pin")
    first = ada.ask("GET", f"thread?key=a1&sort={sort}").json
    second = ada.ask("GET", f"thread?key=a1&sort={sort}&cursor={first['next']}").json
    listed = [one["id"] for one in first["comments"] + second["comments"]]
    assert listed[:2] == [ids[20], ids[3]]
    assert sorted(listed) == sorted(ids)
    assert [one["pinned"] for one in first["comments"]] == [True, True] + [False] * 20


def test_every_mark_moves_the_version_is_journalled_and_can_be_undone(ada: Browser, bob: Browser, ann: Desk) -> None:
    one = published(ada, "one")
    before = article().version
    assert mark(ann, one, "feature").json == {"status": "published", "version": 3, "new": True, "said": ""}
    assert shown(bob) == [("one", True, False)]
    mark(ann, one, "pin")
    assert article().version == before + 2
    assert undo(ann, one).status_code == 200
    assert shown(bob) == [("one", True, False)]
    assert undo(ann, one).status_code == 200
    assert shown(bob) == [("one", False, False)]
    assert journal(one) == ["feature", "pin", "unpin", "unfeature"]
    assert undo(ann, one).status_code == 200, "the approval before them"
    assert thread(bob) == []


def test_the_same_twice_is_one_and_who_comes_second_is_told(ada: Browser, ann: Desk, mia: Desk) -> None:
    one = published(ada, "one")
    seen = version(one)
    mark(ann, one, "feature", seen)
    again = mark(mia, one, "feature", seen)
    assert (again.json["new"], again.json["said"]) == (False, "Ann has already featured it.")
    late = mark(mia, one, "pin", seen)
    assert (late.status_code, late.json["detail"]) == (409, "Ann has already featured it.")
    assert journal(one) == ["feature"]


def test_three_are_pinned_at_most_and_replies_never(ada: Browser, ann: Desk) -> None:
    ids = [published(ada, f"comment {number}") for number in range(4)]
    reply = published(ada, "a reply", parent=ids[0])
    for one in ids[:3]:
        assert mark(ann, one, "pin").status_code == 200
    full = mark(ann, ids[3], "pin")
    assert full.status_code == 422
    assert full.json["detail"].startswith("There is room for 3 pinned comments here.")
    removed(ids[0])
    assert mark(ann, ids[3], "pin").status_code == 200
    assert mark(ann, reply, "pin").status_code == 422
    assert mark(ann, reply, "feature").status_code == 200


def test_only_what_is_public_is_marked_and_what_is_gone_shows_no_mark(ada: Browser, bob: Browser, ann: Desk) -> None:
    held = bob.post("not yet", name="Bob").json["comment"]["id"]
    assert mark(ann, held, "feature").status_code == 422
    assert mark(ann, held, "enlarge").status_code == 422
    one = published(ada, "one")
    published(bob, "an answer", parent=one, name="Bob")
    mark(ann, one, "feature")
    mark(ann, one, "pin")
    removed(one)
    (left,) = thread(bob)
    assert (left["featured"], left["pinned"], left["status"]) == (False, False, "removed")
    assert one not in bob.client.get("/s/daily/featured.atom").text


def test_feeds_of_what_is_featured_hold_it_alone_last_chosen_first(ada: Browser, ann: Desk) -> None:
    ids = [published(ada, f"comment {number}") for number in range(3)]
    mark(ann, ids[2], "feature")
    mark(ann, ids[0], "feature")
    for path in ("/s/daily/featured", f"{THREAD}/featured"):
        feed = ET.fromstring(ada.client.get(f"{path}.atom").text)  # noqa: S314 - our own answer
        entries = feed.findall(f"{ATOM}entry")
        found = [one.findtext(f"{ATOM}id", "").rsplit("/", 1)[1] for one in entries]
        assert found == [ids[0], ids[2]]
        assert {one.get("term") for one in entries[0].findall(f"{ATOM}category")} == {"featured"}
        items = ada.client.get(f"{path}.json").json
        assert items is not None
        assert [one["tags"] for one in items["items"]] == [["featured"], ["featured"]]
        assert items["feed_url"].endswith(f"{path}.json")
    assert ET.fromstring(ada.client.get("/s/other/featured.atom").text).findall(f"{ATOM}entry") == []  # noqa: S314 - our own answer


def test_pages_without_a_script_say_so_in_words(ada: Browser, ann: Desk) -> None:
    one = published(ada, "one")
    mark(ann, one, "feature")
    mark(ann, one, "pin")
    for path in (THREAD, f"{THREAD}/fragment.html", f"/c/{one}"):
        page = ada.client.get(path).text
        assert "Featured</span>" in page
        assert "Pinned</span>" in page


def test_the_form_alone_marks_says_what_was_done_and_offers_undo(ada: Browser, ann: Desk) -> None:
    one = published(ada, "one")
    path = f"/desk/comments/daily/{one}"
    answer = ann.post(f"{path}/mark", {"act": "feature", "version": version(one), "back": path})
    assert answer.status_code == 303
    page = ann.get(answer.headers["Location"]).text
    assert "You featured it" in page
    assert "Feature no more" in page
    assert f'action="{path}/undo"' in page
