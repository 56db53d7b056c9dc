"""The gate that tells of every call: counts it, times it, and begins its span where calls are traced."""

import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from types import TracebackType
from typing import Final, Protocol

from prometheus_client import Counter

from services.common.access import CallClass
from services.runtime.gates import Call
from services.runtime.telemetry import tracing
from services.runtime.telemetry.metrics import Metrics, metrics


class InLine(Protocol):
    """A line of calls of one class (services.runtime.overload.lines)."""

    @property
    def waiting(self) -> int:
        """Calls that wait."""

    @property
    def in_flight(self) -> int:
        """Calls that are computed."""


# Reasons by which a call is not let in; its time says nothing of the work.
REFUSALS: Final = frozenset(("CAPACITY", "NO_TIME", "UNAUTHENTICATED", "NOT_ALLOWED", "AUDIT_AWAY"))
UNLISTED: Final = "unlisted"


def tell_lines(service: str, lines: Mapping[CallClass, InLine]) -> None:
    """Have the lines of admission told by class, as they stand when somebody looks."""
    held = metrics()
    for call_class, line in lines.items():
        held.queue.labels(service, call_class).set_function(partial(_waiting, line))
        held.computing.labels(service, call_class).set_function(partial(_computing, line))


def _waiting(line: InLine) -> float:
    return line.waiting


def _computing(line: InLine) -> float:
    return line.in_flight


class _Here:
    """How many calls of one class are inside the door: changed in the event loop, read by whoever looks."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    def read(self) -> float:
        """As a figure."""
        return self.count


class _Cells:
    """The figures of one method, found once."""

    __slots__ = ("by_outcome", "call_class", "here", "method", "seconds")

    def __init__(self, service: str, call: Call, held: Metrics, here: "_Here") -> None:
        listed = call.rule is not None
        # A caller can name methods without end; figures may not.
        self.method = call.method.lstrip("/") if listed else UNLISTED
        self.call_class: str = call.rule.call_class if call.rule is not None else UNLISTED
        self.seconds = held.call_seconds.labels(service, self.method, self.call_class)
        self.here = here
        self.by_outcome: dict[str, Counter] = {}


class TelemetryGate:
    """Stands first, so that it sees what every other gate refuses."""

    def __init__(self, service: str, held: Metrics | None = None) -> None:
        self.service = service
        self.held = held or metrics()
        self._cells: dict[str, _Cells] = {}
        self._here: dict[str, _Here] = {}
        self.refusal_seconds = self.held.refusal_seconds.labels(service)

    def pass_through(self, call: Call) -> AbstractAsyncContextManager[None]:
        """The call, counted."""
        key = call.method if call.rule is not None else UNLISTED
        cells = self._cells.get(key)
        if cells is None:
            cells = self._cells[key] = _Cells(self.service, call, self.held, self._here_of(call))
        return _Passage(self, cells, call)

    def _here_of(self, call: Call) -> _Here:
        name: str = call.rule.call_class if call.rule is not None else UNLISTED
        here = self._here.get(name)
        if here is None:
            here = self._here[name] = _Here()
            self.held.under_way.labels(self.service, name).set_function(here.read)
        return here

    def ended(self, cells: _Cells, outcome: str, seconds: float) -> None:
        """Count a call that ended."""
        counted = cells.by_outcome.get(outcome)
        if counted is None:
            counted = self.held.calls.labels(self.service, cells.method, cells.call_class, outcome)
            cells.by_outcome[outcome] = counted
        counted.inc()
        if outcome in REFUSALS:
            self.held.refusals.labels(self.service, outcome).inc()
            self.refusal_seconds.observe(seconds)
        else:
            cells.seconds.observe(seconds)


class _Passage(AbstractAsyncContextManager[None]):
    """One call on its way."""

    __slots__ = ("_call", "_cells", "_gate", "_span", "_started")

    def __init__(self, gate: TelemetryGate, cells: _Cells, call: Call) -> None:
        self._gate, self._cells, self._call = gate, cells, call

    async def __aenter__(self) -> None:
        self._started = time.perf_counter()
        self._cells.here.count += 1
        self._span = tracing.begin_call(self._gate.service, self._call) if tracing.on else None

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cells.here.count -= 1
        self._gate.ended(self._cells, self._call.outcome, time.perf_counter() - self._started)
        if self._span is not None:
            tracing.end_call(self._span, self._call)
