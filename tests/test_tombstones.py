"""What the desk takes down keeps its place only while something hangs on it, and nothing else of it is left."""

from typing import Any

from comments_service import moderating, recounting
from comments_service.database import db
from tests.conftest import OTHER, PAPER, Browser
from tests.test_conversation import article, decide, published, site, thread
from tests.test_pages import THREAD

HIDDEN = "canary words"


def removed(comment: str) -> None:
    """Have the desk take a public comment down."""
    decide(comment, "rejected", version=version(comment))


def version(comment: str) -> int:
    db.session.expire_all()
    return moderating.find(db.session(), site(), comment).version


def focus(browser: Browser, comment: str) -> Any:
    return browser.ask("GET", f"comments/{comment}/focus")


def ids(browser: Browser) -> list[str]:
    return [one["id"] for root in thread(browser) for one in [root, *root["replies"]]]


def test_a_removed_comment_leaves_its_place_while_replies_hang_on_it(ada: Browser, bob: Browser) -> None:
    root = published(ada, HIDDEN)
    reply = published(bob, "an answer", parent=root, name="Bob")
    removed(root)
    (shown,) = thread(bob)
    left = {name: shown[name] for name in ("status", "tree", "name", "author", "badges")}
    assert left == {"status": "removed", "tree": None, "name": "", "author": "", "badges": []}
    assert [one["id"] for one in shown["replies"]] == [reply]
    assert article().comments == 1
    removed(reply)
    assert thread(bob) == []
    assert article().comments == 0
    assert recounting.differences(db.session()) == {}


def test_neither_reason_nor_name_nor_text_is_left_anywhere(ada: Browser, bob: Browser) -> None:
    root = published(ada, HIDDEN, name="Canary")
    published(bob, "an answer", parent=root, name="Bob")
    removed(root)
    found = [
        bob.ask("GET", "thread?key=a1"), focus(bob, root), bob.ask("GET", "search?key=a1&q=canary"),
        *(bob.client.get(path) for path in (
            THREAD, f"{THREAD}/fragment.html", f"{THREAD}/jsonld", f"{THREAD}/feed.atom", "/s/daily/feed.json",
            f"/s/daily/c/{root}", f"/c/{root}",
        )),
    ]  # fmt: skip
    for answer in found:
        assert answer.status_code == 200
        assert not any(word in answer.text.lower() for word in ("canary", "mia", "rejected")), answer.request.path
    assert "removed by the moderators" in bob.client.get(THREAD).text
    assert "removed by the moderators" in bob.client.get(f"/c/{root}").text
    assert '"creativeWorkStatus": "Deleted"' in bob.client.get(f"{THREAD}/jsonld").text


def test_a_link_to_a_removed_comment_says_so_and_one_that_was_never_public_is_unknown(
    ada: Browser, bob: Browser
) -> None:
    shown, never = published(ada, "seen by many"), bob.post("seen by nobody").json["comment"]["id"]
    removed(shown)
    decide(never, "rejected")
    assert focus(bob, shown).json["comment"]["status"] == "removed"
    unknown = focus(bob, "0" * 26)
    assert (focus(ada, never).status_code, focus(ada, never).json["detail"]) == (404, unknown.json["detail"])
    assert thread(bob) == []


def test_its_author_still_sees_that_it_was_rejected_and_why(ada: Browser) -> None:
    mine = published(ada, "over the line")
    removed(mine)
    (own,) = ada.ask("GET", "me?key=a1").json["comments"]
    assert (own["status"], own["tree"]) == ("rejected", [["p", "over the line"]])
    assert own["reason"] == "A moderator decided so."


def test_places_come_and_go_with_what_hangs_on_them_at_any_depth(ada: Browser, bob: Browser) -> None:
    first = published(ada, "one")
    second = published(bob, "two", parent=first, name="Bob")
    third = published(ada, "three", parent=second)
    removed(second)
    assert ids(bob) == [first, second, third]
    ada.ask("DELETE", f"comments/{third}")
    assert ids(bob) == [first]
    ada.ask("POST", f"comments/{third}/restore")
    assert ids(bob) == [first, second, third]
    ada.ask("DELETE", f"comments/{first}")
    assert ids(bob) == [first, second, third]
    removed(third)
    assert ids(bob) == []
    assert recounting.differences(db.session()) == {}


def test_nobody_answers_recommends_or_reports_what_is_gone(ada: Browser, bob: Browser) -> None:
    root = published(ada, "a root")
    published(bob, "an answer", parent=root, name="Bob")
    removed(root)
    answered = bob.post("me too", parent=root, name="Bob")
    assert answered.status_code == 422
    assert answered.json["detail"] == "The comment you answer was removed by the moderators."
    assert bob.ask("PUT", f"comments/{root}/recommendation").status_code == 422
    assert bob.ask("POST", f"comments/{root}/reports", {"reason": "spam", "note": ""}).status_code == 422


def test_what_was_held_again_is_unknown_until_the_desk_takes_it_down(ada: Browser, bob: Browser) -> None:
    root = published(ada, "a root")
    published(bob, "an answer", parent=root, name="Bob")
    decide(root, "held", version=version(root))
    assert focus(bob, root).status_code == 404
    before = article().version
    removed(root)
    assert focus(bob, root).json["comment"]["status"] == "removed"
    assert article().version == before + 1


def test_an_author_is_one_sign_on_a_site_and_another_elsewhere(ada: Browser, bob: Browser, outsider: Browser) -> None:
    published(ada, "one")
    published(ada, "two", name="Another name")
    published(bob, "three", name="Ada")
    signs = {one["tree"][0][1]: one["author"] for one in thread(bob)}
    assert signs["one"] == signs["two"] != signs["three"]
    there = outsider.post("four").json["comment"]["author"]
    assert there not in signs.values()
    assert outsider.origin == OTHER != PAPER
