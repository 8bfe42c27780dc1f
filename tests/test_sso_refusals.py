"""Whatever is wrong with the paper's word is refused with a reason of its own, and leaves nothing behind."""

import base64
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from comments_service import reading, sso, sso_tokens
from comments_service.database import db, now
from comments_service.errors import NotBelieved
from comments_service.tables import Identity, Session, SpentToken
from tests.conftest import Browser
from tests.signing import KEYRING, PRIVATE, PUBLIC, Signer, signer, spelled
from tests.test_sso import count, sign_in, why

MANY = 4500


@pytest.fixture
def paper(app: Flask) -> Signer:
    return signer(db.session())


@pytest.fixture
def edwards(app: Flask) -> Signer:
    return signer(db.session(), public_key=PUBLIC)


WRONG: dict[str, tuple[str, Callable[[Signer], str]]] = {
    "no claim exp": ("missing", lambda by: by.token(exp=...)),
    "no claim jti": ("missing", lambda by: by.token(jti=...)),
    "no claim sub": ("missing", lambda by: by.token(sub=...)),
    "no claim iat": ("missing", lambda by: by.token(iat=...)),
    "no claim iss": ("missing", lambda by: by.token(iss=...)),
    "no claim aud": ("missing", lambda by: by.token(aud=...)),
    "another issuer": ("iss", lambda by: by.token(iss="https://evil.example")),
    "two issuers": ("iss", lambda by: by.by_hand({"alg": "HS256", "kid": by.kid}, by.claims(iss=[by.issuer]))),
    "an audience elsewhere": ("aud", lambda by: by.token(aud="other")),
    "a list of audiences": ("aud", lambda by: by.token(aud=["daily"])),
    "an audience of upper case": ("aud", lambda by: by.token(aud="Daily")),
    "a subject of nothing": ("sub", lambda by: by.token(sub="")),
    "a subject with a line break": ("sub", lambda by: by.token(sub="a\nb")),
    "a long subject": ("sub", lambda by: by.token(sub="x" * 256)),
    "a subject that is a number": ("type", lambda by: by.by_hand({"alg": "HS256", "kid": by.kid}, by.claims(sub=7))),
    "a jti of nothing": ("jti", lambda by: by.token(jti="")),
    "a long jti": ("jti", lambda by: by.token(jti="x" * 129)),
    "a time in words": ("type", lambda by: by.by_hand({"alg": "HS256", "kid": by.kid}, by.claims(exp="soon"))),
    "a time with a fraction": ("type", lambda by: by.token(iat=now().timestamp())),
    "a time that is true": ("type", lambda by: by.by_hand({"alg": "HS256", "kid": by.kid}, by.claims(iat=True))),
    "verified in words": ("type", lambda by: by.token(email_verified="true")),
    "a life of ten years": ("lifetime", lambda by: by.token(exp=int(now().timestamp()) + 315_360_000)),
    "a life of 601 seconds": ("lifetime", lambda by: by.token(exp=int(now().timestamp()) + 602)),
    "a life that ends before it begins": ("lifetime", lambda by: by.token(exp=int(now().timestamp()) - 1)),
    "not yet": ("future", lambda by: by.token(nbf=int(now().timestamp()) + 120)),
    "a name that cannot be seen": ("name", lambda by: by.token(name="\u3164")),
    "a long name": ("name", lambda by: by.token(name="x" * 61)),
    "an address with a header in it": ("email", lambda by: by.token(email="a@b.example\r\nBcc: c@d.example")),
    "an address with two recipients": ("email", lambda by: by.token(email="a@b.example,c@d.example")),
    "an address with a name": ("email", lambda by: by.token(email="A <a@b.example>")),
    "a script for a profile": ("profile_url", lambda by: by.token(profile_url="javascript:alert(1)")),
    "a profile with a password": ("profile_url", lambda by: by.token(profile_url="https://u:p@paper.example/")),
    "no kid": ("kid", lambda by: jwt.encode(by.claims(), by.secret, algorithm="HS256")),
    "a kid that is a path": ("kid", lambda by: by.token(header={"kid": "../../dev/null"})),
    "a kid that is a statement": ("kid", lambda by: by.token(header={"kid": "' OR '1'='1"})),
    "a kid that is a list": ("kid", lambda by: by.by_hand({"alg": "HS256", "kid": [by.kid]}, by.claims())),
    "another secret": ("signature", lambda by: by.by_hand({"alg": "HS256", "kid": by.kid}, by.claims(), secret=b"k")),
    "no secret": ("signature", lambda by: by.by_hand({"alg": "HS256", "kid": by.kid}, by.claims(), secret=b"")),
    "no algorithm": ("alg", lambda by: by.by_hand({"kid": by.kid}, by.claims())),
    "another hash": ("alg", lambda by: by.by_hand({"alg": "HS512", "kid": by.kid}, by.claims())),
    "a lower case hs256": ("alg", lambda by: by.by_hand({"alg": "hs256", "kid": by.kid}, by.claims())),
    "crit": ("header", lambda by: by.token(header={"crit": ["exp"]})),
    "zip": ("header", lambda by: by.token(header={"zip": "DEF"})),
    "jwk": ("header", lambda by: by.token(header={"jwk": {"kty": "oct", "k": "AAAA"}})),
    "jku": ("header", lambda by: by.token(header={"jku": "https://evil.example/keys"})),
    "x5u": ("header", lambda by: by.token(header={"x5u": "https://evil.example/keys"})),
    "another type": ("header", lambda by: by.token(header={"typ": "at+jwt"})),
    "padding": ("form", lambda by: by.token() + "="),
    "a line break": ("form", lambda by: by.token() + "\n"),
    "a space in front": ("form", lambda by: " " + by.token()),
    "a space inside": ("form", lambda by: by.token().replace(".", " .", 1)),
    "the other alphabet": ("form", lambda by: by.token() + "+/"),
    "two parts": ("form", lambda by: by.token().rpartition(".")[0]),
    "an empty signature": ("form", lambda by: by.token().rpartition(".")[0] + "."),
    "four parts": ("form", lambda by: by.token() + ".AAAA"),
    "five parts": ("form", lambda by: ".".join(["AAAA"] * 5)),
    "a claim twice": ("json", lambda by: by.by_hand({"alg": "HS256", "kid": by.kid}, twice(by.claims()))),
    "a header twice": ("json", lambda by: by.by_hand(twice({"alg": "HS256", "kid": by.kid}), by.claims())),
    "a list": ("json", lambda by: by.by_hand({"alg": "HS256", "kid": by.kid}, [1])),
    "a number that is none": ("json", lambda by: by.by_hand({"alg": "HS256", "kid": by.kid}, b'{"exp":NaN}')),
    "another character set": ("json", lambda by: by.by_hand({"alg": "HS256"}, '{"a":"é"}'.encode("latin-1"))),
    "a deep nest": ("json", lambda by: by.by_hand({"alg": "HS256"}, b"[" * 2000)),
    "many bytes": ("size", lambda by: by.token(note="x" * MANY)),
}


