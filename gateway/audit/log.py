"""The audit log of a serving gateway: a bounded buffer in front of the chain, written by one task, in order.

A change waits until its entry is on disk. What else is told waits for nobody; when the store is away it is kept in
memory, up to a limit, and written when the store is back.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

from gateway.audit.groups import Groups
from gateway.audit.words import Outcome, Told
from gateway.jobs.ports import StoreBrokenError
from gateway.jobs.runner import end_process
from gateway.jobs.store.stamps import stamp
from services.common.errors import DomainError
from services.runtime.logs import logger
from services.runtime.telemetry.metrics import metrics

MOST_WAITING: Final = 10_000
_MOST_AT_ONCE: Final = 1_000  # entries of one transaction
_WAIT_SECONDS: Final = 10.0  # a change is refused when its entry is not on disk by then
_AGAIN_SECONDS: Final = 0.5  # after a failed write


class Sink(Protocol):
    """Where entries go."""

    def append(self, told: list[Told]) -> object:
        """Write entries, all or none."""


class LogSink:
    """Where there is no store: the structured log, without a chain."""

    def append(self, told: list[Told]) -> None:
        """One line an entry."""
        for one in told:
            plain = {k: v for k, v in vars(one).items() if v not in ("", 1)}
            logger().warning("audit", **plain | {"outcome": one.outcome.value})


@dataclass
class _Waiting:
    told: Told
    written: asyncio.Future[None] | None = None


class AuditLog:
    """What a gateway tells its audit log."""

    def __init__(self, sink: Sink, most_waiting: int = MOST_WAITING) -> None:
        self.sink = sink
        self._most = most_waiting
        self._waiting: deque[_Waiting] = deque()
        self._groups = Groups()
        self._wake = asyncio.Event()
        self._away_until = 0.0
        self._away = False
        self._lost = 0
        self._writing = asyncio.Lock()
        self._ending = False

    @property
    def waiting_count(self) -> int:
        """Entries in memory."""
        return len(self._waiting)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["AuditLog"]:
        """Write in the background; at the end, what is left."""
        task = asyncio.create_task(self._write_always(), name="audit log")
        try:
            yield self
        finally:
            # Not cancelled: what is being written would be written again.
            self._ending = True
            self._wake.set()
            await task
            self._take(self._groups.all())
            await self.flush()
            if self._waiting:
                logger().error("audit entries lost", count=len(self._waiting))

    def tell(self, told: Told) -> bool:
        """Have an entry written, without waiting. False: there is no room, and it is only counted."""
        if len(self._waiting) >= self._most:
            self._lost += told.count
            return False
        self._waiting.append(_Waiting(told))
        self._wake.set()
        return True

    def tell_refusal(self, told: Told) -> None:
        """A refusal. Floods are counted: what is the same in a short time becomes one entry."""
        if not self._groups.counted(told, time.monotonic()):
            self.tell(told)

    async def put(self, told: Told) -> None:
        """An entry that is on disk when this returns. DomainError(AUDIT_AWAY) when it cannot be."""
        if len(self._waiting) >= self._most or time.monotonic() < self._away_until:
            raise DomainError("AUDIT_AWAY")
        written = asyncio.get_running_loop().create_future()
        one = _Waiting(told, written)
        self._waiting.append(one)
        self._wake.set()
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await asyncio.shield(written)
        except TimeoutError:
            self._away_until = time.monotonic() + _AGAIN_SECONDS
            # It may be written yet; the refusal that is told next says that nothing was done.
            one.written = None
            raise DomainError("AUDIT_AWAY") from None
        except asyncio.CancelledError:
            one.written = None
            self.tell(replace(told, outcome=Outcome.FAILED, reason="CALLER_LEFT"))
            raise

    async def flush(self) -> None:
        """Write what waits, as far as the store takes it."""
        async with self._writing:
            while self._waiting and await self._write():
                pass

    async def _write_always(self) -> None:
        while not self._ending:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._wake.wait()
            self._wake.clear()
            self._take(self._groups.due(time.monotonic()))
            await self.flush()
            if self._waiting:
                await asyncio.sleep(_AGAIN_SECONDS)
                self._wake.set()

    def _take(self, grouped: list[Told]) -> None:
        for told in grouped:
            self.tell(told)

    async def _write(self) -> bool:
        """One transaction with the oldest entries; False when the store does not take it."""
        some = [self._waiting[i] for i in range(min(len(self._waiting), _MOST_AT_ONCE))]
        told = [one.told for one in some]
        if self._lost:
            told.append(
                Told(stamp(), "", "audit.lost", Outcome.FAILED, reason="AUDIT_AWAY", count=self._lost)
            )
        lost = self._lost
        try:
            await asyncio.to_thread(self.sink.append, told)
        except StoreBrokenError as error:
            self._refuse()
            end_process(error)
            return False
        except Exception as error:  # full, away, or refused by the database: kept, and tried again
            if not self._away:
                logger().error("audit log cannot be written; changes are refused", error=repr(error)[:500])
            self._away, self._away_until = True, time.monotonic() + _AGAIN_SECONDS
            self._refuse()
            self._measure()
            return False
        self._lost -= lost
        for one in some:
            self._waiting.popleft()
            if one.written is not None and not one.written.done():
                one.written.set_result(None)
        if self._away:
            logger().warning("audit log is written again")
        self._away, self._away_until = False, 0.0
        self._measure()
        return True

    def _measure(self) -> None:
        metrics().audit_well.set(not self._away)
        metrics().audit_waiting.set(len(self._waiting))

    def _refuse(self) -> None:
        """Changes do not wait for a store that is away: they are refused, which the gate tells in its turn."""
        for one in [w for w in self._waiting if w.written is not None]:
            self._waiting.remove(one)
            if one.written is not None and not one.written.done():
                one.written.set_exception(DomainError("AUDIT_AWAY"))
