"""A disk that fills up while a batch runs: nothing is lost, reads go on, and room lets it go on by itself (R-08)."""

import asyncio
import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.jobs.local import LocalLauncher
from gateway.jobs.runner import Runner
from gateway.jobs.store.open import open_store
from gateway.jobs.words import ENDED, BatchState
from tests.gateway.jobs.runner.memory_store import new_batch
from tests.gateway.jobs.runner.stand_in import OPENER, spec_text

MEMBERS = 1200


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", place], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small file system can be mounted by root only")
    yield place
    subprocess.run(["umount", place], check=True)


async def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "not in time"
        await asyncio.sleep(0.02)


@pytest.mark.slow
async def test_a_batch_pauses_on_a_full_disk_and_ends_when_there_is_room(small_disk: Path) -> None:
    store = open_store(f"sqlite:///{small_disk / 'store.sqlite'}", ballast_bytes=128 * 1024)
    batch, _ = store.create(new_batch(spec_text(MEMBERS, seconds=0.001), MEMBERS, 20))
    runner = Runner(store, {"local": LocalLauncher(store, 2, opener=OPENER)}, full_waits=(0.1, 0.4))
    await runner.start()
    try:
        await until(lambda: store.get(batch.batch_id).done_count >= 100)
        filler = small_disk / "filler"
        fill(filler)
        await until(lambda: store.get(batch.batch_id).state is BatchState.PAUSED)
        stuck = store.get(batch.batch_id).done_count
        await asyncio.sleep(1.0)
        assert stuck <= store.get(batch.batch_id).done_count < MEMBERS
        assert len(list(store.rows(batch.batch_id))) == store.get(batch.batch_id).done_count
        filler.unlink()
        await until(lambda: store.get(batch.batch_id).state in ENDED)
    finally:
        await runner.close()
    assert store.get(batch.batch_id).state is BatchState.COMPLETE
    assert [r.member for r in store.rows(batch.batch_id)] == list(range(MEMBERS))
    store.close()


def fill(path: Path) -> None:
    """Take all the room there is."""
    with path.open("wb", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(b"\0" * 4096)
