"""An author hears why a comment is not public, in words meant for them; nobody else hears anything."""

from typing import Any

import pytest
from sqlalchemy import event

from comments_service import explaining, moderating, reading
from comments_service.database import db, now
from comments_service.judging import Actor
from tests.conftest import Browser

MIA = Actor(kind="moderator", name="Mia")


def decide(comment_id: str, verdict: str, *, reason: str = "") -> None:
    site = reading.site(db.session(), "daily")
    version = moderating.find(db.session(), site, comment_id).version
    moderating.decide(
        db.session(), site, comment_id, verdict=verdict, version=version, by=MIA, at=now(), reason=reason
    )
    db.session.commit()


def told(browser: Browser) -> list[str | None]:
    mine: list[dict[str, Any]] = browser.ask("GET", "me?key=a1").json["comments"]
    return [comment["reason"] for comment in mine]


def test_each_reason_of_the_desk_has_a_sentence_for_the_author() -> None:
    assert set(explaining.BY_MODERATOR) == set(moderating.REASONS)


@pytest.mark.parametrize("reason", list(moderating.REASONS))
def test_the_author_hears_the_reason_that_the_moderator_chose(ada: Browser, bob: Browser, reason: str) -> None:
    held = ada.post("A first comment").json["comment"]
    assert held["reason"].startswith("Your first comment here")
    decide(held["id"], "rejected", reason=reason)
    assert told(ada) == [explaining.BY_MODERATOR[reason]]
    assert told(bob) == []


def test_the_last_decision_is_the_one_that_counts(ada: Browser) -> None:
    held = ada.post("A first comment").json["comment"]["id"]
    decide(held, "rejected", reason="spam")
    decide(held, "published")
    assert told(ada) == [None]
    decide(held, "rejected", reason="off-topic")
    assert told(ada) == [explaining.BY_MODERATOR["off-topic"]]
    decide(held, "rejected", reason="illegal")
    assert told(ada) == [explaining.BY_MODERATOR["illegal"]]


def test_without_a_reason_no_rule_is_blamed(ada: Browser) -> None:
    held = ada.post("A first comment").json["comment"]["id"]
    decide(held, "rejected")
    assert told(ada) == [explaining.BY_MODERATOR["other"]]


def test_of_several_rules_the_one_that_rejects_is_told(ada: Browser) -> None:
    comment = ada.post("my spamword here").json["comment"]
    assert (comment["status"], comment["reason"]) == ("rejected", "It holds a word that this site does not publish.")
    assert told(ada) == [comment["reason"]]


def test_many_refused_comments_cost_one_query_more(ada: Browser) -> None:
    def queries() -> int:
        seen: list[str] = []

        def note(*arguments: Any) -> None:
            seen.append(arguments[2])

        event.listen(db.engine, "before_cursor_execute", note)
        told(ada)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    ids = [ada.post(f"Number {number}").json["comment"]["id"] for number in range(4)]
    none = queries()
    decide(ids[0], "rejected", reason="spam")
    one = queries()
    for comment_id in ids[1:]:
        decide(comment_id, "rejected", reason="abuse")
    assert queries() == one <= none + 1
