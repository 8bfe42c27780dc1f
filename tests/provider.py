"""A provider of identities on this machine: OpenID Connect with real keys, which signs, or lies, as a test wants it.

Started by itself (`python -m tests.provider`), it asks nobody anything and signs everybody in as Nora.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask, Response, request
from werkzeug.serving import make_server

CLIENT, SECRET = "paper-client", "s3cret & more"
KID = "rs-1"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
FORM = (
    '<!doctype html><title>Provider</title><link rel="icon" href="data:,">'
    '<form method="post" action="{to}">{fields}<button>Allow</button></form>'
)


@dataclass
class Provider:
    """What it says of a person, and in which ways it goes wrong: `claims` replace those that are right."""

    issuer: str = ""
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "nora-1", "name": "Nora", "email": "nora@mail.example", "email_verified": True}
    )
    claims: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    opener_policy: str = ""
    apple: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> Flask:
        """Its pages and its API."""
        app = Flask("provider", static_folder=None)
        app.add_url_rule("/.well-known/openid-configuration", view_func=self.described)
        app.add_url_rule("/common/v2.0/.well-known/openid-configuration", "house", view_func=self.described)
        app.add_url_rule("/keys", view_func=self.keys)
        app.add_url_rule("/authorize", view_func=self.authorize)
        app.add_url_rule("/token", view_func=self.token, methods=["POST"])
        return app

    def described(self) -> dict[str, Any]:
        """The document of discovery."""
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            **self.document,
        }  # fmt: skip

    def keys(self) -> dict[str, Any]:
        """Both public keys."""
        rs = jwt.algorithms.RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True)
        es = jwt.algorithms.ECAlgorithm.to_jwk(EC.public_key(), as_dict=True)
        return {"keys": [{**rs, "kid": KID, "use": "sig"}, {**es, "kid": "es-1", "use": "sig"}]}

    def authorize(self) -> Response:
        """Sign the person in without a question, and send the browser back."""
        asked = request.args.to_dict()
        self.seen.append(asked)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        brought = {"code": code, "state": asked["state"]}
        if asked.get("response_mode") == "form_post":
            fields = "".join(f'<input name="{name}" value="{value}">' for name, value in brought.items())
            answer = Response(FORM.format(to=asked["redirect_uri"], fields=fields), mimetype="text/html")
        else:
            answer = Response(status=303, headers={"Location": f"{asked['redirect_uri']}?{urlencode(brought)}"})
        if self.opener_policy:
            answer.headers["Cross-Origin-Opener-Policy"] = self.opener_policy
        return answer

    def token(self) -> tuple[dict[str, Any], int]:
        """Trade a code, once, for whoever has the secret and the verifier."""
        form = request.form
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return {"error": "invalid_grant"}, 400
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if _spelled(digest) != asked["code_challenge"]:
            return {"error": "invalid_grant"}, 400
        if not self._is_client():
            return {"error": "invalid_client"}, 401
        now = int(time.time())
        said = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"],
            **self.person, **self.claims,
        }  # fmt: skip
        return {"id_token": (self.sign or signed)(said), "access_token": "a", "token_type": "Bearer"}, 200

    def _is_client(self) -> bool:
        if self.apple:
            said = jwt.decode(
                request.form["client_secret"], EC.public_key(), algorithms=["ES256"], audience=self.issuer
            )
            return request.form["client_id"] == CLIENT and said["sub"] == CLIENT
        given = request.authorization
        # As in a form, before it is put together (RFC 6749, section 2.3.1).
        return given is not None and (given.username, given.password) == (CLIENT, "s3cret+%26+more")


def signed(said: dict[str, Any]) -> str:
    """A token under the RSA key."""
    return jwt.encode(said, RSA, algorithm="RS256", headers={"kid": KID})


def unsigned(said: dict[str, Any]) -> str:
    """A token that says that it needs no signature."""
    return jwt.encode(said, "", algorithm="none", headers={"kid": KID})


def with_public_key(said: dict[str, Any]) -> str:
    """A token whose secret is what everybody knows."""
    public = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [_spelled(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": KID}, said)]
    mac = hmac.digest(public, ".".join(parts).encode(), "sha256")
    return ".".join([*parts, _spelled(mac)])


def _spelled(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def of_a_stranger(said: dict[str, Any]) -> str:
    """A token under another key of the same name."""
    return jwt.encode(said, OTHER, algorithm="RS256", headers={"kid": KID})


@contextmanager
def running(host: str = "127.0.0.1", port: int = 0) -> Iterator[Provider]:
    """A provider, until the block ends."""
    provider = Provider()
    server = make_server(host, port, provider.app(), threaded=True)
    provider.issuer = f"http://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


if __name__ == "__main__":
    with running(port=8100) as found:
        print(f"{found.issuer} · client {CLIENT} · secret {SECRET}")  # noqa: T201 - it is a command
        threading.Event().wait()
