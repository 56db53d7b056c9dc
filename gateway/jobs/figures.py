"""Figures of batches: what of them is open, done, failed; how large the store is, and what room its disk has."""

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from gateway.jobs.ports import BatchStore
from gateway.jobs.words import OPEN, BatchState
from services.runtime.telemetry.metrics import metrics

# The store is asked this often, however often somebody looks, s.
LOOK_SECONDS: Final = 10.0
_MOST_OPEN: Final = 200


class BatchFigures:
    """Figures as they were at the last look; members are counted as they are kept."""

    def __init__(self, url: str, most_bytes: int) -> None:
        self._folder = _folder_of(url)
        self._most_bytes = most_bytes
        self._bytes = 0.0
        self._open: dict[tuple[str, ...], float] = {}
        self._kept = {"done": 0, "failed": 0}
        self._seen: dict[str, tuple[int, float]] = {}
        self.trouble = "not asked yet"

    def kept(self, member_count: int, failed_count: int) -> None:
        """So many members were kept, of which so many failed."""
        self._kept["done"] += member_count - failed_count
        self._kept["failed"] += failed_count

    def look(self, store: BatchStore) -> None:
        """Ask the store."""
        try:
            self._bytes = float(store.size_bytes())
            batches = store.batches("", OPEN, _MOST_OPEN, "")
            self.trouble = ""
        except Exception as error:
            self.trouble = f"{type(error).__name__}"
            return
        counts: dict[tuple[str, ...], float] = {(s.value,): 0.0 for s in OPEN}
        now = time.monotonic()
        seen: dict[str, tuple[int, float]] = {}
        for batch in batches:
            counts[(batch.state.value,)] += 1
            ended = batch.done_count + batch.failed_count
            known = self._seen.get(batch.batch_id)
            moved = known is None or known[0] != ended or batch.state is BatchState.PAUSED
            seen[batch.batch_id] = (ended, now) if moved or known is None else known
        self._open, self._seen = counts, seen

    def standing_seconds(self) -> float:
        """How long the batch that stands longest has made no progress; 0 without open batches."""
        now = time.monotonic()
        return max((now - at for _, at in self._seen.values()), default=0.0)

    def room_bytes(self) -> float:
        """Bytes that the store may still take: of its disk, and of its quota when it has one."""
        rooms = []
        if self._folder is not None:
            rooms.append(float(shutil.disk_usage(self._folder).free))
        if self._most_bytes:
            rooms.append(self._most_bytes - self._bytes)
        return min(rooms) if rooms else float("nan")

    def publish(self) -> list[Callable[[], None]]:
        """Put the figures among those of the process; returns what takes them back."""
        put = metrics().register
        return [
            put(
                "dafeng_batches_open",
                "Batches that wait, run or are paused.",
                lambda: self._open,
                labels=("state",),
            ),
            put(
                "dafeng_batch_members_total",
                "Members of batches kept here since the start.",
                lambda: {(k,): float(v) for k, v in self._kept.items()},
                labels=("outcome",),
                kind="counter",
            ),
            put(
                "dafeng_batch_standing_seconds",
                "How long the batch that stands longest made no progress.",
                self.standing_seconds,
            ),
            put("dafeng_store_bytes", "Bytes of the store.", lambda: self._bytes),
            put("dafeng_store_room_bytes", "Bytes that the store may still take.", self.room_bytes),
            put("dafeng_store_well", "1: the store answers.", lambda: float(not self.trouble)),
        ]


@contextlib.asynccontextmanager
async def batch_figures(store: BatchStore, url: str, most_bytes: int) -> AsyncIterator[BatchFigures]:
    """Figures of a store that is open inside."""
    figures = BatchFigures(url, most_bytes)
    take_back = figures.publish()
    await asyncio.to_thread(figures.look, store)
    looking = asyncio.create_task(_look_on(figures, store), name="figures of batches")
    try:
        yield figures
    finally:
        looking.cancel()
        for one in take_back:
            one()


async def _look_on(figures: BatchFigures, store: BatchStore) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await asyncio.to_thread(figures.look, store)


def _folder_of(url: str) -> Path | None:
    """The folder of a file of a store; None for a server's."""
    path = make_url(url).database if url.startswith("sqlite") else None
    return Path(path).parent if path else None
