"""The gateway vouches for its caller: a short-lived token of its own key goes with every call to a sector."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.common.access import access_table, may
from services.common.acting import GATEWAY, Actor, actor
from services.common.errors import DomainError
from services.runtime.identity.key_folder import KeyFolder, SigningKey, make_key
from services.runtime.identity.tokens import (
    GATEWAY_ISSUER,
    Expected,
    Kept,
    Lookup,
    key_id_of,
    make_token,
    read_signed,
    refused,
)

VOUCHED_KEY: Final = "dafeng-vouched"
SECTORS: Final = "dafeng-services"
GATEWAY_ITSELF: Final = "dafeng-gateway-inside"
"""Audiences: what sectors are shown does not count at the gateway, so that a sector cannot come as its caller."""
# A token is used for this long, and a new one made this much before it ends: longer than most calls take.
_SECONDS: Final = 300
_SPARE_SECONDS: Final = 60
_MOST_ACTORS: Final = 10_000


@dataclass(frozen=True)
class Vouched:
    """An actor as a token tells it, with the key that it counts on."""

    actor: Actor
    key_id: str


class Vouching:
    """Signs for the actor of the call under way, and reads what another of ours signed."""

    def __init__(self, folder: KeyFolder | None, public: Lookup | None = None) -> None:
        """Keys of a folder; without one a key of this process, for services that all run inside it."""
        self._folder = folder
        self._own = None if folder is not None else make_key()
        self._public = public or self._known
        self._tokens: dict[tuple[Actor, str], tuple[float, str, str]] = {}
        self._read: dict[str, Kept[Vouched]] = {SECTORS: Kept(), GATEWAY_ITSELF: Kept()}

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What goes with a call of ours to a service of ours."""
        return self.metadata_for(_whose_right(actor()), SECTORS)

    def metadata_for(self, who: Actor, audience: str) -> tuple[tuple[str, str], ...]:
        """As `metadata`, for a given actor and reader; nothing where this gateway has no key."""
        token = self.token_for(who, audience)
        return ((VOUCHED_KEY, token),) if token else ()

    def token_for(self, who: Actor, audience: str = SECTORS) -> str:
        """A token for an actor, used again until near its end; "" without a key."""
        key = self._key()
        if key is None:
            return ""
        kept = self._tokens.get((who, audience))
        now = time.time()
        if kept is not None and kept[0] > now and kept[1] == key.key_id:
            return kept[2]
        if len(self._tokens) >= _MOST_ACTORS:
            self._tokens.clear()
        claims = {"roles": sorted(who.roles), "scopes": list(who.scopes), "kind": who.kind}
        token = make_token(key, GATEWAY_ISSUER, audience, who.user_id, _SECONDS, **claims)
        self._tokens[who, audience] = (now + _SECONDS - _SPARE_SECONDS, key.key_id, token)
        return token

    def read(self, token: str, audience: str = SECTORS) -> Actor:
        """Whom the gateway vouches for to this reader. The one refusal when it did not, or no longer does."""
        name = Kept.name(token)
        kept = self._read[audience].get(name)
        if kept is not None and self._public(kept.key_id) is not None:
            return kept.actor
        claims = read_signed(token, self._public, Expected(GATEWAY_ISSUER, audience, _SECONDS))
        try:
            who = Actor(
                str(claims["sub"]),
                frozenset(set(map(str, claims["roles"])) & access_table().roles.keys()),
                tuple(map(str, claims["scopes"])),
                str(claims["kind"]),
            )
        except (KeyError, TypeError):
            raise refused() from None
        self._read[audience].put(name, float(claims["exp"]), Vouched(who, key_id_of(token)))
        return who

    @property
    def by_folder(self) -> bool:
        """Whether its keys are those of a folder."""
        return self._folder is not None

    def sign(self, audience: str, subject: str, seconds: float, /, **claims: Any) -> str:
        """A token of the gateway's for another use. DomainError without a key."""
        key = self._key()
        if key is None:
            raise DomainError("NOT_READY", detail="the gateway has no key; dafeng identity init makes one")
        return make_token(key, GATEWAY_ISSUER, audience, subject, seconds, **claims)

    def claims(self, token: str, expected: Expected) -> Mapping[str, Any]:
        """The claims of a token that `sign` made. The one refusal otherwise."""
        return read_signed(token, self._public, expected)

    def _key(self) -> SigningKey | None:
        if self._folder is None:
            return self._own
        return self._folder.newest() if self._folder.keys() else None

    def _known(self, key_id: str) -> Ed25519PublicKey | None:
        if self._own is not None:
            return self._own.public if key_id == self._own.key_id else None
        return self._folder.public(key_id) if self._folder is not None else None


def _whose_right(who: Actor) -> Actor:
    """Sectors calculate for who may calculate. A caller whom the gateway let do something else that needs a
    calculation (read a draft's member, review, an export of what is released) is served by the gateway's own right.
    """
    return who if who.known and may(who, "project") else GATEWAY
