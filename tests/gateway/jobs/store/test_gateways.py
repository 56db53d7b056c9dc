"""Several gateways on one PostgreSQL database, and a database that goes away: nothing is lost, and nobody ends."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from gateway.jobs.local import LocalLauncher, owner_of
from gateway.jobs.ports import StoreAwayError
from gateway.jobs.runner import Runner
from gateway.jobs.store import SqlStore, open_store
from gateway.jobs.words import ENDED, BatchState
from gateway.jobs.worker_settings import WorkerSettings
from tests.gateway.jobs.runner.memory_store import new_batch
from tests.gateway.jobs.runner.stand_in import OPENER, spec_text
from tests.gateway.jobs.store.conftest import fresh_schema


@asynccontextmanager
async def running(store: SqlStore, **more: Any) -> AsyncIterator[list[BaseException]]:
    """A runner at work; what would have ended its process."""
    fatal: list[BaseException] = []
    launcher = LocalLauncher(store, 1, WorkerSettings(warm_seconds=30), OPENER)
    runner = Runner(store, {"local": launcher}, fatal=fatal.append, **more)
    await runner.start()
    try:
        yield fatal
    finally:
        await runner.close()


async def ended(store: SqlStore, batch_id: str, seconds: float = 30.0) -> BatchState:
    end = time.monotonic() + seconds
    while (state := (await asyncio.to_thread(store.get, batch_id)).state) not in ENDED:
        assert time.monotonic() < end, f"not in time: {state}"
        await asyncio.sleep(0.05)
    return state


async def test_what_a_lost_gateway_held_is_done_by_another_that_was_there_already(
    postgres_url: str, opens: Callable[[str], SqlStore]
) -> None:
    url = fresh_schema(postgres_url)
    store, lost = opens(url), opens(url)
    first, _ = store.create(new_batch(spec_text(4), 4))
    async with running(store, lost_seconds=1.0) as fatal:
        await ended(store, first.batch_id)
        batch, _ = lost.create(new_batch(spec_text(40), 40, 4))
        while (lease := lost.lease(owner_of(batch.batch_id, "99:0"), batch.batch_id)) is not None:
            held = lease
        assert await ended(store, batch.batch_id) is BatchState.COMPLETE
    assert [row.member for row in store.rows(batch.batch_id)] == list(range(40))
    assert not lost.commit(held, list(store.rows(batch.batch_id, held.chunk.first, held.chunk.count)))
    assert not fatal


async def test_connections_cut_again_and_again_cost_time_only(
    postgres_url: str, opens: Callable[[str], SqlStore]
) -> None:
    name = f"dafeng-{uuid.uuid4().hex[:8]}"
    store = opens(f"{fresh_schema(postgres_url)}&application_name={name}")
    batch, _ = store.create(new_batch(spec_text(300, seconds=0.005), 300, 4))
    operator = create_engine(postgres_url)
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name")
    async with running(store) as fatal:
        for _ in range(8):
            await asyncio.sleep(0.25)
            with operator.begin() as connection:
                connection.execute(cut, {"name": name})
        assert await ended(store, batch.batch_id, 60.0) is BatchState.COMPLETE
    operator.dispose()
    assert [row.member for row in store.rows(batch.batch_id)] == list(range(300))
    assert not fatal


async def test_a_server_that_is_away_is_waited_for(
    postgres_url: str, opens: Callable[[str], SqlStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opens(fresh_schema(postgres_url))
    reached = store.database.engine.connect
    async with running(store) as fatal:

        def away() -> None:
            raise OperationalError("connect", None, Exception("connection refused"))

        monkeypatch.setattr(store.database.engine, "connect", away)
        with pytest.raises(StoreAwayError, match="refused"):
            store.batches()
        await asyncio.sleep(2.5)  # the runner looks every two seconds
        monkeypatch.setattr(store.database.engine, "connect", reached)
        batch, _ = store.create(new_batch(spec_text(8), 8))
        assert await ended(store, batch.batch_id) is BatchState.COMPLETE
    assert not fatal


def test_a_server_that_is_not_there_is_told_as_such() -> None:
    with pytest.raises(StoreAwayError, match="does not answer"):
        open_store("postgresql+psycopg://nobody@/none?host=/nowhere")
