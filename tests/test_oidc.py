"""Sign in with an account elsewhere: the whole way against a provider on this machine, and each way to go wrong."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from sqlalchemy import select

from comments_service import reading
from comments_service.database import db, now
from comments_service.oidc import discovery, providers
from comments_service.oidc.providers import Wish
from comments_service.sealing import Keyring
from comments_service.tables import Identity, Reader, Session
from tests import provider as elsewhere
from tests.conftest import PAPER, SEALING_KEY, Browser
from tests.desk import make_moderator
from tests.pages import SERVICE, Page, Plain
from tests.provider import Provider

BEGIN = "/s/daily/sign-in/oidc/house"
ME = "/s/daily/me"


@pytest.fixture
def provider(app: Flask) -> Iterator[Provider]:
    """A provider that the site daily offers."""
    discovery.forget()
    with elsewhere.running() as found:
        register(found)
        yield found
    discovery.forget()


def register(found: Provider, **wished: str) -> None:
    site = reading.site(db.session(), "daily")
    wish = Wish(**{"name": "House", "issuer": found.issuer, "client_id": elsewhere.CLIENT,
                   "secret": elsewhere.SECRET, **wished})  # fmt: skip
    providers.add(db.session(), site, wish, keyring=Keyring((SEALING_KEY,)), local=True, at=now())
    db.session.commit()


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Follow nothing: the browser does."""


def visit(address: str) -> str:
    """Where a provider sends a browser on to."""
    try:
        build_opener(_Stay).open(Request(address), timeout=5)
    except HTTPError as found:
        return str(found.headers["Location"])
    raise AssertionError(address)


def begun(plain: Plain, **query: str) -> str:
    """Where a browser is sent that begins."""
    answer = plain.get(f"{BEGIN}?{urlencode(query)}")
    assert answer.status_code == 303, answer.text
    assert "Cross-Origin-Opener-Policy" not in answer.headers
    return str(answer.headers["Location"])


def came_back(plain: Plain, address: str, **headers: str) -> Any:
    return plain.get(address.removeprefix(SERVICE), **headers)


def signed_in(plain: Plain, **query: str) -> Any:
    """The last page of the whole way."""
    return came_back(plain, visit(begun(plain, **query)))


def identities() -> list[tuple[str, str, str, bool]]:
    rows = db.session.scalars(select(Identity).order_by(Identity.id))
    return [(row.subject, row.source, row.email, row.email_verified) for row in rows]


def test_a_reader_signs_in_without_javascript_and_out_again(app: Flask, provider: Provider) -> None:
    plain = Plain(app.test_client())
    form = f"/s/daily/t/a1/write?url={quote(f'{PAPER}/a1', safe='')}"
    begin = Page(plain.get(form).text).link("/sign-in/oidc/")
    answer = came_back(plain, visit(plain.get(begin).headers["Location"]))
    assert (answer.status_code, answer.headers["Location"]) == (303, SERVICE + form)
    assert answer.headers["Cache-Control"] == "private, no-store"
    asked = provider.seen[0]
    assert asked["redirect_uri"] == f"{SERVICE}{BEGIN}/callback"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert set(asked["scope"].split()) == {"openid", "email", "profile"}
    assert identities() == [("nora-1", "oidc", "nora@mail.example", True)]
    page = plain.get(form)
    assert "You are signed in." in page.text
    assert Page(page.text).all("input", name="name")[0]["value"] == "Nora"
    mine = plain.get(ME)
    assert "Here you are" in mine.text
    assert Plain(app.test_client()).get(ME).text.count("Here you are") == 0
    assert plain.get("/s/other/me").text.count("Here you are") == 0, "on the site where one signed in alone"
    token = Page(mine.text).all("input", name="form_token")[0]["value"]
    assert "You are signed out." in plain.post(ME, {"act": "sign_out", "form_token": token}).text
    assert "nothing of you here yet" in plain.get(ME).text
    assert db.session.scalars(select(Session.revoked_at)).one() is not None


def test_the_same_account_is_the_same_reader_whatever_its_address_and_name(app: Flask, provider: Provider) -> None:
    for person in ({}, {"name": "Countess", "email": "else@mail.example", "email_verified": False}):
        provider.person |= person
        assert signed_in(Plain(app.test_client())).status_code == 303
    assert db.session.scalars(select(Reader.name)).all() == ["Nora"], "people change their name here, not there"
    assert identities() == [("nora-1", "oidc", "else@mail.example", False)]
    plain = Plain(app.test_client())
    assert signed_in(plain).status_code == 303
    assert signed_in(plain).status_code == 303
    ended = db.session.scalars(select(Session.revoked_at).order_by(Session.created, Session.id)).all()
    assert [at is None for at in ended] == [True, True, False, True], "of one browser, the one before ends"
    provider.person["sub"] = "nora-2"
    assert signed_in(Plain(app.test_client())).status_code == 303
    assert len(db.session.scalars(select(Reader)).all()) == 2, "an address joins no accounts"


