"""Badges come from roles, from what the paper vouches for and from the desk, and by no other way."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from comments_service import articles, binding, reading, signing_in, staff
from comments_service.database import db, now
from comments_service.metadata import Statement
from comments_service.tables import Moderator, Site, StaffCode, StaffReader
from tests.conftest import OTHER, PAPER, Browser
from tests.desk import Desk, make_moderator, signed_in
from tests.test_conversation import decide, published, thread
from tests.test_tombstones import version

CODE = re.compile(r"#comments-staff-([\w-]{32})<")


@pytest.fixture
def mia(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    make_moderator("mia", "Mia Mill", daily="moderator")
    return signed_in(app.test_client(), "mia")


def code_of(desk: Desk, site_key: str = "daily") -> str:
    found = CODE.search(desk.post(f"/desk/writing/{site_key}/code").text)
    assert found is not None
    return found[1]


def bind(browser: Browser, code: str) -> Any:
    return browser.ask("POST", "staff", {"code": code})


def told(source: str, *authors: str, section: str = "") -> None:
    """What is known of the article, and from whom."""
    said = Statement(
        url=f"{PAPER}/a1", title="A story", section=section, authors=list(authors), source=source, at=now()
    )
    articles.put(db.session(), site(), "a1", said, closed=None, aliases=None)
    db.session.commit()


def site() -> Site:
    return reading.site(db.session(), "daily")


def badges(browser: Browser) -> list[tuple[str, list[str]]]:
    return [(one["name"], one["badges"]) for one in reversed(thread(browser))]


def test_a_bound_browser_writes_as_staff_under_the_name_of_the_desk(ada: Browser, bob: Browser, mia: Desk) -> None:
    published(ada, "before")
    assert bind(ada, code_of(mia)).json == {"name": "Mia Mill"}
    published(ada, "after", name="Prime Minister")
    assert bob.post("not I", name="Mia Mill").json["field"] == "name"
    assert badges(bob) == [("Ada", []), ("Mia Mill", ["staff"])]
    assert "Staff</span>" in bob.client.get("/s/daily/t/a1").text
    assert ada.ask("GET", "me?key=a1").json["name"] == "Mia Mill"
    assert ada.client.get("/desk/queue", base_url="http://localhost:8000").status_code != 200, "a badge is no right"


@pytest.mark.parametrize("name", ["Editor", "Staff", "✔ Staff", "The Daily", "Mia Mills", "Author of this story"])
def test_a_name_that_was_typed_gives_no_badge(ada: Browser, mia: Desk, name: str) -> None:
    told("api", name)
    published(ada, "trust me", name=name)
    ((_, given),) = badges(ada)
    assert given == []


@pytest.mark.parametrize(("source", "is_author"), [("api", True), ("page", True), ("fetch", False), ("path", False)])
def test_an_author_is_who_the_paper_vouches_for(ada: Browser, mia: Desk, source: str, is_author: bool) -> None:
    told(source, "Somebody Else", "MIA  mill")
    bind(ada, code_of(mia))
    published(ada, "I wrote it")
    assert badges(ada) == [("Mia Mill", ["staff", "author"] if is_author else ["staff"])]


def test_a_code_counts_once_soon_and_on_its_own_site(ada: Browser, bob: Browser, outsider: Browser, mia: Desk) -> None:
    first = code_of(mia)
    for forged in ("A" * 32, first[:-1] + ("A" if first[-1] != "A" else "B"), first.lower()):
        assert bind(bob, forged).status_code == 403
    assert bind(outsider, first).status_code == 403
    assert bind(ada, first).status_code == 200
    assert bind(bob, first).status_code == 403
    second = code_of(mia)
    third = code_of(mia)
    assert bind(bob, second).status_code == 403, "a newer one was made"
    db.session.execute(update(StaffCode).values(expires_at=now() - timedelta(seconds=1)))
    db.session.commit()
    assert bind(bob, third).status_code == 403
    assert bind(bob, "x").status_code == 403
    assert bob.ask("POST", "staff", {"code": 7}).status_code == 422


def test_only_a_digest_of_a_code_is_kept(mia: Desk) -> None:
    code = code_of(mia)
    assert code.encode() not in b"".join(db.session.scalars(select(StaffCode.digest)))
    assert "Write here as staff" in mia.get("/desk/writing").text
    assert code not in mia.get("/desk/writing").text


def test_it_ends_with_the_membership_and_does_not_come_back_with_it(ada: Browser, mia: Desk) -> None:
    bind(ada, code_of(mia))
    late = code_of(mia)
    person = staff.by_login(db.session(), "mia")
    staff.remove(db.session(), site(), person.id)
    db.session.commit()
    published(ada, "still here?")
    assert bind(ada, late).status_code == 403
    make_moderator("mia", "Mia Mill", daily="moderator")
    published(ada, "and now?")
    assert [given for _, given in badges(ada)] == [[], []]


def test_a_disabled_moderator_writes_without_a_badge_and_binds_nothing(ada: Browser, bob: Browser, mia: Desk) -> None:
    bind(ada, code_of(mia))
    late = code_of(mia)
    signing_in.disable(db.session(), staff.by_login(db.session(), "mia"), at=now())
    db.session.commit()
    assert bind(bob, late).status_code == 403
    published(ada, "still here?")
    assert badges(ada)[0][1] == []


def test_it_is_ended_at_the_desk_by_oneself_and_by_an_owner(app: Flask, ada: Browser, mia: Desk) -> None:
    bind(ada, code_of(mia))
    assert '<td data-label="Browsers">1</td>' in mia.get("/desk/writing").text
    assert mia.post("/desk/writing/daily/end").status_code == 303
    published(ada, "no more")
    bind(ada, code_of(mia))
    published(ada, "again")
    ann = signed_in(app.test_client(), "ann")
    person = db.session.scalars(select(Moderator).where(Moderator.login == "mia")).one()
    path = f"/desk/sites/daily/people/{person.id}/end-writing"
    assert f'action="{path}"' in ann.get("/desk/sites/daily/people").text
    assert mia.post(path).status_code == 403
    assert ann.post(path).status_code == 303
    published(ada, "over")
    assert [given for _, given in badges(ada)] == [[], ["staff"], []]
    assert db.session.scalars(select(StaffReader)).all() == []


def test_another_site_knows_nothing_of_it(ada: Browser, outsider: Browser, mia: Desk) -> None:
    bind(ada, code_of(mia))
    there = outsider.post("hello").json["comment"]
    assert there["badges"] == []
    assert mia.post("/desk/writing/other/code").status_code == 404
    assert outsider.origin == OTHER


def test_an_expert_is_made_and_ended_at_the_desk(ada: Browser, bob: Browser, mia: Desk) -> None:
    told("api", section="Science")
    first = published(ada, "as I measured")
    published(bob, "me too", name="Ada")
    assert mia.post(f"/desk/comments/daily/{first}/expert", {"scope": "article"}).status_code == 303
    published(ada, "and again")
    assert badges(bob) == [("Ada", ["expert"]), ("Ada", []), ("Ada", ["expert"])]
    elsewhere = ada.ask("POST", "comments", {"key": "a2", "url": f"{PAPER}/a2", "name": "Ada", "body": "there"})
    assert elsewhere.json["comment"]["badges"] == []
    page = mia.get(f"/desk/comments/daily/{first}").text
    assert "Under this article since" in page
    ended = re.search(r'action="(/desk/experts/daily/\w+/end)"', page)
    assert ended is not None
    seen = version(first)
    assert mia.post(ended[1]).status_code == 303
    assert [given for _, given in badges(bob)] == [[], [], []]
    assert version(first) == seen, "a badge is no change that a moderator has to look at again"


def test_an_expert_of_a_section_is_one_under_all_of_its_articles(ada: Browser, bob: Browser, mia: Desk) -> None:
    told("api", section="Science")
    first = published(ada, "as I measured")
    mia.post(f"/desk/comments/daily/{first}/expert", {"scope": "section"})
    said = Statement(url=f"{PAPER}/a2", title="Another", section="Science", source="api", at=now())
    articles.put(db.session(), site(), "a2", said, closed=None, aliases=None)
    db.session.commit()
    draft = {"url": f"{PAPER}/a2", "name": "Ada", "body": "there"}
    assert ada.ask("POST", "comments", draft | {"key": "a2"}).json["comment"]["badges"] == ["expert"]
    told("api", section="")
    published(ada, "in no section")
    assert badges(bob)[-1][1] == []


def test_no_expert_is_made_of_a_scope_that_is_not_there(ada: Browser, mia: Desk) -> None:
    first = published(ada, "one")
    for scope in ("section", "world", ""):
        assert mia.post(f"/desk/comments/daily/{first}/expert", {"scope": scope}).status_code == 422
    assert mia.post("/desk/experts/daily/06c8p5q2vk1u0000000000000g/end").status_code == 404


def test_what_is_taken_down_keeps_no_badge_that_can_be_seen(ada: Browser, bob: Browser, mia: Desk) -> None:
    bind(ada, code_of(mia))
    mine = published(ada, "as staff")
    published(bob, "an answer", parent=mine, name="Bob")
    decide(mine, "rejected", version=version(mine))
    (left,) = thread(bob)
    assert (left["badges"], left["author"], left["name"]) == ([], "", "")
    assert binding.place(db.session(), site()) == f"{PAPER}/a1"
