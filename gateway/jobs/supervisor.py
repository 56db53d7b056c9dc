"""One worker process and its guard: limits, restarts, and a row for every member whatever it does."""

import hashlib
import threading
import time
from collections.abc import Callable
from typing import Final

import numpy as np

from gateway.jobs import frames
from gateway.jobs.child_process import ChildEndedError, ChildProcess
from gateway.jobs.quarantine import Breakdown, settle
from gateway.jobs.words import Failure, Row
from gateway.jobs.worker_settings import WorkerSettings

OPENER: Final = "gateway.jobs.members:open_members"
# Batches of several callers take turns on a worker; each keeps its specification open.
_KEPT_SPECS: Final = 4
# How often limits are looked at, s.
_WATCH_SECONDS: Final = 0.05
# Times a child is started for one piece of work before the fault is taken for the machine's.
_STARTS: Final = 3

Heard = Callable[[int], None]


class BadSpecError(Exception):
    """A specification that cannot be opened, here or anywhere."""


class WorkerFailedError(Exception):
    """No worker could be brought to open the specification; not the fault of any member. Try again later."""


class StoppedError(Exception):
    """The work was stopped from another thread."""


class Supervisor:
    """Owns one child, started when needed. To be used by one thread at a time; `stop` is for the others.

    The child ends with the thread that started it, so that thread has to last as long as the work.
    """

    def __init__(self, settings: WorkerSettings | None = None, opener: str = OPENER) -> None:
        self._settings = settings or WorkerSettings()
        self._opener = opener
        self._child: ChildProcess | None = None
        self._stopped = threading.Event()
        self._lock = threading.Lock()  # between starting a child and stopping it
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """Process id of the child, when there is one."""
        child = self._child
        return child.pid if child else None

    def calculate(self, spec_text: str, first: int, count: int, heard: Heard | None = None) -> list[Row]:
        """Rows of `count` members from `first`, in order; a member that breaks the worker has its Row.failed.

        `heard` is told each member before it is calculated (again, when it is tried again). BadSpecError,
        WorkerFailedError, StoppedError.
        """
        return settle(first, count, lambda start, n: self._attempt(spec_text, start, n, heard))

    def stop(self) -> None:
        """Make the calculation under way, or the next, end with StoppedError at once; from any thread."""
        with self._lock:
            self._stopped.set()
            if self._child is not None:
                self._child.kill()

    def go_on(self) -> None:
        """Work again after `stop`."""
        with self._lock:
            self._stopped.clear()

    def close(self) -> None:
        """End the child."""
        with self._lock:
            if self._child is not None:
                self._child.kill()
                self._child.reap()
                self._child = None

    def _attempt(self, spec_text: str, first: int, count: int, heard: Heard | None) -> list[Row] | Breakdown:
        key = hashlib.sha256(spec_text.encode()).hexdigest()
        child = self._ready(key, spec_text)
        watch = _Watch(child, self._settings, heard, range(first, first + count))
        try:
            child.send(frames.pack({"kind": "calculate", "key": key, "first": first, "count": count}))
            while (found := watch.look()) is None:
                pass
        except ChildEndedError:
            found = self._ended(child, watch.said)
        if isinstance(found, Breakdown) and not found.worker_is_well:
            self.close()
        self._raise_if_stopped()
        return found

    def _ended(self, child: ChildProcess, suspect: int | None) -> Breakdown:
        self._raise_if_stopped()
        how, from_outside = child.reap()
        return Breakdown(Failure.CRASH, f"the worker ended: {how}", suspect, from_outside)

    def _ready(self, key: str, spec_text: str) -> ChildProcess:
        """A child that has the specification open."""
        trouble = ""
        for _ in range(_STARTS):
            child = self._running()
            try:
                if key in child.open_keys:
                    return child
                trouble = self._open(child, key, spec_text)
                if not trouble:
                    return child
            except ChildEndedError:
                trouble = "it ended"
            self.close()
            self._raise_if_stopped()
        raise WorkerFailedError(f"a worker could not open the specification: {trouble}")

    def _running(self) -> ChildProcess:
        if self._child is not None and not self._child.alive():
            self.close()  # it ended while it had nothing to do
        with self._lock:
            self._raise_if_stopped()
            if self._child is None:
                try:
                    self._child = ChildProcess(self._settings, self._opener)
                except OSError as error:
                    raise WorkerFailedError(f"a worker could not be started: {error}") from error
                self.starts += 1
            return self._child

    def _open(self, child: ChildProcess, key: str, spec_text: str) -> str:
        """Open a specification; "" or why it could not. BadSpecError, ChildEndedError."""
        while len(child.open_keys) >= _KEPT_SPECS:
            child.send(frames.pack({"kind": "forget", "key": child.open_keys.pop(0)}))
        child.send(frames.pack({"kind": "open", "key": key}, spec_text.encode()))
        frame = child.receive(self._settings.open_seconds)
        if frame is None:
            return f"not within {self._settings.open_seconds:g} s"
        head, _ = frame
        if head["kind"] == "bad_spec":
            raise BadSpecError(head["detail"])
        if head["kind"] != "opened":
            return str(head.get("detail", head["kind"]))
        child.open_keys.append(key)
        return ""

    def _raise_if_stopped(self) -> None:
        if self._stopped.is_set():
            raise StoppedError


