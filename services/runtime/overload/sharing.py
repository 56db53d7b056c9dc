"""Identical calls are computed once: those under way share one run, and finished replies are kept a while.

Who may ask was decided before (the outer gates saw every call), and a method is shared only where its reply depends on
the request alone; so nobody learns anything from another's call.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from services.common.errors import DomainError
from services.runtime.gates import Call, Room
from services.runtime.telemetry.metrics import metrics
from services.runtime.under_way import under_way

# How a run fails whose time, or whose services' time, was over.
_FOR_WANT_OF_TIME: Final = frozenset({"NO_TIME", "NOT_READY"})
_MORE_TIME_S: Final = 0.2
Key = tuple[str, bytes]
Compute = Callable[[], Awaitable[Any]]


@dataclass(eq=False)
class _Run:
    """One computation with the number of calls that wait for it; it has the time of the call that began it."""

    task: "asyncio.Task[bytes]"
    ends_at: float | None
    waiting: int = 0

    def was_cut_for(self, error: DomainError, ends_at: float | None) -> bool:
        """Whether it failed for want of time, and a call that ends at `ends_at` has more."""
        if self.ends_at is None or error.reason not in _FOR_WANT_OF_TIME:
            return False
        return ends_at is None or ends_at > self.ends_at + _MORE_TIME_S


class SharedReplies:
    """One run for all identical calls under way; a reply is the bytes of its message, serialised once."""

    def __init__(self, most_bytes: int, most_s: float) -> None:
        self.kept = KeptReplies(most_bytes, most_s)
        self._runs: dict[Key, _Run] = {}
        self._counted = {
            how: metrics().answers.labels("gateway", how) for how in ("computed", "shared", "kept")
        }

    def _count(self, how: str) -> None:
        self._counted[how].inc()

    async def answer(self, call: Call, compute: Compute, room: Room | None = None) -> Any:
        """The reply as bytes: kept, of the run under way, or of a new run where there is room for one."""
        key = (call.method, request_bytes(call.request))
        while True:
            found = self.kept.get(key)
            if found is not None:
                self._count("kept")
                return found
            run = self._runs.get(key)
            if run is None and room is not None:
                room.check(call)
            self._count("computed" if run is None else "shared")
            run = run or self._begin(key, compute)
            try:
                return await self._wait(key, run)
            except DomainError as error:
                if not run.was_cut_for(error, under_way().ends_at):
                    raise

    def _begin(self, key: Key, compute: Compute) -> _Run:
        run = _Run(asyncio.create_task(self._computed(key, compute)), under_way().ends_at)
        run.task.add_done_callback(lambda task: task.cancelled() or task.exception())
        self._runs[key] = run
        return run

    async def _computed(self, key: Key, compute: Compute) -> bytes:
        try:
            reply = await compute()
            data = reply if isinstance(reply, bytes) else reply.SerializeToString(deterministic=True)
            self.kept.put(key, data)
            return bytes(data)
        finally:
            self._forget(key, asyncio.current_task())

    async def _wait(self, key: Key, run: _Run) -> bytes:
        run.waiting += 1
        try:
            return await asyncio.shield(run.task)
        finally:
            run.waiting -= 1
            if not run.waiting and not run.task.done():
                self._forget(key, run.task)
                run.task.cancel()

    def _forget(self, key: Key, task: Any) -> None:
        """Later calls begin anew."""
        run = self._runs.get(key)
        if run is not None and run.task is task:
            del self._runs[key]


class KeptReplies:
    """The replies used last, within a number of bytes (requests included) and seconds."""

    def __init__(self, most_bytes: int, most_s: float) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self._most_s = most_s
        self._kept: OrderedDict[Key, tuple[bytes, float]] = OrderedDict()

    def get(self, key: Key) -> bytes | None:
        """A kept reply, or None."""
        found = self._kept.get(key)
        if found is None:
            return None
        reply, until = found
        if time.monotonic() >= until:
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return reply

    def put(self, key: Key, reply: bytes) -> None:
        """Keep a reply, unless it alone would take a quarter of the room."""
        self._drop(key)
        size = _size(key, reply)
        if size > self.most_bytes // 4:
            return
        self._kept[key] = (reply, time.monotonic() + self._most_s)
        self.bytes += size
        while self.bytes > self.most_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self.bytes -= _size(key, found[0])


def request_bytes(request: Any) -> bytes:
    """The bytes of a request: the same for the same message."""
    if isinstance(request, bytes):
        return request
    data: bytes = request.SerializeToString(deterministic=True)
    return data


def _size(key: Key, reply: bytes) -> int:
    return len(key[1]) + len(reply) + 200
