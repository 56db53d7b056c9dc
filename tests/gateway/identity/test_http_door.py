"""The HTTP door: sign-in, cookies, requests from other sites, pages by the table."""

import asyncio
import json
import time
from http.cookies import SimpleCookie

import httpx2
import pytest

from gateway.api.http_door import Door as HttpDoor
from gateway.api.http_door import Doorkeeper
from gateway.settings import ServeSettings
from services.common.access import page_act
from services.common.errors import DomainError
from services.runtime.identity.identity import Identity
from services.runtime.identity.readers import LocalTokens
from services.runtime.identity.sessions import Sessions
from services.runtime.identity.settings import IdentitySettings
from services.runtime.identity.users import Users
from services.runtime.identity.vouching import Vouching
from tests.gateway.conftest import free_port
from tests.gateway.identity.conftest import in_thread, make_users
from tests.gateway.identity.small_gateway import small_gateway

WHO = "/dafeng.identity.v1.IdentityService/WhoAmI"
SETS = "/dafeng.factors.v1.FactorService/ListFactorSets"
JIANGSU = {"region": "jiangsu"}


class Door:
    """The running door and the folder behind it."""

    def __init__(self, folder, http):
        self.folder, self.url = folder, f"http://{http}"

    def token(self, user):
        return LocalTokens(self.folder, IdentitySettings()).issue(user, 600)

    def post(self, path, body=None, **headers):
        return httpx2.post(f"{self.url}{path}", json=body or {}, headers=headers)

    def get(self, path, **headers):
        return httpx2.get(f"{self.url}{path}", headers=headers, follow_redirects=False)

    def sign_in(self, user):
        reply = httpx2.post(
            f"{self.url}/sign-in",
            data={"token": self.token(user)},
            headers={"sec-fetch-site": "same-origin"},
            follow_redirects=False,
        )
        assert reply.status_code == 303 and reply.headers["location"] == "/"
        return reply


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    root = tmp_path_factory.mktemp("door")
    make_users(root / "keys")
    http = f"127.0.0.1:{free_port()}"
    settings = ServeSettings(
        http=http, log_level="error", identity=IdentitySettings(mode="local", keys=str(root / "keys"))
    )
    with in_thread(small_gateway(settings, root)):
        yield Door(root / "keys", http)


def cookie_of(reply):
    return reply.headers["set-cookie"].partition(";")[0]


def test_a_method_needs_a_token_and_says_how_to_sign_in(door):
    reply = door.post(SETS, JIANGSU)
    assert reply.status_code == 401 and reply.headers["www-authenticate"].startswith("Bearer")
    assert reply.json()["code"] == "unauthenticated" and "no-store" in reply.headers["cache-control"]
    for wrong in ("Bearer x", "Basic eDp5", "Bearer", "令牌".encode()):
        assert door.post(SETS, JIANGSU, authorization=wrong).json() == reply.json()
    good = door.post(SETS, JIANGSU, authorization=f"Bearer {door.token('viewer')}")
    assert good.status_code == 200 and good.headers["cache-control"] == "no-store"
    assert door.post(SETS, JIANGSU, authorization=f"Bearer {door.token('nothing')}").status_code == 403


def test_who_am_i_answers_anybody_and_says_how_people_sign_in(door):
    nobody = door.post(WHO).json()
    assert nobody["sign_in"] == "local" and nobody["sign_in_path"] == "/sign-in"
    assert not nobody.get("user_id") and nobody["acts"] == ["public"]
    cookie = cookie_of(door.sign_in("planner"))
    who = door.post(WHO, cookie=cookie, **{"sec-fetch-site": "same-origin"}).json()
    assert who["user_id"] == "planner" and who["kind"] == "person" and who["scopes"] == ["jiangsu"]
    assert "project" in who["acts"] and "review" not in who["acts"]
    assert (
        abs(
            time.mktime(time.strptime(who["expires_at"], "%Y-%m-%dT%H:%M:%SZ"))
            - time.timezone
            - time.time()
            - 600
        )
        < 90
    )


