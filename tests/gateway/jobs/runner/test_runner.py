"""Open batches run by turns, from where they stopped, until each has ended."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from gateway.jobs import local
from gateway.jobs.local import LocalLauncher
from gateway.jobs.ports import BatchStore, Launcher, StoreBrokenError
from gateway.jobs.runner import Runner
from gateway.jobs.store.open import open_store
from gateway.jobs.words import ENDED, BatchState, Failure, Row
from gateway.jobs.worker_settings import WorkerSettings
from tests.gateway.jobs.runner.memory_store import MemoryStore, new_batch
from tests.gateway.jobs.runner.stand_in import OPENER, spec_text

WARM = WorkerSettings(warm_seconds=30)


@asynccontextmanager
async def running(
    store: MemoryStore, workers: int = 1, **more: Any
) -> AsyncIterator[tuple[Runner, LocalLauncher]]:
    launcher = LocalLauncher(cast(BatchStore, store), workers, WARM, OPENER)
    runner = Runner(cast(BatchStore, store), {"local": launcher}, full_waits=(0.1, 0.4), **more)
    await runner.start()
    try:
        yield runner, launcher
    finally:
        await runner.close()


async def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "not in time"
        await asyncio.sleep(0.01)


async def digest_of(members: int, chunk_size: int, workers: int, order: int = 1) -> str:
    store = MemoryStore(order)
    batch, _ = store.create(new_batch(spec_text(members), members, chunk_size))
    async with running(store, workers):
        await until(lambda: store.get(batch.batch_id).state in ENDED)
    ended = store.get(batch.batch_id)
    assert (ended.state, ended.done_count, ended.failed_count) == (BatchState.COMPLETE, members, 0)
    return ended.result_digest


#
async def test_a_batch_has_one_digest_however_it_is_cut_ordered_and_spread() -> None:
    digests = {
        await digest_of(300, chunk_size, workers, order)
        for chunk_size, workers, order in ((7, 1, 1), (64, 2, 1), (1000, 1, 1), (64, 1, -1), (7, 2, -1))
    }
    assert len(digests) == 1


async def test_a_batch_that_comes_while_the_runner_runs_is_taken_at_once() -> None:
    store = MemoryStore()
    async with running(store) as (runner, _):
        await asyncio.sleep(0.05)
        batch, _ = store.create(new_batch(spec_text(5), 5))
        runner.wake()
        await until(lambda: store.get(batch.batch_id).state in ENDED)


async def test_callers_take_turns_so_that_a_small_batch_ends_before_a_large_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(local, "_TURN_SECONDS", 0.1)
    store = MemoryStore()
    large, _ = store.create(new_batch(spec_text(3000, seconds=0.002), 3000, 50, caller="a"))
    second, _ = store.create(new_batch(spec_text(3001), 3001, 100, caller="a"))
    small, _ = store.create(new_batch(spec_text(20), 20, 10, caller="b"))
    async with running(store) as (_, _):
        await until(lambda: store.get(small.batch_id).state in ENDED)
        assert store.get(large.batch_id).state is BatchState.RUNNING
        # A caller's own batches follow each other.
        assert store.get(second.batch_id).state is BatchState.QUEUED


async def test_a_batch_in_trouble_for_ever_does_not_keep_its_callers_next_ones_from_running() -> None:
    store, at_work, most = MemoryStore(), set(), []

    class Far:
        """Fails for ever with batches that say so; counts those at work at once."""

        name, calls = "local", 0

        async def run(self, batch_id: str) -> None:
            at_work.add(batch_id)
            most.append(len(at_work))
            try:
                await asyncio.sleep(0.02)
                if batch_id == bad.batch_id:
                    self.calls += 1
                    raise RuntimeError("the opener fails")
                while (lease := store.lease("far", batch_id)) is not None:
                    chunk = lease.chunk
                    members = range(chunk.first, chunk.first + chunk.count)
                    store.commit(lease, [Row.failed(m, Failure.CRASH) for m in members])
            finally:
                at_work.discard(batch_id)

        async def close(self) -> None:
            """Nothing to end."""

    bad, _ = store.create(new_batch(spec_text(5), 5))
    later = [store.create(new_batch(spec_text(5 + n), 5 + n))[0] for n in range(3)]
    far = Far()
    runner = Runner(cast(BatchStore, store), {"local": cast(Launcher, far)})
    await runner.start()
    try:
        await until(lambda: all(store.get(b.batch_id).state in ENDED for b in later), 5)
        await until(lambda: far.calls >= 3, 10)  # it is tried again all the same
    finally:
        await runner.close()
    assert max(most) == 1
    assert store.get(bad.batch_id).state not in ENDED


#
async def test_cancelling_stops_the_work_within_half_a_second_and_keeps_what_is_done() -> None:
    store = MemoryStore()
    batch, _ = store.create(new_batch(spec_text(30, poison={25: "endless"}), 30, 10))
    other, _ = store.create(new_batch(spec_text(9), 9, 10))
    async with running(store) as (runner, launcher):
        await until(lambda: store.get(batch.batch_id).done_count == 20 and launcher.pids() != [])
        await asyncio.sleep(0.3)
        store.cancel(batch.batch_id)
        runner.wake()
        started = time.monotonic()
        await until(lambda: batch.batch_id not in store.leased[-1:] or launcher.pids() == [])
        assert time.monotonic() - started < 0.5
        await until(lambda: store.get(other.batch_id).state in ENDED)
        assert not launcher._owed  # a cancelled batch leaves nothing behind
    assert store.get(batch.batch_id).state is BatchState.CANCELLED
    assert [r.member for r in store.rows(batch.batch_id)] == list(range(20))


async def test_a_full_store_pauses_the_batch_and_room_lets_it_go_on_by_itself() -> None:
    store = MemoryStore()
    batch, _ = store.create(new_batch(spec_text(200, seconds=0.002), 200, 20))
    async with running(store, 2):
        await until(lambda: store.get(batch.batch_id).done_count >= 40)
        store.full = True
        await until(lambda: store.get(batch.batch_id).state is BatchState.PAUSED)
        await asyncio.sleep(0.5)
        assert store.get(batch.batch_id).state is BatchState.PAUSED
        store.full = False
        await until(lambda: store.get(batch.batch_id).state in ENDED)
    assert store.get(batch.batch_id).done_count == 200


async def test_what_a_dead_process_held_is_released_even_when_the_store_was_full_at_the_start() -> None:
    store = MemoryStore()
    batch, _ = store.create(new_batch(spec_text(40), 40, 20))
    assert store.lease("local:1:0", batch.batch_id) is not None
    store.full = True
    async with running(store):
        await asyncio.sleep(0.3)
        store.full = False
        await until(lambda: store.get(batch.batch_id).state in ENDED, 15)
    assert store.get(batch.batch_id).done_count == 40


async def test_a_broken_store_is_told_as_fatal() -> None:
    store, told = MemoryStore(), []
    store.create(new_batch(spec_text(40, seconds=0.01), 40, 10))
    async with running(store, fatal=told.append):
        await until(lambda: len(store.leased) > 1)
        store.broken = StoreBrokenError("commit failed")
        await until(lambda: bool(told))
    assert isinstance(told[0], StoreBrokenError)


async def test_a_specification_that_cannot_be_opened_ends_its_batch_with_the_reason() -> None:
    store = MemoryStore()
    batch, _ = store.create(new_batch(spec_text(5, open="bad"), 5, 3))
    async with running(store):
        await until(lambda: store.get(batch.batch_id).state in ENDED)
    assert store.get(batch.batch_id).state is BatchState.COMPLETE_WITH_FAILURES
    rows = list(store.rows(batch.batch_id))
    assert {r.failure for r in rows} == {"INVALID_INPUT"}
    assert "no such lever" in rows[0].detail


#
async def test_a_batch_with_a_poison_member_ends_with_all_others_right(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    batch, _ = store.create(new_batch(spec_text(256, poison={137: "crash"}), 256))
    async with running(store, 2):
        await until(lambda: store.get(batch.batch_id).state in ENDED)
    ended = store.get(batch.batch_id)
    assert (ended.state, ended.done_count, ended.failed_count) == (BatchState.COMPLETE_WITH_FAILURES, 255, 1)
    (failed,) = store.rows(batch.batch_id, failed_only=True)
    assert (failed.member, failed.failure) == (137, "CRASH")
    assert "SIGSEGV" in failed.detail
    store.close()


#
async def test_jumps_of_the_clock_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    clean = await digest_of(200, 20, 2)
    store = MemoryStore()
    batch, _ = store.create(new_batch(spec_text(200), 200, 20))
    jumps = iter(range(10**9))
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + (-1) ** next(jumps) * 86_400.0)
    async with running(store, 2):
        await until(lambda: store.get(batch.batch_id).state in ENDED)
    assert store.get(batch.batch_id).result_digest == clean


async def test_closing_gives_back_what_workers_held() -> None:
    store = MemoryStore()
    batch, _ = store.create(new_batch(spec_text(30, poison={5: "endless"}), 30, 10))
    async with running(store) as (_, launcher):
        await until(lambda: launcher.pids() != [])
    assert store.release_all() == 0
    assert store.get(batch.batch_id).state is BatchState.RUNNING


@pytest.mark.parametrize("steps", range(8))
async def test_closing_ends_also_when_a_batch_comes_or_ends_at_the_same_moment(steps: int) -> None:
    async with asyncio.timeout(20):
        async with running(MemoryStore()) as (runner, _):
            await asyncio.sleep(0.2)  # it waits for work
            runner.wake()
            for _ in range(steps):
                await asyncio.sleep(0)


async def test_idle_workers_end() -> None:
    store = MemoryStore()
    batch, _ = store.create(new_batch(spec_text(5), 5))
    launcher = LocalLauncher(cast(BatchStore, store), 2, WorkerSettings(warm_seconds=0.2), OPENER)
    await launcher.run(batch.batch_id)
    await until(lambda: not launcher.alive())
    again, _ = store.create(new_batch(spec_text(6), 6))
    await launcher.run(again.batch_id)
    assert store.get(again.batch_id).state is BatchState.COMPLETE
    await launcher.close()