def twice(of: dict[str, Any]) -> bytes:
    """An object whose first name comes twice, the second time with another value."""
    first = next(iter(of))
    return (json.dumps(of)[:-1] + f', "{first}": "other"}}').encode()


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_with_its_own_code(ada: Browser, paper: Signer, name: str) -> None:
    code, made = WRONG[name]
    assert why(ada, made(paper)) == code
    assert count(Identity) == count(Session) == count(SpentToken) == 0


def test_every_reason_has_been_seen() -> None:
    seen = {code for code, _ in WRONG.values()} | {"off", "switch", "expired", "used"}
    assert seen == set(sso_tokens.REASONS)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
def test_an_unsigned_token_is_refused(ada: Browser, paper: Signer, alg: str) -> None:
    header, payload = {"alg": alg, "kid": paper.kid}, paper.claims()
    head = ".".join(spelled(json.dumps(part).encode()) for part in (header, payload))
    assert why(ada, f"{head}.") == "form"
    assert why(ada, f"{head}.AAAA") == "alg"


def test_the_public_key_is_no_secret(ada: Browser, edwards: Signer) -> None:
    """An HMAC under what everybody may know: the key, and not the header, says which algorithm it is for."""
    for secret in (PUBLIC.encode(), PUBLIC.strip().encode(), base64.b64decode(PUBLIC.splitlines()[1])):
        header = {"alg": "HS256", "kid": edwards.kid}
        assert why(ada, edwards.by_hand(header, edwards.claims(), secret=secret)) == "alg"
        header = {"alg": "EdDSA", "kid": edwards.kid}
        assert why(ada, edwards.by_hand(header, edwards.claims(), secret=secret)) == "signature"


def test_a_signature_of_the_other_kind_is_refused(ada: Browser, paper: Signer, edwards: Signer) -> None:
    for kid in (paper.kid, edwards.kid):
        swapped = jwt.encode(paper.claims(), PRIVATE, algorithm="EdDSA", headers={"kid": kid})
        assert why(ada, swapped) == "alg" if kid == paper.kid else sign_in(ada, swapped).status_code == 200
    stranger = Ed25519PrivateKey.generate()
    assert why(ada, jwt.encode(edwards.claims(), stranger, "EdDSA", {"kid": edwards.kid})) == "signature"


def test_one_signature_has_one_spelling(ada: Browser, paper: Signer) -> None:
    """The last letter of 32 bytes holds two bits that decoders drop."""
    token = paper.token()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [token[:-1] + alphabet[alphabet.index(token[-1]) ^ bits] for bits in (1, 2, 3)]
    assert [why(ada, other) for other in others] == ["form"] * 3
    assert sign_in(ada, token).status_code == 200


@pytest.mark.parametrize(
    ("iat", "exp", "code"),
    [
        (60, 360, None), (61, 361, "future"), (-360, -60, None), (-361, -61, "expired"),
        (-660, -60, None), (-661, -61, "expired"), (0, 600, None), (0, 601, "lifetime"), (0, 0, "lifetime"),
    ],
)  # fmt: skip
def test_clocks_may_differ_by_a_minute_and_no_more(paper: Signer, iat: int, exp: int, code: str | None) -> None:
    at = now().replace(microsecond=0)
    clock = int(at.timestamp())
    assert outcome(paper.token(iat=clock + iat, exp=clock + exp), at=at) == code


def outcome(token: str, *, at: Any) -> str | None:
    site = reading.site(db.session(), "daily")
    try:
        sso.look(db.session(), token, site=site, keyring=KEYRING, at=at)
    except NotBelieved as refused:
        return refused.code
    return None
