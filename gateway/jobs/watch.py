"""One call of a worker, looked at until it has rows, breaks a limit, or was stopped."""

import threading
import time
from collections.abc import Callable
from typing import Final

import numpy as np

from gateway.jobs import frames
from gateway.jobs.child_process import ChildProcess
from gateway.jobs.quarantine import Breakdown
from gateway.jobs.words import Failure, Row
from gateway.jobs.worker_settings import WorkerSettings

# How often limits are looked at, s.
_WATCH_SECONDS: Final = 0.05
# A worker that was asked to stop does so at its next member and stays warm; one that has not by then is ended, s.
_STOP_SECONDS: Final = 0.25

Heard = Callable[[int], None]


class StoppedError(Exception):
    """The work was stopped from another thread."""


class Watch:
    """One call of the child, looked at until it has rows or breaks a limit."""

    def __init__(
        self,
        child: ChildProcess,
        settings: WorkerSettings,
        stopped: threading.Event,
        members: range,
        heard: Heard | None,
    ) -> None:
        self._child = child
        self._settings = settings
        self._stopped = stopped
        self._members = members
        self._heard = heard
        self._call = child.next_call()
        self._asked_at = 0.0  # to stop
        self._started = self._said_at = self._weighed_at = time.monotonic()
        self.said: int | None = None

    def rows(self, key: str) -> list[Row] | Breakdown:
        """Rows of the members, or why there are none. ChildEndedError, StoppedError."""
        first, count = self._members.start, len(self._members)
        self._send({"kind": "calculate", "call": self._call, "key": key, "first": first, "count": count})
        while True:
            frame = self._child.receive(_WATCH_SECONDS)
            found = self._over_time() if frame is None else self._answer(frame)
            if found is None:
                found = self._over_memory()
            if found is not None:
                return found
            self._stop_if_asked()

    def _send(self, head: dict[str, object]) -> None:
        self._child.send(frames.pack(head))

    def _stop_if_asked(self) -> None:
        if not self._stopped.is_set():
            return
        if not self._asked_at:
            self._asked_at = time.monotonic()
            self._send({"kind": "stop", "call": self._call})
        elif time.monotonic() - self._asked_at > _STOP_SECONDS:
            self._child.kill()

    def _answer(self, frame: frames.Frame) -> list[Row] | Breakdown | None:
        head, _ = frame
        if head["kind"] == "member":
            self.said, self._said_at = int(head["member"]), time.monotonic()
            if self._heard is not None:
                self._heard(self.said)
            return None
        if head["kind"] == "rows":
            return self._checked(frame)
        if head["kind"] == "stopped":
            raise StoppedError
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