def test_a_sessions_cookie_is_out_of_reach_of_scripts_and_other_sites(door):
    cookie = SimpleCookie(door.sign_in("planner").headers["set-cookie"])["dafeng-session"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/"
    assert door.token("planner") not in cookie.value


def test_a_session_ends_with_signing_out_with_its_user_and_when_it_is_altered(door):
    cookie = cookie_of(door.sign_in("planner"))
    same = {"sec-fetch-site": "same-origin"}
    assert door.post(SETS, JIANGSU, cookie=cookie, **same).status_code == 200
    assert door.post(SETS, JIANGSU, cookie=cookie[:-6] + "AAAAAA", **same).status_code == 401
    out = door.post("/sign-out", cookie=cookie, **same)
    assert out.status_code == 303 and "Max-Age=0" in out.headers["set-cookie"]
    assert door.post(SETS, JIANGSU, cookie=cookie, **same).status_code == 401
    again = cookie_of(door.sign_in("planner"))
    users = Users(door.folder)
    users.block("planner")
    try:
        assert door.post(SETS, JIANGSU, cookie=again, **same).status_code == 401
    finally:
        users.block("planner", blocked=False)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
    ],
)
def test_a_cookie_does_not_speak_for_requests_of_other_sites(door, headers):
    cookie = cookie_of(door.sign_in("planner"))
    for path in (SETS, "/sign-out"):
        assert door.post(path, JIANGSU, cookie=cookie, **headers).status_code == 403
    assert door.post(SETS, JIANGSU, cookie=cookie, origin=door.url).status_code == 200


def test_a_forms_content_is_no_call(door):
    cookie = cookie_of(door.sign_in("planner"))
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        reply = httpx2.post(
            f"{door.url}{SETS}",
            content=json.dumps(JIANGSU),
            headers={"cookie": cookie, "sec-fetch-site": "same-origin", "content-type": kind},
        )
        assert reply.status_code == 415


def test_another_site_cannot_sign_a_browser_in(door):
    reply = httpx2.post(
        f"{door.url}/sign-in",
        data={"token": door.token("planner")},
        headers={"origin": "https://evil.example"},
    )
    assert reply.status_code == 403 and "set-cookie" not in reply.headers


def test_a_wrong_token_signs_nobody_in(door):
    reply = httpx2.post(f"{door.url}/sign-in", data={"token": "<script>x"}, headers={"origin": door.url})
    assert reply.status_code == 401 and "set-cookie" not in reply.headers and "<script>" not in reply.text


def test_the_sign_in_page_is_bilingual_and_runs_no_script(door):
    for path in ("/sign-in", "/sign-out"):
        reply = door.get(path)
        assert reply.status_code == 200 and "<script" not in reply.text and "style=" not in reply.text
        policy = reply.headers["content-security-policy"]
        assert (
            "form-action 'self'" in policy and "script-src" not in policy and "default-src 'none'" in policy
        )
        assert reply.headers["cache-control"] == "no-store"
    assert "登录" in door.get("/sign-in").text and "Sign in" in door.get("/sign-in").text
    assert door.get("/sign-in/sign-in.css").headers["content-type"].startswith("text/css")


def test_pages_are_given_by_the_table_and_others_are_not_found(door):
    assert door.get("/openapi.json").status_code == 401
    assert door.get("/api", accept="text/html").headers["location"] == "/sign-in"
    bearer = {"authorization": f"Bearer {door.token('viewer')}"}
    assert door.get("/openapi.json", **bearer).status_code == door.get("/api", **bearer).status_code == 200
    assert door.get("/openapi.json", authorization=f"Bearer {door.token('nothing')}").status_code == 403
    for path in ("/.env", "/docs", "/metrics", "/debug/x", "/../../etc/passwd", "/assetsx/y", "//evil"):
        assert page_act(path) is None or path.startswith("/..")
        assert door.get(path).status_code == 404
    assert door.post("/nothing.v1.Service/Method").status_code == 404


def test_a_session_ends_by_idle_time_and_is_renewed_while_it_is_used(tmp_path, monkeypatch):
    make_users(tmp_path / "keys")
    settings = IdentitySettings(mode="local", session_idle_seconds=60)
    identity = Identity(settings, tmp_path / "keys", Vouching(None))
    sessions = Sessions(identity)
    signed = asyncio.run(identity.of_token(LocalTokens(tmp_path / "keys", settings).issue("planner", 3600)))
    cookie = sessions.open(signed)
    assert sessions.renewed(sessions.read(cookie)) == ""
    real = time.time()
    monkeypatch.setattr(time, "time", lambda: real + 30)
    assert sessions.renewed(sessions.read(cookie))
    claims = {"sid": "x", "roles": [], "scopes": [], "kind": "person", "until": real + 999}
    past = identity.vouching.sign(
        "dafeng-session", "planner", -31, key=signed.key_id, issued=signed.issued, **claims
    )
    with pytest.raises(DomainError):
        sessions.read(past)


