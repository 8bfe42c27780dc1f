"""Every route of the service, asked by everybody about what belongs to one site: who gets in is written down here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from comments_service import cursors, reading, tokens
from comments_service.database import db, new_id, now
from comments_service.oidc import providers
from comments_service.sealing import Keyring
from tests.conftest import OTHER, PAPER, Browser
from tests.desk import DESK, make_moderator, signed_in
from tests.signing import signer
from tests.test_desk_guard import everything
from tests.test_origins import BODIES
from tests.test_reader_contract import published
from tests.test_sso import sign_in

EVERYBODY = {
    "anonymous", "author", "reader", "reader with an account", "reader of B",
    "server", "server of B", "moderator", "owner", "owner of B",
}  # fmt: skip
READERS = {"author", "reader", "reader with an account"}
STAFF = {"moderator", "owner"}
SIGNED_IN = STAFF | {"owner of B"}
# A form of the service's own pages: who sends it is known by a cookie and its token, and tested with those pages.
OWN_FORM: set[str] | None = None

# A new route without a line here fails; so does one that lets somebody else in than its line says.
LINES: dict[str, set[str] | None] = {
    "api_pages.document": EVERYBODY, "api_pages.page": EVERYBODY, "api_pages.style": EVERYBODY,
    "article_api.get": {"server"}, "article_api.put": {"server"},
    "desk.accept": OWN_FORM, "desk.ask_second_factor": {"owner"}, "desk.begin_second_factor": SIGNED_IN,
    "desk.code_page": OWN_FORM, "desk.confirm": SIGNED_IN, "desk.confirm_second_factor": SIGNED_IN,
    "desk.give_code": OWN_FORM, "desk.invitation": OWN_FORM, "desk.invite_again": set(),
    "desk.remove_second_factor": SIGNED_IN, "desk.renew_codes": SIGNED_IN, "desk.revoke_invitation": set(),
    "desk.second_factor_page": SIGNED_IN,
    "desk.account": SIGNED_IN, "desk.add_person": {"owner"}, "desk.article": STAFF, "desk.change_role": {"owner"},
    "desk.change_site": {"owner"}, "desk.comment": STAFF, "desk.decide": STAFF, "desk.end_all": SIGNED_IN,
    "desk.end_others": SIGNED_IN, "desk.end_session": SIGNED_IN, "desk.home": SIGNED_IN, "desk.link_person": {"owner"},
    "desk.end_expert": set(), "desk.end_writing": STAFF, "desk.end_writing_of": {"owner"},
    "desk.make_code": STAFF, "desk.make_expert": STAFF, "desk.writing": SIGNED_IN,
    "desk.open_ways": {"owner"},
    "desk.make_sso_key": {"owner"}, "desk.retire_sso_key": {"owner"}, "desk.sso_key_list": {"owner"},
    "desk.provider_list": {"owner"}, "desk.make_provider": {"owner"}, "desk.provider_page": {"owner"},
    "desk.change_provider": {"owner"}, "desk.switch_provider": {"owner"}, "desk.try_provider": {"owner"},
    "desk.make_token": {"owner"}, "desk.mark": STAFF, "desk.new_site": {"owner", "owner of B"},
    "desk.new_site_page": {"owner", "owner of B"}, "desk.nowhere": set(),
    "desk.privacy_page": {"owner"}, "desk.choose_retention": {"owner"}, "desk.choose_disclosure": {"owner"},
    "desk.dead_letters": {"owner"}, "desk.drop_letter": {"owner"}, "desk.retry_letter": {"owner"},
    "desk.once": OWN_FORM,
    "desk.once_page": OWN_FORM, "desk.page_key": {"owner"}, "desk.people": STAFF, "desk.queue": SIGNED_IN,
    "desk.remove_person": {"owner"}, "desk.rename": SIGNED_IN, "desk.revoke_token": {"owner"},
    "desk.rotate_page_key": {"owner"}, "desk.sessions": SIGNED_IN, "desk.set_password": SIGNED_IN,
    "desk.sign_in": OWN_FORM, "desk.sign_in_page": OWN_FORM, "desk.sign_out": SIGNED_IN, "desk.site_list": SIGNED_IN,
    "desk.site_page": STAFF, "desk.speak": SIGNED_IN, "desk.token_list": {"owner"}, "desk.undo": STAFF,
    "desk_assets.desk_asset": EVERYBODY,
    "embed.chunk": EVERYBODY, "embed.loader": EVERYBODY,
    "health.healthz": EVERYBODY, "health.readyz": EVERYBODY,
    "pages.mailed_sign_in": OWN_FORM, "pages.sign_in": OWN_FORM, "pages.ask_for_code": OWN_FORM,
    "pages.take_code": OWN_FORM,
    "pages.sign_in_elsewhere": OWN_FORM, "pages.come_back": OWN_FORM, "pages.posted_back": OWN_FORM,
    "pages.asset": EVERYBODY, "pages.confirm": OWN_FORM, "pages.resubscribe": OWN_FORM, "pages.unsubscribe": OWN_FORM,
    "pages.comment": EVERYBODY, "pages.edit": OWN_FORM, "pages.fragment": EVERYBODY,
    "pages.jsonld": EVERYBODY, "pages.oembed": EVERYBODY, "pages.quote": EVERYBODY, "pages.short_quote": EVERYBODY,
    "pages.me": OWN_FORM, "pages.own_data": OWN_FORM, "pages.recommend": OWN_FORM, "pages.report": OWN_FORM,
    "pages.restore": OWN_FORM, "pages.send": OWN_FORM,
    "pages.search": EVERYBODY, "pages.short": EVERYBODY, "pages.site_feed": EVERYBODY, "pages.thread": EVERYBODY,
    "pages.thread_feed": EVERYBODY, "pages.withdraw": OWN_FORM, "pages.write": OWN_FORM, "pages.yours": OWN_FORM,
    "public_api.beside": EVERYBODY, "public_api.counts": EVERYBODY, "public_api.focus": EVERYBODY,
    "public_api.replies": EVERYBODY, "public_api.search": EVERYBODY,
    "public_api.thread": EVERYBODY, "public_api.version": EVERYBODY,
    "reader_api.begin_edit": {"author"}, "reader_api.bind": set(), "reader_api.edit": {"author"},
    "reader_api.form_token": READERS, "reader_api.me": READERS, "reader_api.mine": READERS,
    "reader_api.post": READERS, "reader_api.preview": READERS, "reader_api.recommend": READERS,
    "reader_api.report": READERS,
    "reader_api.rotate": {"reader with an account"}, "reader_api.sign_in": set(),
    "reader_api.ask_by_mail": set(), "reader_api.sign_in_by_mail": set(),
    "reader_api.trade_code": set(), "reader_api.sign_out": READERS,
    "reader_api.sign_out_everywhere": READERS,
    "reader_api.end_other_sessions": READERS, "reader_api.end_own_session": set(), "reader_api.leave": READERS,
    "reader_api.own_comments": READERS, "reader_api.own_data": READERS, "reader_api.own_sessions": READERS,
    "reader_api.profile": READERS, "reader_api.rename": READERS, "reader_api.stay": READERS,
    "reader_api.mutes": READERS, "reader_api.mute": {"reader with an account"},
    "reader_api.unmute": {"reader with an account"},
    "reader_api.notices": READERS, "reader_api.unread": READERS, "reader_api.read_notices": READERS,
    "reader_api.notice_settings": READERS, "reader_api.set_notices": READERS, "reader_api.give_address": READERS,
    "reader_api.renew_feed": READERS, "reader_api.close_feed": READERS, "reader_api.followed": READERS,
    "reader_api.follow": READERS, "reader_api.unfollow": READERS,
    "pages.notices": OWN_FORM, "pages.act_on_notices": OWN_FORM, "pages.ask_for_address": OWN_FORM,
    "pages.own_feed": set(),
    "reader_api.restore": {"author"}, "reader_api.share": READERS, "reader_api.unrecommend": READERS,
    "reader_api.withdraw": {"author"},
}  # fmt: skip
# Whoever has done one of these is nobody afterwards; they are tested in test_sso_sessions.
ENDING = {"reader_api.sign_out", "reader_api.sign_out_everywhere"}
REFUSED = {401, 403, 404, 405}
# What the forms of the desk send, each its own part of it.
FORM = {
    "act": "feature", "scope": "article", "verdict": "published", "version": "1", "reason": "", "role": "owner",
    "name": "Theirs", "login": "x",
}  # fmt: skip
SECRETS = ("canary-held", "canary-note")
Send = Callable[[str, str, dict[str, Any] | None], Any]


@dataclass
class World:
    """What site A has, and how everybody asks."""

    ids: dict[str, str]
    callers: dict[str, Send]
    held: str


@pytest.fixture
def world(app: Flask, ada: Browser, bob: Browser) -> World:
    public = published(ada, "a public word")
    published(bob, "bob is known too")
    held = Browser(ada.client, secret="C" * 43).post("canary-held").json["comment"]["id"]
    assert bob.ask("POST", f"comments/{public}/reports", {"reason": "spam", "note": "canary-note"}).status_code == 200
    make_moderator("ann", "Ann", daily="owner")
    wish = providers.Wish(name="House", issuer="https://login.example", client_id="x")
    providers.add(
        db.session(), reading.site(db.session(), "daily"), wish, keyring=Keyring(()), local=False, at=now()
    )
    make_moderator("mia", "Mia", daily="moderator")
    make_moderator("olga", "Olga", other="owner")
    ids = {
        "site_key": "daily", "comment_id": public, "article_key": "a1", "token": "A" * 43, "rest": "nowhere",
        "article_id": reading.place(db.session(), "daily", "a1")[1].id, "kind": "atom", "which": "featured",  # type: ignore[union-attr]  # the comments above are under it
        "moderator_id": new_id(), "session_id": new_id(), "token_id": new_id(), "name": "x.css", "expert_id": new_id(),
        "letter_id": new_id(), "author": "A" * 16,
        "kid": "theirs", "provider_key": "house",
    }  # fmt: skip
    callers: dict[str, Send] = {
        "anonymous": by_headers(app, {}),
        "author": by_headers(app, {"Origin": PAPER, "Authorization": f"Bearer {ada.secret}"}),
        "reader": by_headers(app, {"Origin": PAPER, "Authorization": f"Bearer {bob.secret}"}),
        "reader with an account": by_headers(app, {"Origin": PAPER, "Authorization": f"Bearer {account(app)}"}),
        "reader of B": by_headers(app, {"Origin": OTHER, "Authorization": f"Bearer {ada.secret}"}),
        "server": by_headers(app, {"Authorization": f"Bearer {api_token('daily')}"}),
        "server of B": by_headers(app, {"Authorization": f"Bearer {api_token('other')}"}),
    }
    for name, login in (("moderator", "mia"), ("owner", "ann"), ("owner of B", "olga")):
        callers[name] = by_cookie(app, login)
    return World(ids, callers, held)


def account(app: Flask) -> str:
    """The secret of a session that the paper's account has opened."""
    nora = Browser(app.test_client(), secret="N" * 43)
    assert sign_in(nora, signer(db.session()).token()).status_code == 200
    return nora.secret


