"""Who asks, for one server: what is read from a call's tokens and certificate, and what stands for no token."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from services.common.access import access_table
from services.common.acting import NOBODY, PERSON, Actor, act_as, act_no_more
from services.runtime.gates import Call
from services.runtime.identity.key_folder import KeyFolder, PublicKeys
from services.runtime.identity.readers import LocalTokens, Signed, TokenReader
from services.runtime.identity.settings import IdentitySettings
from services.runtime.identity.tokens import MOST_TOKEN_BYTES, refused
from services.runtime.identity.users import check_rights
from services.runtime.identity.vouching import GATEWAY_ITSELF, SECTORS, VOUCHED_KEY, Vouching

AUTHORIZATION_KEY: Final = "authorization"
_BEARER: Final = "bearer "
# Every refusal of a token takes at least this long, so that time does not tell which part was wrong.
_REFUSAL_SECONDS: Final = 0.003


class Identity:
    """Reads who asks. One for all servers of a process that belong together."""

    def __init__(self, settings: IdentitySettings, folder: Path, vouching: Vouching) -> None:
        self.settings = settings
        self.folder = folder
        self.vouching = vouching
        self.reader = _reader(settings, folder)
        self._nobody = open_user() if settings.mode == "open" else NOBODY
        self._systems = systems_of(settings)

    async def start(self) -> None:
        """Whatever must be there before the first call. DomainError when it is not."""
        if self.settings.mode == "local" or (self.settings.mode == "oidc" and self.vouching.by_folder):
            await asyncio.to_thread(KeyFolder(self.folder).make)
        await self.reader.start()

    async def of_token(self, token: str) -> Signed:
        """Who a bearer token is; every refusal is the same, and takes the same time."""
        started = time.perf_counter()
        try:
            if not 0 < len(token) <= MOST_TOKEN_BYTES:
                raise refused()
            return await self.reader.read(token)
        except Exception:
            await asyncio.sleep(_REFUSAL_SECONDS - (time.perf_counter() - started))
            raise

    async def of_call(self, metadata: Mapping[str, Any], context: Any, audience: str = SECTORS) -> Actor:
        """Who makes a call: whom the gateway vouches for, else the token's user, else the certificate's system.

        `audience`: to whom the gateway must have vouched.
        """
        vouched = metadata.get(VOUCHED_KEY)
        if vouched is not None:
            return self.vouching.read(vouched if isinstance(vouched, str) else "", audience)
        given = metadata.get(AUTHORIZATION_KEY)
        if given is not None:
            return (await self.of_token(bearer(given))).actor
        if self._systems:
            name = certificate_name(context)
            if name:
                return self._systems.get(name, NOBODY)
        return self._nobody

    def look_again(self, who: Actor) -> None:
        """The one refusal for a person of this installation who was let in and is not any more, or not so."""
        if who.known and who.kind == PERSON and who != self._nobody and not self.reader.knows(who):
            raise refused()

    @property
    def without_token(self) -> Actor:
        """Who asks when no token is given."""
        return self._nobody


class CertificateGate:
    """At a sector that asks for certificates: only the gateway's is answered, another service's is not."""

    def __init__(self, name: str) -> None:
        self._name = name

    @contextlib.asynccontextmanager
    async def pass_through(self, call: Call) -> AsyncIterator[None]:
        """The call of the gateway; a unix socket is this machine's own."""
        found = call.context.auth_context()
        if found.get("transport_security_type") == [b"ssl"] and certificate_name(call.context) != self._name:
            raise refused()
        yield


class IdentityGate:
    """Finds who asks and lets the call run as that actor."""

    def __init__(self, identity: Identity, *, of_gateway: bool) -> None:
        self._identity = identity
        self._audience = GATEWAY_ITSELF if of_gateway else SECTORS

    @contextlib.asynccontextmanager
    async def pass_through(self, call: Call) -> AsyncIterator[None]:
        """The call as its actor."""
        call.actor = await self._identity.of_call(call.metadata, call.context, self._audience)
        if self._audience == GATEWAY_ITSELF:  # sectors need not know the users
            call.look_again = partial(self._identity.look_again, call.actor)
        token = act_as(call.actor)
        try:
            yield
        finally:
            act_no_more(token)


def bearer(given: Any) -> str:
    """The token of an authorization header; "" for anything else, which is then refused."""
    text = given if isinstance(given, str) else ""
    return text[len(_BEARER) :].strip() if text[: len(_BEARER)].lower() == _BEARER else ""


def certificate_name(context: Any) -> str:
    """The common name of the caller's certificate, which the connection verified; "" without one."""
    names = context.auth_context().get("x509_common_name", ())
    return names[0].decode("utf-8", "replace") if names else ""


def open_user() -> Actor:
    """The user of this machine, where no sign-in is asked for."""
    row = access_table().open
    return Actor(row.user_id, frozenset(row.roles), tuple(row.scopes))


def systems_of(settings: IdentitySettings) -> Mapping[str, Actor]:
    """Other systems by the name of their certificate. DomainError when a row's roles or scopes are not valid."""
    for row in settings.systems:
        check_rights(row.roles, row.scopes, f"identity.systems.{row.name}.")
    return {r.name: Actor(r.name, frozenset(r.roles), r.scopes, "system") for r in settings.systems}


def vouching_of(settings: IdentitySettings, folder: Path) -> Vouching:
    """Vouching by the key folder, read against the gateway's public keys where they are given apart."""
    public = PublicKeys(Path(settings.gateway_keys)).public if settings.gateway_keys else None
    return Vouching(KeyFolder(folder), public)


def _reader(settings: IdentitySettings, folder: Path) -> TokenReader:
    if settings.mode != "oidc":
        return LocalTokens(folder, settings)
    from services.runtime.identity.oidc import IssuerTokens

    return IssuerTokens(settings)
