"""Stages of a call, and what is known of it, told to whoever watches; nobody does unless the process says so.

Code that calculates names its stages (`span`) and facts (`note`) here and knows nothing of traces or logs.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from contextvars import ContextVar
from typing import Final, Protocol


class Tracing(Protocol):
    """Whoever is told of stages."""

    def span(self, name: str) -> AbstractContextManager[None]:
        """Inside it, a stage of this name is under way."""

    def note(self, name: str, value: str) -> None:
        """The stage under way has this attribute."""


_NOBODY: Final = nullcontext()
_facts: ContextVar[dict[str, str] | None] = ContextVar("facts", default=None)
_tracing: Tracing | None = None


def trace_with(tracing: Tracing | None) -> None:
    """Tell stages to `tracing` from now on, or to nobody."""
    global _tracing
    _tracing = tracing


def span(name: str) -> AbstractContextManager[None]:
    """A stage of the call under way."""
    return _NOBODY if _tracing is None else _tracing.span(name)


def note(**facts: str) -> None:
    """What is now known of the call under way (ids and digests only: it stands in logs and traces)."""
    known = _facts.get()
    if known is not None:
        known.update(facts)
    if _tracing is not None:
        for name, value in facts.items():
            _tracing.note(name, value)


def facts() -> dict[str, str]:
    """What is known of the call under way; empty outside any."""
    return _facts.get() or {}


@contextmanager
def facts_of_a_call(**first: str) -> Iterator[None]:
    """Inside, facts belong to one call; tasks that it starts add to the same."""
    token = _facts.set(dict(first))
    try:
        yield
    finally:
        # A stream may be closed from another context than the one that opened it.
        with suppress(ValueError):
            _facts.reset(token)
