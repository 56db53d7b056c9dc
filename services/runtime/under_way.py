"""The call under way, as far as the calls that it makes itself must know it: its id, its queue and when it must end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

# Of the time left, what a call gives to the calls that it makes; the rest is for its own answer.
PASSED_ON_SHARE: Final = 0.95


@dataclass(frozen=True)
class UnderWay:
    """`ends_at`: by time.monotonic(); None: no deadline. `call_class`: empty where nobody said one."""

    request_id: str = ""
    call_class: str = ""
    ends_at: float | None = None

    def time_left_s(self) -> float | None:
        """Seconds that are left, negative when it is over; None without a deadline."""
        return None if self.ends_at is None else self.ends_at - time.monotonic()


_NOTHING: Final = UnderWay()
_under_way: ContextVar[UnderWay] = ContextVar("under_way", default=_NOTHING)


def under_way() -> UnderWay:
    """The call under way here; an empty one outside any."""
    return _under_way.get()


@contextmanager
def is_under_way(call: UnderWay) -> Iterator[None]:
    """Inside, `call` is under way."""
    token = _under_way.set(call)
    try:
        yield
    finally:
        # A stream may be closed from another context than the one that opened it.
        with suppress(ValueError):
            _under_way.reset(token)
