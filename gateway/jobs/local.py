"""Batches on this machine: one thread and one worker process a core."""

import asyncio
import contextlib
import os
import threading
import time
from dataclasses import replace
from typing import Final

from gateway.jobs.ports import BatchStore, StoreAwayError, StoreBrokenError, StoreFullError
from gateway.jobs.supervisor import OPENER, BadSpecError, StoppedError, Supervisor
from gateway.jobs.turns import Run, Turns
from gateway.jobs.words import Failure, Lease, Row
from gateway.jobs.worker_settings import WorkerSettings
from services.common.errors import DomainError
from services.runtime import failpoints

NAME: Final = "local"
# Held chunks of owners that start so are those of a dead process when the next one starts.
OWNER_PREFIX: Final = "local:"
# While other batches wait a worker stays with one so long: opening another specification costs something too.
_TURN_SECONDS: Final = 2.0
# Text of an error kept with a member.
_DETAIL_CHARACTERS: Final = 500


def owner_of(batch_id: str, worker: str = "") -> str:
    """The owner of leases of a batch; without a worker, what they all begin with."""
    return f"{OWNER_PREFIX}{batch_id}/{worker}"


class LocalLauncher:
    """Calculates batches in worker processes of this machine (gateway.jobs.ports.Launcher).

    A chunk is leased, calculated and committed by one worker; nothing is leased ahead, so a stop costs at most a
    chunk a worker. Workers are started when there is work and kept warm for a while after.
    """

    name = NAME

    def __init__(
        self,
        store: BatchStore,
        worker_count: int = 0,
        settings: WorkerSettings | None = None,
        opener: str = OPENER,
    ) -> None:
        """`worker_count` 0 takes one a core."""
        self.worker_count = worker_count or os.cpu_count() or 1
        self._store = store
        self._settings = settings or WorkerSettings()
        self._opener = opener
        self._turns = Turns()
        self._threads: dict[int, threading.Thread] = {}
        self._lock = threading.Lock()
        self._owed: dict[str, list[Lease]] = {}

    async def run(self, batch_id: str) -> None:
        """Calculate what waits of a batch. StoreFullError; any other error of the store as it comes."""
        await asyncio.to_thread(self._give_back_owed, batch_id)
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        run = Run(batch_id, lambda: _tell(loop, ended))
        self._turns.add(run)
        self._start_threads()
        try:
            await ended.wait()
        finally:
            if not ended.is_set():
                self._turns.stop(run)
        if run.error is not None:
            raise run.error

    async def close(self) -> None:
        """End every worker; what they held waits again."""
        self._turns.close()
        with self._lock:
            threads = list(self._threads.values())
        for thread in threads:
            await asyncio.to_thread(thread.join)
        for batch_id in tuple(self._owed):
            # What cannot be given back now is released at the next start.
            with contextlib.suppress(StoreFullError, StoreAwayError, StoreBrokenError, DomainError):
                await asyncio.to_thread(self._give_back_owed, batch_id)

    def pids(self) -> list[int]:
        """Process ids of the workers at work."""
        return self._turns.pids()

    def alive(self) -> int:
        """Workers that are there, at work or warm."""
        with self._lock:
            return len(self._threads)

    def _give_back_owed(self, batch_id: str) -> None:
        """Chunks held when the store failed a commit wait again."""
        while owed := self._owed.get(batch_id):
            self._store.give_back(owed[-1])
            owed.pop()
        self._owed.pop(batch_id, None)

    def _start_threads(self) -> None:
        with self._lock:
            for number in range(self.worker_count):
                if number not in self._threads:
                    name = f"batch-worker-{number}"
                    thread = threading.Thread(target=self._work, args=(number,), name=name, daemon=True)
                    self._threads[number] = thread
                    thread.start()

    def _work(self, number: int) -> None:
        """One worker's life: turns until there have been none for a while."""
        supervisor = Supervisor(self._settings, self._opener)
        try:
            while (run := self._turn(number, supervisor)) is not None:
                try:
                    self._take_turn(run, supervisor, number)
                except StoppedError:
                    pass
                except Exception as error:
                    self._turns.fail(run, error)
                finally:
                    self._turns.leave(run, supervisor)
        finally:
            supervisor.close()
            with self._lock:
                if self._threads.get(number) is threading.current_thread():
                    del self._threads[number]

    def _turn(self, number: int, supervisor: Supervisor) -> Run | None:
        run = self._turns.next(supervisor, self._settings.warm_seconds)
        if run is None:
            with self._lock:
                # A batch may have come between: its `_start_threads` waits for this lock, or came before it.
                run = self._turns.next(supervisor, 0.0)
                if run is None:
                    del self._threads[number]
        return run

    def _take_turn(self, run: Run, supervisor: Supervisor, number: int) -> None:
        owner = owner_of(run.batch_id, f"{os.getpid()}:{number}")
        end = time.monotonic() + _TURN_SECONDS
        while run.open:
            lease = self._store.lease(owner, run.batch_id)
            if lease is None:
                run.drained = True
                return
            self._settle(lease, supervisor)
            if time.monotonic() > end and not self._turns.alone(run):
                return

    def _settle(self, lease: Lease, supervisor: Supervisor) -> None:
        """Calculate a leased chunk and commit it; a chunk that could not be committed is owed to the store."""
        try:
            failpoints.hit("runner.after_lease")
            rows = _calculate(lease, supervisor)
            failpoints.hit("runner.after_compute")
            failpoints.hit("runner.before_commit")
            with failpoints.around("runner.commit"):
                # False when another attempt is current, or the batch was cancelled: then nobody wants the rows.
                self._store.commit(lease, rows)
            failpoints.hit("runner.after_commit")
        except BaseException:
            self._owe(replace(lease, spec_text=""))
            raise

    def _owe(self, lease: Lease) -> None:
        """The chunk waits again; at once, or as soon as the store takes it."""
        try:
            self._store.give_back(lease)
        except (StoreFullError, StoreAwayError, StoreBrokenError, DomainError):
            with self._lock:
                self._owed.setdefault(lease.chunk.batch_id, []).append(lease)


def _calculate(lease: Lease, supervisor: Supervisor) -> list[Row]:
    chunk = lease.chunk
    try:
        return supervisor.calculate(lease.spec_text, chunk.first, chunk.count)
    except BadSpecError as error:
        # It was sound when it was accepted (model and data were others): every member ends, with the reason.
        detail = str(error)[:_DETAIL_CHARACTERS]
        members = range(chunk.first, chunk.first + chunk.count)
        return [Row.failed(member, Failure.INVALID_INPUT, detail) for member in members]


def _tell(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(ended.set)
