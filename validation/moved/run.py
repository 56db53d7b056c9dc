"""Headlines with groups of figures moved: two processes, each asked for one root after another."""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from validation.moved.figures import Group, write_moved

STEP_SHARE = 0.10
_PROCESSES = 2
_PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Headline:
    """What a projection is asked for most."""

    carbon_peak_mt: float
    carbon_peak_year: int
    peak_load_gw: float


@dataclass(frozen=True)
class Moved:
    """A group of figures, by how much it was moved, and the headline, or what the data answered instead.

    `turned_count` of the figures were moved the other way.
    """

    group: Group
    share: float
    count: int
    turned_count: int
    headline: Headline | None
    error: str = ""


class _Asked:
    """A process that projects a baseline on the roots it is asked for."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.unmoved = self._answer()
        if "error" in self.unmoved:
            raise RuntimeError(self.unmoved["error"])

    def headline(self, root: Path) -> dict[str, Any]:
        """What it says of a root."""
        assert self._process.stdin
        self._process.stdin.write(f"{root}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process that projects moved figures ended")
        found: dict[str, Any] = json.loads(line)
        return found


@contextlib.contextmanager
def _asked(region: str, baseline: str) -> Iterator[_Asked]:
    words = [sys.executable, "-m", "validation.moved.headline", region, baseline]
    with subprocess.Popen(
        words,
        cwd=_PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield _Asked(process)
        finally:
            process.terminate()


def baseline_of(region: str, baseline: str) -> Headline:
    """The headline with nothing moved."""
    with _asked(region, baseline) as process:
        return _headline(process.unmoved)


def each_moved(region: str, baseline: str, groups: Sequence[Group]) -> Iterator[Moved]:
    """Every group moved up, or down where the data refuse that; in the order in which they end."""
    if not groups:
        return
    free: SimpleQueue[_Asked] = SimpleQueue()

    def moved(group: Group) -> Moved:
        process = free.get()
        try:
            found = _moved(process, group, STEP_SHARE)
            return _moved(process, group, -STEP_SHARE) if found.error else found
        finally:
            free.put(process)

    with contextlib.ExitStack() as stack, ThreadPoolExecutor(_PROCESSES) as pool:
        for _ in range(_PROCESSES):
            free.put(stack.enter_context(_asked(region, baseline)))
        for future in as_completed([pool.submit(moved, group) for group in groups]):
            yield future.result()


def _moved(process: _Asked, group: Group, share: float) -> Moved:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        written = write_moved(group, root, share)
        answer = process.headline(root)
    count, turned = written.count, written.turned_count
    if turned == count:
        share, turned = -share, 0
    if "error" in answer:
        return Moved(group, share, count, turned, None, answer["error"])
    return Moved(group, share, count, turned, _headline(answer))


def _headline(answer: dict[str, Any]) -> Headline:
    return Headline(*(answer[name] for name in Headline.__dataclass_fields__))
