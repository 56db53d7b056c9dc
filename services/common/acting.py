"""Who asks: the actor of the call under way, set by the server's door and read by whoever must know."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Final

EVERYWHERE: Final = "*"
PERSON: Final = "person"


@dataclass(frozen=True)
class Actor:
    """Who asks. `roles` are rows of access.toml; `scopes` are "*", a region or a city ("jiangsu/nantong")."""

    user_id: str
    roles: frozenset[str]
    scopes: tuple[str, ...]
    kind: str = PERSON
    """person, system (another system's certificate or token) or service (a part of ours)."""

    @property
    def known(self) -> bool:
        """Whether anybody is known to ask."""
        return bool(self.user_id)


NOBODY: Final = Actor("", frozenset(), ())
GATEWAY: Final = Actor("gateway", frozenset({"gateway"}), (EVERYWHERE,), "service")
"""The gateway itself: what it does for nobody in particular, and where a caller's right does not reach further in."""
_acting: ContextVar[Actor] = ContextVar("acting", default=NOBODY)


def actor() -> Actor:
    """Who asks in the call under way; NOBODY outside a call."""
    return _acting.get()


def act_as(who: Actor) -> Token[Actor]:
    """From here on `who` asks, in this call; undo with `act_no_more`."""
    return _acting.set(who)


def act_no_more(token: Token[Actor]) -> None:
    """Undo `act_as`. A stream that is cleared away elsewhere has taken its context with it."""
    with contextlib.suppress(ValueError):
        _acting.reset(token)


@contextlib.contextmanager
def acting(who: Actor) -> Iterator[None]:
    """Within this, `who` asks."""
    token = act_as(who)
    try:
        yield
    finally:
        act_no_more(token)
