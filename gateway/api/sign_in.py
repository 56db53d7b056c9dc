"""Signing in and out by browser: a small page of our own where a token becomes a session, or the issuer's way."""

import html
import urllib.parse
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from gateway.api.http_door import SESSION_KEY, SIGN_IN, SIGN_OUT, Door
from gateway.api.issuer_sign_in import BACK, START, IssuerSignIn
from gateway.audit.words import Outcome
from services.common.errors import DomainError
from services.runtime.identity.readers import Signed
from services.runtime.logs import logger

CSS_PATH: Final = f"{SIGN_IN}/sign-in.css"
_MOST_BODY_BYTES: Final = 16 * 1024
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_CSS: Final = (
    "body{font:16px/1.6 system-ui,'Noto Sans CJK SC',sans-serif;margin:4rem auto;max-width:32rem;padding:0 1rem;"
    "color:#1c2733;background:#fff}h1{font-size:1.4rem}label{display:block;margin:1rem 0 .3rem}"
    "textarea{box-sizing:border-box;width:100%;height:7rem;font:13px/1.4 ui-monospace,monospace;padding:.5rem}"
    "button,.button{display:inline-block;margin-top:1rem;padding:.5rem 1.4rem;font:inherit;border:1px solid #14508c;"
    "background:#14508c;color:#fff;border-radius:4px;cursor:pointer;text-decoration:none}"
    ".wrong{border-left:4px solid #a4262c;padding:.3rem .8rem;background:#fbeeee}"
    "@media(prefers-color-scheme:dark){body{background:#12181f;color:#e6ebf0}.wrong{background:#3a1d1f}}"
)
_WRONG: Final = (
    "登录未成功：令牌无效、已过期，或用户已停用。<br>"
    "Not signed in: the token is not valid, has ended, or its user is blocked."
)


class SignIn:
    """The pages of signing in and out."""

    def __init__(self, door: Door) -> None:
        self._door = door
        settings = door.identity.settings
        self._issuer = IssuerSignIn(door) if settings.mode == "oidc" and settings.client_id else None

    def routes(self) -> list[Route]:
        """Routes of the pages."""
        made = [
            Route(CSS_PATH, self._css),
            Route(SIGN_IN, self._page, methods=["GET"]),
            Route(SIGN_IN, self._with_token, methods=["POST"]),
            Route(SIGN_OUT, self._sign_out_page, methods=["GET"]),
            Route(SIGN_OUT, self._sign_out, methods=["POST"]),
        ]
        if self._issuer is not None:
            made += [Route(START, self._issuer.start), Route(BACK, self._back)]
        return made

    async def _css(self, _: Request) -> Response:
        return Response(_CSS, media_type="text/css")

    async def _page(self, _: Request) -> Response:
        return self._form()

    async def _with_token(self, request: Request) -> Response:
        """A token becomes a session; the cookie holds who it is, not the token."""
        fields = urllib.parse.parse_qs((await _body(request)).decode("utf-8", "replace"))
        token = fields.get("token", [""])[0].strip()
        try:
            signed = await self._door.identity.of_token(token)
        except DomainError:
            logger().warning("sign-in", outcome="refused")
            self._door.tell("sign-in", Outcome.REFUSED, request.scope, reason="UNAUTHENTICATED")
            return self._form(wrong=True)
        return self._signed_in(signed, request)

    async def _back(self, request: Request) -> Response:
        """The issuer has sent the browser back."""
        assert self._issuer is not None
        try:
            signed = await self._issuer.back(request)
        except DomainError as error:
            logger().warning("sign-in", outcome=error.reason)
            self._door.tell("sign-in", Outcome.REFUSED, request.scope, reason=error.reason)
            reply = self._form(wrong=True)
        else:
            reply = self._signed_in(signed, request)
        reply.headers.append("Set-Cookie", self._issuer.cookie(""))
        return reply

    def _signed_in(self, signed: Signed, request: Request) -> Response:
        logger().info("sign-in", outcome="ok", user=signed.actor.user_id)
        self._door.tell("sign-in", Outcome.DONE, request.scope, signed.actor.user_id)
        return _plain(RedirectResponse("/", 303), self._door.cookie(self._door.sessions.open(signed)))

    async def _sign_out_page(self, _: Request) -> Response:
        form = f'<form method="post" action="{SIGN_OUT}"><button>退出登录 Sign out</button></form>'
        return _html("退出登录 Sign out", form)

    async def _sign_out(self, request: Request) -> Response:
        session = request.scope.get(SESSION_KEY)
        if session is not None:
            self._door.sessions.end(session)
            logger().info("sign-out", user=session.signed.actor.user_id)
            self._door.tell("sign-out", Outcome.DONE, request.scope, session.signed.actor.user_id)
        return _plain(RedirectResponse(SIGN_IN, 303), self._door.cookie(""))

    def _form(self, *, wrong: bool = False) -> Response:
        parts = [f'<p class="wrong" role="alert">{_WRONG}</p>'] if wrong else []
        if self._issuer is not None:
            parts.append(
                f'<p><a class="button" href="{START}">统一身份认证登录 Sign in with the unified sign-on</a></p>'
            )
        else:
            parts.append(
                f'<form method="post" action="{SIGN_IN}">'
                '<label for="token">访问令牌 Token（<code>dafeng identity token --user …</code>）</label>'
                '<textarea id="token" name="token" required spellcheck="false" autocomplete="off"></textarea>'
                "<button>登录 Sign in</button></form>"
            )
        return _html("登录达峰 Sign in to Dafeng", "".join(parts), 401 if wrong else 200)


async def _body(request: Request) -> bytes:
    """The body, as much of it as a token may have."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > _MOST_BODY_BYTES:
            return b""
    return bytes(found)


def _html(title: str, body: str, status: int = 200) -> Response:
    text = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{html.escape(title)}</title><link rel="stylesheet" href="{CSS_PATH}"></head>'
        f"<body><main><h1>{html.escape(title)}</h1>{body}</main></body></html>"
    )
    return HTMLResponse(text, status, {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"})


def _plain(reply: Response, cookie: str) -> Response:
    reply.headers["Cache-Control"] = "no-store"
    reply.headers.append("Set-Cookie", cookie)
    return reply
