"""Tokens of an issuer, against a small real one over HTTP: discovery, keys, claims, rotation, outages."""

import asyncio
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from services.common.errors import DomainError
from services.runtime.identity import oidc
from services.runtime.identity.oidc import IssuerTokens, check_issuer
from services.runtime.identity.settings import IdentitySettings


class SmallIssuer:
    """An OIDC issuer: its discovery document, its keys, and tokens that it signs."""

    def __init__(self):
        self.keys, self.asked, self.away = {}, [], False
        self.add("one")
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                found = outer.documents().get(self.path)
                self.send_response(503 if outer.away else 200 if found else 404)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(found).encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, key_id, private=None):
        self.keys[key_id] = private or ec.generate_private_key(ec.SECP256R1())

    def documents(self):
        rows = []
        for key_id, key in self.keys.items():
            kind = (
                jwt.algorithms.RSAAlgorithm
                if isinstance(key, rsa.RSAPrivateKey)
                else jwt.algorithms.ECAlgorithm
            )
            algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
            row = json.loads(kind.to_jwk(key.public_key()))
            rows.append(row | {"kid": key_id, "use": "sig", "alg": algorithm})
        return {
            "/.well-known/openid-configuration": {"issuer": self.url, "jwks_uri": f"{self.url}/keys"},
            "/keys": {"keys": rows},
        }

    def token(self, key_id="one", algorithm="ES256", **claims):
        now = int(time.time())
        body = {"iss": self.url, "aud": "dafeng", "sub": "li", "iat": now, "exp": now + 300, "jti": "1"}
        return jwt.encode(body | claims, self.keys[key_id], algorithm=algorithm, headers={"kid": key_id})


@pytest.fixture
def issuer():
    found = SmallIssuer()
    yield found
    found.server.shutdown()


def tokens_of(issuer, **settings):
    return IssuerTokens(IdentitySettings(mode="oidc", issuer=issuer.url, **settings))


def read(tokens, token):
    return asyncio.run(tokens.read(token)).actor


def reason(tokens, token):
    with pytest.raises(DomainError) as refused:
        read(tokens, token)
    return refused.value.reason


def test_roles_and_scopes_come_from_the_claims_and_those_of_services_are_left_out(issuer):
    tokens = tokens_of(issuer, roles_claim="realm_access.roles")
    roles = {"roles": ["planner", "gateway", "emperor"]}
    who = read(tokens, issuer.token(realm_access=roles, dafeng_scopes="jiangsu jiangxi"))
    assert who.user_id == "li" and who.roles == {"planner"} and who.scopes == ("jiangsu", "jiangxi")
    assert who.kind == "person"
    two = {"roles": ["auditor", "system_admin"]}
    assert reason(tokens, issuer.token(realm_access=two)) == "UNAUTHENTICATED"


def test_tokens_that_do_not_fit_are_refused(issuer):
    tokens = tokens_of(issuer)
    now = int(time.time())
    stranger = SmallIssuer()
    wrong = [
        issuer.token(aud="other"),
        issuer.token(iss="https://other.example"),
        issuer.token(exp=now - 60, iat=now - 120),
        issuer.token(exp=now + 9 * 86_400),
        stranger.token(iss=issuer.url),
        issuer.token()[:-8] + "AAAAAAAA",
        jwt.encode(
            {"iss": issuer.url, "aud": "dafeng", "sub": "li", "iat": now, "exp": now + 60},
            "k" * 32,
            "HS256",
            {"kid": "one"},
        ),
        "x",
    ]
    stranger.server.shutdown()
    assert {reason(tokens, token) for token in wrong} == {"UNAUTHENTICATED"}


def test_a_key_that_is_not_known_is_fetched_but_not_for_everybody_who_makes_one_up(issuer, monkeypatch):
    tokens = tokens_of(issuer)
    assert read(tokens, issuer.token()).known
    issuer.add("two", rsa.generate_private_key(65537, 2048))
    monkeypatch.setattr(oidc, "_PAUSE_SECONDS", 0.0)
    assert read(tokens, issuer.token("two", "RS256")).known
    monkeypatch.setattr(oidc, "_PAUSE_SECONDS", 60.0)
    before = len(issuer.asked)
    for number in range(20):
        made_up = jwt.encode({"sub": "x"}, issuer.keys["one"], "ES256", {"kid": f"k{number}"})
        assert reason(tokens, made_up) == "UNAUTHENTICATED"
    assert len(issuer.asked) == before


def test_an_algorithm_that_the_key_does_not_have_is_refused(issuer):
    tokens = tokens_of(issuer)
    issuer.add("rsa", rsa.generate_private_key(65537, 2048))
    assert read(tokens, issuer.token("rsa", "RS256")).known
    assert reason(tokens, issuer.token("rsa", "PS256")) == "UNAUTHENTICATED"


def test_an_issuer_that_is_away_is_told_at_the_start_and_later_only_where_its_keys_are_needed(
    issuer, monkeypatch
):
    issuer.away = True
    with pytest.raises(DomainError) as refused:
        asyncio.run(tokens_of(issuer).start())
    assert refused.value.reason == "NOT_READY" and issuer.url in str(refused.value)
    issuer.away = False
    tokens = tokens_of(issuer)
    asyncio.run(tokens.start())
    issuer.away = True
    monkeypatch.setattr(oidc, "_PAUSE_SECONDS", 0.0)
    assert read(tokens, issuer.token()).known
    issuer.add("two")
    assert reason(tokens, issuer.token("two")) == "NOT_READY"


def test_an_issuer_must_describe_itself_and_be_https(issuer):
    real, issuer.url = issuer.url, "https://somebody.example"
    issuer_elsewhere = IssuerTokens(IdentitySettings(mode="oidc", issuer=real))
    with pytest.raises(DomainError, match="does not describe itself"):
        asyncio.run(issuer_elsewhere.start())
    for wrong in ("", "ftp://x", "sso.example", "http://sso.example"):
        with pytest.raises(DomainError, match="https"):
            check_issuer(wrong)
    check_issuer("https://sso.example")


def test_keys_of_an_issuer_that_is_away_count_no_longer_than_a_day_however_often_one_asks(
    issuer, monkeypatch
):
    tokens = tokens_of(issuer)
    asyncio.run(tokens.start())
    issuer.away = True
    tokens.issuer._fetched -= oidc._MOST_AGE_SECONDS + 1
    tokens.issuer._tried = -1e9
    for _ in range(3):
        assert reason(tokens, issuer.token()) == "NOT_READY"
