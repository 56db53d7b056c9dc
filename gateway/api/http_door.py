"""Who asks over HTTP: bearer token, or a session's cookie; which pages there are, and who may have them."""

import ipaddress
import urllib.parse
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response

from gateway.api.connect import METADATA_KEY, STATUS_HEADER, error_reply, status_reply
from gateway.api.identity_servicer import ENDS_KEY
from gateway.audit.gate import ADDRESS_KEY
from gateway.audit.log import AuditLog
from gateway.audit.words import Outcome, Told
from gateway.jobs.store.stamps import stamp
from services.common.access import PUBLIC, may, page_act
from services.common.acting import Actor
from services.common.errors import DomainError
from services.common.words import ReleaseStatus
from services.runtime.identity.identity import AUTHORIZATION_KEY, Identity, bearer
from services.runtime.identity.sessions import Session, Sessions
from services.runtime.identity.vouching import GATEWAY_ITSELF
from services.runtime.statuses import status_of

SIGN_IN: Final = "/sign-in"
SIGN_OUT: Final = "/sign-out"
SESSION_KEY: Final = "dafeng.session"
KEY_FOLDER_KEY: Final = "dafeng.key_folder"
# The folder of the pages that show what is released, and nothing internal.
_RELEASED: Final = "/released"
# Whoever keeps such a reply for others must not keep a session with it.
_KEPT_BY_OTHERS: Final = "public"
_FIRST_ERROR: Final = 400


class Door:
    """What the HTTP door knows of identity."""

    def __init__(self, identity: Identity, *, encrypted: bool, audit: AuditLog | None = None) -> None:
        """`encrypted`: browsers reach this door by https, so cookies are sent by https alone."""
        self.identity = identity
        self.sessions = Sessions(identity)
        self.audit = audit
        self.encrypted = encrypted or identity.settings.public_url.startswith("https://")
        # The prefix makes browsers refuse the cookie from anywhere but this host over https.
        self.cookie_name = "__Host-dafeng-session" if self.encrypted else "dafeng-session"

    def tell(self, act: str, outcome: Outcome, scope: Any, user: str = "", reason: str = "") -> None:
        """The audit log hears of an act at this door; refusals in a flood are counted."""
        if self.audit is None:
            return
        told = Told(stamp(), user, act, outcome, reason=reason, address=address_of_scope(scope))
        if outcome is Outcome.REFUSED:
            self.audit.tell_refusal(told)
        else:
            self.audit.tell(told)

    def cookie(self, value: str) -> str:
        """The Set-Cookie header of a session; an empty value takes the cookie back."""
        return set_cookie(self.cookie_name, value, encrypted=self.encrypted, same_site="Strict")

    def host_is_ours(self, host: str) -> bool:
        """Without sign-in, only by this machine's own names: another site's name that leads here is refused."""
        if self.identity.settings.mode != "open":
            return True
        name = _host_name(f"//{host}")
        public = _host_name(self.identity.settings.public_url)
        return bool(name) and (name in ("localhost", public) or _is_loopback_address(name))


