"""One worker process and its guard: limits, restarts, and a row for every member whatever it does."""

import hashlib
import threading
import time
from typing import Final

from gateway.jobs import frames
from gateway.jobs.child_process import ChildEndedError, ChildProcess
from gateway.jobs.quarantine import Breakdown, settle
from gateway.jobs.watch import Heard, StoppedError, Watch
from gateway.jobs.words import Failure, Row
from gateway.jobs.worker_settings import WorkerSettings
from services.runtime.logs import logger

OPENER: Final = "gateway.jobs.members:open_members"
# Batches of several callers take turns on a worker; each keeps its specification open.
_KEPT_SPECS: Final = 4
# How often it is looked whether opening was stopped, s.
_LOOK_SECONDS: Final = 0.1
# Times a child is started for one piece of work before the fault is taken for the machine's.
_STARTS: Final = 3


class BadSpecError(Exception):
    """A specification that cannot be opened, here or anywhere."""


class WorkerFailedError(Exception):
    """No worker could be brought to open the specification; not the fault of any member. Try again later."""


class Supervisor:
    """Owns one child, started when needed. To be used by one thread at a time; `stop` is for the others.

    The child ends with the thread that started it, so that thread has to last as long as the work.
    """

    def __init__(self, settings: WorkerSettings | None = None, opener: str = OPENER) -> None:
        self._settings = settings or WorkerSettings()
        self._opener = opener
        self._child: ChildProcess | None = None
        self._stopped = threading.Event()
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
        """Make the calculation under way, or the next, end with StoppedError within half a second; from any thread."""
        self._stopped.set()

    def go_on(self) -> None:
        """Work again after `stop`."""
        self._stopped.clear()

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.reap()
            self._child = None

    def _attempt(self, spec_text: str, first: int, count: int, heard: Heard | None) -> list[Row] | Breakdown:
        key = hashlib.sha256(spec_text.encode()).hexdigest()
        child = self._ready(key, spec_text)
        watch = Watch(child, self._settings, self._stopped, range(first, first + count), heard)
        try:
            found = watch.rows(key)
        except ChildEndedError:
            how, from_outside = child.reap()
            found = Breakdown(Failure.CRASH, f"the worker ended: {how}", watch.said, from_outside)
        self._raise_if_stopped()
        if isinstance(found, Breakdown):
            self._tell(found, first, count)
            if not found.worker_is_well:
                self.close()
        return found

    def _tell(self, found: Breakdown, first: int, count: int) -> None:
        logger().warning(
            "worker broke",
            worker_pid=self.pid,
            failure=found.failure.value,
            detail=found.detail,
            at_member=found.suspect,
            first_member=first,
            members=count,
        )

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
        self._raise_if_stopped()
        if self._child is not None and not self._child.alive():
            self.close()  # it ended while it had nothing to do
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
        end = time.monotonic() + self._settings.open_seconds
        while (frame := child.receive(_LOOK_SECONDS)) is None:
            if time.monotonic() > end:
                return f"not within {self._settings.open_seconds:g} s"
            if self._stopped.is_set():
                raise ChildEndedError
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


__all__ = ["OPENER", "BadSpecError", "StoppedError", "Supervisor", "WorkerFailedError"]
