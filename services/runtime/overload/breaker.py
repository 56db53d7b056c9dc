"""A breaker for one service: while most calls to it fail, others are told so at once instead of waiting for it."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

import grpc

from services.common.errors import DomainError

SEEN_CALLS: Final = 20
OPENS_AT: Final = 10
# Where few calls are made: so many failures in a row.
IN_A_ROW: Final = 5
OPEN_S: Final = 2.0
# A call that was allowed less than this says nothing about the service when it runs out of time.
PATIENCE_S: Final = 1.0
_AWAY: Final = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED})
_SAYS_NOTHING: Final = frozenset({grpc.StatusCode.CANCELLED})


class Breaker:
    """Opens when half of the last 20 calls, or 5 in a row, found the service away or mute.

    After 2 s one call tries again.
    """

    def __init__(self, service: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.service = service
        self._clock = clock
        self._seen: deque[bool] = deque(maxlen=SEEN_CALLS)
        self._in_a_row = 0
        self._closed_until: float | None = None

    @property
    def open(self) -> bool:
        """Whether calls are stopped now."""
        return self._closed_until is not None and self._clock() < self._closed_until

    @property
    def state(self) -> float:
        """0 closed, 1 one call tries, 2 open."""
        if self._closed_until is None:
            return 0.0
        return 2.0 if self.open else 1.0

    def before(self) -> None:
        """DomainError(NOT_READY) naming the service while the breaker is open; the first after that is the probe."""
        if self._closed_until is None:
            return
        now = self._clock()
        left = self._closed_until - now
        if left > 0:
            raise DomainError(
                "NOT_READY",
                detail=f"the {self.service} service does not answer; it is tried again in {left:.1f} s",
                retry_after_s=left,
            )
        # This call is the probe: others wait for what it finds, and for the next one should it never end.
        self._closed_until = now + OPEN_S

    def after(self, code: grpc.StatusCode, allowed_s: float) -> None:
        """Count how a call ended."""
        if code in _SAYS_NOTHING or (code is grpc.StatusCode.DEADLINE_EXCEEDED and allowed_s < PATIENCE_S):
            return
        away = code in _AWAY
        if not away:
            if self._closed_until is not None:
                self._seen.clear()
                self._closed_until = None
            self._seen.append(False)
            self._in_a_row = 0
            return
        self._seen.append(True)
        self._in_a_row += 1
        if self._closed_until is None and (sum(self._seen) >= OPENS_AT or self._in_a_row >= IN_A_ROW):
            self._closed_until = self._clock() + OPEN_S