class Doorkeeper:
    """Stands in front of every page and method. Plain ASGI, so that a caller who leaves is noticed behind it."""

    def __init__(self, app: Any, door: Door) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Find who asks, refuse what is not allowed, pass the rest on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        session = self._session(headers)
        scope[SESSION_KEY] = session
        scope[KEY_FOLDER_KEY] = self._door.identity.folder
        try:
            refusal = await self._refusal(scope, headers, session)
        except DomainError as error:
            self._door.tell(page_of(scope), Outcome.REFUSED, scope, reason=error.reason)
            refusal = status_reply(status_of(error))
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, self._sending(scope, send, session))

    def _session(self, headers: Headers) -> Session | None:
        """The session of the cookie; None without one, and when it is over."""
        value = cookie_of(headers, self._door.cookie_name)
        if not value or AUTHORIZATION_KEY in headers:
            return None
        try:
            return self._door.sessions.read(value)
        except DomainError:
            return None

    async def _refusal(self, scope: Any, headers: Headers, session: Session | None) -> Response | None:
        if not self._door.host_is_ours(headers.get("host", "")):
            return self._stranger(scope, session, "not a name of this machine; sign-in is open here")
        path = scope["path"]
        changes = scope["method"] not in ("GET", "HEAD")
        if changes and AUTHORIZATION_KEY not in headers and not same_origin(headers, session is not None):
            return self._stranger(scope, session, "the request comes from another site")
        if scope["method"] == "POST" and is_method(path):
            scope[METADATA_KEY] = (*self._metadata(headers, session), (ADDRESS_KEY, address_of_scope(scope)))
            return None
        act = page_act(path)
        if act is None:
            return error_reply("NOT_FOUND", f"no such page {path[:100]}")
        if act == PUBLIC:
            return None
        who = await self._actor(headers, session)
        refusal = self._page_refusal(act, who, headers)
        if refusal is not None:
            reason = "NOT_ALLOWED" if who.known else "UNAUTHENTICATED"
            self._door.tell(page_of(scope), Outcome.REFUSED, scope, who.user_id, reason)
        return refusal

    def _stranger(self, scope: Any, session: Session | None, text: str) -> Response:
        """The refusal of what another site has sent; it may have a session's cookie with it."""
        user = session.signed.actor.user_id if session is not None else ""
        self._door.tell(page_of(scope), Outcome.REFUSED, scope, user, "NOT_ALLOWED")
        return error_reply("PERMISSION_DENIED", text)

    def _page_refusal(self, act: str, who: Actor, headers: Headers) -> Response | None:
        if may(who, act):
            return None
        if who.known:
            return status_reply(status_of(DomainError("NOT_ALLOWED")))
        if "text/html" in headers.get("accept", ""):
            return RedirectResponse(SIGN_IN, 303)
        return status_reply(status_of(DomainError("UNAUTHENTICATED")))

    async def _actor(self, headers: Headers, session: Session | None) -> Actor:
        if AUTHORIZATION_KEY in headers:
            return (await self._door.identity.of_token(bearer(headers[AUTHORIZATION_KEY]))).actor
        return session.signed.actor if session is not None else self._door.identity.without_token

    def _metadata(self, headers: Headers, session: Session | None) -> tuple[tuple[str, str], ...]:
        """The token itself goes on; for a session the gateway vouches, to itself."""
        if AUTHORIZATION_KEY in headers:
            text = headers[AUTHORIZATION_KEY]
            # What metadata cannot carry is no token either.
            return ((AUTHORIZATION_KEY, text if text.isascii() and text.isprintable() else "-"),)
        if session is not None:
            ends = (ENDS_KEY, str(int(session.signed.ends)))
            vouched = self._door.identity.vouching.metadata_for(session.signed.actor, GATEWAY_ITSELF)
            return (*vouched, ends)
        return ()

    def _sending(self, scope: Any, send: Any, session: Session | None) -> Any:
        """Replies of methods are kept by nobody; a session in use goes on."""
        fresh = self._door.sessions.renewed(session) if session is not None else ""
        kept_by_nobody = scope["method"] not in ("GET", "HEAD")
        released = scope["path"] == _RELEASED or scope["path"].startswith(f"{_RELEASED}/")

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if kept_by_nobody:
                    headers["Cache-Control"] = "no-store"
                if released and message["status"] < _FIRST_ERROR:
                    headers.setdefault(STATUS_HEADER, ReleaseStatus.RELEASED.value)
                if (
                    fresh
                    and "set-cookie" not in headers
                    and _KEPT_BY_OTHERS not in headers.get("cache-control", "")
                ):
                    headers.append("Set-Cookie", self._door.cookie(fresh))
            await send(message)

        return with_headers


def page_of(scope: Any) -> str:
    """A page as the audit log names it."""
    return f"{scope['method']} {scope['path']}".encode("ascii", "backslashreplace").decode()[:200]


def address_of_scope(scope: Any) -> str:
    """Where a caller of the HTTP door is."""
    client = scope.get("client") or ("", 0)
    return f"http:{client[0]}:{client[1]}"


def is_method(path: str) -> bool:
    """Whether a path is that of a method: /package.Service/Method."""
    parts = path.split("/")
    return len(parts) == 3 and "." in parts[1]


def same_origin(headers: Headers, must_say: bool) -> bool:
    """Whether a request comes from our own page. Browsers say so; a request that says nothing comes from none,
    which is good enough unless a cookie speaks for it (`must_say`).
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin" or (site == "none" and not must_say)
    origin = headers.get("origin")
    if origin is None:
        return not must_say
    try:
        return urllib.parse.urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    except ValueError:
        return False


def _host_name(address: str) -> str:
    """The name in an address; "" when there is none."""
    try:
        return urllib.parse.urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_loopback_address(name: str) -> bool:
    """Whether a name is an address of this machine itself: a name that only begins like one is anybody's."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def cookie_of(headers: Headers, name: str) -> str:
    """A cookie's value; "" without it."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def set_cookie(name: str, value: str, *, encrypted: bool, same_site: str, seconds: int | None = None) -> str:
    """A Set-Cookie header that scripts cannot read; an empty value takes the cookie back."""
    parts = [f"{name}={value}", "Path=/", "HttpOnly", f"SameSite={same_site}"]
    if encrypted:
        parts.append("Secure")
    if not value:
        seconds = 0
    if seconds is not None:
        parts.append(f"Max-Age={seconds}")
    return "; ".join(parts)
