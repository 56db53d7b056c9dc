"""Turns of worker threads between the batches that run at once."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.jobs.ports import StoreFullError
from gateway.jobs.supervisor import Supervisor


@dataclass(eq=False)
class Run:
    """One batch that worker threads take chunks of."""

    batch_id: str
    ended: Callable[[], None]  # told once, by any thread
    workers: list[Supervisor] = field(default_factory=list)  # those at work on it
    drained: bool = False  # nothing waits any more
    stopped: bool = False
    error: Exception | None = None

    @property
    def open(self) -> bool:
        """Whether a worker may take a chunk of it."""
        return not (self.drained or self.stopped or self.error)


class Turns:
    """Open runs in a circle: each free worker takes the next."""

    def __init__(self) -> None:
        self._runs: deque[Run] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def add(self, run: Run) -> None:
        """One more batch."""
        with self._changed:
            self._runs.append(run)
            self._changed.notify_all()

    def next(self, supervisor: Supervisor, wait_seconds: float) -> Run | None:
        """The run whose turn it is, with this worker at work on it; None when there is none in time, or closed."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._closed or bool(self._runs), wait_seconds):
                return None
            if self._closed:
                return None
            run = self._runs[0]
            self._to_the_end(run)
            run.workers.append(supervisor)
            return run

    def alone(self, run: Run) -> bool:
        """Whether no other batch waits for a turn."""
        with self._changed:
            return all(other is run for other in self._runs)

    def fail(self, run: Run, error: Exception) -> None:
        """No worker takes a further chunk; an error worse than a full store is the one that is told."""
        with self._changed:
            if run.error is None or isinstance(run.error, StoreFullError):
                run.error = error

    def leave(self, run: Run, supervisor: Supervisor) -> None:
        """The worker has done its turn."""
        with self._changed:
            run.workers.remove(supervisor)
            supervisor.go_on()
            if run in self._runs:
                self._to_the_end(run)  # behind those that came during its turn
            self._settle(run)

    def stop(self, run: Run) -> None:
        """Stop the work on a batch at once."""
        with self._changed:
            run.stopped = True
            for supervisor in run.workers:
                supervisor.stop()
            self._settle(run)

    def close(self) -> None:
        """Stop everything; no worker gets a turn any more."""
        with self._changed:
            self._closed = True
            for run in tuple(self._runs):
                run.stopped = True
                for supervisor in run.workers:
                    supervisor.stop()
            self._changed.notify_all()

    def pids(self) -> list[int]:
        """Process ids of the workers at work."""
        with self._changed:
            return [s.pid for run in self._runs for s in run.workers if s.pid is not None]

    def _to_the_end(self, run: Run) -> None:
        self._runs.remove(run)
        self._runs.append(run)

    def _settle(self, run: Run) -> None:
        """Take a run off the circle when nobody may take from it; tell its end when nobody works on it."""
        if run.open:
            return
        if run in self._runs:
            self._runs.remove(run)
        if not run.workers:
            run.ended()