def api_token(site_key: str) -> str:
    site = reading.site(db.session(), site_key)
    raw = tokens.make(db.session(), site, name="newsroom", scopes=["articles:write"], at=now())
    db.session.commit()
    return raw


def by_headers(app: Flask, headers: dict[str, str]) -> Send:
    def send(method: str, path: str, body: dict[str, Any] | None) -> Any:
        return app.test_client().open(path, method=method, json=body, headers=headers, base_url=DESK)

    return send


def by_cookie(app: Flask, login: str) -> Send:
    desk = signed_in(app.test_client(), login)

    def send(method: str, path: str, body: dict[str, Any] | None) -> Any:
        if path.startswith("/api/v1/"):
            # The cookie of the desk, from a page of the desk: to the API nobody at all.
            own = {"Origin": DESK, "Sec-Fetch-Site": "same-origin"}
            return desk.client.open(path, method=method, json=body, headers=own, base_url=DESK)
        return desk.get(path) if method == "GET" else desk.post(path, FORM)

    return send


def asked(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def path_of(rule: Rule, ids: dict[str, str]) -> str:
    built = rule.build({name: ids[name] for name in rule.arguments})
    assert built is not None
    query = "?key=a1&q=canary" if rule.endpoint.startswith(("public_api.", "reader_api.")) else ""
    if rule.endpoint == "public_api.beside":
        # As `/focus` gives it: what comes after the comment itself.
        query = f"?cursor={cursors.make('beside ' + ids['article_id'], number=1, last=ids['comment_id'])}"
    if rule.endpoint == "pages.oembed":
        query = f"?url={DESK}/c/{ids['comment_id']}"
    return built[1] + query


def body_of(rule: Rule) -> dict[str, Any] | None:
    said = {"url": f"{PAPER}/a1", "title": "Theirs"} if rule.endpoint == "article_api.put" else None
    return BODIES.get(rule.endpoint, said)


def is_refused(answer: Any) -> bool:
    return answer.status_code in REFUSED or answer.headers.get("Location", "").startswith("/desk/sign-in")


def test_every_route_has_its_line(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(LINES)


def test_nobody_gets_in_where_no_line_lets_them(app: Flask, world: World) -> None:
    before = everything()
    for rule, method in asked(app):
        allowed = LINES[rule.endpoint]
        for name in sorted(EVERYBODY - (allowed or set())) if allowed is not None else []:
            answer = world.callers[name](method, path_of(rule, world.ids), body_of(rule))
            assert is_refused(answer), (name, method, rule.rule, answer.status_code)
            assert not any(secret in answer.text for secret in SECRETS), (name, method, rule.rule)
    assert everything() == before


def test_whoever_a_line_lets_in_may_look(app: Flask, world: World) -> None:
    for rule, method in asked(app):
        for name in sorted(LINES[rule.endpoint] or set()) if method == "GET" else []:
            if rule.endpoint in {"pages.asset", "desk_assets.desk_asset", "embed.chunk", "embed.loader"}:
                continue  # what these give lies on the disk; their own tests name it
            answer = world.callers[name](method, path_of(rule, world.ids), None)
            assert answer.status_code < 400, (name, method, rule.rule, answer.status_code)
            if name not in STAFF:
                # What one has reported is one's own.
                hidden = SECRETS[:1] if (name, rule.endpoint) == ("reader", "reader_api.own_data") else SECRETS
                assert not any(secret in answer.text for secret in hidden), (name, method, rule.rule)


def test_whoever_a_line_lets_in_may_act(app: Flask, world: World) -> None:
    for rule, method in asked(app):
        if method == "GET" or not rule.endpoint.startswith(("reader_api.", "article_api.")) or rule.endpoint in ENDING:
            continue
        for name in sorted(LINES[rule.endpoint] or set()):
            answer = world.callers[name](method, path_of(rule, world.ids), body_of(rule))
            assert not is_refused(answer), (name, method, rule.rule, answer.status_code)
            assert answer.status_code < 500


def test_ids_of_one_site_are_nothing_on_another(app: Flask, world: World) -> None:
    before = everything()
    ids = world.ids | {"site_key": "other"}
    for rule, method in asked(app):
        if "site_key" not in rule.arguments or not rule.arguments & {"comment_id", "article_id"}:
            continue
        for name in ("anonymous", "reader of B", "server of B", "owner of B"):
            answer = world.callers[name](method, path_of(rule, ids), body_of(rule))
            assert is_refused(answer), (name, method, rule.rule, answer.status_code)
            assert "a public word" not in answer.text
    assert everything() == before


def test_to_strangers_a_held_comment_is_an_unknown_one_on_every_route(app: Flask, world: World) -> None:
    unknown = new_id()
    for rule, method in asked(app):
        if "comment_id" not in rule.arguments:
            continue
        for name in sorted(EVERYBODY - STAFF):
            one, other = (
                world.callers[name](method, path_of(rule, world.ids | {"comment_id": comment}), body_of(rule))
                for comment in (world.held, unknown)
            )
            assert one.status_code == other.status_code, (name, method, rule.rule)
            assert one.text.replace(world.held, "") == other.text.replace(unknown, ""), (name, method, rule.rule)
            assert headers_of(one) == headers_of(other), (name, method, rule.rule)


def headers_of(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name not in {"X-Request-Id", "Location"}}
