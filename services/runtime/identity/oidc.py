"""Tokens of an OIDC issuer: discovery, its keys (fetched again when a key is not known), claims read into an actor."""

import asyncio
import time
import urllib.parse
from collections.abc import Mapping
from typing import Any, Final

import jwt

from services.common.access import access_table
from services.common.acting import Actor
from services.common.errors import DomainError, Violation, invalid
from services.runtime.identity.fetching import fetch_json
from services.runtime.identity.readers import Signed
from services.runtime.identity.settings import IdentitySettings
from services.runtime.identity.tokens import Expected, Kept, key_id_of, read_token, refused

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
# Keys are fetched again at this age; with the issuer away they count for `_MOST_AGE_SECONDS`.
_FRESH_SECONDS: Final = 3600.0
_MOST_AGE_SECONDS: Final = 86_400.0
# Tokens with unknown keys make nobody fetch more often than this.
_PAUSE_SECONDS: Final = 5.0


class Issuer:
    """What an issuer publishes of itself."""

    def __init__(self, settings: IdentitySettings) -> None:
        self._issuer = settings.issuer.rstrip("/")
        check_issuer(settings.issuer)
        self._document: Mapping[str, Any] = {}
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = self._tried = -_MOST_AGE_SECONDS
        self._fetching = asyncio.Lock()

    async def document(self) -> Mapping[str, Any]:
        """The discovery document. NOT_READY while the issuer cannot be reached."""
        if not self._document:
            found = await fetch_json(f"{self._issuer}/.well-known/openid-configuration")
            if str(found.get("issuer", "")).rstrip("/") != self._issuer or not found.get("jwks_uri"):
                raise DomainError(
                    "NOT_READY", detail=f"{self._issuer} does not describe itself as this issuer"
                )
            self._document = found
        return self._document

    async def name(self) -> str:
        """The issuer as its tokens name it."""
        return str((await self.document())["issuer"])

    async def key(self, key_id: str) -> jwt.PyJWK | None:
        """A key of the issuer; unknown ones make it fetch the keys anew. NOT_READY when it cannot and has to."""
        age = time.monotonic() - self._fetched
        if key_id in self._keys and age < _FRESH_SECONDS:
            return self._keys[key_id]
        if not self._may_fetch():
            if age > _MOST_AGE_SECONDS:
                raise DomainError(
                    "NOT_READY", detail="the issuer's keys are too old, and it cannot be reached"
                )
            return self._keys.get(key_id)
        try:
            await self._fetch(key_id)
        except DomainError:
            if key_id not in self._keys or age > _MOST_AGE_SECONDS:
                raise
        return self._keys.get(key_id)

    def _may_fetch(self) -> bool:
        return time.monotonic() - self._tried >= _PAUSE_SECONDS

    async def _fetch(self, key_id: str) -> None:
        async with self._fetching:
            if not self._may_fetch():
                return
            self._tried = time.monotonic()
            found = await fetch_json(str((await self.document())["jwks_uri"]))
            keys: dict[str, jwt.PyJWK] = {}
            for row in found.get("keys", ()):
                if row.get("use", "sig") == "sig" and row.get("kty") in ("RSA", "EC", "OKP"):
                    try:
                        keys[str(row.get("kid", ""))] = jwt.PyJWK.from_dict(row)
                    except jwt.PyJWTError:  # a kind of key that we do not take
                        continue
            self._keys, self._fetched = keys, time.monotonic()


class IssuerTokens:
    """Access tokens of an issuer; roles and scopes are those of the configured claims."""

    def __init__(self, settings: IdentitySettings) -> None:
        self.issuer = Issuer(settings)
        self._settings = settings
        self._kept: Kept[Signed] = Kept()

    async def start(self) -> None:
        """The issuer answers and has keys. NOT_READY otherwise."""
        await self.issuer.key("")

    async def read(self, token: str) -> Signed:
        """Who a token is."""
        name = Kept.name(token)
        kept = self._kept.get(name)
        if kept is None:
            claims = await self.claims(token, self._settings.audience)
            actor = actor_of(claims, self._settings)
            kept = Signed(actor, float(claims["exp"]), key_id_of(token), int(claims["iat"]))
            self._kept.put(name, kept.ends, kept)
        return kept

    def still(self, signed: Signed) -> Signed:
        """The issuer says when it ends."""
        return signed

    def knows(self, who: Actor) -> bool:
        """The issuer's word counts until its token ends."""
        return True

    async def claims(self, token: str, audience: str) -> Mapping[str, Any]:
        """The claims of a token of the issuer for an audience."""
        key = await self.issuer.key(key_id_of(token))
        if key is None:
            raise refused()
        allowed = (key.algorithm_name,) if key.algorithm_name in ALGORITHMS else ()
        expected = Expected(await self.issuer.name(), audience, self._settings.most_token_seconds, allowed)
        return read_token(token, key.key, expected)


def actor_of(claims: Mapping[str, Any], settings: IdentitySettings) -> Actor:
    """The person of verified claims. Roles that the table does not have, or that are no person's, are left out; who
    has two administrators' roles at once is refused.
    """
    table = access_table().roles
    given = _words(_claim(claims, settings.roles_claim))
    roles = frozenset(r for r in given if r in table and table[r].kind == "person")
    user_id = _claim(claims, settings.user_claim)
    if not isinstance(user_id, str) or not user_id or sum(table[r].alone for r in roles) > 1:
        raise refused()
    return Actor(user_id, roles, tuple(_words(_claim(claims, settings.scopes_claim))))


def check_issuer(issuer: str) -> None:
    """DomainError unless the issuer is an https address (plain http for loopback only)."""
    found = urllib.parse.urlsplit(issuer)
    if found.scheme == "https" and found.hostname:
        return
    if found.scheme == "http" and found.hostname in ("127.0.0.1", "localhost", "::1"):
        return
    raise invalid([Violation("identity.issuer", "not an https address", issuer, "https://...")])


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [str(v) for v in value] if isinstance(value, list) else []
