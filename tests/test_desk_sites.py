"""Owners make and change sites, let people in and hand out tokens; moderators look on; outsiders see nothing."""

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

from comments_service import reading, signing_in, staff, tokens
from comments_service.database import db, now
from comments_service.tables import ApiToken, Membership, Moderator, OneTimeLink, Site
from tests.conftest import PAPER
from tests.desk import Desk, make_moderator, signed_in

LINK = re.compile(r"http://localhost:8000/desk/once/[A-Za-z0-9_-]{43}")


@pytest.fixture
def ann(app: Flask) -> Desk:
    make_moderator("ann", "Ann", daily="owner")
    return signed_in(app.test_client(), "ann")


@pytest.fixture
def bob(app: Flask, ann: Desk) -> Desk:
    make_moderator("bob", "Bob", daily="moderator")
    return signed_in(app.test_client(), "bob")


def site(key: str = "daily") -> Site:
    db.session.rollback()
    return reading.site(db.session(), key)


def person(login: str) -> Moderator:
    return staff.by_login(db.session(), login)


def roles(key: str = "daily") -> dict[str, str]:
    return {member.login: role for member, role in staff.members(db.session(), site(key))}


SETTINGS = {
    "name": "The Daily Planet", "origins": " https://paper.example\r\n\r\nHTTPS://WWW.Paper.example:443 ",
    "moderation": "pre", "held_words": "idiot\r\nmoron\r\nidiot", "banned_words": "",
}  # fmt: skip


def test_the_list_shows_ones_own_sites_only(ann: Desk) -> None:
    listed = ann.get("/desk/sites").text
    assert "The Daily" in listed
    assert "The Other" not in listed
    assert "New site" in listed


def test_the_page_of_a_site_holds_the_tag_to_copy(ann: Desk, bob: Desk) -> None:
    tag = '<script async src="http://localhost:8000/embed.js" data-site="daily" data-auto></script>'
    assert tag in html.unescape(ann.get("/desk/sites/daily").text)
    assert tag in html.unescape(bob.get("/desk/sites/daily").text)


def test_an_owner_changes_a_site_and_its_version_moves_with_what_readers_see(ann: Desk) -> None:
    before = site().version
    assert ann.post("/desk/sites/daily", SETTINGS).location == "/desk/sites/daily?done=saved"
    changed = site()
    assert (changed.name, changed.moderation, changed.guests) == ("The Daily Planet", "pre", True)
    assert changed.origins == [PAPER, "https://www.paper.example"]
    assert (changed.held_words, changed.banned_words) == (["idiot", "moron"], [])
    assert changed.version == before + 1
    ann.post("/desk/sites/daily", {**SETTINGS, "held_words": "idiot"})
    assert site().version == before + 1


def test_an_owner_opens_and_closes_the_ways_in(ann: Desk) -> None:
    before = site().version
    assert (site().guests, site().mail, site().sso) == (True, False, True)
    assert ann.post("/desk/sites/daily/ways", {"mail": "on"}).location == "/desk/sites/daily/sso?done=saved"
    assert (site().guests, site().mail, site().sso) == (False, True, False)
    assert site().version == before + 1
    ann.post("/desk/sites/daily", SETTINGS)
    assert not site().guests, "the other settings leave it as it is"
    assert "whoever runs it has to set MAIL_URL" in ann.get("/desk/sites/daily/sso").text


def test_a_registered_origin_counts_at_once_and_a_removed_one_no_more(app: Flask, ann: Desk) -> None:
    def answer(origin: str) -> int:
        headers = {"Origin": origin, "Authorization": f"Bearer {'A' * 43}"}
        return app.test_client().get("/api/v1/sites/daily/me?key=a1", headers=headers).status_code

    assert (answer(PAPER), answer("https://new.example")) == (200, 403)
    ann.post("/desk/sites/daily", {**SETTINGS, "origins": "https://new.example"})
    assert (answer(PAPER), answer("https://new.example")) == (403, 200)


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name", "", "Give the site a name"),
        ("name", "x" * 201, "Give the site a name"),
        ("name", "a\u202eb", "Give the site a name"),
        ("origins", "", "Name 1 to 50 origins"),
        ("origins", "https://paper.example/path", "Write an origin as in"),
        ("origins", "https://*.example", "Write an origin as in"),
        ("origins", "null", "Write an origin as in"),
        ("origins", "javascript:alert(1)", "Write an origin as in"),
        ("origins", "https://user@paper.example", "Write an origin as in"),
        ("origins", "\n".join(f"https://a{n}.example" for n in range(51)), "Name 1 to 50 origins"),
        ("moderation", "never", "Choose one of the three"),
        ("held_words", "two words", "Write one word a line"),
        ("banned_words", "<script>alert(1)</script>", "Write one word a line"),
        ("banned_words", "x" * 61, "Write one word a line"),
        ("held_words", "\n".join(f"word{n}" for n in range(1001)), "A list takes 1,000 words"),
    ],
)
def test_what_cannot_be_stays_in_its_field_with_the_reason(ann: Desk, field: str, typed: str, reason: str) -> None:
    before = site().version
    told = ann.post("/desk/sites/daily", {**SETTINGS, field: typed})
    assert told.status_code == 422
    assert f'id="{field}-wrong"' in told.text
    assert reason in told.text
    assert "<script>alert" not in told.text
    assert "The Daily Planet" in told.text or field == "name"
    if field not in {"name", "moderation"}:
        assert all(line in html.unescape(told.text) for line in typed.splitlines())
    assert site().version == before


