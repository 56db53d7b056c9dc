"""A child as its supervisor sees it: a pipe, a process id, the memory it holds."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from gateway.jobs import frames
from gateway.jobs.worker_settings import WorkerSettings

# One thread a worker: cores are filled by workers, and results must not depend on how many.
_ONE_THREAD: Final = dict.fromkeys(
    ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)
_READ_BYTES: Final = 1 << 20
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
# Beyond the watched bound, for what grows faster than it is watched.
_HARD_BOUND: Final = 2


def child_environment() -> dict[str, str]:
    """Variables of a process that calculates: it imports from where this one does, and nowhere else."""
    path = os.pathsep.join(str(Path(entry).resolve()) for entry in sys.path)
    return {**os.environ, **_ONE_THREAD, "PYTHONPATH": path}


class ChildEndedError(Exception):
    """The child is no more; its exit status stands in `ChildProcess.status`."""


class ChildProcess:
    """One spawned child (never forked: threads and servers of this process would be copied half way)."""

    def __init__(self, settings: WorkerSettings, opener: str) -> None:
        given = {
            "parent": os.getpid(),
            "opener": opener,
            "nice": settings.nice,
            "data_bytes": _HARD_BOUND * settings.memory_bytes,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gateway.jobs.child", json.dumps(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=child_environment(),
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._replies = self._process.stdin, self._process.stdout
        self._poll = select.poll()
        self._poll.register(self._replies, select.POLLIN | select.POLLHUP)
        self._buffer = frames.FrameBuffer()
        self._killed_here = False
        self._calls = 0
        self.open_keys: list[str] = []  # specifications it keeps, the latest last

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def next_call(self) -> int:
        """A number for a call, so that a late wish to stop does not stop the next one."""
        self._calls += 1
        return self._calls

    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def send(self, frame: bytes) -> None:
        """One request. ChildEndedError."""
        try:
            self._requests.write(frame)
            self._requests.flush()
        except OSError:
            raise ChildEndedError from None

    def receive(self, wait_seconds: float) -> frames.Frame | None:
        """The next reply, or None when there is none in time. ChildEndedError, also for nonsense."""
        end = time.monotonic() + wait_seconds
        while True:
            try:
                frame = self._buffer.take()
            except frames.BadFrameError:
                self.kill()
                raise ChildEndedError from None
            if frame is not None:
                return frame
            if not self._poll.poll(max(0.0, end - time.monotonic()) * 1000):
                return None
            data = os.read(self._replies.fileno(), _READ_BYTES)
            if not data:
                raise ChildEndedError
            self._buffer.feed(data)

    def resident_bytes(self) -> int:
        """Resident memory; 0 where the system does not tell."""
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1])
        except (OSError, IndexError):
            return 0
        return pages * _PAGE_BYTES

    def kill(self) -> None:
        """End it at once."""
        self._killed_here = True
        self._process.kill()

    def reap(self) -> tuple[str, bool]:
        """Wait for its end; what ended it, and whether somebody outside killed it."""
        status = self._process.wait()
        for stream in (self._requests, self._replies):
            with contextlib.suppress(OSError):
                stream.close()
        if status >= 0:
            return f"exit status {status}", False
        outside = -status in (signal.SIGKILL, signal.SIGTERM) and not self._killed_here
        return f"signal {signal.Signals(-status).name}", outside
