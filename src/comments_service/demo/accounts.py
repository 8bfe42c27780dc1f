"""The accounts of the newspaper's readers: its own server signs who they are, with a key that the service knows."""

import os
import secrets
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from flask import Flask, Response, abort, make_response, redirect, render_template, request
from sqlalchemy.orm import Session

from comments_service import reading, sso_keys
from comments_service.database import now
from comments_service.demo import SITE
from comments_service.demo.policy import content_policy
from comments_service.sealing import Keyring

KID, ISSUER = "lantern", "the-pellwick-lantern"
LIFE = 300
COOKIE = "lantern_reader"
# Who has an account, and the name that it vouches for. A real paper would ask for a password.
READERS = {"1": "Nora Reed", "2": "Tomasz Lind", "3": "Ama Boateng"}


def know_key(session: Session, file: Path) -> None:
    """Have the service know the newspaper's public key; both are made when they are missing."""
    if not file.exists():
        file.touch(mode=0o600)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(pem)
    site = reading.site(session, SITE)
    if any(key.kid == KID for key in sso_keys.listing(session, site)):
        return
    public = _key(file).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    wished = sso_keys.NewKey(public_key=public, issuer=ISSUER, kid=KID)
    sso_keys.add(session, site, wished, keyring=Keyring(()), at=now())


def token(file: Path, reader: str) -> str:
    """The newspaper's word, good once and for five minutes, on who its reader is."""
    clock = int(now().timestamp())
    claims = {
        "iss": ISSUER, "aud": SITE, "sub": reader, "name": READERS[reader], "iat": clock, "exp": clock + LIFE,
        "jti": secrets.token_urlsafe(16),
    }  # fmt: skip
    return jwt.encode(claims, _key(file), algorithm="EdDSA", headers={"kid": KID})


def current() -> str | None:
    """Who this browser is at the newspaper: an account, nobody any more (empty), or nobody yet (None)."""
    found = request.cookies.get(COOKIE)
    return found if found is None or found in READERS else ""


def register(app: Flask, service: str, file: Path) -> None:
    """Add the page to sign in on, and the address from which the newspaper's script gets a token."""
    app.context_processor(lambda: {"reader": current(), "account": READERS.get(current() or "")})

    @app.get("/account")
    def account() -> Response:
        answer = make_response(render_template("account.html", readers=READERS, chosen=current()))
        policy = content_policy(f"'self' {service}").replace("form-action 'none'", "form-action 'self'")
        answer.headers["Content-Security-Policy"] = policy
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    @app.post("/account")
    def choose() -> Response:
        # Nobody signs a reader in, or out, from another site. A browser sends the header with every form.
        if request.headers.get("Origin") != request.host_url.rstrip("/"):
            abort(403)
        answer = make_response(redirect("/account", 303))
        answer.headers["Cache-Control"] = "private, no-store"
        answer.set_cookie(COOKIE, request.form.get("reader", ""), httponly=True, samesite="Strict")
        return answer

    @app.get("/comments-token")
    def comments_token() -> Response:
        who = current()
        answer = Response(token(file, who) if who else "", mimetype="text/plain")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @app.after_request
    def allow_own_script(answer: Response) -> Response:
        # Only who has been signed in gets the newspaper's own script; all other pages stay as strict as can be.
        if current() is not None:
            answer.headers.setdefault("Content-Security-Policy", content_policy(f"'self' {service}"))
        return answer


def file_from_environment() -> Path | None:
    """Where the newspaper's private key is, if it has accounts."""
    named = os.environ.get("DEMO_KEY_FILE")
    return Path(named) if named else None


def _key(file: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{file} is no Ed25519 key")
    return key