def test_open_sign_in_answers_this_machines_names_only(tmp_path):
    http = f"127.0.0.1:{free_port()}"
    settings = ServeSettings(
        http=http, log_level="error", identity=IdentitySettings(keys=str(tmp_path / "keys"))
    )
    with in_thread(small_gateway(settings, tmp_path)):
        ask = Door(tmp_path, http).post
        assert ask(WHO).json()["user_id"] == "local"
        for stranger in ("evil.example", "127.evil.example", "127.0.0.1.evil.example", "[", ""):
            assert ask(WHO, host=stranger).status_code == 403, stranger
        for ours in ("localhost:1", "127.0.0.2:1", "[::1]:1"):
            assert ask(WHO, host=ours).status_code == 200, ours
        assert ask(WHO, **{"sec-fetch-site": "cross-site"}).status_code == 403
        assert ask(WHO, authorization="Bearer x").status_code == 401


class _Told:
    """An audit log that only listens."""

    def __init__(self):
        self.refusals = []

    def tell_refusal(self, told):
        self.refusals.append((told.act, told.actor, told.reason))


def _asked(door, headers, reply_headers=(), method="POST", path=SETS):
    """What the doorkeeper sends for one request; behind it stands an app with these headers in its replies."""
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": list(reply_headers)})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        sent.append(message)

    raw = [(k.encode(), v.encode()) for k, v in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": raw, "client": ("10.0.0.9", 1)}
    asyncio.run(Doorkeeper(app, door)(scope, None, send))
    return sent[0]["status"], {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}


@pytest.fixture
def old_session(tmp_path, monkeypatch):
    """A door, and the headers of a browser whose cookie is to be renewed."""
    make_users(tmp_path / "keys")
    settings = IdentitySettings(mode="local", session_idle_seconds=600)
    told = _Told()
    made = HttpDoor(Identity(settings, tmp_path / "keys", Vouching(None)), encrypted=False, audit=told)
    signed = asyncio.run(
        made.identity.of_token(LocalTokens(tmp_path / "keys", settings).issue("planner", 3600))
    )
    cookie = f"{made.cookie_name}={made.sessions.open(signed)}"
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 120)
    return made, {"cookie": cookie, "host": "dafeng.example"}, told


def test_a_reply_that_others_may_keep_carries_nobodys_session(old_session):
    door, headers, _ = old_session
    for kept in ("public, max-age=60", "public, max-age=31536000, immutable"):
        reply = [(b"cache-control", kept.encode())]
        status, found = _asked(door, headers, reply, "GET", "/released/x.json")
        assert status == 200 and "set-cookie" not in found
    _, found = _asked(door, headers, [(b"cache-control", b"no-cache")], "GET", "/index.html")
    assert found["set-cookie"].startswith(door.cookie_name)


def test_the_public_pages_of_released_results_are_not_called_internal(old_session):
    door, headers, _ = old_session
    key = "dafeng-release-status"
    for path in ("/released", "/released/", "/released/index.html"):
        assert _asked(door, headers, (), "GET", path)[1][key] == "released"
    told = [(key.encode(), b"withdrawn")]
    assert _asked(door, headers, told, "GET", "/released/x.json")[1][key] == "withdrawn"
    for path in ("/", "/sign-in"):
        assert key not in _asked(door, headers, (), "GET", path)[1]


def test_what_another_site_sends_in_a_users_name_is_in_the_audit_log(old_session):
    door, headers, told = old_session
    assert _asked(door, headers | {"sec-fetch-site": "cross-site"})[0] == 403
    assert told.refusals == [(f"POST {SETS}", "planner", "NOT_ALLOWED")]


def test_headers_that_cannot_be_read_are_refused_or_left_out_and_break_nothing(door):
    assert door.post(WHO, origin="http://[").status_code == 403
    for odd in ("²".encode("latin-1"), b"9" * 5000, b"-1", b"x"):
        assert door.post(WHO, **{"connect-timeout-ms": odd}).status_code == 200, odd
