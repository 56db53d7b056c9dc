"""Whose a draft is, and which drafts the actor of the call under way sees and touches.

Decided by `services.common.access.may` alone. Who calls the gateway as a library is nobody: what it keeps is the
local user's, and it sees everything.
"""

from dataclasses import dataclass
from typing import Final

from services.common.access import Subject, draft_scope, may
from services.common.acting import Actor, actor
from services.common.errors import DomainError

LOCAL_OWNER: Final = "local"
SEE: Final = "see_drafts"
# No scope of an actor names this place: who may see a draft there sees all drafts.
_NOWHERE: Final = Subject("\0nowhere", "\0nobody")


@dataclass(frozen=True)
class Sight:
    """Which drafts somebody sees: all, or their own and those whose scope is covered."""

    everything: bool = False
    owner: str = LOCAL_OWNER
    """Whose own drafts come first; empty: sees none of its own either."""
    scopes: tuple[str, ...] = ()

    def sees(self, subject: Subject) -> bool:
        """Whether a draft is seen."""
        own = bool(self.owner) and subject.owner == self.owner
        return self.everything or own or any(_covers(s, subject.scope) for s in self.scopes)


EVERYTHING: Final = Sight(everything=True)


class HiddenError(DomainError):
    """Told as if there were no such thing; the audit log says that somebody asked for what they may not see."""


def owner_now() -> str:
    """Whose a draft is that is kept now."""
    return actor().user_id or LOCAL_OWNER


def scope_now(region: str) -> str:
    """The scope of a draft for a region that is kept now."""
    return draft_scope(actor(), region) if actor().known else region


def sight_now() -> Sight:
    """Which drafts the actor of the call under way sees."""
    who = actor()
    return sight_of(who) if who.known else EVERYTHING


def sight_of(who: Actor) -> Sight:
    """Which drafts an actor sees, as `may` decides for each."""
    if not may(who, SEE):
        return Sight(owner="")
    return Sight(may(who, SEE, _NOWHERE), who.user_id, tuple(s for s in who.scopes if s))


def check_may(act: str, subject: Subject) -> None:
    """DomainError(NOT_ALLOWED) unless the actor may do this to a draft that it sees.

    Seeing counts too: an act that a role has everywhere does not reach drafts that it may not see.
    """
    who = actor()
    if who.known and not (sight_of(who).sees(subject) and may(who, act, subject)):
        raise DomainError("NOT_ALLOWED")


def _covers(scope: str, place: str) -> bool:
    return scope == place or place.startswith(f"{scope}/")
