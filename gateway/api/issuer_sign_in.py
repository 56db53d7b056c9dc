"""Signing in by the issuer: authorisation code with PKCE; state, nonce and verifier wait in a short-lived cookie."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from authlib.integrations.httpx_client import AsyncOAuth2Client
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.api.http_door import SIGN_IN, Door, cookie_of, set_cookie
from services.common.errors import DomainError
from services.runtime.identity.oidc import IssuerTokens, actor_of
from services.runtime.identity.readers import Signed
from services.runtime.identity.tokens import GATEWAY_ISSUER, Expected, key_id_of, refused

START: Final = f"{SIGN_IN}/start"
BACK: Final = f"{SIGN_IN}/back"
_AUDIENCE: Final = "dafeng-signing-in"
_COOKIE: Final = "dafeng-signing-in"
_SECONDS: Final = 600
_ISSUER_SECONDS: Final = 10.0


class IssuerSignIn:
    """The two steps of signing in by an issuer."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._settings = door.identity.settings
        assert isinstance(door.identity.reader, IssuerTokens)
        self._tokens = door.identity.reader

    async def start(self, _: Request) -> Response:
        """Send the browser to the issuer."""
        kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        document = await self._tokens.issuer.document()
        async with self._client() as client:
            url, _state = client.create_authorization_url(
                str(document["authorization_endpoint"]),
                state=kept["state"],
                nonce=kept["nonce"],
                code_verifier=kept["verifier"],
            )
        value = self._door.identity.vouching.sign(_AUDIENCE, "browser", _SECONDS, **kept)
        reply = RedirectResponse(url, 303)
        reply.headers["Cache-Control"] = "no-store"
        reply.headers.append("Set-Cookie", self.cookie(value))
        return reply

    async def back(self, request: Request) -> Signed:
        """Who the issuer says has signed in. The one refusal when anything does not fit."""
        expected = Expected(GATEWAY_ISSUER, _AUDIENCE, _SECONDS, leeway_seconds=0)
        kept = self._door.identity.vouching.claims(cookie_of(request.headers, _COOKIE), expected)
        given = request.query_params.get("state", "")
        code = request.query_params.get("code", "")
        if not code or not secrets.compare_digest(given.encode(), str(kept["state"]).encode()):
            raise refused()
        reply = await self._exchange(code, str(kept["verifier"]))
        return await self._signed(reply, str(kept["nonce"]))

    def cookie(self, value: str) -> str:
        """The cookie of a sign-in under way: sent when the issuer sends the browser back, so not strict."""
        encrypted = self._door.encrypted
        return set_cookie(_COOKIE, value, encrypted=encrypted, same_site="Lax", seconds=_SECONDS)

    async def _exchange(self, code: str, verifier: str) -> Mapping[str, Any]:
        document = await self._tokens.issuer.document()
        try:
            async with self._client() as client:
                found = await client.fetch_token(
                    str(document["token_endpoint"]), code=code, code_verifier=verifier
                )
        except Exception as error:
            raise DomainError(
                "NOT_READY", detail=f"the issuer gave no token: {type(error).__name__}"
            ) from None
        return dict(found)

    async def _signed(self, reply: Mapping[str, Any], nonce: str) -> Signed:
        """The identity token says who; roles that it lacks are read from the access token, where that is ours."""
        token = str(reply.get("id_token", ""))
        claims = await self._tokens.claims(token, self._settings.client_id)
        if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise refused()
        ends = float(claims["exp"])
        if self._settings.roles_claim.partition(".")[0] not in claims:
            rights = await self._tokens.claims(str(reply.get("access_token", "")), self._settings.audience)
            if rights["sub"] != claims["sub"]:
                raise refused()
            claims, ends = {**rights, **claims}, max(ends, float(rights["exp"]))
        return Signed(actor_of(claims, self._settings), ends, key_id_of(token), int(claims["iat"]))

    def _client(self) -> AsyncOAuth2Client:
        file = self._settings.client_secret_file
        secret = Path(file).read_text("utf-8").strip() if file else None
        return AsyncOAuth2Client(
            self._settings.client_id,
            secret,
            scope="openid profile",
            redirect_uri=f"{self._settings.public_url.rstrip('/')}{BACK}",
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            timeout=_ISSUER_SECONDS,
        )
