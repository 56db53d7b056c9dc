"""What a calculation reads of the region data and of the levers, recorded on demand.

`Region` and `LeverPaths` tell every read to the recorder of the current context; without one they tell nobody, at the
cost of a look. What `kept` keeps remembers the reads that made it and tells them again each time it is handed out, so
that a recording does not depend on what was calculated before.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, wraps
from types import FrameType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
# Modules that read for others: the stage of a read is whoever called them.
_MESSENGERS = frozenset(f"services.common.{name}" for name in ("regions", "levers", "economy", "calibration"))


@dataclass(frozen=True, order=True)
class Read:
    """One read. kind: leaf, leaves (a whole file of them), table, observed, lever.

    subject: the data file; name: the leaf, the observed metric or the lever; stage: the module that read.
    """

    kind: str
    subject: str
    name: str
    place: str
    stage: str


_HEARD: ContextVar[set[Read] | None] = ContextVar("heard", default=None)


@contextmanager
def recording() -> Iterator[set[Read]]:
    """Gather every read of this context (not those of other threads) in the set it gives."""
    heard: set[Read] = set()
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


def note(kind: str, subject: str, name: str = "", place: str = "") -> None:
    """Tell a read to the recorder, if there is one."""
    heard = _HEARD.get()
    if heard is not None:
        heard.add(Read(kind, subject, name, place, _reader(sys._getframe(2))))


def heard_again(reads: Iterable[Read]) -> None:
    """Tell reads that were heard before, for a value that is handed out again."""
    heard = _HEARD.get()
    if heard is not None:
        heard.update(reads)


def carried(function: Callable[P, R]) -> Callable[P, R]:
    """The function for other threads to call: what it reads there is heard by the recorder of this context."""
    heard = _HEARD.get()

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        token = _HEARD.set(heard)
        try:
            return function(*args, **kwargs)
        finally:
            _HEARD.reset(token)

    return run


def kept(maxsize: int | None = 128) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`functools.lru_cache` whose values tell the reads that made them whenever they are handed out."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @lru_cache(maxsize)
        def made(*args: P.args, **kwargs: P.kwargs) -> tuple[R, frozenset[Read]]:
            with recording() as heard:
                value = function(*args, **kwargs)
            return value, frozenset(heard)

        @wraps(function)
        def handed(*args: P.args, **kwargs: P.kwargs) -> R:
            value, reads = made(*args, **kwargs)  # type: ignore[arg-type]  # lru_cache asks for hashable arguments
            heard = _HEARD.get()
            if heard is not None:
                heard |= reads
            return value

        handed.cache_clear = made.cache_clear  # type: ignore[attr-defined]
        handed.cache_info = made.cache_info  # type: ignore[attr-defined]
        return handed

    return decorate


def _reader(frame: FrameType | None) -> str:
    """The module of the first caller that is no messenger; what is kept was read by nobody outside it."""
    module = ""
    while frame is not None:
        before, module = module, str(frame.f_globals.get("__name__", ""))
        if module == __name__:
            return before
        if module not in _MESSENGERS:
            return module
        frame = frame.f_back
    return module
