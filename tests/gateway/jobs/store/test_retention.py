"""What is deleted with time, and what is kept."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.jobs.ports import Pruned
from gateway.jobs.store import SqlStore, open_store, reading, retention
from gateway.jobs.words import BatchState
from services.common.errors import DomainError
from tests.gateway.jobs.store.cases import new_batch, run_all
from tests.gateway.jobs.store.conftest import fresh_schema

NOW = datetime.now(UTC)
DAYS = 180


class Seconds:
    """A process' own clock, that goes as told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def prune(store: SqlStore, now: datetime, *days: int) -> Pruned:
    """Retention with a clock that was seen to be right for long enough."""
    seconds = Seconds()
    store._clock = retention.Clock(seconds)
    store.prune(now - timedelta(days=1), *days)
    seconds.now += 86_400
    return store.prune(now, *days)


def finished(store: SqlStore, request_id: str = "r-1") -> str:
    batch, _ = store.create(new_batch(request_id))
    run_all(store)
    return batch.batch_id


# A machine that starts with a clock months ahead.
def test_a_clock_that_is_months_ahead_at_the_start_deletes_nothing(
    url: str, opens: Callable[..., SqlStore]
) -> None:
    store = opens(url)
    batch_id = finished(store)
    for _ in range(3):  # every start, and more than once
        for _ in range(3):
            assert store.prune(NOW + timedelta(days=400), DAYS, DAYS) == Pruned(0, 0, 0)
        store.close()
        store = opens(url)
        # What is accepted and done by that clock does not vouch for it.
        assert len(list(store.rows(batch_id))) == 10
    # Set right, retention goes on at once; then a jump is known for one by the last time.
    assert store.prune(NOW, DAYS, DAYS) == Pruned(0, 0, 0)
    assert store.prune(NOW + timedelta(days=400), DAYS, DAYS) == Pruned(0, 0, 0)
    assert store.prune(NOW + timedelta(hours=1), DAYS, DAYS) == Pruned(0, 0, 0)
    assert len(list(store.rows(batch_id))) == 10


def test_a_store_that_waited_long_is_pruned_when_the_clock_has_gone_on_for_a_day(store: SqlStore) -> None:
    seconds = Seconds()
    store._clock = retention.Clock(seconds)
    store.prune(NOW, DAYS, DAYS)
    finished(store)
    start = NOW + timedelta(days=400)
    for hour in range(24):
        seconds.now = 3600.0 * hour
        assert store.prune(start + timedelta(hours=hour), DAYS, DAYS) == Pruned(0, 0, 0)
    # A clock that jumps again has to go on for a day again.
    assert store.prune(start + timedelta(days=500), DAYS, DAYS) == Pruned(0, 0, 0)
    seconds.now += 86_400.0
    assert store.prune(start + timedelta(days=501), DAYS, DAYS).batches_forgotten == 1


def test_retention_that_runs_day_by_day_deletes_when_it_is_time(store: SqlStore) -> None:
    store.prune(NOW, DAYS, DAYS)
    finished(store)
    for day in range(29, DAYS, 29):
        assert store.prune(NOW + timedelta(days=day), DAYS, DAYS) == Pruned(0, 0, 0)
    assert store.prune(NOW + timedelta(days=DAYS, hours=1), DAYS, DAYS).batches_forgotten == 1


def test_two_processes_that_prune_at_once_both_succeed(postgres_url: str) -> None:
    url = fresh_schema(postgres_url)
    stores = [open_store(url), open_store(url)]
    stores[0].prune(NOW, 1, 1)
    for number in range(12):
        finished(stores[0], f"r-{number}")
    start, found, faults = threading.Barrier(2), [], []

    def work(store: SqlStore) -> None:
        start.wait()
        try:
            found.append(store.prune(NOW + timedelta(days=1, seconds=-1), 0, 0))
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert sorted(p.batches_forgotten for p in found) == [0, 12]
    for store in stores:
        store.close()


def test_results_go_first_and_the_request_id_later(url: str, opens: Callable[..., SqlStore]) -> None:
    store = opens(url)
    batch, _ = store.create(new_batch())
    run_all(store)
    digest = store.get(batch.batch_id).result_digest
    assert prune(store, NOW + timedelta(days=9), 10, 30).batches_emptied == 0
    assert prune(store, NOW + timedelta(days=11), 10, 30).batches_emptied == 1
    for reader in (lambda: list(store.rows(batch.batch_id)), lambda: store.columns(batch.batch_id, [0])):
        with pytest.raises(DomainError, match="were deleted on"):
            reader()
    # It still says how it ended, and a repeated request is still the same batch: also after opening again.
    store.close()
    store = opens(url)
    assert store.get(batch.batch_id).result_digest == digest
    assert store.create(new_batch())[0].batch_id == batch.batch_id
    assert prune(store, NOW + timedelta(days=29), 10, 30).batches_forgotten == 0
    assert prune(store, NOW + timedelta(days=31), 10, 30).batches_forgotten == 1
    with pytest.raises(DomainError) as gone:
        store.get(batch.batch_id)
    assert gone.value.reason == "UNKNOWN_BATCH"
    store.close()
    store = opens(url)
    assert store.batches() == ()
    assert store.create(new_batch())[1]


def test_open_batches_are_never_deleted(store: SqlStore) -> None:
    batch, _ = store.create(new_batch())
    assert store.lease("w", batch.batch_id) is not None
    later = NOW + timedelta(days=4_000)
    pruned = prune(store, later, 1, 1)
    assert (pruned.batches_emptied, pruned.batches_forgotten) == (0, 0)
    store.cancel(batch.batch_id)
    assert store.prune(later, 1, 1).batches_forgotten == 1


def test_what_is_deleted_goes_back_to_the_disk(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/s.sqlite")
    store.create(new_batch(members=500, chunk_size=50, column_count=1_000))
    run_all(store)
    full = (tmp_path / "s.sqlite").stat().st_size
    assert store.size_bytes() > 4_000_000
    pruned = prune(store, NOW + timedelta(days=2), 1, 1)
    assert pruned.bytes_freed > 4_000_000
    assert (tmp_path / "s.sqlite").stat().st_size < full / 10
    assert store.size_bytes() < 200_000
    store.close()


def test_a_deleted_batch_whose_row_is_damaged_is_not_calculated_again(
    url: str, opens: Callable[..., SqlStore]
) -> None:
    from sqlalchemy import create_engine, update

    from gateway.jobs.store.tables import batches

    store = opens(url)
    batch, _ = store.create(new_batch())
    run_all(store)
    prune(store, NOW + timedelta(days=11), 10, 3_000)
    before = store.get(batch.batch_id)
    store.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(update(batches).values(state="queued", deleted_at=""))
    engine.dispose()
    store = opens(url)
    assert store.get(batch.batch_id) == before
    assert before.state is BatchState.COMPLETE
    assert store.lease("w") is None


def test_results_that_go_while_they_are_read_end_the_answer_with_an_error_and_not_short(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_PAGE_BYTES", 1)  # a chunk a page
    batch, _ = store.create(new_batch())
    run_all(store)
    found = store.rows(batch.batch_id)
    assert next(found).member == 0
    prune(store, NOW + timedelta(days=11), 10, 30)
    with pytest.raises(DomainError) as told:
        list(found)
    assert told.value.reason == "UNKNOWN_BATCH"
