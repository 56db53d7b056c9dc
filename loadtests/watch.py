"""What the servers hold while they are loaded, from /proc: memory, threads, open files, sockets; and their metrics."""

import contextlib
import os
import threading
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

EVERY_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Held:
    """What one process holds at a time."""

    at_s: float
    process: str
    rss_mb: float
    threads: int
    files: int
    sockets: int
    cpu_s: float


class Watch:
    """Samples processes in a thread of its own until it is left."""

    def __init__(self, pids: Mapping[str, int], start: float) -> None:
        self._pids, self._start = dict(pids), start
        self.samples: list[Held] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            for name, pid in self._pids.items():
                # A process that has ended has nothing to tell.
                with contextlib.suppress(OSError):
                    self.samples.append(held(name, pid, time.monotonic() - self._start))


def held(name: str, pid: int, at_s: float) -> Held:
    """What a process holds now. OSError when there is none."""
    place = Path(f"/proc/{pid}")
    words = dict(
        line.split(":", 1) for line in (place / "status").read_text("utf-8").splitlines() if ":" in line
    )
    files = sockets = 0
    for entry in (place / "fd").iterdir():
        with contextlib.suppress(OSError):
            files += 1
            sockets += str(entry.readlink()).startswith("socket:")
    return Held(
        at_s,
        name,
        int(words["VmRSS"].split()[0]) / 1024,
        int(words["Threads"]),
        files,
        sockets,
        cpu_seconds(pid),
    )


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used. OSError when there is none."""
    # The name of the program, in brackets, may hold spaces.
    words = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def metrics_text(address: str) -> str:
    """The servers' own metrics, empty where they publish none."""
    with contextlib.suppress(OSError, ValueError), urllib.request.urlopen(address, timeout=5) as reply:
        return str(reply.read().decode("utf-8"))
    return ""
