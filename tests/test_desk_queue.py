"""A moderator reads the queue: what waits, why, and all that is needed to judge it. The outsider reads nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, insert, select, update

from comments_service import moderating, reporting
from comments_service.database import db, id_at, now
from comments_service.moderating import Scope
from comments_service.tables import Article, Comment, Reader, Site
from tests.conftest import Browser
from tests.desk import Desk, make_moderator, signed_in

CARD = re.compile(r'<article class="card[^>]* id="c-([0-9a-v]{26})"')
LINK = re.compile(r'href="([^"]*)"[^>]* rel="(next|prev)"')


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    return signed_in(app.test_client(), "ann")


@pytest.fixture
def otto(app: Flask) -> Desk:
    make_moderator("otto", "Otto", other="owner")
    return signed_in(app.test_client(), "otto")


def shown(page: Any) -> list[str]:
    assert page.status_code == 200
    return CARD.findall(page.text)


def link(page: Any, rel: str) -> str:
    found: list[str] = [path for path, kind in LINK.findall(page.text) if kind == rel]
    return found[0].replace("&amp;", "&")


def words(page: Any) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def many(number: int, *, status: str = "held", reports: int = 0) -> list[str]:
    """As many comments of one reader under one article, without the work of posting each."""
    at = now() - timedelta(days=1)
    site_id = db.session.scalars(select(Site.id).where(Site.key == "daily")).one()
    article = Article(site_id=site_id, key="big", url="https://paper.example/big", title="Big")
    reader = Reader(site_id=site_id, name="Ada", created=at)
    db.session.add_all([article, reader])
    db.session.flush()
    ids = [id_at(at + timedelta(seconds=n)) for n in range(number)]
    same = {
        "site_id": site_id, "article_id": article.id, "reader_id": reader.id, "name": "Ada", "source": "text",
        "tree": [["p", "text"]], "plain": "text\n", "status": status, "created": at, "reports": reports,
    }  # fmt: skip
    db.session.execute(insert(Comment), [same | {"id": id_, "root_id": id_} for id_ in ids])
    db.session.commit()
    return ids


def queries_of(desk: Desk, path: str) -> int:
    seen: list[str] = []

    def see(*args: Any) -> None:
        seen.append(args[2])

    desk.get(path)
    event.listen(db.engine, "before_cursor_execute", see)
    assert desk.get(path).status_code == 200
    event.remove(db.engine, "before_cursor_execute", see)
    return len(seen)


def test_the_oldest_waits_on_top_and_the_page_says_how_long(ada: Browser, ann: Desk) -> None:
    first, second = (ada.post(text).json["comment"]["id"] for text in ("one", "two"))
    page = ann.get("/desk/queue")
    assert shown(page) == [first, second]
    assert "Oldest waiting" in page.text
    assert "Waiting 2" in words(page)


def test_nothing_that_waits_is_a_good_thing(ann: Desk) -> None:
    assert "All caught up" in ann.get("/desk/queue").text
    for status in moderating.STATUSES[1:]:
        assert "Nothing here" in words(ann.get(f"/desk/queue?status={status}"))


def test_a_card_says_why_it_is_held_and_marks_the_word(ada: Browser, ann: Desk, app: Flask) -> None:
    db.session.execute(update(Site).values(held_words=["idiot", "moron"]))
    db.session.commit()
    ada.post("You **idi**ot, you MORON! Read [this](https://xn--e1aybc.example/x).")
    page = ann.get("/desk/queue")
    said = re.search(r'<div class="said">(.*?)</div>', page.text, re.DOTALL)
    assert said is not None
    assert "<strong><mark>idi</mark></strong><mark>ot</mark>, you <mark>MORON</mark>!" in said[1]
    assert "It holds a word that a moderator looks at first. idiot moron" in words(page)
    assert "It is this reader&#39;s first comment." in page.text
    assert "0 approved · 0 rejected · since" in words(page)
    assert 'rel="noreferrer noopener nofollow ugc"' in said[1]
    assert "<code>xn--e1aybc.example</code>" in page.text


def test_a_card_quotes_what_it_answers_and_what_it_said_before(ada: Browser, bob: Browser, ann: Desk) -> None:
    db.session.execute(update(Site).values(moderation="post"))
    db.session.commit()
    asked = ada.post("When does the ferry leave?").json["comment"]["id"]
    db.session.execute(update(Site).values(moderation="pre"))
    db.session.commit()
    answer = bob.post("At noon.", parent=asked, name="Bob").json["comment"]["id"]
    bob.ask("PATCH", f"comments/{answer}", {"body": "At one."})
    page = ann.get("/desk/queue")
    assert shown(page) == [answer]
    assert "Answers Ada : When does the ferry leave?" in words(page)
    assert "what it said before" in page.text
    assert "At noon." in page.text


def test_a_report_shows_its_reason_and_note_and_waits_in_a_list_of_its_own(
    ada: Browser, bob: Browser, ann: Desk
) -> None:
    db.session.execute(update(Site).values(moderation="post"))
    db.session.commit()
    public = ada.post("harmless").json["comment"]["id"]
    ada.post("never reported")
    bob.ask("POST", f"comments/{public}/reports", {"reason": "spam", "note": "He sells <b>boats</b>"})
    page = ann.get("/desk/queue?status=reported")
    assert shown(page) == [public]
    assert "1 report : Spam 1" in words(page)
    assert "He sells &lt;b&gt;boats&lt;/b&gt;" in page.text
    assert '<button name="reason" value="spam" class="usual">' in page.text


def test_every_list_holds_its_own_comments(ada: Browser, ann: Desk) -> None:
    ids = [ada.post(f"text {n}").json["comment"]["id"] for n in range(4)]
    for comment_id, verdict in zip(ids, ("published", "rejected", "held"), strict=False):
        ann.post(f"/desk/comments/daily/{comment_id}/decide", {"verdict": verdict, "version": 1})
    ada.ask("DELETE", f"comments/{ids[3]}")
    expected = {"held": ids[2:3], "published": ids[:1], "rejected": ids[1:2], "withdrawn": ids[3:], "reported": []}
    for status, those in expected.items():
        assert shown(ann.get(f"/desk/queue?status={status}")) == those
    assert shown(ann.get("/desk/queue?status=all")) == ids[::-1]
    assert ann.get("/desk/queue?status=everything").status_code == 422


def test_one_article_has_its_own_lists(ada: Browser, ann: Desk) -> None:
    mine = ada.post("under a1").json["comment"]["id"]
    many(3)
    article = db.session.scalars(select(Article.id).where(Article.key == "a1")).one()
    assert shown(ann.get(f"/desk/articles/daily/{article}")) == [mine]
    assert shown(ann.get(f"/desk/articles/daily/{article}?status=all")) == [mine]
    assert shown(ann.get(f"/desk/articles/daily/{article}?status=rejected")) == []


@pytest.mark.parametrize("status", ["held", "reported", "published", "all"])
def test_every_page_is_reached_onwards_and_back(ann: Desk, status: str) -> None:
    stored = "held" if status == "held" else "published"
    ids = many(70, status=stored, reports=int(status == "reported"))
    wanted = ids if status == "held" else ids[::-1]
    pages = [ann.get(f"/desk/queue?status={status}")]
    while 'rel="next"' in pages[-1].text:
        pages.append(ann.get(link(pages[-1], "next")))
    assert [shown(page) for page in pages] == [wanted[:30], wanted[30:60], wanted[60:]]
    back = ann.get(link(pages[-1], "prev"))
    assert shown(back) == wanted[30:60]
    assert shown(ann.get(link(back, "prev"))) == wanted[:30]
    assert shown(ann.get(link(back, "next"))) == wanted[60:]


@pytest.mark.parametrize("place", ["after=x", "before=1.2", f"after=1.{'0' * 26}", "after=%00"])
def test_a_damaged_address_is_refused(ann: Desk, place: str) -> None:
    assert ann.get(f"/desk/queue?{place}").status_code == 422


def test_ten_thousand_cost_as_many_queries_as_one(ann: Desk) -> None:
    many(1)
    lists = [f"/desk/queue?status={status}" for status in ("held", "all")]
    assert [queries_of(ann, path) for path in lists] == [13, 13]
    for table in (Comment, Article):
        db.session.execute(delete(table))
    ids = many(10_000)
    assert [queries_of(ann, path) for path in lists] == [13, 13]
    page = ann.get(f"/desk/queue?after={ids[5000]}")
    assert shown(page) == ids[5001:5031]
    assert "Waiting 10,000" in words(page)


def test_a_page_reads_no_more_rows_when_more_is_waiting(ann: Desk) -> None:
    many(200)
    site_ids = list(db.session.scalars(select(Site.id)))
    found = moderating.listing(db.session(), Scope(site_ids=site_ids, status="held"))
    assert len(found.comments) == moderating.PAGE
    assert (found.before, found.after) == (None, found.comments[-1].id)
    assert moderating.listing(db.session(), Scope(site_ids=[])).comments == []


def test_the_outsider_sees_nothing_of_another_site(ada: Browser, otto: Desk) -> None:
    mine = ada.post("text").json["comment"]["id"]
    article = db.session.scalars(select(Article.id)).one()
    assert shown(otto.get("/desk/queue")) == []
    assert "Waiting 0" in words(otto.get("/desk/queue"))
    assert shown(otto.get("/desk/queue?status=all")) == []
    for path in (
        "queue?site=daily", f"comments/daily/{mine}", f"comments/other/{mine}", f"articles/daily/{article}",
        f"articles/other/{article}",
    ):  # fmt: skip
        assert otto.get(f"/desk/{path}").status_code == 404
    assert "text" not in words(otto.get(f"/desk/queue?notice=daily/{mine}&wanted=published"))
    for act in ("decide", "undo"):
        for site in ("daily", "other"):
            form = {"verdict": "published", "version": 1}
            assert otto.post(f"/desk/comments/{site}/{mine}/{act}", form).status_code == 404
    assert db.session.scalars(select(Comment.status)).one() == "held"


def test_whoever_is_not_signed_in_is_led_to_the_door(app: Flask) -> None:
    stranger = Desk(app.test_client())
    for path in ("/desk/queue", "/desk/articles/daily/x", "/desk/comments/daily/x"):
        assert stranger.get(path).status_code == 303
        assert stranger.get(path, **{"Sec-Fetch-Dest": "empty"}).status_code == 401


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"])
def test_no_text_of_a_reader_becomes_html(ada: Browser, bob: Browser, ann: Desk, hostile: str) -> None:
    db.session.execute(update(Site).values(moderation="post"))
    db.session.commit()
    mine = ada.post(hostile, name=hostile).json["comment"]["id"]
    db.session.execute(update(Article).values(title=hostile, section=hostile))
    db.session.commit()
    reader = reporting.REASONS[0]
    bob.ask("POST", f"comments/{mine}/reports", {"reason": reader, "note": hostile})
    for path in ("queue?status=all", "queue?status=reported", f"comments/daily/{mine}"):
        page = ann.get(f"/desk/{path}").text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert ">49" not in page


def test_style_and_script_are_there_for_everybody_and_asked_for_again(app: Flask) -> None:
    client = app.test_client()
    for name in ("desk.css", "desk.js"):
        answer = client.get(f"/desk/assets/{name}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
        again = client.get(f"/desk/assets/{name}", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    assert client.get("/desk/assets/embed.js").status_code == 404
