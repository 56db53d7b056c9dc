"""Signing in by an issuer, as a browser does it: code with PKCE, state and nonce checked, back to the page."""

import base64
import hashlib
import json
import secrets
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.settings import ServeSettings
from services.runtime.identity.settings import IdentitySettings
from tests.gateway.conftest import free_port
from tests.gateway.identity.conftest import in_thread
from tests.gateway.identity.small_gateway import small_gateway

WHO = "/dafeng.identity.v1.IdentityService/WhoAmI"


class CodeIssuer:
    """An issuer that lets everybody in as li, and checks the verifier of the code."""

    def __init__(self):
        self.key, self.codes, self.nonce_sent = ec.generate_private_key(ec.SECP256R1()), {}, None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path, _, query = self.path.partition("?")
                if path == "/authorize":
                    asked = dict(urllib.parse.parse_qsl(query))
                    code = secrets.token_urlsafe(8)
                    outer.codes[code] = asked
                    self.send_response(302)
                    back = urllib.parse.urlencode({"code": code, "state": asked["state"]})
                    self.send_header("location", f"{asked['redirect_uri']}?{back}")
                    self.end_headers()
                    return
                self.answer(200, outer.documents()[path])

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                self.answer(*outer.exchange(dict(urllib.parse.parse_qsl(body))))

            def answer(self, code, found):
                self.send_response(code)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(found).encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def documents(self):
        row = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        about = {name: f"{self.url}/{path}" for name, path in (
            ("jwks_uri", "keys"), ("authorization_endpoint", "authorize"), ("token_endpoint", "token"),
        )}  # fmt: skip
        return {
            "/.well-known/openid-configuration": {"issuer": self.url, **about},
            "/keys": {"keys": [row | {"kid": "one", "alg": "ES256", "use": "sig"}]},
        }

    def exchange(self, given):
        asked = self.codes.pop(given.get("code"), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if asked is None or base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "sub": "li", "iat": now, "exp": now + 300}
        nonce = self.nonce_sent or asked["nonce"]
        id_token = self.signed(claims | {"aud": asked["client_id"], "nonce": nonce})
        access = self.signed(claims | {"aud": "dafeng", "roles": ["planner"], "dafeng_scopes": ["jiangsu"]})
        return 200, {"access_token": access, "id_token": id_token, "token_type": "Bearer", "expires_in": 300}

    def signed(self, claims):
        return jwt.encode(claims, self.key, algorithm="ES256", headers={"kid": "one"})


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    issuer, root = CodeIssuer(), tmp_path_factory.mktemp("oidc")
    http = f"127.0.0.1:{free_port()}"
    identity = IdentitySettings(
        mode="oidc", issuer=issuer.url, client_id="page", public_url=f"http://{http}", keys=str(root / "keys")
    )
    settings = ServeSettings(http=http, log_level="error", identity=identity)
    with in_thread(small_gateway(settings, root)):
        yield issuer, f"http://{http}"
    issuer.server.shutdown()


def at_the_issuer(browser, url):
    """The address that the issuer sends the browser back to."""
    start = browser.get(f"{url}/sign-in/start")
    assert start.status_code == 303 and "code_challenge_method=S256" in start.headers["location"]
    assert "SameSite=Lax" in start.headers["set-cookie"] and "HttpOnly" in start.headers["set-cookie"]
    return httpx2.get(start.headers["location"]).headers["location"]


def test_a_browser_signs_in_by_the_issuer_and_its_roles_count(site):
    _issuer, url = site
    with httpx2.Client() as browser:
        assert "/sign-in/start" in browser.get(f"{url}/sign-in").text
        back = browser.get(at_the_issuer(browser, url))
        assert back.status_code == 303 and back.headers["location"] == "/"
        who = browser.post(f"{url}{WHO}", json={}, headers={"sec-fetch-site": "same-origin"}).json()
        assert who["user_id"] == "li" and who["scopes"] == ["jiangsu"] and who["sign_in"] == "oidc"
        assert [r["role_id"] for r in who["roles"]] == ["planner"]


def test_another_state_another_browser_and_a_code_used_twice_are_refused(site):
    _issuer, url = site
    with httpx2.Client() as browser, httpx2.Client() as other:
        address = at_the_issuer(browser, url)
        assert other.get(address).status_code == 401
        parts = urllib.parse.urlsplit(address)
        query = dict(urllib.parse.parse_qsl(parts.query)) | {"state": "x"}
        assert browser.get(f"{url}/sign-in/back?{urllib.parse.urlencode(query)}").status_code == 401
        address = at_the_issuer(browser, url)
        assert browser.get(address).status_code == 303
        assert browser.get(address).status_code == 401


def test_an_identity_token_with_another_nonce_is_refused(site):
    issuer, url = site
    issuer.nonce_sent = "another"
    try:
        with httpx2.Client() as browser:
            reply = browser.get(at_the_issuer(browser, url))
            assert reply.status_code == 401 and "dafeng-session" not in reply.headers.get("set-cookie", "")
    finally:
        issuer.nonce_sent = None
