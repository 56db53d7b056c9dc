"""What is deleted with time, and what is kept."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.jobs.store import SqlStore, open_store, reading
from gateway.jobs.words import BatchState
from services.common.errors import DomainError
from tests.gateway.jobs.store.cases import new_batch, run_all

NOW = datetime.now(UTC)


def test_results_go_first_and_the_request_id_later(url: str, opens: Callable[..., SqlStore]) -> None:
    store = opens(url)
    batch, _ = store.create(new_batch())
    run_all(store)
    digest = store.get(batch.batch_id).result_digest
    assert store.prune(NOW + timedelta(days=9), 10, 30).batches_emptied == 0
    assert store.prune(NOW + timedelta(days=11), 10, 30).batches_emptied == 1
    for reader in (lambda: list(store.rows(batch.batch_id)), lambda: store.columns(batch.batch_id, [0])):
        with pytest.raises(DomainError, match="were deleted on"):
            reader()
    # It still says how it ended, and a repeated request is still the same batch: also after opening again.
    store.close()
    store = opens(url)
    assert store.get(batch.batch_id).result_digest == digest
    assert store.create(new_batch())[0].batch_id == batch.batch_id
    assert store.prune(NOW + timedelta(days=29), 10, 30).batches_forgotten == 0
    assert store.prune(NOW + timedelta(days=31), 10, 30).batches_forgotten == 1
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
    pruned = store.prune(later, 1, 1)
    assert (pruned.batches_emptied, pruned.batches_forgotten) == (0, 0)
    store.cancel(batch.batch_id)
    assert store.prune(later, 1, 1).batches_forgotten == 1


def test_what_is_deleted_goes_back_to_the_disk(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/s.sqlite")
    store.create(new_batch(members=500, chunk_size=50, column_count=1_000))
    run_all(store)
    full = (tmp_path / "s.sqlite").stat().st_size
    assert store.size_bytes() > 4_000_000
    pruned = store.prune(NOW + timedelta(days=2), 1, 1)
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
    store.prune(NOW + timedelta(days=11), 10, 3_000)
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
    store.prune(NOW + timedelta(days=11), 10, 30)
    with pytest.raises(DomainError) as told:
        list(found)
    assert told.value.reason == "UNKNOWN_BATCH"
