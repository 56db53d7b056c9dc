"""Runs open batches: by turns between callers, from where they stopped, until each has ended."""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.jobs.local import OWNER_PREFIX, owner_of
from gateway.jobs.ports import (
    BatchStore,
    Launcher,
    StoreAwayError,
    StoreBrokenError,
    StoreDamagedError,
    StoreFullError,
)
from gateway.jobs.words import ENDED, OPEN, Batch, BatchState
from services.common.errors import DomainError
from services.runtime import failpoints
from services.runtime.logs import logger
from services.runtime.telemetry.log_sink import flush_logs

# sysexits.h, EX_IOERR: the store failed; a supervisor of processes starts the gateway again, and it resumes.
EXIT_STORE: Final = 74
_PAGE: Final = 200
# How often batches are looked for that came by another process of the same store, s.
_LOOK_SECONDS: Final = 2.0
# Longer than a worker may take for one call, so that a process that is only slow is let finish, s.
LOST_SECONDS: Final = 1000.0
# Waits after trouble: at first, and at most, s.
FULL_WAITS: Final = (10.0, 60.0)
TROUBLE_WAITS: Final = (0.5, 60.0)


class Runner:
    """Takes open batches to their launchers: one of each caller at a time, the oldest first that is not in trouble.

    To be used in one event loop; `wake` from any thread.
    """

    def __init__(
        self,
        store: BatchStore,
        launchers: Mapping[str, Launcher],
        *,
        fatal: Callable[[BaseException], None] | None = None,
        full_waits: tuple[float, float] = FULL_WAITS,
        lost_seconds: float = LOST_SECONDS,
    ) -> None:
        """`fatal` is told an error of the store that ends the process (by default it ends it).

        A chunk that another process of the same store has held without a result for `lost_seconds` is taken from it.
        """
        self._lost_seconds = lost_seconds
        self._store = store
        self._launchers = launchers
        self._fatal = fatal or end_process
        self._full_waits = full_waits
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._callers: dict[str, str] = {}
        self._courses: dict[str, _Course] = {}
        self._told: set[str] = set()  # batches whose launcher is not here
        self._wanted = asyncio.Event()
        self._releasing = asyncio.Lock()
        self._released = False
        self._failed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Go on with every open batch, from what is committed of it."""
        self._loop = asyncio.get_running_loop()
        self._main = asyncio.create_task(self._run(), name="batches")

    def wake(self) -> None:
        """There is a new batch, or one was cancelled."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wanted.set)

    def running(self) -> list[str]:
        """Ids of the batches at work."""
        return sorted(self._tasks)

    async def close(self) -> None:
        """Stop all work; it goes on at the next start."""
        tasks = [t for t in (self._main, *self._tasks.values()) if t is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for launcher in self._launchers.values():
            await launcher.close()

    async def _release(self) -> None:
        """What workers of a dead process of this machine held waits again. StoreFullError."""
        async with self._releasing:
            if not self._released:
                count = await asyncio.to_thread(self._store.release_all, OWNER_PREFIX)
                logger().info("batches resume", released_chunks=count)
                self._released = True

    async def _run(self) -> None:
        away = ""
        while not self._failed:
            self._wanted.clear()
            try:
                open_batches = await asyncio.to_thread(self._open_batches)
                unwanted = await asyncio.to_thread(self._unwanted, open_batches)
                away = ""
            except StoreAwayError as error:
                if away != str(error):
                    logger().error("store away", error=str(error))
                away, open_batches, unwanted = str(error), [], []
            except Exception as error:
                self._fail(error)
                return
            for batch_id in unwanted:
                if batch_id in self._tasks:
                    self._tasks[batch_id].cancel()
            if not away:
                self._forget_ended(open_batches)
            for batch in self._due(open_batches):
                self._begin(batch)
            # Not wait_for: Python 3.11's forgets that it was cancelled when what it waits for comes at that moment.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._wanted.wait()

    def _open_batches(self) -> list[Batch]:
        """Open batches, the oldest first, and whose they are."""
        found: list[Batch] = []
        while True:
            page = self._store.batches("", OPEN, _PAGE, found[-1].batch_id if found else "")
            found += page
            if len(page) < _PAGE:
                break
        known = self._callers
        self._callers = {i: known.get(i) or self._store.caller(i) for i in (b.batch_id for b in found)}
        return found[::-1]

    def _unwanted(self, open_batches: Sequence[Batch]) -> list[str]:
        """Batches at work that were cancelled."""
        rest = set(self._tasks) - {batch.batch_id for batch in open_batches}
        return [i for i in sorted(rest) if self._store.get(i).state is BatchState.CANCELLED]

    def _forget_ended(self, open_batches: Sequence[Batch]) -> None:
        there = {batch.batch_id for batch in open_batches} | set(self._tasks)
        self._courses = {i: course for i, course in self._courses.items() if i in there}

    def _due(self, open_batches: Sequence[Batch]) -> list[Batch]:
        """The next batch of every caller and launcher that has none running; one that rests is passed over."""
        at_work = {self._turn_of(b) for b in open_batches if b.batch_id in self._tasks}
        due = []
        for batch in open_batches:
            if batch.launcher not in self._launchers:
                self._tell_unknown(batch)
            elif self._turn_of(batch) not in at_work and not self._rests(batch):
                at_work.add(self._turn_of(batch))
                due.append(batch)
        return due

    def _rests(self, batch: Batch) -> bool:
        course = self._courses.get(batch.batch_id)
        return course is not None and time.monotonic() < course.rests_until

    def _tell_unknown(self, batch: Batch) -> None:
        if batch.batch_id not in self._told:
            self._told.add(batch.batch_id)
            logger().warning(
                "batch waits: no such launcher here", batch_id=batch.batch_id, launcher=batch.launcher
            )

    def _turn_of(self, batch: Batch) -> tuple[str, str]:
        return batch.launcher, self._callers[batch.batch_id]

    def _begin(self, batch: Batch) -> None:
        task = asyncio.create_task(self._run_batch(batch), name=f"batch {batch.batch_id}")
        self._tasks[batch.batch_id] = task
        task.add_done_callback(lambda _: self._ended(batch.batch_id))

    def _ended(self, batch_id: str) -> None:
        self._tasks.pop(batch_id, None)
        self._wanted.set()

    async def _run_batch(self, batch: Batch) -> None:
        """One batch until it has ended, or is in trouble of its own: then its turn goes to the next."""
        course = self._courses.setdefault(
            batch.batch_id, _Course(_Waits(self._full_waits), _Held(self._lost_seconds))
        )
        waits, held = course.waits, course.held
        while True:
            try:
                batch = await self._once(batch)
                if batch.state in ENDED:
                    failpoints.hit("runner.before_finish")
                    return
                if held.too_long(batch.done_count + batch.failed_count):
                    await self._take(batch)
                    continue
                wait = waits.after("waits", batch.done_count)
            except StoreFullError as error:
                await self._pause(batch.batch_id)
                wait = waits.after("full", batch.done_count)
                logger().error("store full", batch_id=batch.batch_id, error=str(error), again_in_s=wait)
            except (StoreBrokenError, StoreDamagedError) as error:
                self._fail(error)
                return
            except StoreAwayError as error:
                self._released = False  # a chunk may have been given out whose answer was lost
                wait = waits.after("trouble", batch.done_count)
                logger().warning("store away", batch_id=batch.batch_id, error=str(error), again_in_s=wait)
            except Exception as error:
                if isinstance(error, DomainError) and error.reason == "UNKNOWN_BATCH":
                    return  # deleted meanwhile
                wait = waits.after("trouble", batch.done_count)
                logger().error("batch stopped", batch_id=batch.batch_id, error=repr(error), again_in_s=wait)
                course.rests_until = time.monotonic() + wait
                asyncio.get_running_loop().call_later(wait, self._wanted.set)
                return
            await asyncio.sleep(wait)

    async def _take(self, batch: Batch) -> None:
        """Chunks that a process held without an end wait again: it is lost, or will find its attempts too old."""
        count = await asyncio.to_thread(self._store.release_all, owner_of(batch.batch_id))
        logger().warning("chunks taken from another process", batch_id=batch.batch_id, released_chunks=count)

    def _fail(self, error: BaseException) -> None:
        self._failed = True
        self._fatal(error)

    async def _once(self, batch: Batch) -> Batch:
        await self._release()
        batch = await asyncio.to_thread(self._store.get, batch.batch_id)
        if batch.state is BatchState.PAUSED:
            await asyncio.to_thread(self._store.pause, batch.batch_id, paused=False)
        await self._launchers[batch.launcher].run(batch.batch_id)
        return await asyncio.to_thread(self._store.get, batch.batch_id)

    async def _pause(self, batch_id: str) -> None:
        # A store that is too full to note that it is full says so by its state all the same: nothing moves.
        with contextlib.suppress(StoreFullError, DomainError):
            await asyncio.to_thread(self._store.pause, batch_id, paused=True)


class _Held:
    """Whether nothing waits of a batch, and nothing arrives either, for too long; by this process' own clock."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._done = -1
        self._since = 0.0

    def too_long(self, done_count: int) -> bool:
        """To be asked when nothing waits. Twice as long each time, so that two slow processes do not take turns."""
        now = time.monotonic()
        if done_count != self._done:
            self._done, self._since = done_count, now
        if now - self._since < self._seconds:
            return False
        self._since = now
        self._seconds *= 2
        return True


class _Waits:
    """Growing waits, back to the first whenever the batch got on."""

    def __init__(self, full: tuple[float, float]) -> None:
        self._bounds = {"full": full, "trouble": TROUBLE_WAITS, "waits": TROUBLE_WAITS}
        self._times = 0
        self._done = -1
        self._kind = ""

    def after(self, kind: str, done_count: int) -> float:
        """How long to wait, s."""
        same = kind == self._kind and done_count == self._done
        self._times = self._times + 1 if same else 0
        self._kind, self._done = kind, done_count
        first, most = self._bounds[kind]
        return float(min(most, first * 2.0**self._times))


@dataclass
class _Course:
    """What is known of an open batch from one turn to the next."""

    waits: _Waits
    held: _Held
    rests_until: float = 0.0  # by the monotonic clock, s


def end_process(error: BaseException) -> None:
    """End this process at once: what the store holds is not known until it is opened again."""
    logger().critical(
        "the store of batches failed; the process ends and resumes when started again", error=repr(error)
    )
    flush_logs()
    os._exit(EXIT_STORE)