class _Watch:
    """One call of the child, looked at until it has rows or breaks a limit."""

    def __init__(
        self, child: ChildProcess, settings: WorkerSettings, heard: Heard | None, members: range
    ) -> None:
        self._child = child
        self._settings = settings
        self._heard = heard
        self._members = members
        self._started = self._said_at = self._weighed_at = time.monotonic()
        self.said: int | None = None

    def look(self) -> list[Row] | Breakdown | None:
        """Rows, a breakdown, or None to look again. ChildEndedError."""
        frame = self._child.receive(_WATCH_SECONDS)
        found = self._over_time() if frame is None else self._answer(frame)
        return found or self._over_memory()

    def _answer(self, frame: frames.Frame) -> list[Row] | Breakdown | None:
        head, _ = frame
        if head["kind"] == "member":
            self.said, self._said_at = int(head["member"]), time.monotonic()
            if self._heard is not None:
                self._heard(self.said)
            return None
        if head["kind"] == "rows":
            return self._checked(frame)
        failure = Failure(head["failure"])
        # A worker that told of an error in the program goes on; one without memory may be left in pieces.
        well = failure is not Failure.MEMORY
        return Breakdown(failure, head["detail"], self._suspect(), worker_is_well=well)

    def _checked(self, frame: frames.Frame) -> list[Row] | Breakdown:
        try:
            rows = frames.rows_of(frame)
        except frames.BadFrameError:
            return Breakdown(Failure.CRASH, "the worker's answer cannot be read", self._suspect())
        if [row.member for row in rows] != list(self._members):
            return Breakdown(Failure.CRASH, "the worker answered other members")
        return [_finite(row) for row in rows]

    def _over_time(self) -> Breakdown | None:
        now = time.monotonic()
        limits = self._settings
        if now - self._said_at > limits.member_seconds:
            return Breakdown(
                Failure.TIME_LIMIT, f"not done within {limits.member_seconds:g} s", self._suspect()
            )
        if now - self._started > limits.block_seconds:
            return Breakdown(Failure.TIME_LIMIT, f"not done within {limits.block_seconds:g} s")
        return None

    def _over_memory(self) -> Breakdown | None:
        now = time.monotonic()
        if now - self._weighed_at < _WATCH_SECONDS:
            return None
        self._weighed_at = now
        most = self._settings.memory_bytes
        if self._child.resident_bytes() <= most:
            return None
        return Breakdown(Failure.MEMORY, f"took more than {most // 1024**2:,} MiB", self._suspect())

    def _suspect(self) -> int | None:
        return self.said if self.said in self._members else None


def _finite(row: Row) -> Row:
    """A value that is not finite never becomes a result, whatever made it."""
    if row.failure or bool(np.isfinite(row.values).all()):
        return row
    return Row.failed(row.member, Failure.NOT_FINITE, "a value is not finite")
