"""What the gateway sees of the sectors: how its calls to them end, and their breakers."""

from typing import Protocol

import grpc
from prometheus_client import Counter

from services.runtime.outgoing import Watching
from services.runtime.telemetry.metrics import metrics


class WatchingWithState(Watching, Protocol):
    """A breaker (services.runtime.overload.breaker), which also says how it stands."""

    @property
    def state(self) -> float:
        """0 closed, 1 one call tries, 2 open."""


class ToldCalls:
    """A breaker whose calls are counted."""

    def __init__(self, sector: str, inner: WatchingWithState) -> None:
        self._sector, self._inner = sector, inner
        self._counted: dict[grpc.StatusCode, Counter] = {}
        metrics().breaker.labels(sector).set_function(lambda: inner.state)

    def before(self) -> None:
        """As the breaker says."""
        self._inner.before()

    def after(self, code: grpc.StatusCode, allowed_s: float) -> None:
        """Count it, and tell the breaker."""
        counted = self._counted.get(code)
        if counted is None:
            counted = metrics().sector_calls.labels(self._sector, code.name.lower())
            self._counted[code] = counted
        counted.inc()
        self._inner.after(code, allowed_s)
