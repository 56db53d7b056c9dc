"""Who a bearer token is: of this installation's own keys (local), or of an issuer (oidc)."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from services.common.acting import Actor
from services.runtime.identity.key_folder import KeyFolder
from services.runtime.identity.settings import IdentitySettings
from services.runtime.identity.tokens import (
    LOCAL_ISSUER,
    Expected,
    Kept,
    key_id_of,
    make_token,
    read_signed,
    refused,
)
from services.runtime.identity.users import Users


@dataclass(frozen=True)
class Signed:
    """Who signed in: the actor, when the token ends, and the key and moment (seconds since 1970) of its signature."""

    actor: Actor
    ends: float
    key_id: str
    issued: int


class TokenReader(Protocol):
    """Reads tokens of users."""

    async def start(self) -> None:
        """Whatever must be there before the first call; DomainError when it is not."""

    async def read(self, token: str) -> Signed:
        """Who a token is. The one refusal otherwise."""

    def still(self, signed: Signed) -> Signed:
        """The same with the rights of now; the one refusal for who was let in and is not any more."""

    def knows(self, who: Actor) -> bool:
        """Whether a person who was let in is let in still, with the same rights."""


class LocalTokens:
    """Tokens signed by this installation; roles and scopes are those of the users file at this moment."""

    def __init__(self, folder: Path, settings: IdentitySettings) -> None:
        self.keys = KeyFolder(folder)
        self.users = Users(folder)
        self._expected = Expected(LOCAL_ISSUER, settings.audience, settings.most_token_seconds)
        self._kept: Kept[Signed] = Kept()

    async def start(self) -> None:
        """Keys and users as they must be."""
        self.keys.keys()
        self.users.all()

    async def read(self, token: str) -> Signed:
        """Who a token is now: a user who is blocked or gone is refused, and so is a removed key's token."""
        name = Kept.name(token)
        kept = self._kept.get(name)
        if kept is None:
            claims = read_signed(token, self.keys.public, self._expected)
            nobody_yet = Actor(str(claims["sub"]), frozenset(), ())
            kept = Signed(nobody_yet, float(claims["exp"]), key_id_of(token), int(claims["iat"]))
            self._kept.put(name, kept.ends, kept)
        return self.still(kept)

    def still(self, signed: Signed) -> Signed:
        """With the user's roles and scopes of now."""
        user = self.users.get(signed.actor.user_id)
        if user is None or signed.issued < user.not_before or self.keys.public(signed.key_id) is None:
            raise refused()
        return replace(signed, actor=user.actor())

    def knows(self, who: Actor) -> bool:
        """Whether the users file says the same now."""
        user = self.users.get(who.user_id)
        return user is not None and user.actor() == who

    def issue(self, user_id: str, seconds: int) -> str:
        """A token for a user. DomainError when there is no such user."""
        if self.users.get(user_id) is None:
            raise refused()
        return make_token(self.keys.newest(), LOCAL_ISSUER, self._expected.audience, user_id, seconds)
