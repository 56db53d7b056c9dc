"""Where log lines go: a bounded buffer and one thread that writes, so that a blocked pipe never stalls a service."""

import atexit
import contextlib
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, TextIO

MOST_LINES: Final = 10_000
_LAST_WORDS_S: Final = 2.0


class LogSink:
    """Takes lines from any thread at once; drops and counts them while nothing can be written."""

    def __init__(self, stream: Callable[[], TextIO], most_lines: int = MOST_LINES) -> None:
        """`stream` is asked for at each write: who replaces sys.stderr gets the lines."""
        self._stream = stream
        self._most = most_lines
        self._lines: deque[str] = deque()
        self._wake = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self.dropped = 0
        self._told = 0

    def put(self, line: str) -> None:
        """One line, without its end."""
        if len(self._lines) >= self._most:
            self.dropped += 1
            return
        self._idle.clear()
        self._lines.append(line)
        if self._thread is None:
            self._start()
        if not self._wake.is_set():
            self._wake.set()

    def flush(self, wait_seconds: float = _LAST_WORDS_S) -> bool:
        """Wait until all is written; False when it takes longer."""
        end = time.monotonic() + wait_seconds
        while self._lines or not self._idle.is_set():
            if time.monotonic() >= end:
                return False
            self._idle.wait(0.02)
        return True

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_on, name="log", daemon=True)
                self._thread.start()

    def _write_on(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._lines:
                self._write()
            self._idle.set()
            if self._lines:
                self._idle.clear()
                self._wake.set()

    def _write(self) -> None:
        taken = [self._lines.popleft() for _ in range(min(len(self._lines), 200))]
        lost = self.dropped
        if lost > self._told:
            taken.append(
                f'{{"event": "log lines dropped", "level": "warning", "count": {lost - self._told}}}'
            )
            self._told = lost
        # A sink that is closed takes nothing; there is nobody to tell.
        with contextlib.suppress(OSError, ValueError):
            stream = self._stream()
            stream.write("\n".join(taken) + "\n")
            stream.flush()


_SINK: Final = LogSink(lambda: sys.stderr)


def sink() -> LogSink:
    """The sink of this process: standard error."""
    return _SINK


def flush_logs(wait_seconds: float = _LAST_WORDS_S) -> None:
    """Write what waits, before the process ends."""
    _SINK.flush(wait_seconds)


atexit.register(flush_logs)