def test_a_new_site_belongs_to_whoever_made_it(ann: Desk, bob: Desk) -> None:
    form = {"key": "weekly", "name": "The Weekly", "origins": "https://weekly.example", "moderation": "first"}
    assert ann.post("/desk/sites/new", form).location == "/desk/sites/weekly?done=made"
    assert roles("weekly") == {"ann": "owner"}
    assert "Copy its script tag" in ann.get("/desk/sites/weekly?done=made").text
    assert bob.get("/desk/sites/weekly").status_code == 404
    assert bob.get("/desk/sites/new").status_code == 403
    assert "New site" not in bob.get("/desk/sites").text


@pytest.mark.parametrize(
    ("key", "status", "reason"),
    [
        ("daily", 409, "There is a site daily already."),
        ("other", 409, "There is a site other already."),
        ("", 422, "A key has 1 to 40"),
        ("../daily", 422, "A key has 1 to 40"),
        ("Daily", 422, "A key has 1 to 40"),
        ("-x", 422, "A key has 1 to 40"),
        ("x" * 41, 422, "A key has 1 to 40"),
        ('"><b>', 422, "A key has 1 to 40"),
    ],
)
def test_a_key_that_cannot_be_is_told(ann: Desk, key: str, status: int, reason: str) -> None:
    form = {"key": key, "name": "Typed <Name>", "origins": "https://new.example", "moderation": "first"}
    told = ann.post("/desk/sites/new", form)
    assert told.status_code == status
    assert reason in told.text
    assert 'value="Typed &lt;Name&gt;"' in told.text
    assert '"><b>' not in told.text.replace('">\n', "")


def test_a_moderator_sees_the_settings_and_no_secret(ann: Desk, bob: Desk) -> None:
    told = bob.get("/desk/sites/daily").text
    assert "Only owners change these." in told
    assert "spamword" in told
    assert "<textarea" not in told
    people = bob.get("/desk/sites/daily/people").text
    assert "Ann" in people
    assert "/role" not in people
    assert "Invite somebody" not in people
    assert bob.get("/desk/sites/daily/tokens").status_code == 403
    assert bob.get("/desk/sites/daily/page-key").status_code == 403
    for page in (told, people):
        assert site().page_key not in page
        assert "/tokens" not in page


def test_whoever_is_known_already_gets_no_link_from_another_owner(ann: Desk) -> None:
    make_moderator("olga", "Olga", other="owner")
    asked = {"login": "olga", "name": "Renamed", "role": "owner"}
    refused = ann.post("/desk/sites/daily/people", asked)
    assert (refused.status_code, "This login is taken." in refused.text, "Olga" in refused.text) == (409, True, False)
    make_moderator("ann", "Ann", other="moderator")
    added = ann.post("/desk/sites/daily/people", asked)
    assert added.location == "/desk/sites/daily/people?done=member"
    assert db.session.scalars(select(OneTimeLink).where(OneTimeLink.moderator_id == person("olga").id)).all() == []
    assert person("olga").name == "Olga"
    told = ann.post(f"/desk/sites/daily/people/{person('olga').id}/link")
    assert told.status_code == 403
    assert not LINK.search(told.text)


@pytest.mark.parametrize(
    ("form", "status", "field"),
    [
        ({"login": "a b", "name": "Kept name", "role": "moderator"}, 422, "login"),
        ({"login": "ann", "name": "Kept name", "role": "moderator"}, 409, "login"),
        ({"login": "kept", "name": "", "role": "moderator"}, 422, "name"),
        ({"login": "kept", "name": "Kept name", "role": "publisher"}, 422, "role"),
    ],
)
def test_somebody_who_cannot_be_added_is_told_why(ann: Desk, form: dict[str, str], status: int, field: str) -> None:
    told = ann.post("/desk/sites/daily/people", form)
    assert told.status_code == status
    assert f'id="{field}-wrong"' in told.text
    assert "Kept name" in told.text or field == "name"
    assert roles() == {"ann": "owner"}