def test_an_address_counts_as_verified_only_if_the_provider_says_so(app: Flask, provider: Provider) -> None:
    for said in (None, False, "false", 1, "yes"):
        provider.person["email_verified"] = said
        assert signed_in(Plain(app.test_client())).status_code == 303
        assert identities()[0][3] is False, said


def test_a_name_of_the_staff_is_not_taken_over(app: Flask, provider: Provider, ada: Browser) -> None:
    make_moderator("mia", "Nоra", daily="moderator")
    assert signed_in(Plain(app.test_client())).status_code == 303
    assert db.session.scalars(select(Reader.name)).one() == "Guest"


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"claims": {"iss": "https://accounts.google.com"}},
    "another audience": {"claims": {"aud": "somebody-else"}},
    "for others too": {"claims": {"aud": [elsewhere.CLIENT, "somebody-else"], "azp": elsewhere.CLIENT}},
    "for another party": {"claims": {"azp": "somebody-else"}},
    "another nonce": {"claims": {"nonce": "x" * 43}},
    "no nonce": {"claims": {"nonce": None}},
    "expired": {"claims": {"exp": 1_000_000_000}},
    "of tomorrow": {"claims": {"iat": 4_000_000_000, "exp": 4_000_000_300}},
    "no subject": {"claims": {"sub": ""}},
    "a subject that is no text": {"claims": {"sub": 7}},
    "alg none": {"sign": elsewhere.unsigned},
    "the public key as secret": {"sign": elsewhere.with_public_key},
    "another key": {"sign": elsewhere.of_a_stranger},
    "no token": {"sign": lambda _said: ""},
}


def test_a_token_that_does_not_count_signs_nobody_in(app: Flask, provider: Provider) -> None:
    plain = Plain(app.test_client())
    for lie, how in LIES.items():
        provider.claims, provider.sign = how.get("claims", {}), how.get("sign")
        answer = signed_in(plain, thread="a1")
        assert (answer.status_code, "does not count here" in answer.text) == (401, True), lie
        assert Page(answer.text).link("/t/a1/write") == f"{SERVICE}/s/daily/t/a1/write", "it can be begun again"
        assert "account-daily" not in str(answer.headers)
    assert db.session.scalars(select(Reader)).all() == []


def test_an_answer_counts_once_and_in_the_browser_that_began(app: Flask, provider: Provider) -> None:
    ours, theirs = Plain(app.test_client()), Plain(app.test_client())
    address = visit(begun(ours))
    begun(theirs)
    assert "another browser" in came_back(theirs, address).text, "whoever is led there is not signed in as us"
    kept = ours.client.get_cookie(f"oidc-{parse_qs(urlsplit(address).query)['state'][0][:16]}")
    assert kept is not None
    assert came_back(ours, address).status_code == 303
    assert came_back(ours, address).status_code == 401, "the cookie is gone"
    ours.client.set_cookie(kept.key, kept.value)
    assert came_back(ours, address).status_code == 401, "and with it, the state was used"
    assert len(db.session.scalars(select(Session)).all()) == 1


