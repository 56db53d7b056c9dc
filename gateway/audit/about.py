"""What a call is about, told by the code that finds out: the id that a change got, the scope of what it touched."""

from contextvars import ContextVar, Token
from dataclasses import dataclass


@dataclass
class About:
    """What the audit entry of the call under way will name."""

    object: str = ""
    scope: str = ""


_about: ContextVar[About | None] = ContextVar("about", default=None)


def begin(about: About) -> Token[About | None]:
    """From here on the call under way is about this."""
    return _about.set(about)


def end(token: Token[About | None]) -> None:
    """Undo `begin`."""
    _about.reset(token)


def about(object: str = "", scope: str = "") -> None:
    """The call under way is about this; outside a call nothing happens."""
    found = _about.get()
    if found is not None:
        found.object, found.scope = object or found.object, scope or found.scope