def test_roles_change_and_the_last_owner_stays(ann: Desk, bob: Desk) -> None:
    mine, theirs = (f"/desk/sites/daily/people/{person(login).id}" for login in ("ann", "bob"))
    for answer in (ann.post(f"{mine}/remove"), ann.post(f"{mine}/role", {"role": "moderator"})):
        assert answer.status_code == 409
        assert "This is the last owner" in answer.text
    assert roles() == {"ann": "owner", "bob": "moderator"}
    assert ann.post(f"{theirs}/role", {"role": "owner"}).status_code == 303
    assert ann.post(f"{mine}/remove").location == "/desk/sites?done=removed"
    assert roles() == {"bob": "owner"}
    assert "You have no site yet" in ann.get("/desk/sites").text
    assert bob.post(f"{mine}/role", {"role": "owner"}).status_code == 404


def test_a_new_link_ends_the_one_before(ann: Desk, bob: Desk) -> None:
    path = f"/desk/sites/daily/people/{person('bob').id}/link"
    first, second = (LINK.findall(ann.post(path).text)[0] for _ in range(2))
    assert bob.post(first.removeprefix("http://localhost:8000")).status_code == 404
    assert bob.post(second.removeprefix("http://localhost:8000")).status_code == 303


def test_a_token_is_shown_once_listed_and_revoked(ann: Desk) -> None:
    made = ann.post("/desk/sites/daily/tokens", {"name": "news<room>", "scopes": "articles:write"})
    [raw] = set(re.findall(r"cst_[A-Za-z0-9_-]{43}", made.text))
    assert tokens.find(db.session(), raw, scope="articles:write", at=now())[0].key == "daily"
    db.session.rollback()
    listed = ann.get("/desk/sites/daily/tokens").text
    assert raw not in listed
    assert "news&lt;room&gt;" in listed
    [token] = db.session.scalars(select(ApiToken.id))
    assert ann.post(f"/desk/sites/daily/tokens/{token}/revoke").location == "/desk/sites/daily/tokens?done=revoked"
    assert "revoked" in ann.get("/desk/sites/daily/tokens").text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": "", "scopes": "articles:write"}, "name"), ({"name": "n"}, "scopes"),
        ({"name": "n", "scopes": "all"}, "scopes"),
    ],
)  # fmt: skip
def test_a_token_needs_a_name_and_a_scope(ann: Desk, form: dict[str, str], field: str) -> None:
    told = ann.post("/desk/sites/daily/tokens", form)
    assert told.status_code == 422
    assert f'id="{field}-wrong"' in told.text
    assert db.session.scalars(select(ApiToken)).all() == []


def test_the_token_and_the_people_of_another_site_are_not_there(ann: Desk) -> None:
    make_moderator("olga", "Olga", other="owner")
    raw = tokens.make(db.session(), site("other"), name="theirs", scopes=["articles:write"], at=now())
    db.session.commit()
    token = tokens.listing(db.session(), site("other"))[0].id
    olga = person("olga").id
    for path in (f"tokens/{token}/revoke", f"people/{olga}/remove", f"people/{olga}/link", f"people/{olga}/role"):
        assert ann.post(f"/desk/sites/daily/{path}", {"role": "owner"}).status_code == 404
    assert tokens.find(db.session(), raw, scope="articles:write", at=now())
    assert roles("other") == {"olga": "owner"}


def test_the_page_key_is_shown_to_owners_and_made_anew(ann: Desk) -> None:
    before = site().page_key
    assert before in ann.get("/desk/sites/daily/page-key").text
    assert ann.post("/desk/sites/daily/page-key").location == "/desk/sites/daily/page-key?done=rotated"
    assert site().page_key != before
    assert site().page_key in ann.get("/desk/sites/daily/page-key").text


def test_too_much_at_once_is_a_page_in_plain_words(ann: Desk) -> None:
    told = ann.post("/desk/sites/daily", {**SETTINGS, "held_words": "x" * 70_000})
    assert told.status_code == 413
    assert "That is too much" in told.text


def test_an_owner_who_is_disabled_counts_for_nothing(ann: Desk, bob: Desk) -> None:
    staff.set_role(db.session(), site(), person("bob").id, role="owner")
    signing_in.disable(db.session(), person("bob"), at=now())
    db.session.commit()
    assert "disabled" in ann.get("/desk/sites/daily/people").text
    assert ann.post(f"/desk/sites/daily/people/{person('ann').id}/remove").status_code == 409
    assert db.session.scalars(select(Membership.role)).all().count("owner") == 2