def test_what_a_browser_began_is_good_for_its_site_its_provider_and_ten_minutes(
    app: Flask, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(provider, name="Second")
    plain = Plain(app.test_client())
    address = visit(begun(plain))
    assert came_back(plain, address.replace("/oidc/house/", "/oidc/second/")).status_code == 401
    state = parse_qs(urlsplit(address).query)["state"][0]
    assert came_back(plain, address.replace(state, "x" * 43)).status_code == 401
    monkeypatch.setattr("comments_service.web.pages.elsewhere.now", lambda: now() + timedelta(minutes=10))
    assert came_back(plain, address).status_code == 401


def test_who_is_not_signed_in_there_is_told_so(app: Flask, provider: Provider) -> None:
    plain = Plain(app.test_client())
    state = parse_qs(urlsplit(visit(begun(plain))).query)["state"][0]
    answer = came_back(plain, f"{BEGIN}/callback?{urlencode({'state': state, 'error': 'access_denied'})}")
    assert (answer.status_code, "You were not signed in there" in answer.text) == (401, True)


def test_a_provider_that_cannot_be_reached_is_the_owners_trouble(app: Flask, provider: Provider) -> None:
    provider.document = {"issuer": "https://lies.example"}
    answer = Plain(app.test_client()).get(BEGIN)
    assert (answer.status_code, "does not work right now" in answer.text) == (503, True)
    discovery.forget()
    provider.document = {"issuer": f"{provider.issuer}"}
    plain = Plain(app.test_client())
    address = visit(begun(plain))
    site = reading.site(db.session(), "daily")
    wish = providers.wish_of(providers.find(db.session(), site, "house"))
    other = Wish(**{**vars(wish), "secret": "another"})
    providers.change(db.session(), site, "house", other, keyring=Keyring((SEALING_KEY,)), local=True)
    db.session.commit()
    assert came_back(plain, address).status_code == 503


def test_one_that_answers_by_a_form_is_led_on_once_more(app: Flask, provider: Provider) -> None:
    key = elsewhere.EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    register(provider, name="Apple", kind="apple", team_id="TEAM123456", key_id="KEY1234567", secret=key)
    provider.apple = True
    plain = Plain(app.test_client())
    asked = {name: found[0] for name, found in parse_qs(urlsplit(
        plain.get(BEGIN.replace("house", "apple")).headers["Location"]).query).items()}  # fmt: skip
    assert asked["response_mode"] == "form_post"
    provider.codes["c0de"] = asked
    form = {"state": asked["state"], "code": "c0de", "user": "<b>never read</b>"}
    path = asked["redirect_uri"].removeprefix(SERVICE)
    # As browsers send it from another site: without our cookie.
    posted = app.test_client().post(path, data=form, headers={"Origin": provider.issuer}, base_url=SERVICE)
    assert posted.status_code == 200
    assert "never read" not in posted.text
    onward = Page(posted.text).link("/callback?")
    assert came_back(plain, onward).status_code == 303
    assert identities()[0][0] == "nora-1"
    assert app.test_client().post(path, data=form, base_url=SERVICE).status_code == 200
    assert len(db.session.scalars(select(Session)).all()) == 1, "a form alone does nothing"


def test_nothing_of_it_opens_in_a_frame(app: Flask, provider: Provider) -> None:
    plain = Plain(app.test_client())
    assert plain.get(BEGIN, Sec_Fetch_Dest="iframe").status_code == 403
    address = visit(begun(plain))
    assert came_back(plain, address, Sec_Fetch_Dest="iframe").status_code == 403
    answer = came_back(plain, address)
    assert (answer.status_code, answer.headers["X-Frame-Options"]) == (303, "DENY")


def test_what_is_switched_off_is_not_there_and_who_is_signed_in_stays(app: Flask, provider: Provider) -> None:
    plain = Plain(app.test_client())
    assert signed_in(plain).status_code == 303
    site = reading.site(db.session(), "daily")
    providers.switch(db.session(), site, "house", on=False, at=now())
    db.session.commit()
    assert plain.get(BEGIN).status_code == 404
    assert plain.get(BEGIN.replace("daily", "other")).status_code == 404
    assert "Here you are" in plain.get(ME).text
    shown: Any = app.test_client().get("/api/v1/sites/daily/thread?key=a1").json
    assert shown["site"]["providers"] == []


TENANT = "11111111-2222-3333-4444-555555555555"


def test_a_document_for_many_houses_takes_the_house_that_the_token_names(app: Flask, provider: Provider) -> None:
    server = provider.issuer
    provider.document = {"issuer": f"{server}/{discovery.TENANT}/v2.0"}
    site = reading.site(db.session(), "daily")
    wish = Wish(**{**vars(providers.wish_of(providers.find(db.session(), site, "house"))),
                   "issuer": f"{server}/common/v2.0", "secret": elsewhere.SECRET})  # fmt: skip
    providers.change(db.session(), site, "house", wish, keyring=Keyring((SEALING_KEY,)), local=True)
    db.session.commit()
    for tid, iss, status in (
        (TENANT, f"{server}/{TENANT}/v2.0", 303), (TENANT, f"{server}/common/v2.0", 401),
        (TENANT, f"{server}/{TENANT[::-1]}/v2.0", 401), ("../x", f"{server}/../x/v2.0", 401),
        (None, f"{server}/{discovery.TENANT}/v2.0", 401),
    ):  # fmt: skip
        provider.claims = {"tid": tid, "iss": iss}
        assert signed_in(Plain(app.test_client())).status_code == status, iss
    assert db.session.scalars(select(Identity.issuer)).one() == f"{server}/{TENANT}/v2.0"
